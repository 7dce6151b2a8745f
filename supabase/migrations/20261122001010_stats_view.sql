-- What the dashboard shows: one row, read at the same cost whatever the history.

-- Sums since a moment, plus what has not been folded yet; -infinity for all time.
create or replace function private.stats_since(p_since timestamptz)
  returns private.stat_sums
  language sql
  stable
  security definer  -- sums of calls, no caller's data; the view admits its readers
  set search_path = ''
as $$
  select p_since, '00000000-0000-0000-0000-000000000000'::uuid,
    coalesce(sum(calls), 0)::bigint, coalesce(sum(completed), 0)::bigint,
    coalesce(sum(missed), 0)::bigint, coalesce(sum(duration_seconds), 0)::bigint,
    coalesce(sum(contacts), 0)::bigint, coalesce(sum(offered), 0)::bigint,
    coalesce(sum(answered), 0)::bigint, coalesce(sum(answered_in_time), 0)::bigint,
    coalesce(sum(abandoned), 0)::bigint, coalesce(sum(abandoned_in_time), 0)::bigint,
    coalesce(sum(short_abandoned), 0)::bigint, coalesce(sum(wait_seconds), 0)::bigint
  from (
    select calls, completed, missed, duration_seconds, contacts, offered, answered,
      answered_in_time, abandoned, abandoned_in_time, short_abandoned, wait_seconds
    from private.stat_sums
    where case when p_since = '-infinity' then interval_start = '-infinity'
      else interval_start >= p_since end
    union all
    select calls, completed, missed, duration_seconds, contacts, offered, answered,
      answered_in_time, abandoned, abandoned_in_time, short_abandoned, wait_seconds
    from private.stat_deltas where interval_start >= p_since
  ) as parts;
$$;

-- Who waits longest, in seconds; 0 where nobody waits.
create or replace function private.longest_wait_seconds()
  returns integer
  language sql
  stable
  security definer  -- a number without a caller; the view admits its readers
  set search_path = ''
as $$
  select coalesce(private.seconds_between(min(joined_at), private.clock()), 0)
  from private.queue_entries where left_at is null;
$$;

-- The view runs as its reader, who may not use private.clock() itself.
create or replace function private.clock_for_view()
  returns timestamptz
  language sql
  stable
  security definer  -- the clock is in private
  set search_path = ''
as $$
  select private.clock();
$$;

create or replace function private.today_for_view()
  returns timestamptz
  language sql
  stable
  security definer  -- settings are private
  set search_path = ''
as $$
  select private.today();
$$;

drop view if exists public.call_center_stats;
create view public.call_center_stats
  with (security_invoker = true)  -- one row for supervisors and the service, none for others
as
select
  a.available as agents_available,
  a.busy as agents_busy,
  a.on_break as agents_on_break,
  a.offline as agents_offline,
  a.total as total_agents,
  c.active as calls_active,
  c.queued as calls_queued,
  today.completed as calls_completed_today,
  today.missed as calls_missed_today,
  today.calls as total_calls_today,
  round(today.duration_seconds::numeric / nullif(today.completed, 0), 1) as avg_call_duration_today,
  round(ever.duration_seconds::numeric / nullif(ever.completed, 0), 1) as avg_call_duration,
  a.handling_time as avg_handling_time,
  ever.contacts as total_contacts,
  today.contacts as new_contacts_today,
  q.agents as agents_in_queues,
  -- Abandons ignored: answered in time ÷ (offered − abandoned in time).
  round(100.0 * today.answered_in_time / nullif(today.offered - today.abandoned_in_time, 0), 1)
    as service_level_percent_abandons_ignored,
  round(today.wait_seconds::numeric / nullif(today.answered, 0), 1) as average_speed_of_answer_seconds,
  round(100.0 * today.abandoned / nullif(today.offered, 0), 1) as abandonment_percent,
  private.longest_wait_seconds() as longest_wait_seconds,
  private.clock_for_view() as last_updated
from (
  select
    count(*) filter (where agent_status = 'available') as available,
    count(*) filter (where agent_status = 'busy') as busy,
    count(*) filter (where agent_status = 'break') as on_break,
    count(*) filter (where agent_status = 'offline') as offline,
    count(*) as total,
    round(sum(handling_seconds) / nullif(sum(total_calls_handled), 0), 1) as handling_time
  from public.call_center_agents
) as a
cross join (
  select
    count(*) filter (where call_status in ('active', 'ringing')) as active,
    count(*) filter (where call_status = 'queued') as queued
  from public.call_records where call_status in ('queued', 'ringing', 'active')
) as c
cross join (
  select count(distinct member) as agents
  from public.call_queues cross join lateral unnest(agent_ids) as member where active
) as q
cross join private.stats_since('-infinity') as ever
cross join private.stats_since(private.today_for_view()) as today
where (select private.sees_everything());
comment on view public.call_center_stats is
  'The call centre now and today (its own day), one row. Service level: abandons ignored.';
