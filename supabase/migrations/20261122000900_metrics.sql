-- Figures that cost the same whatever the history: every change writes a small difference, the
-- sweep folds differences into 15-minute sums and one sum of all time, and readers add both up.
-- Differences are only ever inserted, so counting makes no two calls wait for each other.

create table if not exists private.stat_deltas (
  id bigint generated always as identity primary key,
  interval_start timestamptz not null,
  queue_id uuid,
  calls integer not null default 0,
  completed integer not null default 0,
  missed integer not null default 0,
  duration_seconds bigint not null default 0,
  contacts integer not null default 0,
  offered integer not null default 0,
  answered integer not null default 0,
  answered_in_time integer not null default 0,
  abandoned integer not null default 0,
  abandoned_in_time integer not null default 0,
  short_abandoned integer not null default 0,
  wait_seconds bigint not null default 0
);

-- The same columns summed; interval_start is -infinity for the sum of all time, and queue_id the
-- nil uuid for what belongs to no queue.
create table if not exists private.stat_sums (
  interval_start timestamptz not null,
  queue_id uuid not null,
  calls bigint not null,
  completed bigint not null,
  missed bigint not null,
  duration_seconds bigint not null,
  contacts bigint not null,
  offered bigint not null,
  answered bigint not null,
  answered_in_time bigint not null,
  abandoned bigint not null,
  abandoned_in_time bigint not null,
  short_abandoned bigint not null,
  wait_seconds bigint not null,
  primary key (interval_start, queue_id)
);

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

-- Folds differences into the sums. One at a time; a second caller does nothing.
create or replace function private.fold_stats()
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  with gone as (
    delete from private.stat_deltas
    where pg_try_advisory_xact_lock(hashtext('callcenter.fold_stats')) returning *
  )
  insert into private.stat_sums as s
  select i.interval_start, coalesce(g.queue_id, '00000000-0000-0000-0000-000000000000'),
    sum(calls), sum(completed), sum(missed), sum(duration_seconds), sum(contacts), sum(offered),
    sum(answered), sum(answered_in_time), sum(abandoned), sum(abandoned_in_time),
    sum(short_abandoned), sum(wait_seconds)
  from gone g cross join lateral (values (g.interval_start), ('-infinity')) i (interval_start)
  group by 1, 2
  on conflict (interval_start, queue_id) do update
  set calls = s.calls + excluded.calls, completed = s.completed + excluded.completed,
      missed = s.missed + excluded.missed,
      duration_seconds = s.duration_seconds + excluded.duration_seconds,
      contacts = s.contacts + excluded.contacts, offered = s.offered + excluded.offered,
      answered = s.answered + excluded.answered,
      answered_in_time = s.answered_in_time + excluded.answered_in_time,
      abandoned = s.abandoned + excluded.abandoned,
      abandoned_in_time = s.abandoned_in_time + excluded.abandoned_in_time,
      short_abandoned = s.short_abandoned + excluded.short_abandoned,
      wait_seconds = s.wait_seconds + excluded.wait_seconds;
$$;

-- A call as the counters see it: what it adds while it stands as it stands.
create or replace function private.count_call()
  returns trigger
  language plpgsql
  security definer  -- private table; browsers insert calls
  set search_path = ''
as $$
begin
  insert into private.stat_deltas
    (interval_start, queue_id, calls, completed, missed, duration_seconds)
  select private.interval_of(coalesce(new.started_at, new.created_at)), new.queue_id,
    (tg_op = 'INSERT')::integer,
    (new.call_status = 'completed')::integer - (o.status = 'completed')::integer,
    (new.call_status in ('failed', 'no_answer', 'missed'))::integer
      - (o.status in ('failed', 'no_answer', 'missed'))::integer,
    case when new.call_status = 'completed' then new.duration_seconds else 0 end
      - case when o.status = 'completed' then o.seconds else 0 end
  from (select case when tg_op = 'UPDATE' then old.call_status else '' end,
    case when tg_op = 'UPDATE' then old.duration_seconds else 0 end) as o (status, seconds);
  return null;
end $$;

create or replace trigger call_records_count_new
  after insert on public.call_records
  for each row execute function private.count_call();
create or replace trigger call_records_count
  after update of call_status, duration_seconds on public.call_records
  for each row when (
    (new.call_status <> old.call_status
      and (new.call_status in ('completed', 'failed', 'no_answer', 'missed')
        or old.call_status in ('completed', 'failed', 'no_answer', 'missed')))
    or (new.call_status = 'completed' and new.duration_seconds <> old.duration_seconds))
  execute function private.count_call();

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

-- A stay in a queue is counted when it ends. A short abandon is neither offered nor abandoned, and
-- a callback or voicemail was offered and is no abandon.
create or replace function private.count_queue_exit()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
declare
  v_queue public.call_queues;
  v_wait constant integer := private.seconds_between(new.joined_at, new.left_at);
  v_short boolean;
begin
  select * into v_queue from public.call_queues where id = new.queue_id;
  v_short := new.outcome = 'abandoned' and v_wait < v_queue.short_abandon_seconds;
  insert into private.stat_deltas (interval_start, queue_id, offered, answered, answered_in_time,
    abandoned, abandoned_in_time, short_abandoned, wait_seconds)
  values (private.interval_of(new.joined_at), new.queue_id,
    (not v_short)::integer,
    (new.outcome = 'answered')::integer,
    (new.outcome = 'answered' and v_wait <= v_queue.service_level_seconds)::integer,
    (new.outcome = 'abandoned' and not v_short)::integer,
    (new.outcome = 'abandoned' and not v_short and v_wait <= v_queue.service_level_seconds)::integer,
    v_short::integer,
    case when new.outcome = 'answered' then v_wait else 0 end);
  return null;
end $$;

create or replace trigger queue_entries_count
  after update of left_at on private.queue_entries
  for each row when (old.left_at is null and new.left_at is not null)
  execute function private.count_queue_exit();

-- What a contact's page shows of their calls; the newest fifty are listed.
create or replace function private.count_contact_call()
  returns trigger
  language plpgsql
  security definer  -- a browser may end a call; contacts' figures are not the browser's to write
  set search_path = ''
as $$
begin
  update public.crm_contacts
  set last_call_date = greatest(last_call_date, new.ended_at),
      last_call_duration_seconds = new.duration_seconds,
      total_call_count = total_call_count + 1,
      call_history_ids = (array[new.id] || call_history_ids)[1:50]
  where id = new.contact_id;
  return null;
end $$;

create or replace trigger call_records_contact
  after update of ended_at on public.call_records
  for each row when (old.ended_at is null and new.ended_at is not null and new.contact_id is not null)
  execute function private.count_contact_call();
