-- Call control: what is recorded, keys for whoever asks for them, and a reminder of who is on hold.

-- Pauses all recording of a call, or lets it go on (p_request: user_id, call, on). None running, or as wished
-- already: nothing changes.
create or replace function public.pause_recording(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
  v_asker constant private.asker := private.asking(v_request);
  v_call constant public.call_records := private.call_for(v_request, v_asker);
begin
  perform private.require_action(v_call, v_asker, 'pause_recording', 'resume_recording');
  if private.is_recorded(v_call) and v_call.recording_paused <> v_request."on" then
    perform private.note_action(v_call.id, v_asker,
      case when v_request."on" then 'pause_recording' else 'resume_recording' end);
    perform private.pause(v_call.id, v_request."on");
  end if;
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.pause_recording from public, anon, authenticated;
grant execute on function public.pause_recording to service_role;

-- Presses keys for one party (p_request: user_id, call, digits, party: customer where not said). That they were is
-- written down, and not which.
create or replace function public.send_digits(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
  v_asker constant private.asker := private.asking(v_request);
  v_call constant public.call_records := private.call_for(v_request, v_asker);
  v_leg private.call_legs;
begin
  if v_request.digits is null or v_request.digits !~ '^[0-9*#wW]{1,32}$' then
    perform private.refuse(400, 'not_keys', 'digits are 1 to 32 of 0-9, *, # and w, a wait of half a second.',
      '{"field": "digits"}');
  end if;
  perform private.require_action(v_call, v_asker, 'digits');
  -- Keys are pressed once, however often they are asked for with one key of idempotency.
  if exists (select 1 from private.call_actions where call_record_id = v_call.id
      and user_id = v_asker.user_id and detail ->> 'key' = v_request.idempotency_key) then
    return private.control_answer(v_call.id, v_asker, p_process);
  end if;
  v_leg := private.party_leg(v_call, coalesce(v_request.party, 'customer'),
    private.part_of(v_call.id, v_asker));
  perform private.note_action(v_call.id, v_asker, 'digits',
    jsonb_build_object('party', v_leg.call_sid, 'keys', length(v_request.digits),
      'key', v_request.idempotency_key));
  perform private.announce(
    v_call.id, v_leg.call_sid, jsonb_build_object('digits', lower(v_request.digits)));
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.send_digits from public, anon, authenticated;
grant execute on function public.send_digits to service_role;

-- Whoever has a customer who has long been on hold is told so, once a hold. Part of the sweep.
create or replace function private.remind_of_holds(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_held record;
  v_count integer := 0;
begin
  for v_held in
    select w.call_sid, r.id as call_record_id, s.language
    from private.leg_wishes w
    join private.call_legs l on l.call_sid = w.call_sid and l.ended_at is null
      and l.role in ('caller', 'customer')
    join public.call_records r on r.id = l.call_record_id and r.ended_at is null
    join private.call_sessions s on s.call_record_id = r.id
    where w.held and w.reminded_at is null and w.held_at <= private.clock()
      - (select make_interval(secs => hold_reminder_seconds) from private.settings)
    order by w.held_at limit p_limit for no key update of r skip locked
  loop
    update private.leg_wishes set reminded_at = private.clock() where call_sid = v_held.call_sid;
    perform private.announce(v_held.call_record_id, private.agent_sid(v_held.call_record_id),
      jsonb_build_object('say', private.say(v_held.language, 'hold_reminder'))
        || private.speech(v_held.language))
    where private.agent_sid(v_held.call_record_id) is not null;
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

revoke execute on all functions in schema private from public;
