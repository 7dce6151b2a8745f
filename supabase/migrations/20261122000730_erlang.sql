-- How many agents a load needs, by Erlang C: callers arrive at random, wait as long as it takes, and
-- are answered in order. Intensity A = calls ÷ interval × handling time, in erlangs (agents kept
-- busy all the time). Impossible input is refused with 22023. Nothing here reads a table.

-- Calls a given interval, and the seconds each takes, as erlangs.
create or replace function private.erlangs(
  p_calls numeric, p_interval_seconds numeric, p_aht_seconds numeric)
  returns double precision
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_erlangs numeric;
begin
  if p_calls is null or p_calls < 0 then
    raise exception 'calls must be 0 or more, not %', coalesce(p_calls::text, 'null')
      using errcode = '22023';
  elsif p_interval_seconds is null or p_interval_seconds < 1 or p_interval_seconds > 1e9 then
    raise exception 'the interval must be longer than 1 second, and shorter than 10^9, not %',
      coalesce(p_interval_seconds::text, 'null') using errcode = '22023';
  elsif p_aht_seconds is null or p_aht_seconds < 1e-6 or p_aht_seconds > 1e9 then
    raise exception 'the average handling time must be longer than 0 seconds, and shorter than 10^9, not %',
      coalesce(p_aht_seconds::text, 'null') using errcode = '22023';
  end if;
  v_erlangs := p_calls / p_interval_seconds * p_aht_seconds;
  if v_erlangs > 10000 then
    raise exception 'a load of % erlangs is more than this can plan (10000)', round(v_erlangs)
      using errcode = '22023', hint = 'Are the calls per interval and the seconds right?';
  end if;
  return case when v_erlangs < 1e-50 then 0 else v_erlangs end;  -- as good as none; see erlang_b
end $$;

-- The share of calls that would be blocked with p_agents lines (Erlang B), by recursion: stable for
-- any size, where powers and factorials overflow.
create or replace function private.erlang_b(p_erlangs double precision, p_agents integer)
  returns double precision
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_b double precision := 1;
begin
  for n in 1 .. p_agents loop
    v_b := p_erlangs * v_b / (n + p_erlangs * v_b);
    exit when v_b < 1e-100;  -- nobody waits; a double ends at 1e-308, and Postgres raises there
  end loop;
  return v_b;
end $$;

-- What callers meet with so many agents, given the blocking probability of as many lines.
create or replace function private.erlang_c(
  p_erlangs double precision, p_agents integer, p_blocking double precision,
  p_aht_seconds numeric, p_within_seconds numeric)
  returns table (wait_probability double precision, service_level_percent double precision,
    average_speed_of_answer_seconds double precision, occupancy_percent double precision)
  language sql
  immutable
  set search_path = ''
as $$
  select c, 100 * (1 - c * exp(greatest(-200.0,
      -(p_agents - p_erlangs) * p_within_seconds / p_aht_seconds))),
    c * p_aht_seconds / (p_agents - p_erlangs), 100 * p_erlangs / p_agents
  from (select p_blocking / (1 - p_erlangs / p_agents * (1 - p_blocking)) as c) as waiting;
$$;

-- What callers meet with p_agents agents: the chance to wait at all, the share answered within
-- p_within_seconds, the average wait, and how busy agents are.
create or replace function public.load_with_agents(
  p_calls numeric, p_interval_seconds numeric, p_aht_seconds numeric, p_agents integer,
  p_within_seconds numeric default 20)
  returns table (agents integer, wait_probability numeric, service_level_percent numeric,
    average_speed_of_answer_seconds numeric, occupancy_percent numeric)
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_erlangs constant double precision :=
    private.erlangs(p_calls, p_interval_seconds, p_aht_seconds);
begin
  if p_agents is null or p_agents < 1 or p_agents > 100000 then
    raise exception 'agents must be from 1 to 100000, not %', coalesce(p_agents::text, 'null')
      using errcode = '22023';
  elsif p_within_seconds is null or p_within_seconds < 0 or p_within_seconds > 1e9 then
    raise exception 'the time to answer within must be from 0 to 10^9 seconds, not %',
      coalesce(p_within_seconds::text, 'null') using errcode = '22023';
  elsif p_agents <= v_erlangs then
    raise exception '% agents can never keep up with % erlangs: the queue grows without end',
      p_agents, round(v_erlangs::numeric, 2)
      using errcode = '22023', hint = format('At least %s agents.', floor(v_erlangs) + 1);
  end if;
  return query
  select p_agents, round(c.wait_probability::numeric, 4), round(c.service_level_percent::numeric, 2),
    round(c.average_speed_of_answer_seconds::numeric, 2), round(c.occupancy_percent::numeric, 2)
  from private.erlang_c(v_erlangs, p_agents, private.erlang_b(v_erlangs, p_agents), p_aht_seconds,
    p_within_seconds) c;
end $$;
revoke execute on function public.load_with_agents from public, anon, authenticated;
grant execute on function public.load_with_agents to authenticated, service_role;

-- The fewest agents with whom p_target_percent of p_calls in an interval are answered within
-- p_within_seconds, and what callers meet then. Agents on the telephone: add breaks and absence.
create or replace function public.agents_for_load(
  p_calls numeric, p_interval_seconds numeric, p_aht_seconds numeric,
  p_target_percent numeric default 80, p_within_seconds numeric default 20)
  returns table (agents integer, wait_probability numeric, service_level_percent numeric,
    average_speed_of_answer_seconds numeric, occupancy_percent numeric)
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_erlangs constant double precision :=
    private.erlangs(p_calls, p_interval_seconds, p_aht_seconds);
  v_agents integer := 0;
  v_b double precision := 1;
begin
  if p_target_percent is null or p_target_percent <= 0 or p_target_percent > 99.99 then
    raise exception 'the target must be above 0 and at most 99.99 percent, not %',
      coalesce(p_target_percent::text, 'null')
      using errcode = '22023', hint = 'No number of agents answers every caller in time.';
  elsif p_within_seconds is null or p_within_seconds < 0 or p_within_seconds > 1e9 then
    raise exception 'the time to answer within must be from 0 to 10^9 seconds, not %',
      coalesce(p_within_seconds::text, 'null') using errcode = '22023';
  end if;
  loop
    v_agents := v_agents + 1;
    v_b := v_erlangs * v_b / (v_agents + v_erlangs * v_b);
    continue when v_agents <= v_erlangs;
    exit when (select c.service_level_percent >= p_target_percent
      from private.erlang_c(v_erlangs, v_agents, v_b, p_aht_seconds, p_within_seconds) c);
  end loop;
  return query select * from public.load_with_agents(
    p_calls, p_interval_seconds, p_aht_seconds, v_agents, p_within_seconds);
end $$;
revoke execute on function public.agents_for_load from public, anon, authenticated;
grant execute on function public.agents_for_load to authenticated, service_role;

revoke execute on all functions in schema private from public;
grant execute on function private.erlangs, private.erlang_b, private.erlang_c
  to authenticated, service_role;
