-- Recordings of conversations: every one that Twilio has becomes a row here, whichever callback arrives
-- first and however often. Where none arrives, Twilio is asked.

-- Where a recording is listened to, in a browser: beneath /api/twilio/, which the pages' own origin passes on
-- to the service with the session's cookie. It has no host, for a cookie is sent to the page's own alone, and no
-- row is to be rewritten when the service moves.
create or replace function private.recording_link(p_recording_sid text)
  returns text
  language plpgsql
  immutable
  strict
  set search_path = ''
as $$
begin
  return '/api/twilio/recordings/' || p_recording_sid;
end $$;

-- Has a call show the recording to listen to: the longest, of those that are complete; or else what is furthest
-- from being deleted.
create or replace function private.show_recording(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_records c
  set recording_sid = best.recording_sid, recording_status = best.status, recording_url = best.link
  from (
    select recording_sid, status,
      case when status = 'completed' then private.recording_link(recording_sid) end as link
    from private.call_recordings where call_record_id = p_call_record_id
    order by coalesce(array_position(array['completed', 'delete_failed', 'deleting', 'deleted'], status), 5),
      duration_seconds desc, status = 'in_progress' desc, recording_sid
    limit 1
  ) best
  where c.id = p_call_record_id
    and (c.recording_sid, c.recording_status, c.recording_url)
      is distinct from (best.recording_sid, best.status, best.link);
end $$;

-- → deleting, deleted or delete_failed, which nothing that Twilio tells late unsays.
create or replace function private.set_recording_status(p_recording_sid text, p_status text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call_record_id uuid;
begin
  update private.call_recordings set status = p_status
  where recording_sid = p_recording_sid and status <> p_status
  returning call_record_id into v_call_record_id;
  perform private.show_recording(v_call_record_id);
end $$;

-- Keeps a recording of a conversation, has its call show the one to listen to, and has it copied once it is whole. A
-- late beginning does not unsay an end.
create or replace function private.keep_recording(
  p_call_record_id uuid, p_event private.recording_event)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.call_recordings as r
    (recording_sid, call_record_id, status, duration_seconds)
  values (p_event.recording_sid, p_call_record_id, p_event.status, coalesce(p_event.duration, 0))
  on conflict (recording_sid) do update
  set status = case when r.status in ('deleting', 'deleted', 'delete_failed') then r.status
        when r.status = 'in_progress' or excluded.status = 'completed' then excluded.status
        else r.status end,
      duration_seconds = greatest(r.duration_seconds, excluded.duration_seconds);
  perform private.show_recording(p_call_record_id);
  if p_event.status = 'completed' then
    perform private.want_copy(p_event.recording_sid);
  end if;
end $$;

-- Whether Twilio is likely to have recorded something of a call that ends in this stage: a message
-- was asked for, agent and customer talked, or the call began without us, with an apology and a
-- message taken while the database was away.
create or replace function private.expects_recording(p_call public.call_records, p_stage text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return p_stage = 'voicemail' or coalesce(p_call.recording_status = 'in_progress', false)
    or (p_call.answered_at is not null and exists (
      select 1 from public.call_queues where id = p_call.queue_id and record_calls))
    or not exists (select 1 from private.call_events
      where call_record_id = p_call.id and source = 'incoming-call');
end $$;

-- Whether the end of a recording was told. Only then is the length of a message the true one: <Record>
-- tells another, with the silence in which the caller said nothing, or nothing more.
create or replace function private.is_recording_told(p_recording_sid text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (select 1 from private.call_events where call_sid = p_recording_sid
    and source = 'recording-status' and event in ('completed', 'absent'));
end $$;

-- Whether something that may have been recorded is not here: one recording for each agent who took
-- the call, or else a message of its true length.
create or replace function private.lacks_recording(p_call_record_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_rooms bigint;
begin
  select count(*) into v_rooms from private.call_offers
  where call_record_id = p_call_record_id and connected_at is not null;
  if v_rooms = 0 then
    return not exists (select 1 from public.voicemails
      where call_record_id = p_call_record_id and private.is_recording_told(recording_sid));
  end if;
  return v_rooms > (select count(*) from private.call_recordings
    where call_record_id = p_call_record_id and status <> 'in_progress');
end $$;

-- Has the worker ask Twilio for the recordings of a call that ends, 30 seconds later, if they aren't here
-- by then. Unanswered calls are checked too, at most twice: during an outage the caller may have left a
-- voicemail that we don't know of.
create or replace function private.check_recordings_later(p_call public.call_records)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_session constant private.call_sessions := private.session_of(p_call.id);
  v_expected boolean;
begin
  if v_session.resolution = 'rejected' or not private.lacks_recording(p_call.id) then
    return;
  end if;
  v_expected := private.expects_recording(p_call, v_session.stage);
  if v_expected or p_call.answered_at is null then
    insert into private.recording_checks (call_record_id, due_at, tries_left)
    values (p_call.id, private.clock() + interval '30 seconds', case when v_expected then 6 else 2 end)
    on conflict do nothing;
  end if;
end $$;

-- Tells Twilio whether the recording of a call pauses. One command a call is under way at a time: what is wished
-- meanwhile is told when that one is settled, so the last wish wins.
create or replace function private.tell_recording(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if not private.is_under_way('set_recording', p_call_record_id::text) then
    perform private.write_command('set_recording', r.id::text, jsonb_build_object(
      'room', private.room_name(r.id), 'conference_sid', private.room_of(private.caller_sid(r.id)),
      'status', case when r.recording_paused then 'paused' else 'in-progress' end), r.id)
    from public.call_records r where r.id = p_call_record_id and r.ended_at is null;
  end if;
end $$;

-- The recording of a call pauses, or goes on.
create or replace function private.pause(p_call_record_id uuid, p_paused boolean)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_records set recording_paused = p_paused
  where id = p_call_record_id and recording_paused <> p_paused;
  if found then
    perform private.tell_recording(p_call_record_id);
  end if;
end $$;

-- Twilio took the last word about a call's recording, or would not: another that was wished since is told now.
create or replace function private.recording_told(p_command private.telephony_commands)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if exists (select 1 from public.call_records where id = p_command.call_record_id
      and recording_paused <> (p_command.payload ->> 'status' = 'paused')) then
    perform private.tell_recording(p_command.call_record_id);
  end if;
end $$;

-- A recording's end is told. Where it was all, nobody asks any more; a silent message is all of a call
-- that nobody answered.
create or replace function private.settle_recording_check(
  p_call public.call_records, p_event private.recording_event)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if p_event.status = 'in_progress' then
    return;
  end if;
  delete from private.recording_checks
  where call_record_id = p_call.id
    and (not private.lacks_recording(p_call.id)
      or (p_call.answered_at is null and p_event.source = 'RecordVerb'));
end $$;

revoke execute on all functions in schema private from public;
