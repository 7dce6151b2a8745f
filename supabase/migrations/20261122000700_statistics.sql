-- Statistics of the centre and its queues that cost the same whatever the history: every change of a row
-- that counts writes its difference, the sweep folds differences into sums (other_tables.sql). A row
-- that changes or goes is taken out as it was counted and put back as it is now.

-- The queue_id that stands for all of them together.
create or replace function private.every_queue()
  returns uuid
  language sql
  immutable
  set search_path = ''
as $$
  select 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid;
$$;

-- The quarter of an hour that a moment counts in.
create or replace function private.interval_of(p_at timestamptz)
  returns timestamptz
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return date_bin('15 minutes', p_at, '2000-01-01T00:00:00Z');
end $$;

-- When a day begins in a time zone. Where clocks go back to midnight, as on the Azores, it comes twice, and Postgres
-- takes the second.
create or replace function private.day_begins(p_day date, p_time_zone text)
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_midnight constant timestamptz := p_day::timestamp at time zone p_time_zone;
  v_before constant timestamptz := v_midnight - interval '1 hour';
begin
  return case when (v_before at time zone p_time_zone)::date = p_day then v_before else v_midnight end;
end $$;

-- When the call centre's own day began.
create or replace function private.today()
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select private.day_begins((private.clock() at time zone time_zone)::date, time_zone) from private.settings);
end $$;

