-- What dashboards show, read at the same cost whatever the history: the centre in one row, a row a
-- queue, a row an agent. "Today" is the call centre's own day. Offered, answered and abandoned count
-- stays in queues that have ended, in the quarter of an hour in which they began.
--
-- Supervisors and the service see everything, agents their own row of agent_stats and their queues'
-- rows of call_queue_stats; others see nothing. The functions below give statistics, no caller's data.

-- Sums of all queues since a moment, plus what has not been folded yet; -infinity for all time. A
-- caller who overflowed into a second queue was offered once.
create or replace function private.stats_since(p_since timestamptz)
  returns private.stat_sums
  language sql
  stable
  security definer  -- sums of calls, no caller's data; the view admits its readers
  set search_path = ''
as $$
  select p_since, private.every_queue(),
    coalesce(sum(calls), 0)::bigint, coalesce(sum(completed), 0)::bigint,
    coalesce(sum(missed), 0)::bigint, coalesce(sum(duration_seconds), 0)::bigint,
    coalesce(sum(hold_seconds), 0)::bigint, coalesce(sum(contacts), 0)::bigint,
    coalesce(sum(offered) - sum(overflowed), 0)::bigint, coalesce(sum(answered), 0)::bigint,
    coalesce(sum(answered_in_time), 0)::bigint, coalesce(sum(abandoned), 0)::bigint,
    coalesce(sum(abandoned_in_time), 0)::bigint, coalesce(sum(short_abandoned), 0)::bigint,
    coalesce(sum(callbacks), 0)::bigint, coalesce(sum(overflowed), 0)::bigint,
    coalesce(sum(wait_seconds), 0)::bigint, coalesce(sum(handled), 0)::bigint,
    coalesce(sum(talk_seconds), 0)::bigint, coalesce(sum(wrap_up_seconds), 0)::bigint,
    coalesce(sum(available_seconds), 0)::bigint
  from (
    select * from private.stat_sums
    where queue_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff' and interval_start between p_since
      and case p_since when '-infinity' then '-infinity'::timestamptz else 'infinity' end
    union all
    select interval_start, queue_id, calls, completed, missed, duration_seconds, hold_seconds,
      contacts, offered, answered, answered_in_time, abandoned, abandoned_in_time, short_abandoned,
      callbacks, overflowed, wait_seconds, handled, talk_seconds, wrap_up_seconds, available_seconds
    from private.stat_deltas where interval_start >= p_since
  ) as parts;
$$;

-- Today's sums a queue.
create or replace function private.queue_sums_today()
  returns setof private.stat_sums
  language sql
  stable
  security definer  -- sums of calls; call_queue_stats shows an agent their own queues'
  set search_path = ''
as $$
  with parts as (
    select * from private.stat_sums
    where interval_start >= private.today() and queue_id <> private.every_queue()
    union all
    select interval_start, coalesce(queue_id, '00000000-0000-0000-0000-000000000000'), calls,
      completed, missed, duration_seconds, hold_seconds, contacts, offered, answered,
      answered_in_time, abandoned, abandoned_in_time, short_abandoned, callbacks, overflowed,
      wait_seconds, handled, talk_seconds, wrap_up_seconds, available_seconds
    from private.stat_deltas where interval_start >= private.today()
  )
  select private.today(), queue_id, sum(calls)::bigint, sum(completed)::bigint,
    sum(missed)::bigint, sum(duration_seconds)::bigint, sum(hold_seconds)::bigint,
    sum(contacts)::bigint, sum(offered)::bigint, sum(answered)::bigint,
    sum(answered_in_time)::bigint, sum(abandoned)::bigint, sum(abandoned_in_time)::bigint,
    sum(short_abandoned)::bigint, sum(callbacks)::bigint, sum(overflowed)::bigint,
    sum(wait_seconds)::bigint, sum(handled)::bigint, sum(talk_seconds)::bigint,
    sum(wrap_up_seconds)::bigint, sum(available_seconds)::bigint
  from parts group by queue_id;
