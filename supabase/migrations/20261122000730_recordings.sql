-- Voicemails and recordings: every one that Twilio has becomes a row here, whichever callback
-- arrives first and however often.

alter table public.call_queues
  -- What callers hear before the tone, said or played; with neither, their language's own words.
  add column if not exists voicemail_greeting text,
  add column if not exists voicemail_greeting_url text,
  -- Who gets a text message for each voicemail (E.164).
  add column if not exists voicemail_notify text[] not null default '{}',
  add constraint voicemail_greeting_url_is_http check (voicemail_greeting_url ~ '^https?://'),
  add constraint voicemail_notify_are_numbers check (cardinality(voicemail_notify) <= 10
    and array_position(voicemail_notify, null) is null
    and array_to_string(voicemail_notify, ',') ~ '^((\+[1-9][0-9]{6,14})(,(?=\+)|$))*$');

-- What is heard before the tone, of a closed queue that it is closed: {play_url} or {say}.
create or replace function private.voicemail_greeting(p_queue_id uuid, p_language text)
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select coalesce(
    (select case
        when q.closed_message is not null and not private.is_open(q, private.clock()) then
          jsonb_build_object('say', jsonb_build_array(q.closed_message))
        when q.voicemail_greeting_url is not null then
          jsonb_build_object('play_url', q.voicemail_greeting_url)
        when trim(q.voicemail_greeting) <> '' then
          jsonb_build_object('say', jsonb_build_array(q.voicemail_greeting)) end
      from public.call_queues q where q.id = p_queue_id),
    jsonb_build_object('say', jsonb_build_array(private.say(p_language, 'voicemail'))));
$$;

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
  perform private.stop_ringing(p_call.id, private.clock());
  update private.call_sessions
  set stage = 'voicemail', voicemail_queue_id = p_queue_id, updated_at = private.clock()
  where call_record_id = p_call.id and stage <> 'ended';
  update public.call_records r
  set queue_id = q.id, queue_name = left(q.name, 50)
  from public.call_queues q where q.id = p_queue_id and r.id = p_call.id and r.queue_id is null;
  return jsonb_build_object('kind', 'voicemail', 'max_seconds', 120,
      'transcribe', private.is_transcribed_by_record(p_language))
    || private.voicemail_greeting(p_queue_id, p_language);
end $$;

-- Keeps a voicemail once, with all that follows from one; the call counts as handled from then on,
-- ended or not.
create or replace function private.keep_voicemail(p_call public.call_records, p_event jsonb)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_voicemail public.voicemails;
begin
  insert into public.voicemails (queue_id, call_record_id, caller_number, caller_name,
    duration_seconds, recording_url, recording_sid, created_at)
  select coalesce(s.voicemail_queue_id, p_call.queue_id), p_call.id, p_call.caller_number,
    p_call.caller_name,
    coalesce((p_event ->> 'duration')::integer, 0), p_event ->> 'recording_url',
    p_event ->> 'recording_sid', private.clock()
  from private.call_sessions s where s.call_record_id = p_call.id
  on conflict (recording_sid) do nothing
  returning * into v_voicemail;
  if found then
    perform private.notify_of_voicemail(v_voicemail, p_call);
    perform private.expect_transcription(v_voicemail, p_call);
  else
    update public.voicemails
    set duration_seconds = greatest(duration_seconds, (p_event ->> 'duration')::integer)
    where recording_sid = p_event ->> 'recording_sid';
  end if;
  update public.call_records
  set disposition = 'voicemail',
      call_status = case when ended_at is null then call_status else 'completed' end
  where id = p_call.id and answered_at is null;
end $$;

-- One text message for each number that the queue names, written when the voicemail is first kept.
create or replace function private.notify_of_voicemail(
  p_voicemail public.voicemails, p_call public.call_records)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  select private.command('send_sms', p_voicemail.id || ' ' || numbers.number, jsonb_build_object(
      'number', numbers.number, 'receiver', p_call.receiver_number,
      'text', private.say(s.language, 'voicemail_sms', jsonb_build_object(
        'queue', private.spoken_name(q), 'seconds', p_voicemail.duration_seconds,
        'contact', concat_ws(' ', c.first_name, c.last_name, p_voicemail.caller_number)))),
    p_call.id)
  from public.call_queues q
  join private.call_sessions s on s.call_record_id = p_call.id
  left join public.crm_contacts c on c.id = p_call.contact_id
  cross join lateral (select distinct unnest(q.voicemail_notify)) as numbers (number)
  where q.id = p_voicemail.queue_id;
$$;

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

-- Recordings of conversations, every one: a caller whose first agent was gone before the two met has
-- one of each room. The call shows the longest.
create table if not exists private.call_recordings (
  recording_sid text primary key,
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  status text not null constraint status_known
    check (status in ('in_progress', 'completed', 'absent', 'failed')),
  url text,
  duration_seconds integer not null
);
create index if not exists call_recordings_call_idx on private.call_recordings (call_record_id);

-- Keeps a recording of a conversation and has its call show the one to listen to; a late beginning
-- does not unsay an end.
create or replace function private.keep_recording(p_call_record_id uuid, p_event jsonb)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  insert into private.call_recordings as r
    (recording_sid, call_record_id, status, url, duration_seconds)
  values (p_event ->> 'recording_sid', p_call_record_id, p_event ->> 'status',
    p_event ->> 'recording_url', coalesce((p_event ->> 'duration')::integer, 0))
  on conflict (recording_sid) do update
  set status = case when r.status = 'in_progress' or excluded.status = 'completed'
        then excluded.status else r.status end,
      url = coalesce(excluded.url, r.url),
      duration_seconds = greatest(r.duration_seconds, excluded.duration_seconds);
  update public.call_records c
  set recording_sid = best.recording_sid, recording_status = best.status, recording_url = best.url
  from (
    select * from private.call_recordings where call_record_id = p_call_record_id
    order by status = 'completed' desc, duration_seconds desc, status = 'in_progress' desc,
      recording_sid
    limit 1
  ) best
  where c.id = p_call_record_id;
$$;

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
      perform private.keep_voicemail(v_call, p_event), private.recording_is_ready(
        p_event ->> 'recording_sid') where p_event ->> 'status' = 'completed';
    else
      perform private.keep_recording(v_call.id, p_event);
    end if;
  end if;
  perform private.settle_recording_check(v_call, p_event ->> 'status', p_event ->> 'source');
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;
