-- What agents' time went into, a quarter of an hour at a time: talking (hold included), wrapping up
-- and being available. A stretch of time counts in every quarter it touches, to the second, so that
-- occupancy = handling ÷ (handling + available) is right for any period.

create table if not exists private.agent_deltas (
  id bigint generated always as identity primary key,
  interval_start timestamptz not null,
  agent_id uuid not null,
  offered integer not null default 0,
  missed integer not null default 0,
  handled integer not null default 0,
  talk_seconds bigint not null default 0,
  wrap_up_seconds bigint not null default 0,
  available_seconds bigint not null default 0
);
comment on table private.agent_deltas is 'What changed in agents'' figures since the last folding.';
alter table private.agent_deltas set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- No key to the agents: figures of somebody who left are history, not theirs.
create table if not exists private.agent_sums (
  interval_start timestamptz not null,
  agent_id uuid not null,
  offered bigint not null,
  missed bigint not null,
  handled bigint not null,
  talk_seconds bigint not null,
  wrap_up_seconds bigint not null,
  available_seconds bigint not null,
  primary key (interval_start, agent_id)
);
comment on table private.agent_sums is 'Figures a quarter of an hour and agent.';

create or replace function private.fold_agent_deltas()
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  with gone as (
    delete from private.agent_deltas returning *
  )
  insert into private.agent_sums as s (interval_start, agent_id, offered, missed, handled,
    talk_seconds, wrap_up_seconds, available_seconds)
  select interval_start, agent_id, sum(offered), sum(missed), sum(handled), sum(talk_seconds),
    sum(wrap_up_seconds), sum(available_seconds)
  from gone group by 1, 2
  on conflict (interval_start, agent_id) do update
  set offered = s.offered + excluded.offered, missed = s.missed + excluded.missed,
      handled = s.handled + excluded.handled, talk_seconds = s.talk_seconds + excluded.talk_seconds,
      wrap_up_seconds = s.wrap_up_seconds + excluded.wrap_up_seconds,
      available_seconds = s.available_seconds + excluded.available_seconds;
$$;

-- A stretch of time by quarters of an hour, in whole seconds that add up however it is cut.
create or replace function private.slices(p_from timestamptz, p_to timestamptz)
  returns table (interval_start timestamptz, seconds bigint)
  language sql
  immutable
  set search_path = ''
as $$
  select i, floor(extract(epoch from least(p_to, i + interval '15 minutes')))::bigint
    - floor(extract(epoch from greatest(p_from, i)))::bigint
  from generate_series(private.interval_of(p_from), p_to, interval '15 minutes') i
  where p_to > p_from;
$$;

-- What an offer counts as: offered and missed where it began, handled where the conversation did.
-- Missed: the agent let it ring, or could not be reached; declining or a caller gone is not missing.
create or replace function private.offer_counts(p_offer private.call_offers)
  returns table (interval_start timestamptz, offered integer, missed integer, handled integer,
    talk_seconds bigint)
  language sql
  stable
  set search_path = ''
as $$
  select private.interval_of(p_offer.created_at), 1,
    coalesce(private.counts_as_missed(p_offer.outcome), false)::integer, 0, 0
  union all
  select private.interval_of(p_offer.connected_at), 0, 0, 1, 0
  where p_offer.connected_at is not null and p_offer.ended_at is not null
  union all
  select s.interval_start, 0, 0, 0, s.seconds
  from private.slices(p_offer.connected_at, p_offer.ended_at) s;
$$;

create or replace function private.add_offer(p_offer private.call_offers, p_sign integer)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  insert into private.agent_deltas (interval_start, agent_id, offered, missed, handled, talk_seconds)
  select interval_start, p_offer.agent_id, p_sign * offered, p_sign * missed, p_sign * handled,
    p_sign * talk_seconds
  from private.offer_counts(p_offer);
  insert into private.stat_deltas (interval_start, queue_id, handled, talk_seconds)
  select interval_start, p_offer.queue_id, p_sign * handled, p_sign * talk_seconds
  from private.offer_counts(p_offer) where handled > 0 or talk_seconds > 0;
$$;

create or replace trigger call_offers_count_new
  after insert or delete on private.call_offers
  for each row execute function private.count_change();
create or replace trigger call_offers_count
  after update on private.call_offers
  for each row when (
    (old.outcome, old.queue_id, old.agent_id, old.created_at, old.ended_at)
      is distinct from (new.outcome, new.queue_id, new.agent_id, new.created_at, new.ended_at)
    or (new.ended_at is not null and new.connected_at is distinct from old.connected_at))
  execute function private.count_change();

-- Since when the agent wraps up; wrap_up_until says until when they may.
alter table public.call_center_agents add column if not exists wrap_up_since timestamptz;

