-- What is kept how long (private.settings says). Calls, contacts and statistics stay; what only explains
-- them goes after a while, a little at a time, so that cleaning up never holds anything up.

-- Deletes what is past its time, at most p_limit rows of each kind, and says how many; call it again
-- while a count equals the limit. Two at once share the work.
create or replace function public.housekeep(p_limit integer default 1000)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_settings private.settings;
  v_now constant timestamptz := private.clock();
  v_events integer;
  v_decisions integer;
  v_commands integer;
  v_counters integer;
  v_agent_times integer;
begin
  if p_limit is null or p_limit < 1 then
    raise exception 'the limit must be at least 1' using errcode = '22023';
  end if;
  select * into v_settings from private.settings;
  delete from private.call_events where ctid = any (array(
    select ctid from private.call_events
    where received_at < v_now - make_interval(days => v_settings.keep_events_days)
    order by received_at limit p_limit for update skip locked));
  get diagnostics v_events = row_count;
  delete from private.routing_decisions where ctid = any (array(
    select ctid from private.routing_decisions
    where decided_at < v_now - make_interval(days => v_settings.keep_decisions_days)
    order by decided_at limit p_limit for update skip locked));
  get diagnostics v_decisions = row_count;
  delete from private.telephony_commands where ctid = any (array(
    select ctid from private.telephony_commands
    where settled_at < v_now - make_interval(days => v_settings.keep_commands_days)
    order by settled_at limit p_limit for update skip locked));
  get diagnostics v_commands = row_count;
  delete from private.rate_counters where ctid = any (array(
    select ctid from private.rate_counters where minute < v_now - interval '1 hour'
    order by minute limit p_limit for update skip locked));
  get diagnostics v_counters = row_count;
  delete from private.agent_times where ctid = any (array(
    select ctid from private.agent_times
    where started_at < v_now - make_interval(days => v_settings.keep_agent_times_days)
      and ended_at < v_now - make_interval(days => v_settings.keep_agent_times_days)
    limit p_limit for update skip locked));
  get diagnostics v_agent_times = row_count;
  return jsonb_build_object('events', v_events, 'decisions', v_decisions,
    'commands', v_commands, 'counters', v_counters, 'agent_times', v_agent_times);
end $$;
revoke execute on function public.housekeep from public, anon, authenticated;
grant execute on function public.housekeep to service_role;
