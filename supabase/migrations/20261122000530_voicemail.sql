-- Voicemail: a caller who reaches nobody leaves a message, whatever the call was doing before.

-- → stage voicemail: out of the queue, and nobody is rung for them any more.
create or replace function private.to_voicemail(p_call public.call_records, p_queue_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_waited integer;
begin
  v_waited := private.leave_queue(p_call.id, 'voicemail', private.clock());
  perform private.stop_ringing(p_call.id, private.clock());
  perform private.set_stage(p_call.id, 'voicemail', p_queue_id);
  if v_waited is not null or p_call.queue_id is null then
    update public.call_records r
    set wait_seconds = coalesce(v_waited, r.wait_seconds),
        queue_id = coalesce(r.queue_id, p_queue_id),
        queue_name = coalesce(r.queue_name, left(
          (select name from public.call_queues where id = p_queue_id), 50))
    where id = p_call.id;
  end if;
end $$;

-- One text message for each number that the queue names, written when the voicemail is first kept.
create or replace function private.notify_of_voicemail(
  p_voicemail public.voicemails, p_call public.call_records)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.write_command('send_sms', p_voicemail.id || ' ' || numbers.number, jsonb_build_object(
      'number', numbers.number, 'receiver', p_call.receiver_number,
      'text', private.say(s.language, 'voicemail_sms', jsonb_build_object(
        'queue', private.spoken_name(q), 'seconds', p_voicemail.duration_seconds,
        'contact', concat_ws(' ', private.full_name(c), case
          when private.spelled(p_voicemail.caller_number) is null
          then private.say(s.language, 'withheld_number') else p_voicemail.caller_number end)))),
    p_call.id)
  from public.call_queues q
  join private.call_sessions s on s.call_record_id = p_call.id
  left join public.crm_contacts c on c.id = p_call.contact_id
  cross join lateral (select distinct unnest(q.voicemail_notify)) as numbers (number)
  where q.id = p_voicemail.queue_id;
end $$;

-- Whether there is something to hear: Twilio keeps a second or two of those who hung up at the tone. A
-- length that was not told is given the benefit of the doubt.
create or replace function private.is_voicemail(p_duration integer)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return coalesce(p_duration >= 2, true);
end $$;

-- Keeps a voicemail once, with all that follows from one; the call counts as handled from then on,
-- ended or not.
create or replace function private.keep_voicemail(
  p_call public.call_records, p_recording_sid text, p_recording_url text, p_duration integer)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_session constant private.call_sessions := private.session_of(p_call.id);
  v_voicemail public.voicemails;
begin
  insert into public.voicemails (queue_id, call_record_id, caller_number, caller_name,
    duration_seconds, recording_url, recording_sid, created_at)
  values (coalesce(v_session.voicemail_queue_id, p_call.queue_id), p_call.id, p_call.caller_number,
    p_call.caller_name, coalesce(p_duration, 0), p_recording_url, p_recording_sid, private.clock())
  on conflict (recording_sid) do nothing
  returning * into v_voicemail;
  if found then
    perform private.notify_of_voicemail(v_voicemail, p_call);
    perform private.expect_transcription(v_voicemail, p_call);
  else
    update public.voicemails set duration_seconds = greatest(duration_seconds, p_duration)
    where recording_sid = p_recording_sid;
  end if;
  perform private.set_resolution(p_call.id, 'voicemail');
end $$;

-- The caller is done with their message. p_event: a voice_request with recording_sid, recording_url
-- and duration (s).
create or replace function public.receive_voicemail(p_event jsonb, p_process text)
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
  v_language constant text := (private.session_of(v_call.id)).language;
begin
  if v_event.recording_sid is null or not private.is_voicemail(v_event.duration) then
    return private.answer(private.hang_up_plan(v_language), v_language, p_process);
  end if;
  perform private.keep_voicemail(
    v_call, v_event.recording_sid, v_event.recording_url, v_event.duration);
  return private.answer(
    private.hang_up_plan(v_language, 'voicemail_thanks'), v_language, p_process);
end $$;
revoke execute on function public.receive_voicemail from public, anon, authenticated;
grant execute on function public.receive_voicemail to service_role;

-- What became of a recording (p_event: a recording_event), of a message or of a conversation.
create or replace function public.record_recording_event(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event constant private.recording_event :=
    jsonb_populate_record(null::private.recording_event, p_event);
  v_call public.call_records;
begin
  select * into v_call from public.call_records
  where id = coalesce(v_event.call_record_id,
    (select call_record_id from private.call_legs where call_sid = v_event.call_sid))
  for no key update;
  if v_call.id is null and v_event.call_sid is not null then
    v_call := private.open_call(v_event.call_sid, 'inbound', null, null, null, private.clock());
  end if;
  if v_call.id is null then
    return '{"commands": []}';  -- a conference of a call that has been deleted
  end if;
  if private.keep_event(v_event.recording_sid, 'recording-status', v_event.status, null,
      private.clock(), v_call.id, v_event.params) then
    if v_event.source is distinct from 'RecordVerb' then
      perform private.keep_recording(v_call.id, v_event);
      perform private.assume_recorded_meeting(v_call.id);
    elsif v_event.status = 'completed' and private.is_voicemail(v_event.duration) then
      perform private.keep_voicemail(
        v_call, v_event.recording_sid, v_event.recording_url, v_event.duration);
      perform private.recording_is_ready(v_event.recording_sid);
    end if;
  end if;
  perform private.settle_recording_check(v_call, v_event);
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.record_recording_event from public, anon, authenticated;
grant execute on function public.record_recording_event to service_role;

revoke execute on all functions in schema private from public;