$$;

-- What agents are in the middle of: conversations and wrap-ups that go on, and being available. In
-- whole seconds, as private.slices counts them once they are over.
create or replace function private.agents_doing_since(p_since timestamptz)
  returns table (agent_id uuid, handling_seconds bigint, available_seconds bigint)
  language sql
  stable
  security definer  -- sums; the views show each agent their own
  set search_path = ''
as $$
  with t as materialized (  -- else the clock would be read for every row
    select private.clock() as now
  ), doing (agent_id, started, ended, available) as (
    select o.agent_id, o.met_at, t.now, false
    from private.call_offers o, t where o.state = 'connected' and o.met_at is not null
    union all
    select n.agent_id, n.started_at, coalesce(n.ended_at, t.now), n.state = 'available'
    from t cross join lateral private.open_times(t.now) n where n.state in ('wrap_up', 'available')
  ), counted as (
    select d.agent_id, d.available, greatest(0, floor(date_part('epoch', d.ended))
      - floor(date_part('epoch', greatest(d.started, p_since))))::bigint as seconds
    from doing d
  )
  select c.agent_id, case when c.available then 0 else c.seconds end,
    case when c.available then c.seconds else 0 end
  from counted c;
$$;

-- What agents did since a moment; what they are in the middle of is in handling_seconds and
-- available_seconds only.
create or replace function private.agent_statistics_since(p_since timestamptz)
  returns table (agent_id uuid, offered bigint, missed bigint, handled bigint, talk_seconds bigint,
    wrap_up_seconds bigint, handling_seconds bigint, available_seconds bigint)
  language sql
  stable
  security definer  -- sums; agent_stats shows each agent their own
  set search_path = ''
as $$
  with parts as (
    select s.agent_id, s.offered, s.missed, s.handled, s.talk_seconds, s.wrap_up_seconds,
      s.talk_seconds + s.wrap_up_seconds as handling, s.available_seconds
    from private.agent_sums s where s.interval_start >= p_since
    union all
    select d.agent_id, d.offered, d.missed, d.handled, d.talk_seconds, d.wrap_up_seconds,
      d.talk_seconds + d.wrap_up_seconds, d.available_seconds
    from private.agent_deltas d where d.interval_start >= p_since
    union all
    select n.agent_id, 0, 0, 0, 0, 0, n.handling_seconds, n.available_seconds
    from private.agents_doing_since(p_since) n
  )
  select p.agent_id, sum(p.offered)::bigint, sum(p.missed)::bigint, sum(p.handled)::bigint,
    sum(p.talk_seconds)::bigint, sum(p.wrap_up_seconds)::bigint, sum(p.handling)::bigint,
    sum(p.available_seconds)::bigint
  from parts p group by 1;
$$;

-- Callers and agents of each queue right now. Who waits for a callback has hung up: they are counted
-- apart, and are no long wait.
create or replace function private.queues_now()
  returns table (queue_id uuid, callers_waiting bigint, callbacks_waiting bigint,
    longest_wait_seconds integer, agents_available bigint, agents_busy bigint, agents_total bigint)
  language sql
  stable
  security definer  -- numbers without a caller; an agent may not read colleagues' rows
  set search_path = ''
as $$
  select q.id, coalesce(w.callers, 0), coalesce(w.callbacks, 0), coalesce(w.longest, 0),
    coalesce(m.available, 0), coalesce(m.busy, 0), coalesce(m.total, 0)
  from public.call_queues q
  left join (
    select e.queue_id, count(*) filter (where e.on_line) as callers,
      count(*) filter (where not e.on_line) as callbacks,
      private.seconds_between(min(e.joined_at) filter (where e.on_line), private.clock()) as longest
    from private.queue_entries e where e.left_at is null group by 1
  ) as w on w.queue_id = q.id
  left join (
    select qm.queue_id, count(*) as total,
      count(*) filter (where a.agent_status = 'available') as available,
      count(*) filter (where a.agent_status = 'busy') as busy
    from private.queue_members qm join public.call_center_agents a on a.id = qm.agent_id
    group by 1
  ) as m on m.queue_id = q.id;
