-- Voicemails as text. American English is transcribed by <Record> while it records; every other
-- language, and what <Record> failed at, by Twilio's batch transcription once the recording is ready
-- (command 'transcribe'). Both tell the same webhook, each attempt under an id of its own.
--
-- voicemails.transcription_status: none → pending → completed | failed, which are ends. Only a
-- callback brings the words, Twilio keeps none to fetch: an attempt that is not heard of in time
-- counts as failed. Whoever changes a transcription locks its voicemail first.

-- A voicemail was kept: from now on its words are waited for.
create or replace function private.expect_transcription(
  p_voicemail public.voicemails, p_call public.call_records)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.transcriptions (voicemail_id, attempts, due_at)
  select p_voicemail.id, private.is_transcribed_by_record(c.language)::integer,
    private.clock() + make_interval(secs => s.transcription_patience_seconds)
  from private.settings s cross join private.call_sessions c
  where s.transcribe and c.call_record_id = p_call.id;
  if found then
    update public.voicemails set transcription_status = 'pending' where id = p_voicemail.id;
  end if;
end $$;

-- Asks Twilio for the words of a recording. The target names the attempt, so that one attempt is one
-- transcription whatever happens to the command.
create or replace function private.request_transcription(p_voicemail public.voicemails)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_attempt integer;
begin
  update private.transcriptions t
  set attempts = t.attempts + 1, job_id = null,
      past_job_ids = array_remove(t.past_job_ids || t.job_id, null),
      due_at = private.clock() + make_interval(secs => s.transcription_patience_seconds)
  from private.settings s
  where t.voicemail_id = p_voicemail.id and t.due_at is not null
  returning t.attempts into v_attempt;
  if found then
    perform private.write_command('transcribe', p_voicemail.id || ' ' || v_attempt,
      jsonb_build_object('recording_sid', p_voicemail.recording_sid,
        'caller', p_voicemail.caller_number,
        'receiver', (select receiver_number from public.call_records
          where id = p_voicemail.call_record_id)),
      p_voicemail.call_record_id);
  end if;
end $$;

-- The recording of a voicemail is ready, which is the first moment that it can be transcribed.
create or replace function private.recording_is_ready(p_recording_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.request_transcription(v)
  from public.voicemails v join private.transcriptions t on t.voicemail_id = v.id
  where v.recording_sid = p_recording_sid and t.attempts = 0;
end $$;

-- The running attempt came to nothing: another follows, each time after twice as long, or it stays
-- failed.
create or replace function private.transcription_failed(p_voicemail_id uuid, p_job_id text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_due_at timestamptz;
begin
  update private.transcriptions t
  set job_id = null, past_job_ids = array_remove(t.past_job_ids || p_job_id, null),
      due_at = case when t.attempts <= s.transcription_retries then private.clock()
        + make_interval(secs => s.transcription_spacing_seconds * 2 ^ (t.attempts - 1)) end
  from private.settings s
  where t.voicemail_id = p_voicemail_id and t.due_at is not null
  returning t.due_at into v_due_at;
  if found and v_due_at is null then
    update public.voicemails set transcription_status = 'failed' where id = p_voicemail_id;
  end if;
end $$;

-- What came of asking Twilio: it took the recording as a job, or refused. Told of an earlier attempt, it
-- changes nothing.
create or replace function private.transcription_asked(
  p_target text, p_outcome text, p_job_id text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_id constant uuid := split_part(p_target, ' ', 1)::uuid;
begin
  perform 1 from public.voicemails where id = v_id for no key update;
  update private.transcriptions set job_id = coalesce(p_job_id, job_id)
  where voicemail_id = v_id and attempts = split_part(p_target, ' ', 2)::integer
    and due_at is not null and (p_job_id is null or p_job_id <> all (past_job_ids));
  if found and p_outcome = 'failed' then
    perform private.transcription_failed(v_id, null);
  end if;
end $$;

-- A transcription is over (p_event: a transcription_event). Words are taken once, from whichever
-- attempt brings them first; a failure counts if it is the running attempt's.
create or replace function public.record_transcription(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event constant private.transcription_event :=
    jsonb_populate_record(null::private.transcription_event, p_event);
  v_voicemail public.voicemails;
begin
  select * into v_voicemail from public.voicemails
  where recording_sid = v_event.recording_sid and transcription_status = 'pending'
  for no key update;
  if v_event.status = 'completed' then
    update private.transcriptions set due_at = null where voicemail_id = v_voicemail.id;
    update public.voicemails
    set transcription_status = 'completed',
        -- Of a recording that is deleted, or about to be, nothing is kept.
        transcription = case when recording_status = 'completed' then coalesce(transcription, v_event.text) end
    where id = v_voicemail.id;
  elsif exists (select 1 from private.transcriptions where voicemail_id = v_voicemail.id
      and coalesce(job_id, v_event.job_id) = v_event.job_id
      and v_event.job_id <> all (past_job_ids)) then
    perform private.transcription_failed(v_voicemail.id, v_event.job_id);
  end if;
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.record_transcription from public, anon, authenticated;
grant execute on function public.record_transcription to service_role;

-- Of a recording that is to be deleted no words are waited for.
create or replace function private.stop_transcribing(p_recording_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_id uuid;
begin
  update public.voicemails set transcription_status = 'failed'
  where recording_sid = p_recording_sid and transcription_status = 'pending' returning id into v_id;
  perform private.withdraw_command('transcribe', voicemail_id || ' ' || attempts)
  from private.transcriptions where voicemail_id = v_id;
  update private.transcriptions set due_at = null where voicemail_id = v_id;
end $$;

-- Attempts that are due, and those that were waited for long enough. Part of the sweep.
create or replace function private.chase_transcriptions(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_due record;
  v_count integer := 0;
begin
  for v_due in
    select v as voicemail, t.attempts > s.transcription_retries as is_over
    from private.transcriptions t join public.voicemails v on v.id = t.voicemail_id
    cross join private.settings s
    where t.due_at <= private.clock()
    order by t.due_at limit p_limit for no key update of v skip locked
  loop
    if v_due.is_over then
      perform private.transcription_failed((v_due.voicemail).id, null);
    else
      perform private.request_transcription(v_due.voicemail);
    end if;
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

revoke execute on all functions in schema private from public;
