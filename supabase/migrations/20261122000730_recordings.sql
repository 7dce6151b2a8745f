-- Voicemails and recordings: every one that Twilio has becomes a row here, whichever callback
-- arrives first and however often.

-- The plan to leave a message, whatever the call was doing before.
create or replace function private.voicemail_plan(
  p_call public.call_records, p_language text, p_queue_id uuid)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.leave_queue(p_call.id, 'voicemail', private.clock());
  perform private.end_offer(o.id, 'caller_left', private.clock()) from private.call_offers o
  where o.call_record_id = p_call.id and o.state in ('reserved', 'ringing');
  update private.call_sessions
  set stage = 'voicemail', voicemail_queue_id = p_queue_id, updated_at = private.clock()
  where call_record_id = p_call.id and stage <> 'ended';
  update public.call_records r
  set queue_id = q.id, queue_name = left(q.name, 50)
  from public.call_queues q where q.id = p_queue_id and r.id = p_call.id and r.queue_id is null;
  return jsonb_build_object('kind', 'voicemail', 'max_seconds', 120,
    'say', jsonb_build_array(private.say(p_language, 'voicemail')));
end $$;

-- Keeps a voicemail once; the call counts as handled from then on, ended or not.
create or replace function private.keep_voicemail(p_call public.call_records, p_event jsonb)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into public.voicemails (queue_id, call_record_id, caller_number, caller_name,
    duration_seconds, recording_url, recording_sid, created_at)
  select s.voicemail_queue_id, p_call.id, p_call.caller_number, p_call.caller_name,
    coalesce((p_event ->> 'duration')::integer, 0), p_event ->> 'recording_url',
    p_event ->> 'recording_sid', private.clock()
  from private.call_sessions s where s.call_record_id = p_call.id
  on conflict (recording_sid) do update
  set duration_seconds = greatest(public.voicemails.duration_seconds, excluded.duration_seconds);
  update public.call_records
  set disposition = 'voicemail',
      call_status = case when ended_at is null then call_status else 'completed' end
  where id = p_call.id and answered_at is null;
end $$;

-- The caller is done with their message. p_event: call_sid, recording_sid, recording_url,
-- duration (s), params.
create or replace function public.receive_voicemail(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_call constant public.call_records := private.lock_call_or_open(p_event);
  v_language text;
begin
  select language into v_language from private.call_sessions where call_record_id = v_call.id;
  if p_event ->> 'recording_sid' is not null and (p_event ->> 'duration')::integer > 0 then
    perform private.keep_voicemail(v_call, p_event);
  end if;
  return private.answer(private.goodbye(v_language, 'voicemail_thanks'), v_language, p_process);
end $$;

-- What became of a recording. p_event: recording_sid, recording_url, status (in_progress, completed,
-- absent, failed), duration (s), source (Twilio's RecordingSource), call_sid (the parent leg; null
-- for a conference), call_record_id (from our own callback address), params.
create or replace function public.record_recording_event(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_call public.call_records;
begin
  select * into v_call from public.call_records
  where id = coalesce((p_event ->> 'call_record_id')::uuid,
    (select call_record_id from private.call_legs where call_sid = p_event ->> 'call_sid'))
  for no key update;
  if v_call.id is null and p_event ->> 'call_sid' is not null then
    v_call := private.lock_call_or_open(p_event);
  end if;
  if v_call.id is null then
    return '{"commands": []}';  -- a conference of a call that has been deleted
  end if;
  if private.keep_event(p_event ->> 'recording_sid', 'recording-status', p_event ->> 'status', null,
      private.clock(), v_call.id, p_event -> 'params') then
    if p_event ->> 'source' = 'RecordVerb' then
      perform private.keep_voicemail(v_call, p_event) where p_event ->> 'status' = 'completed';
    else
      update public.call_records
      set recording_sid = p_event ->> 'recording_sid', recording_status = p_event ->> 'status',
          recording_url = coalesce(p_event ->> 'recording_url', recording_url)
      where id = v_call.id and (recording_status is distinct from 'completed');
    end if;
  end if;
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;