$$;

-- Live calls, callbacks that wait (none of them a queued call, for nobody is on the line), and who waits
-- longest on the line (in seconds; 0 where nobody does).
create or replace function private.calls_now()
  returns table (active bigint, queued bigint, callbacks bigint, longest_wait_seconds integer)
  language sql
  stable
  security definer  -- numbers without a caller; the view admits its readers, and row by row it is slow
  set search_path = ''
as $$
  select c.active, c.queued - w.not_offered, w.callbacks,
    coalesce((select private.seconds_between(min(joined_at), private.clock())
      from private.queue_entries where left_at is null and on_line), 0)
  from (
    select count(*) filter (where call_status in ('active', 'ringing')) as active,
      count(*) filter (where call_status = 'queued') as queued
    from public.call_records where call_status in ('queued', 'ringing', 'active')
  ) c
  cross join (
    select count(*) as callbacks, count(*) filter (where not offered) as not_offered
    from private.queue_entries where left_at is null and not on_line
  ) w;
$$;

-- Agents who are members of a queue that is open for work.
create or replace function private.agents_in_queues()
  returns bigint
  language sql
  stable
  security definer  -- a number; membership is private
  set search_path = ''
as $$
  select count(*) from (
    select distinct m.agent_id from private.queue_members m
    where m.queue_id <> all (array(select q.id from public.call_queues q where not q.active))) a;
$$;

-- The views run as their reader, who may not use private.clock() itself.
create or replace function private.clock_for_view()
  returns timestamptz
  language sql
  stable
  security definer  -- the clock is in private
  set search_path = ''
as $$
  select private.clock();
$$;

-- When today began, for the same reason.
create or replace function private.today_for_view()
  returns timestamptz
  language sql
  stable
  security definer  -- settings are private
  set search_path = ''
as $$
  select private.today();
$$;

-- part ÷ whole in percent, one decimal; null where there is no whole.
create or replace function private.percent(p_part bigint, p_whole bigint)
  returns numeric
  language sql
  immutable
  set search_path = ''
as $$
  select round(100.0 * p_part / nullif(p_whole, 0), 1);
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
  private.agents_in_queues() as agents_in_queues,
  -- Abandons ignored: answered in time ÷ (offered − abandoned in time).
  private.percent(today.answered_in_time, today.offered - today.abandoned_in_time)
    as service_level_percent_abandons_ignored,
  round(today.wait_seconds::numeric / nullif(today.answered, 0), 1) as average_speed_of_answer_seconds,
  private.percent(today.abandoned, today.offered) as abandonment_percent,
  c.longest_wait_seconds,
  today.offered as calls_offered_today,
  today.answered as calls_answered_today,
  today.abandoned as calls_abandoned_today,
  today.short_abandoned as short_abandons_today,
  today.callbacks as callbacks_requested_today,
  -- Handling ÷ (handling + available), of all agents.
  private.percent(today.talk_seconds + today.wrap_up_seconds + doing.handling,
    today.talk_seconds + today.wrap_up_seconds + doing.handling
      + today.available_seconds + doing.available) as occupancy_percent,
  c.callbacks as callbacks_waiting,
  private.clock_for_view() as last_updated
