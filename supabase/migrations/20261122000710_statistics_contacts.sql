-- What a contact's page shows of their calls: counted, not written.

-- What a contact's page shows of their calls; the newest fifty are listed.
create or replace function private.add_to_contact(p_call public.call_records)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.crm_contacts
  set last_call_duration_seconds = case when last_call_date > p_call.ended_at
        then last_call_duration_seconds else p_call.duration_seconds end,
      last_call_date = greatest(last_call_date, p_call.ended_at),
      total_call_count = total_call_count + 1,
      call_history_ids = (array[p_call.id] || call_history_ids)[1:50]
  where id = p_call.contact_id;
end $$;

-- A call that turned out to be somebody else's, or was deleted. Also asked for each call of a contact that
-- is deleted, who is not there any more.
create or replace function private.remove_from_contact(p_call public.call_records)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.crm_contacts
  set (last_call_date, last_call_duration_seconds) = (
        select max(r.ended_at), (array_agg(r.duration_seconds order by r.ended_at desc))[1]
        from (select ended_at, duration_seconds from public.call_records
          where contact_id = p_call.contact_id and id <> p_call.id and ended_at is not null
          order by started_at desc limit 50) r),
      total_call_count = greatest(0, total_call_count - 1),
      call_history_ids = array_remove(call_history_ids, p_call.id)
  where id = p_call.contact_id;
end $$;

-- An ended call counts for its contact, whichever of the two is known first. Who merges a contact into another adds
-- up their figures once (callcenter.merged_contact is its id, in that transaction): call by call, each of thousands
-- would be written into the same two rows.
create or replace function private.count_contact_call()
  returns trigger
  language plpgsql
  security definer  -- contacts' statistics are not the browser's to write
  set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and old.contact_id::text = current_setting('callcenter.merged_contact', true) then
    return null;
  end if;
  if tg_op <> 'INSERT' and old.ended_at is not null and old.contact_id is not null then
    perform private.remove_from_contact(old);
  end if;
  if tg_op <> 'DELETE' and new.ended_at is not null and new.contact_id is not null then
    perform private.add_to_contact(new);
  end if;
  return null;
end $$;

create or replace trigger call_records_contact
  after update on public.call_records
  for each row when (old.contact_id is distinct from new.contact_id
    or (old.ended_at is null) <> (new.ended_at is null))
  execute function private.count_contact_call();
create or replace trigger call_records_contact_new
  after insert on public.call_records
  for each row when (new.ended_at is not null and new.contact_id is not null)
  execute function private.count_contact_call();
create or replace trigger call_records_contact_gone
  after delete on public.call_records
  for each row when (old.ended_at is not null and old.contact_id is not null)
  execute function private.count_contact_call();

revoke execute on all functions in schema private from public;
