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

-- What the queue's numbers are told of a voicemail.
create or replace function private.voicemail_text(
  p_voicemail public.voicemails, p_call public.call_records)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_language constant text := (private.session_of(p_call.id)).language;
  v_number constant text := case when private.spelled(p_voicemail.caller_number) is null
    then private.say(v_language, 'withheld_number') else p_voicemail.caller_number end;
  v_queue public.call_queues;
  v_contact public.crm_contacts;
begin
  select * into v_queue from public.call_queues where id = p_voicemail.queue_id;
  select * into v_contact from public.crm_contacts where id = p_call.contact_id;
  return private.say(v_language, 'voicemail_sms', jsonb_build_object(
    'queue', private.spoken_name(v_queue), 'seconds', p_voicemail.duration_seconds,
    'contact', concat_ws(' ', private.full_name(v_contact), v_number)));
end $$;

-- One text message for each number that the queue names and that wants any, written when the voicemail is first kept.
create or replace function private.notify_of_voicemail(
  p_voicemail public.voicemails, p_call public.call_records, p_delay interval)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.write_command('send_sms', p_voicemail.id || ' ' || numbers.number,
    jsonb_build_object('number', numbers.number, 'receiver', p_call.receiver_number,
      'text', private.voicemail_text(p_voicemail, p_call)), p_call.id, p_delay)
  from public.call_queues q
  cross join lateral (select distinct unnest(q.voicemail_notify)) as numbers (number)
  where q.id = p_voicemail.queue_id and not private.is_opted_out(numbers.number);
end $$;

-- The text messages of a voicemail that nobody has begun to send.
create or replace function private.unsent_texts(p_voicemail public.voicemails)
  returns setof private.telephony_commands
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return query select * from private.telephony_commands
  where call_record_id = p_voicemail.call_record_id and kind = 'send_sms' and state = 'pending'
    and starts_with(target, p_voicemail.id || ' ');
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
-- ended or not. Whom the queue tells of it is told when its true length is known, or after 30 seconds, for
-- that may never be told.
create or replace function private.keep_voicemail(
  p_call public.call_records, p_recording_sid text, p_duration integer)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_session constant private.call_sessions := private.session_of(p_call.id);
  v_is_told constant boolean := private.is_recording_told(p_recording_sid);
  v_voicemail public.voicemails;
begin
  insert into public.voicemails (queue_id, call_record_id, caller_number, caller_name,
    duration_seconds, recording_url, recording_sid, created_at)
  values (coalesce(v_session.voicemail_queue_id, p_call.queue_id), p_call.id, p_call.caller_number,
    p_call.caller_name, coalesce(p_duration, 0), private.recording_link(p_recording_sid), p_recording_sid,
    private.clock())
  on conflict (recording_sid) do nothing
  returning * into v_voicemail;
  if found then
    perform private.notify_of_voicemail(v_voicemail, p_call,
      case when v_is_told then '0' else interval '30 seconds' end);
    perform private.expect_transcription(v_voicemail, p_call);
  elsif v_is_told then
    update public.voicemails set duration_seconds = coalesce(p_duration, duration_seconds)
    where recording_sid = p_recording_sid returning * into v_voicemail;
    perform private.hasten_command(c.id,
      jsonb_build_object('text', private.voicemail_text(v_voicemail, p_call)))
    from private.unsent_texts(v_voicemail) c;
  end if;
  perform private.set_resolution(p_call.id, 'voicemail');
end $$;

-- There was nothing to hear in what was recorded, and perhaps kept: it goes, here and at Twilio, and nobody is told of
-- it.
create or replace function private.discard_voicemail(
  p_call public.call_records, p_recording_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_voicemail public.voicemails;
begin
  select * into v_voicemail from public.voicemails where recording_sid = p_recording_sid;
  if p_call.legal_hold or private.is_message_held(v_voicemail) then
    return;
  end if;
  perform private.put_down_deletion(p_recording_sid, p_call.id, null, 'nothing_to_hear', null);
  delete from public.voicemails where recording_sid = p_recording_sid;
  if not found then
    return;
  end if;
  perform private.withdraw_command(c.kind, c.target) from private.unsent_texts(v_voicemail) c;
  if not exists (select 1 from public.voicemails where call_record_id = p_call.id) then
    perform private.take_back_voicemail(p_call.id);
  end if;
end $$;

-- The caller is done with their message. p_event: a voice_request with recording_sid and duration (s, with
-- the silence at its end). A recording that was told of before is kept already,
-- or was none.
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
  if v_event.recording_sid is not null and private.is_voicemail(v_event.duration)
    and not private.is_recording_told(v_event.recording_sid) then
    perform private.keep_voicemail(v_call, v_event.recording_sid, v_event.duration);
  end if;
  return private.answer(private.hang_up_plan(v_language, case when exists (
      select 1 from public.voicemails where recording_sid = v_event.recording_sid)
    then 'voicemail_thanks' else 'goodbye' end), v_language, p_process);
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
      perform private.keep_voicemail(v_call, v_event.recording_sid, v_event.duration);
      perform private.recording_is_ready(v_event.recording_sid);
      perform private.want_copy(v_event.recording_sid);
    elsif v_event.status in ('completed', 'absent') then
      perform private.discard_voicemail(v_call, v_event.recording_sid);
    end if;
  end if;
  perform private.settle_recording_check(v_call, v_event);
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.record_recording_event from public, anon, authenticated;
grant execute on function public.record_recording_event to service_role;

revoke execute on all functions in schema private from public;
