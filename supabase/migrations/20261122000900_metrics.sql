-- Figures that cost the same whatever the history: every change writes a small difference, the
-- sweep folds differences into 15-minute sums and one sum of all time, and readers add both up.
-- Differences are only ever inserted, so counting makes no two calls wait for each other.
--
-- Sums are integers and say what the tables hold: a row that changes or goes is taken out as it was
-- counted and put back as it is now. Percentages are made where they are shown, never stored.

create table if not exists private.stat_deltas (
  id bigint generated always as identity primary key,
  interval_start timestamptz not null,
  queue_id uuid,
  calls integer not null default 0,
  completed integer not null default 0,
  missed integer not null default 0,
  duration_seconds bigint not null default 0,
  hold_seconds bigint not null default 0,
  contacts integer not null default 0,
  offered integer not null default 0,
  answered integer not null default 0,
  answered_in_time integer not null default 0,
  abandoned integer not null default 0,
  abandoned_in_time integer not null default 0,
  short_abandoned integer not null default 0,
  callbacks integer not null default 0,
  overflowed integer not null default 0,
  wait_seconds bigint not null default 0,
  handled integer not null default 0,
  talk_seconds bigint not null default 0,
  wrap_up_seconds bigint not null default 0,
  available_seconds bigint not null default 0
);
comment on table private.stat_deltas is 'What changed in the figures since they were last folded.';
-- Read whole by every dashboard, and emptied all the time.
alter table private.stat_deltas set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- The same columns summed; interval_start is -infinity for the sum of all time. queue_id is the nil
-- uuid for what belongs to no queue, and private.every_queue() for the sum of all of them.
create table if not exists private.stat_sums (
  interval_start timestamptz not null,
  queue_id uuid not null,
  calls bigint not null,
  completed bigint not null,
  missed bigint not null,
  duration_seconds bigint not null,
  hold_seconds bigint not null,
  contacts bigint not null,
  offered bigint not null,
  answered bigint not null,
  answered_in_time bigint not null,
  abandoned bigint not null,
  abandoned_in_time bigint not null,
  short_abandoned bigint not null,
  callbacks bigint not null,
  overflowed bigint not null,
  wait_seconds bigint not null,
  handled bigint not null,
  talk_seconds bigint not null,
  wrap_up_seconds bigint not null,
  available_seconds bigint not null,
  primary key (interval_start, queue_id)
);
comment on table private.stat_sums is 'Figures a quarter of an hour and queue, and of all time.';

create or replace function private.every_queue()
  returns uuid
  language sql
  immutable
  set search_path = ''
as $$
  select 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid;
$$;

create index if not exists stat_sums_every_queue_idx on private.stat_sums (interval_start)
  where queue_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

create or replace function private.interval_of(p_at timestamptz)
  returns timestamptz
  language sql
  immutable
  set search_path = ''
as $$
  select date_bin('15 minutes', p_at, '2000-01-01T00:00:00Z');
$$;

-- When the call centre's own day began.
create or replace function private.today()
  returns timestamptz
  language sql
  stable
  set search_path = ''
as $$
  select date_trunc('day', private.clock() at time zone time_zone) at time zone time_zone
  from private.settings;
$$;

-- Folds differences into the sums. One process at a time; a second caller does nothing.
create or replace function private.fold_stats()
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if pg_try_advisory_xact_lock(hashtext('callcenter.fold_stats')) then
    perform private.fold_queue_deltas();
    perform private.fold_agent_deltas();
  end if;
end $$;

create or replace function private.fold_queue_deltas()
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  with gone as (
    delete from private.stat_deltas returning *
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
$$;

-- One row's part in the figures, once more (1) or no more (-1); the tables' triggers.
create or replace function private.count_change()
  returns trigger
  language plpgsql
  security definer  -- private tables; browsers insert calls and supervisors delete them
  set search_path = ''
as $$
begin
  case tg_table_name
    when 'call_records' then
      perform private.add_call(old, -1) where tg_op <> 'INSERT';
      perform private.add_call(new, 1) where tg_op <> 'DELETE';
    when 'queue_entries' then
      perform private.add_stay(old, -1) where tg_op <> 'INSERT';
      perform private.add_stay(new, 1) where tg_op <> 'DELETE';
    when 'call_offers' then
      perform private.add_offer(old, -1) where tg_op <> 'INSERT';
      perform private.add_offer(new, 1) where tg_op <> 'DELETE';
  end case;
  return null;
end $$;

-- A call counts where it began. Missed: nobody was reached, whichever side it came from.
create or replace function private.add_call(p_call public.call_records, p_sign integer)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  insert into private.stat_deltas
    (interval_start, queue_id, calls, completed, missed, duration_seconds, hold_seconds)
  select private.interval_of(coalesce(p_call.started_at, p_call.created_at)), p_call.queue_id,
    p_sign, p_sign * completed, p_sign * missed, p_sign * completed * p_call.duration_seconds,
    p_sign * completed * p_call.hold_duration_seconds
  from (select (p_call.call_status = 'completed')::integer as completed,
    (p_call.call_status in ('failed', 'no_answer', 'missed'))::integer as missed) as c;
$$;

create or replace trigger call_records_count_new
  after insert or delete on public.call_records
  for each row execute function private.count_change();
create or replace trigger call_records_count
  after update on public.call_records
  for each row when (
    (old.queue_id, old.started_at, old.duration_seconds, old.hold_duration_seconds)
      is distinct from (new.queue_id, new.started_at, new.duration_seconds, new.hold_duration_seconds)
    or (new.call_status <> old.call_status
      and (new.call_status in ('completed', 'failed', 'no_answer', 'missed')
        or old.call_status in ('completed', 'failed', 'no_answer', 'missed'))))
  execute function private.count_change();

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