-- Keeps wrap_up_since, whoever writes the row, and once a wrap-up ends takes the seconds that the
-- agent did not use out of their handling time: they were granted in full when the call ended.
create or replace function private.follow_wrap_up()
  returns trigger
  language plpgsql
  security definer  -- reads the clock in private; browsers update this table
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_over constant boolean := old.wrap_up_since is not null
    and (new.wrap_up_until is null or old.wrap_up_until <= v_now);
begin
  new.wrap_up_since := case
    when new.wrap_up_until is null or new.wrap_up_until <= v_now then null
    when old.wrap_up_since is null or v_over then v_now
    else old.wrap_up_since end;
  if v_over and old.wrap_up_until > v_now then
    new.handling_seconds := greatest(0,
      new.handling_seconds - private.seconds_between(v_now, old.wrap_up_until));
    new.average_handling_time_seconds :=
      coalesce(round(new.handling_seconds::numeric / nullif(new.total_calls_handled, 0)), 0);
  end if;
  return new;
end $$;

create or replace trigger call_center_agents_wrap_up
  before update on public.call_center_agents
  for each row when (old.wrap_up_since is not null or new.wrap_up_since is not null
    or new.wrap_up_until is not null)
  execute function private.follow_wrap_up();

-- Counts a stretch of an agent's time that is over. More than a week at once was no shift.
create or replace function private.count_agent_time()
  returns trigger
  language plpgsql
  security definer  -- private tables; browsers update this table
  set search_path = ''
as $$
begin
  with stretches (kind, started, ended) as (
    select 'available', old.last_status_change, new.last_status_change
    where old.agent_status = 'available' and new.agent_status <> 'available'
    union all
    select 'wrap_up', old.wrap_up_since, least(old.wrap_up_until, private.clock())
    where old.wrap_up_since <> new.wrap_up_since
      or (old.wrap_up_since is not null and new.wrap_up_since is null)
  ), counted as (
    insert into private.agent_deltas (interval_start, agent_id, wrap_up_seconds, available_seconds)
    select i.interval_start, new.id, case s.kind when 'wrap_up' then i.seconds else 0 end,
      case s.kind when 'available' then i.seconds else 0 end
    from stretches s cross join lateral
      private.slices(greatest(s.started, s.ended - interval '7 days'), s.ended) i
    where i.seconds > 0
    returning interval_start, wrap_up_seconds, available_seconds
  )
  insert into private.stat_deltas (interval_start, wrap_up_seconds, available_seconds)
  select interval_start, wrap_up_seconds, available_seconds from counted;
  return null;
end $$;

create or replace trigger call_center_agents_time
  after update on public.call_center_agents
  for each row when ((old.agent_status = 'available' and new.agent_status <> 'available')
    or (old.wrap_up_since is not null and old.wrap_up_since is distinct from new.wrap_up_since))
  execute function private.count_agent_time();

-- Counts everything the tables hold, from nothing: for a database that has calls already.
create or replace function private.count_everything()
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  insert into private.stat_deltas
    (interval_start, queue_id, calls, completed, missed, duration_seconds, hold_seconds)
  select private.interval_of(coalesce(started_at, created_at)), queue_id, count(*),
    count(*) filter (where call_status = 'completed'),
    count(*) filter (where call_status in ('failed', 'no_answer', 'missed')),
    coalesce(sum(duration_seconds) filter (where call_status = 'completed'), 0),
    coalesce(sum(hold_duration_seconds) filter (where call_status = 'completed'), 0)
  from public.call_records group by 1, 2;
  insert into private.stat_deltas (interval_start, contacts)
  select private.interval_of(created_at), count(*) from public.crm_contacts group by 1;
  insert into private.stat_deltas (interval_start, queue_id, offered, answered, answered_in_time,
    abandoned, abandoned_in_time, short_abandoned, callbacks, overflowed, wait_seconds)
  select private.interval_of(joined_at), queue_id,
    count(*) filter (where outcome <> 'callback' and not short_abandon),
    count(*) filter (where outcome = 'answered'),
    count(*) filter (where outcome = 'answered' and in_time),
    count(*) filter (where outcome = 'abandoned' and not short_abandon),
    count(*) filter (where outcome = 'abandoned' and not short_abandon and in_time),
    count(*) filter (where short_abandon), count(*) filter (where outcome = 'callback'),
    count(*) filter (where outcome = 'overflowed'),
    coalesce(sum(waited_seconds) filter (where outcome = 'answered'), 0)
  from private.queue_entries where left_at is not null group by 1, 2;
  select private.add_offer(o, 1) from private.call_offers o;
$$;

select private.count_everything()
where not exists (select 1 from private.stat_sums) and not exists (select 1 from private.stat_deltas);
