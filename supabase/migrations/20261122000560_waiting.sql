-- Waiting: the caller hears their place, and leaves the queue for an agent, for a message or a callback,
-- or by hanging up.

-- Whether somebody may wait on: null; or what becomes of them, overflow (the queue closed, or its last
-- agent went: to the next queue if there is one) or voicemail (they waited as long as the queue lets).
create or replace function private.why_wait_ends(
  p_entry private.queue_entries, p_queue public.call_queues)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  if p_entry.offered then
    return null;
  elsif p_entry.entered_at < private.clock() - make_interval(secs => p_queue.max_wait_seconds) then
    return 'voicemail';
  elsif private.why_not_served(p_queue) is not null then
    return 'overflow';
  end if;
  return null;
end $$;

-- The document a waiting caller hears, asked for again whenever it has been played. Where the call
-- no longer waits, or may not wait on, it says to leave. p_event: a voice_request.
create or replace function public.receive_queue_wait(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event constant private.voice_request :=
    jsonb_populate_record(null::private.voice_request, p_event);
  v_call constant public.call_records := private.lock_call_or_open(v_event);
  v_session constant private.call_sessions := private.session_of(v_call.id);
  v_entry private.queue_entries;
  v_queue public.call_queues;
  v_end text;
begin
  select * into v_entry from private.queue_entries
  where call_record_id = v_call.id and left_at is null;
  if v_entry.id is null or v_session.stage <> 'waiting' then
    -- A redirect to the agent's room is under way. If they left by themselves now, they would enter the
    -- room by another way, and the redirect would then take them out of it.
    return private.answer(jsonb_build_object('kind', case
        when private.is_under_way('redirect', v_event.call_sid) then 'wait' else 'leave' end),
      v_session.language, p_process);
  end if;
  if v_session.recording_notice = 'said' then
    perform private.set_recording_notice(v_call.id, 'heard');
  end if;
  select * into v_queue from public.call_queues where id = v_entry.queue_id;
  v_end := private.why_wait_ends(v_entry, v_queue);
  if v_end is not null then
    if v_end = 'voicemail' or not private.move_on(v_entry) then
      perform private.leave_queue(v_call.id, 'voicemail', private.clock());
      return private.answer('{"kind": "leave"}', v_session.language, p_process);
    end if;
    select * into v_entry from private.queue_entries
    where call_record_id = v_call.id and left_at is null;
    select * into v_queue from public.call_queues where id = v_entry.queue_id;
  end if;
  -- Whoever became free by time alone is found even while no worker sweeps.
  if not v_entry.offered and private.has_free_member(
      v_queue, private.seconds_between(v_entry.joined_at, private.clock())) then
    perform private.route_call(v_call.id);
  end if;
  return private.answer(
    private.wait_plan(v_session.language, v_queue, v_entry), v_session.language, p_process);
end $$;
revoke execute on function public.receive_queue_wait from public, anon, authenticated;
grant execute on function public.receive_queue_wait to service_role;

-- A key pressed while waiting: 1 leaves for a callback, 2 for voicemail, where the queue offers it,
-- though an agent be ringing; any other goes on waiting. p_event: a voice_request with digits.
create or replace function public.receive_queue_key(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event constant private.voice_request :=
    jsonb_populate_record(null::private.voice_request, p_event);
  v_call constant public.call_records := private.lock_call_or_open(v_event);
  v_session constant private.call_sessions := private.session_of(v_call.id);
  v_wish text;
  v_waited integer;
begin
  if v_session.stage = 'waiting' then
    select case when v_event.digits = '1' and q.offer_callback and private.can_call_back(q)
        then 'callback'
      when v_event.digits = '2' and q.offer_voicemail then 'voicemail' end into v_wish
    from private.queue_entries e join public.call_queues q on q.id = e.queue_id
    where e.call_record_id = v_call.id and e.left_at is null;
  end if;
  if v_wish is null then
    return private.answer('{"kind": "keep_waiting"}', v_session.language, p_process);
  end if;
  v_waited := private.leave_queue(v_call.id, v_wish, private.clock());
  update public.call_records set wait_seconds = v_waited where id = v_call.id;
  perform private.stop_ringing(v_call.id, private.clock());
  perform private.set_stage(v_call.id, v_wish);
  return private.answer('{"kind": "leave"}', v_session.language, p_process);
end $$;
revoke execute on function public.receive_queue_key from public, anon, authenticated;
grant execute on function public.receive_queue_key to service_role;

-- The caller left Twilio's queue: for the agent who took the call, by hanging up, because we said so,
-- or never got in: then another of Twilio's queues is tried, three times. Who still waits, for their
-- agent left on the way, goes on waiting. Who was redirected is sent to the room here
-- too: Twilio may or may not ignore this answer. p_event: a voice_request with result.
create or replace function public.receive_queue_exit(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event constant private.voice_request :=
    jsonb_populate_record(null::private.voice_request, p_event);
  v_call constant public.call_records := private.lock_call_or_open(v_event);
  v_session constant private.call_sessions := private.session_of(v_call.id);
  v_waits constant boolean := v_session.stage = 'waiting' and exists (
    select 1 from private.queue_entries where call_record_id = v_call.id and left_at is null);
  v_failures integer;
  v_plan jsonb;
begin
  select count(*) into v_failures from private.call_events
  where call_sid = v_event.call_sid and source = 'queue-exit' and event in ('queue-full', 'error', 'system-error');
  perform private.keep_event(v_event.call_sid, 'queue-exit', coalesce(v_event.result, 'unknown'),
    v_failures, private.clock(), v_call.id, v_event.params);
  if v_event.result = 'hangup'
    or v_event.call_status in ('completed', 'busy', 'failed', 'no_answer', 'canceled') then
    v_plan := private.hang_up_plan(v_session.language);
  elsif v_waits and v_event.result in ('queue-full', 'error', 'system-error') and v_failures < 3 then
    select private.enqueue_plan(q, '[]', 1 + floor(random() * 50)::integer) into v_plan
    from public.call_queues q where q.id = v_call.queue_id;
  elsif v_session.stage = 'waiting'
    and not (v_waits and v_event.result in ('leave', 'redirected', 'redirected-from-bridged')) then
    perform private.to_voicemail(v_call, v_session.voicemail_queue_id);
    v_plan := private.voicemail_plan(v_session.language, v_session.voicemail_queue_id);
  end if;
  return private.answer(
    coalesce(v_plan, private.next_step(v_call)), v_session.language, p_process);
end $$;
revoke execute on function public.receive_queue_exit from public, anon, authenticated;
grant execute on function public.receive_queue_exit to service_role;

revoke execute on all functions in schema private from public;
