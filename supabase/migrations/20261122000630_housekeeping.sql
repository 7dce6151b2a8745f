-- What is kept how long (private.settings says). Calls, contacts and statistics stay; what only explains
-- them goes after a while, a little at a time, so that cleaning up never holds anything up.

-- Deletes what was written to and by customers (keep_texts_days), so many at most, but for what is on its way and
-- what is of a call under a legal hold; returns how many. Who opted out stays so.
create or replace function private.forget_texts(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_days constant integer := nullif((select keep_texts_days from private.settings), 0);
  v_before constant timestamptz := private.clock() - make_interval(days => v_days);
  v_to integer;
  v_from integer;
begin
  delete from private.text_messages where ctid = any (array(
    select m.ctid from private.text_messages m
    where m.created_at < v_before and m.state <> 'wanted'
      and not exists (select 1 from public.call_records r where r.id = m.call_record_id and r.legal_hold)
    order by m.created_at limit p_limit for update of m skip locked));
  get diagnostics v_to = row_count;
  delete from private.incoming_texts where ctid = any (array(
    select ctid from private.incoming_texts where received_at < v_before
    order by received_at limit p_limit for update skip locked));
  get diagnostics v_from = row_count;
  return v_to + v_from;
end $$;

-- Deletes who listened (keep_listens_days), so many at most; returns how many.
create or replace function private.forget_listens(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_days constant integer := nullif((select keep_listens_days from private.settings), 0);
  v_count integer;
begin
  delete from private.recording_listens where ctid = any (array(
    select ctid from private.recording_listens where last_at < private.clock() - make_interval(days => v_days)
    order by last_at limit p_limit for update skip locked));
  get diagnostics v_count = row_count;
  return v_count;
end $$;

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
    'commands', v_commands, 'counters', v_counters, 'agent_times', v_agent_times,
    'texts', private.forget_texts(p_limit), 'listens', private.forget_listens(p_limit));
end $$;
revoke execute on function public.housekeep from public, anon, authenticated;
grant execute on function public.housekeep to service_role;

revoke execute on all functions in schema private from public;