from (
  select
    count(*) filter (where agent_status = 'available') as available,
    count(*) filter (where agent_status = 'busy') as busy,
    count(*) filter (where agent_status = 'break') as on_break,
    count(*) filter (where agent_status = 'offline') as offline,
    count(*) as total,
    round(sum(handling_seconds) / nullif(sum(total_calls_handled), 0), 1) as handling_time
  from public.call_center_agents where archived_at is null
) as a
cross join private.calls_now() as c
cross join private.stats_since('-infinity') as ever
cross join private.stats_since(private.today_for_view()) as today
cross join (
  select coalesce(sum(handling_seconds), 0)::bigint as handling,
    coalesce(sum(available_seconds), 0)::bigint as available
  from private.agents_doing_since(private.today_for_view())
) as doing
where (select private.sees_everything());
comment on view public.call_center_stats is
  'The call centre now and today (its own day), one row. Service level: abandons ignored.';

create or replace view public.call_queue_stats
  with (security_invoker = true)  -- the policies on call_queues decide who sees which row
as
select
  q.id as queue_id,
  q.name as queue_name,
  q.active,
  n.callers_waiting,
  n.longest_wait_seconds,
  n.agents_available,
  n.agents_busy,
  n.agents_total,
  coalesce(s.offered, 0) as offered_today,
  coalesce(s.answered, 0) as answered_today,
  coalesce(s.abandoned, 0) as abandoned_today,
  coalesce(s.short_abandoned, 0) as short_abandons_today,
  coalesce(s.callbacks, 0) as callbacks_requested_today,
  coalesce(s.overflowed, 0) as overflowed_today,
  q.service_level_seconds,
  private.percent(s.answered_in_time, s.offered - s.abandoned_in_time)
    as service_level_percent_abandons_ignored,
  private.percent(s.abandoned, s.offered) as abandonment_percent,
  round(s.wait_seconds::numeric / nullif(s.answered, 0), 1) as average_speed_of_answer_seconds,
  round(s.talk_seconds::numeric / nullif(s.handled, 0), 1) as average_talk_seconds,
  n.callbacks_waiting
from public.call_queues q
join private.queues_now() n on n.queue_id = q.id
left join private.queue_sums_today() s on s.queue_id = q.id
where q.archived_at is null;
comment on view public.call_queue_stats is
  'Each queue now and today (the centre''s own day). Service level: abandons ignored.';

create or replace view public.agent_stats
  with (security_invoker = true)  -- the policies on call_center_agents decide who sees which row
as
select
  a.id as agent_id,
  a.extension,
  a.agent_status,
  a.last_status_change,
  coalesce(f.handled, 0) as calls_handled_today,
  coalesce(f.talk_seconds, 0) as talk_seconds_today,
  coalesce(f.wrap_up_seconds, 0) as wrap_up_seconds_today,
  -- Talk, hold and wrap-up, of conversations that are over.
  round((f.talk_seconds + f.wrap_up_seconds)::numeric / nullif(f.handled, 0), 1)
    as average_handling_seconds_today,
  coalesce(f.offered, 0) as offers_today,
  coalesce(f.missed, 0) as missed_offers_today,
  coalesce(f.available_seconds, 0) as available_seconds_today,
  private.percent(f.handling_seconds, f.handling_seconds + f.available_seconds)
    as occupancy_percent
from public.call_center_agents a
left join private.agent_statistics_since(private.today_for_view()) f on f.agent_id = a.id
where a.archived_at is null;
comment on view public.agent_stats is
  'Each agent today (the centre''s own day): talk includes hold. Occupancy: handling ÷ (handling + available).';

revoke all on public.call_center_stats, public.call_queue_stats, public.agent_stats
  from public, anon, authenticated, service_role;
grant select on public.call_center_stats, public.call_queue_stats, public.agent_stats
  to authenticated, service_role;

revoke execute on all functions in schema private from public;
-- What the views, which run as their reader, are made of.
grant execute on function
  private.stats_since, private.calls_now, private.agents_in_queues, private.clock_for_view,
  private.today_for_view, private.agent_statistics_since, private.agents_doing_since,
  private.queues_now, private.queue_sums_today, private.percent
  to authenticated, service_role;
