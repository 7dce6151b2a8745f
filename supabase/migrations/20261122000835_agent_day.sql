-- An agent's day: what they did from when to when, and for how long in all.

-- The rows of private.agent_times that touch a stretch of time, as time alone has made the last of them.
create or replace function private.times_of_agent(
  p_agent_id uuid, p_from timestamptz, p_to timestamptz)
  returns setof private.agent_times
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return query
  select t.* from private.agent_times t
  where t.agent_id = p_agent_id and t.started_at < p_to and t.ended_at > p_from
    and t.started_at >= coalesce((select max(f.started_at) from private.agent_times f
      where f.agent_id = p_agent_id and f.started_at <= p_from), p_from)
  union all
  select n.* from private.agent_times t join public.call_center_agents a on a.id = t.agent_id
  cross join lateral private.times_by_now(a, t, private.clock()) n
  where t.agent_id = p_agent_id and t.ended_at is null
    and n.started_at < p_to and coalesce(n.ended_at, 'infinity') > p_from;
end $$;

-- A day of an agent's in the centre's time zone (null: today, up to now), for themselves and supervisors:
-- {agent_id, day, time_zone, from, to, intervals: [{state, reason, started_at, ended_at, seconds}],
-- seconds: {state: how many}, breaks: {reason: how many}}. Times are cut to the day; ended_at is null
-- where it goes on. Seconds are whole and add up to the day's, or to those since the agent is one.
create or replace function public.agent_day(p_agent_id uuid, p_day date default null)
  returns jsonb
  language plpgsql
  stable
  security definer  -- private table
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_zone constant text := (select time_zone from private.settings);
  v_day constant date := coalesce(p_day, (v_now at time zone v_zone)::date);
  v_from constant timestamptz := private.day_begins(v_day, v_zone);
  v_to constant timestamptz := least(private.day_begins(v_day + 1, v_zone), v_now);
begin
  -- Here current_user is the owner; the role is still who asked.
  if current_setting('role') in ('anon', 'authenticated') and not private.is_admin()
    and coalesce(p_agent_id <> private.my_agent_id(), true) then
    raise exception 'There is no such agent.' using errcode = 'PT404', detail = '{"code": "no_such_agent"}';
  end if;
  return (
    with times as (
      select t.state, t.reason, greatest(t.started_at, v_from) as started_at,
        case when t.ended_at <= v_to or v_to < v_now then least(t.ended_at, v_to) end as ended_at,
        floor(extract(epoch from least(t.ended_at, v_to)))::bigint
          - floor(extract(epoch from greatest(t.started_at, v_from)))::bigint as seconds
      from private.times_of_agent(p_agent_id, v_from, v_to) t
    )
    select jsonb_build_object('agent_id', p_agent_id, 'day', v_day, 'time_zone', v_zone,
      'from', v_from, 'to', v_to,
      'intervals', coalesce((select jsonb_agg(to_jsonb(t) order by t.started_at) from times t), '[]'),
      'seconds', coalesce((select jsonb_object_agg(s.state, s.seconds) from (
        select state, sum(seconds) as seconds from times group by 1) s), '{}'),
      'breaks', coalesce((select jsonb_object_agg(coalesce(b.reason, ''), b.seconds) from (
        select reason, sum(seconds) as seconds from times where state = 'break' group by 1) b), '{}')));
end $$;
revoke execute on function public.agent_day from public, anon, authenticated;
grant execute on function public.agent_day to authenticated, service_role;

revoke execute on all functions in schema private from public;