-- Folds the oldest differences of calls and queues into the sums; p_limit null: all. Returns how many.
create or replace function private.fold_queue_deltas(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_upto bigint;
  v_count integer;
begin
  select max(id), count(*) into v_upto, v_count
  from (select id from private.stat_deltas order by id limit p_limit) d;
  with gone as (
    delete from private.stat_deltas where id <= v_upto returning *
  )
  insert into private.stat_sums as s
    (interval_start, queue_id, calls, completed, missed, duration_seconds, hold_seconds, contacts,
      offered, answered, answered_in_time, abandoned, abandoned_in_time, short_abandoned, callbacks,
      overflowed, wait_seconds, handled, talk_seconds, wrap_up_seconds, available_seconds)
  select i.interval_start, q.queue_id,
    sum(calls), sum(completed), sum(missed), sum(duration_seconds), sum(hold_seconds),
    sum(contacts), sum(offered), sum(answered), sum(answered_in_time), sum(abandoned),
    sum(abandoned_in_time), sum(short_abandoned), sum(callbacks), sum(overflowed),
    sum(wait_seconds), sum(handled), sum(talk_seconds), sum(wrap_up_seconds),
    sum(available_seconds)
  from gone g
  cross join lateral (values (g.interval_start), ('-infinity')) i (interval_start)
  cross join lateral (values
    (coalesce(g.queue_id, '00000000-0000-0000-0000-000000000000')),
    (private.every_queue())) q (queue_id)
  group by 1, 2
  on conflict (interval_start, queue_id) do update
  set calls = s.calls + excluded.calls, completed = s.completed + excluded.completed,
      missed = s.missed + excluded.missed,
      duration_seconds = s.duration_seconds + excluded.duration_seconds,
      hold_seconds = s.hold_seconds + excluded.hold_seconds,
      contacts = s.contacts + excluded.contacts, offered = s.offered + excluded.offered,
      answered = s.answered + excluded.answered,
      answered_in_time = s.answered_in_time + excluded.answered_in_time,
      abandoned = s.abandoned + excluded.abandoned,
      abandoned_in_time = s.abandoned_in_time + excluded.abandoned_in_time,
      short_abandoned = s.short_abandoned + excluded.short_abandoned,
      callbacks = s.callbacks + excluded.callbacks, overflowed = s.overflowed + excluded.overflowed,
      wait_seconds = s.wait_seconds + excluded.wait_seconds, handled = s.handled + excluded.handled,
      talk_seconds = s.talk_seconds + excluded.talk_seconds,
      wrap_up_seconds = s.wrap_up_seconds + excluded.wrap_up_seconds,
      available_seconds = s.available_seconds + excluded.available_seconds;
  return v_count;
end $$;

-- A call counts where it began: one row of differences for what an old row no longer counts and a new
-- one does. Missed: nobody was reached, whichever side it came from.
create or replace function private.add_call(p_call public.call_records, p_sign integer)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_completed constant integer := (p_call.call_status = 'completed')::integer;
  v_missed constant integer := (p_call.call_status in ('failed', 'no_answer', 'missed'))::integer;
begin
  insert into private.stat_deltas
    (interval_start, queue_id, calls, completed, missed, duration_seconds, hold_seconds)
  values (private.interval_of(coalesce(p_call.started_at, p_call.created_at)), p_call.queue_id,
    p_sign, p_sign * v_completed, p_sign * v_missed, p_sign * v_completed * p_call.duration_seconds,
    p_sign * v_completed * p_call.hold_duration_seconds);
end $$;

-- A call came, changed what it counts as, or was deleted. Most changes are an end in the quarter of an
-- hour and the queue it was counted in already: one difference says that.
create or replace function private.count_call()
  returns trigger
  language plpgsql
  security definer  -- private tables; browsers insert calls and supervisors delete them
  set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and old.started_at = new.started_at
    and old.queue_id is not distinct from new.queue_id
    and old.call_status not in ('completed', 'failed', 'no_answer', 'missed') then
    insert into private.stat_deltas
      (interval_start, queue_id, completed, missed, duration_seconds, hold_seconds)
    select private.interval_of(new.started_at), new.queue_id, c.completed, 1 - c.completed,
      c.completed * new.duration_seconds, c.completed * new.hold_duration_seconds
    from (select (new.call_status = 'completed')::integer as completed) c
    where new.call_status in ('completed', 'failed', 'no_answer', 'missed');
    return null;
  end if;
  if tg_op <> 'INSERT' then
    perform private.add_call(old, -1);
  end if;
  if tg_op <> 'DELETE' then
    perform private.add_call(new, 1);
  end if;
  return null;
end $$;

create or replace trigger call_records_count_new
  after insert or delete on public.call_records
  for each row execute function private.count_call();
create or replace trigger call_records_count
  after update on public.call_records
  for each row when (
    old.queue_id is distinct from new.queue_id or old.started_at is distinct from new.started_at
    or (new.call_status in ('completed', 'failed', 'no_answer', 'missed') and (
      old.call_status <> new.call_status or old.duration_seconds <> new.duration_seconds
      or old.hold_duration_seconds <> new.hold_duration_seconds))
    or (old.call_status in ('completed', 'failed', 'no_answer', 'missed')
      and old.call_status <> new.call_status))
  execute function private.count_call();

-- Contacts by the statement: imports bring many at once.
create or replace function private.count_contacts()
  returns trigger
  language plpgsql
  security definer  -- private table; agents add contacts
  set search_path = ''
as $$
begin
  insert into private.stat_deltas (interval_start, contacts)
  select private.interval_of(created_at), count(*) * case tg_op when 'INSERT' then 1 else -1 end
  from changed group by 1;
  return null;
end $$;

create or replace trigger crm_contacts_count_new
  after insert on public.crm_contacts referencing new table as changed
  for each statement execute function private.count_contacts();
create or replace trigger crm_contacts_count_gone
  after delete on public.crm_contacts referencing old table as changed
  for each statement execute function private.count_contacts();

-- A contact is counted when it was made, and stays there: for an import, that is its own date.
create or replace function private.keep_created_at()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  new.created_at := old.created_at;
  return new;
end $$;

create or replace trigger crm_contacts_created_at
  before update of created_at on public.crm_contacts
  for each row execute function private.keep_created_at();

-- When a stay began: for who comes back after a conversation, then.
create or replace function private.stay_began(p_stay private.queue_entries)
  returns timestamptz
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case when p_stay.comes_back then p_stay.entered_at else p_stay.joined_at end;
end $$;

-- How callers fared in the queues: what a stay counts as, judged once, when it ends.
--
-- offered: the stay ended, and somebody was to answer. Not offered: a short abandon; a stay that ended in
-- a callback, which is offered when the callback's own stay ends; and a callback whose customer was
-- served in another call, which is the one that was offered. A stay that overflowed, or that a supervisor
-- ended by moving the caller, is offered by both queues and neither answered nor abandoned by the first (a
-- flow-out); over all queues it is counted once (offered − overflowed). A voicemail, and a callback that
-- reached nobody, were offered, not answered, and not abandoned.
--
-- A stay counts where it began, once it ended; not one of a caller who comes back to the queue.
create or replace function private.add_stay(p_stay private.queue_entries, p_sign integer)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_answered constant integer := (p_stay.outcome = 'answered')::integer;
  v_abandoned constant integer := (p_stay.outcome = 'abandoned' and not p_stay.short_abandon)::integer;
begin
  if not p_stay.counts then
    return;
  end if;
  insert into private.stat_deltas (interval_start, queue_id, offered, answered, answered_in_time,
    abandoned, abandoned_in_time, short_abandoned, callbacks, overflowed, wait_seconds)
  values (private.interval_of(private.stay_began(p_stay)), p_stay.queue_id,
    p_sign * (not p_stay.short_abandon and p_stay.outcome not in ('callback', 'served'))::integer,
    p_sign * v_answered,
    p_sign * v_answered * p_stay.in_time::integer,
    p_sign * v_abandoned,
    p_sign * v_abandoned * p_stay.in_time::integer,
    p_sign * p_stay.short_abandon::integer,
    p_sign * (p_stay.outcome = 'callback')::integer,
    p_sign * (p_stay.outcome in ('overflowed', 'moved'))::integer,
    p_sign * v_answered * p_stay.waited_seconds);
end $$;

-- A stay ended, or what it came to was corrected, or its call was deleted.
create or replace function private.count_stay()
  returns trigger
  language plpgsql
  security definer  -- private table; supervisors delete calls
  set search_path = ''
as $$
begin
  if tg_op <> 'INSERT' and old.left_at is not null then
    perform private.add_stay(old, -1);
  end if;
  if tg_op <> 'DELETE' and new.left_at is not null then
    perform private.add_stay(new, 1);
  end if;
  return null;
end $$;

create or replace trigger queue_entries_count
  after update of left_at, outcome on private.queue_entries
  for each row when (new.left_at is not null)
  execute function private.count_stay();
create or replace trigger queue_entries_count_gone
  after delete on private.queue_entries
  for each row when (old.left_at is not null)
  execute function private.count_stay();

revoke execute on all functions in schema private from public;
