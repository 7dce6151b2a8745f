-- Two contacts that are one person: one stays, with what is known of both, and the other goes. In one
-- transaction, and for good.

-- Locks the calls of the contact that goes, and then both contacts, as the lock order has it. Calls that came in
-- between are not waited for, as in any deletion. Refused (404) where one of the two is gone, merged by somebody else
-- perhaps.
create or replace function private.lock_for_merge(p_keep uuid, p_other uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_number text;
begin
  perform 1 from public.call_records where contact_id = p_other order by id for no key update;
  perform 1 from public.crm_contacts where id = least(p_keep, p_other) for update;
  perform 1 from public.crm_contacts where id = greatest(p_keep, p_other) for update;
  select o.phone_number into v_number from public.crm_contacts o
  where o.id = p_other and exists (select 1 from public.crm_contacts where id = p_keep);
  if v_number is null then
    perform private.refuse(404, 'no_such_contact', 'One of the two contacts is not there any more.');
  end if;
  perform private.lock_calls_or_refuse('contact ' || v_number, array(
    select id from public.call_records where contact_id = p_other));
end $$;

-- Merges and imports hold several contacts and numbers until they end, in no order that all could share: one of them
-- at a time. Calls and people who edit a contact hold one, and don't ask for this.
create or replace function private.lock_contact_lists()
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(hashtext('callcenter.contact_lists'));
end $$;

-- Of two values of a column, which one stays: the kept contact's, or the other's where it has none or p_take names the
-- column.
create or replace function private.merged_value(p_keep text, p_other text, p_taken boolean)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case when p_taken then coalesce(p_other, p_keep) else coalesce(p_keep, p_other) end;
end $$;

-- The contact that two become. Numbers, tags, notes and custom fields are those of both; who wants no calls wants none.
-- A number that is none (of old rows) goes into the notes.
create or replace function private.merged_contact(
  p_keep public.crm_contacts, p_other public.crm_contacts, p_take text[])
  returns public.crm_contacts
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_number constant text := private.e164(p_other.phone_number);
  v_columns constant text[] := '{email,first_name,last_name,company_name,company_phone,contact_type,source}';
  v_merged public.crm_contacts := jsonb_populate_record(p_keep, (
    select jsonb_object_agg(c, private.merged_value(
      to_jsonb(p_keep) ->> c, to_jsonb(p_other) ->> c, c = any (p_take))) from unnest(v_columns) c));
begin
  v_merged.other_numbers := array_remove(p_keep.other_numbers || v_number || p_other.other_numbers, null);
  v_merged.tags := p_keep.tags || coalesce((select jsonb_agg(t) from jsonb_array_elements(p_other.tags) t
    where not p_keep.tags @> jsonb_build_array(t)), '[]');
  v_merged.custom_fields := case when 'custom_fields' = any (p_take)
    then p_keep.custom_fields || p_other.custom_fields
    else p_other.custom_fields || p_keep.custom_fields end;
  v_merged.notes := nullif(concat_ws(E'\n\n', p_keep.notes,
    case when p_other.notes is distinct from p_keep.notes then p_other.notes end,
    case when v_number is null then p_other.phone_number end), '');
  v_merged.do_not_call := p_keep.do_not_call or p_other.do_not_call;
  v_merged.total_call_count := p_keep.total_call_count + p_other.total_call_count;
  if p_other.last_call_date > p_keep.last_call_date or p_keep.last_call_date is null then
    v_merged.last_call_date := p_other.last_call_date;
    v_merged.last_call_duration_seconds := p_other.last_call_duration_seconds;
    v_merged.last_agent_id := coalesce(p_other.last_agent_id, p_keep.last_agent_id);
  end if;
  v_merged.call_history_ids := array(
    select id from public.call_records where contact_id in (p_keep.id, p_other.id) and ended_at is not null
    order by ended_at desc limit 50);
  return v_merged;
end $$;

-- Makes two contacts one: p_keep stays, p_other goes, and its calls, text messages and numbers are p_keep's, also those
-- of calls that go on. p_take: columns whose value is p_other's where both have one (email, first_name, last_name,
-- company_name, company_phone, contact_type, source, custom_fields). Answers the contact. Refused: 403 to all but
-- supervisors, 404 where one is gone, 409 where one of the calls is changing at this very moment.
create or replace function public.merge_contacts(p_keep uuid, p_other uuid, p_take text[] default '{}')
  returns public.crm_contacts
  language plpgsql
  volatile
  security definer  -- moves calls and what is counted of them; those who may delete a contact only
  set search_path = ''
as $$
declare
  v_keep public.crm_contacts;
  v_other public.crm_contacts;
begin
  if auth.role() is distinct from 'service_role' then
    perform private.require_admin();
  end if;
  if p_keep = p_other then
    perform private.refuse_value('p_other', 'a contact is not merged with itself');
  elsif not p_take <@ '{email,first_name,last_name,company_name,company_phone,contact_type,source,custom_fields}' then
    perform private.refuse_value('p_take', 'only the columns that differ and are not added up are taken');
  end if;
  perform private.lock_contact_lists();
  perform private.lock_for_merge(p_keep, p_other);
  select * into v_keep from public.crm_contacts where id = p_keep;
  select * into v_other from public.crm_contacts where id = p_other;
  v_keep := private.merged_contact(v_keep, v_other, p_take);
  perform set_config('callcenter.merged_contact', p_other::text, true);
  update public.call_records set contact_id = p_keep where contact_id = p_other;
  update private.text_messages set contact_id = p_keep where contact_id = p_other;
  delete from public.crm_contacts where id = p_other;
  update public.crm_contacts set (email, first_name, last_name, company_name, company_phone, contact_type, source,
      notes, tags, custom_fields, other_numbers, do_not_call, last_call_date, last_call_duration_seconds,
      total_call_count, call_history_ids, last_agent_id)
    = (v_keep.email, v_keep.first_name, v_keep.last_name, v_keep.company_name, v_keep.company_phone,
      v_keep.contact_type, v_keep.source, v_keep.notes, v_keep.tags, v_keep.custom_fields, v_keep.other_numbers,
      v_keep.do_not_call, v_keep.last_call_date, v_keep.last_call_duration_seconds, v_keep.total_call_count,
      v_keep.call_history_ids, v_keep.last_agent_id)
  where id = p_keep returning * into v_keep;
  return v_keep;
end $$;
revoke execute on function public.merge_contacts from public, anon, authenticated;
grant execute on function public.merge_contacts to authenticated, service_role;

revoke execute on all functions in schema private from public;
