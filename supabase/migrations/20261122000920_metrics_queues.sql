-- How callers fared in the queues: what a stay counts as, judged once, when it ends.
--
-- offered: the stay ended, and somebody was to answer. Not offered: a short abandon, and a stay that
-- ended in a callback, which is offered when the callback's own stay ends. A stay that overflowed is
-- offered by both queues; over all queues it is counted once (offered − overflowed). A voicemail
-- and a call we lost were offered, not answered, and not abandoned.

-- By the queue's thresholds of that moment: changing them changes no past figure.
alter table private.queue_entries
  add column if not exists waited_seconds integer,
  add column if not exists in_time boolean,
  add column if not exists short_abandon boolean;

-- Who waits longest, of everybody.
create index if not exists queue_entries_longest_wait_idx on private.queue_entries (joined_at)
  where left_at is null;

create or replace function private.judge_stay()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
declare
  v_waited constant integer := private.seconds_between(new.joined_at, new.left_at);
begin
  select v_waited, v_waited <= service_level_seconds,
    new.outcome = 'abandoned' and v_waited < short_abandon_seconds
  into new.waited_seconds, new.in_time, new.short_abandon
  from public.call_queues where id = new.queue_id;
  return new;
end $$;

create or replace trigger queue_entries_judge
  before insert or update of left_at, outcome on private.queue_entries
  for each row when (new.left_at is not null)
  execute function private.judge_stay();

-- A stay counts where it began, once it ended.
create or replace function private.add_stay(p_stay private.queue_entries, p_sign integer)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  insert into private.stat_deltas (interval_start, queue_id, offered, answered, answered_in_time,
    abandoned, abandoned_in_time, short_abandoned, callbacks, overflowed, wait_seconds)
  select private.interval_of(p_stay.joined_at), p_stay.queue_id,
    p_sign * (not short and p_stay.outcome <> 'callback')::integer,
    p_sign * answered,
    p_sign * answered * p_stay.in_time::integer,
    p_sign * abandoned,
    p_sign * abandoned * p_stay.in_time::integer,
    p_sign * short::integer,
    p_sign * (p_stay.outcome = 'callback')::integer,
    p_sign * (p_stay.outcome = 'overflowed')::integer,
    p_sign * answered * p_stay.waited_seconds
  from (select p_stay.short_abandon as short,
    (p_stay.outcome = 'answered')::integer as answered,
    (p_stay.outcome = 'abandoned' and not p_stay.short_abandon)::integer as abandoned) as c
  where p_stay.left_at is not null;
$$;

create or replace trigger queue_entries_count
  after insert or update of left_at, outcome or delete on private.queue_entries
  for each row execute function private.count_change();

-- What a contact's page shows of their calls; the newest fifty are listed.
create or replace function private.add_to_contact(p_call public.call_records)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update public.crm_contacts
  set last_call_duration_seconds = case when last_call_date > p_call.ended_at
        then last_call_duration_seconds else p_call.duration_seconds end,
      last_call_date = greatest(last_call_date, p_call.ended_at),
      total_call_count = total_call_count + 1,
      call_history_ids = (array[p_call.id] || call_history_ids)[1:50]
  where id = p_call.contact_id;
$$;

-- A call that turned out to be somebody else's, or was deleted.
create or replace function private.remove_from_contact(p_call public.call_records)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update public.crm_contacts
  set (last_call_date, last_call_duration_seconds) = (
        select max(r.ended_at), (array_agg(r.duration_seconds order by r.ended_at desc))[1]
        from (select ended_at, duration_seconds from public.call_records
          where contact_id = p_call.contact_id and id <> p_call.id and ended_at is not null
          order by started_at desc limit 50) r),
      total_call_count = greatest(0, total_call_count - 1),
      call_history_ids = array_remove(call_history_ids, p_call.id)
  where id = p_call.contact_id;
$$;

-- An ended call counts for its contact, whichever of the two is known first.
create or replace function private.count_contact_call()
  returns trigger
  language plpgsql
  security definer  -- contacts' figures are not the browser's to write
  set search_path = ''
as $$
begin
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
