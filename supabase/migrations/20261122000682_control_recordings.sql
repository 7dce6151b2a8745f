-- Call control: supervisors delete recordings, and keep those that a court or a customer asks for.

-- A recording as supervisors are shown it: which call or message it is of, how it stands
-- (call_records.recording_status) and whether it is under a legal hold.
create or replace function private.recording_answer(
  p_recording_sid text, p_asker private.asker, p_process text)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant private.audible := private.recording_for(p_recording_sid, p_asker);
begin
  return jsonb_build_object(
    'recording', jsonb_build_object('recording', v_now.recording_sid, 'call_record_id', v_now.call_record_id,
      'voicemail_id', v_now.voicemail_id, 'duration_seconds', v_now.duration_seconds,
      'status', v_now.status, 'legal_hold', v_now.legal_hold),
    'commands', private.hand_over_commands(p_process));
end $$;

-- A recording that a supervisor decides about, its call or message locked; refused (403) to anybody else.
create or replace function private.recording_to_decide(p_recording_sid text, p_asker private.asker)
  returns private.audible
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_audible private.audible;
begin
  perform private.require_supervisor(p_asker);
  v_audible := private.recording_for(p_recording_sid, p_asker);
  perform 1 from public.call_records where id = v_audible.call_record_id for no key update;
  perform 1 from public.voicemails where id = v_audible.voicemail_id for no key update;
  return private.recording_for(p_recording_sid, p_asker);
end $$;

-- Writes down that a supervisor had something kept, or allowed it to go again.
create or replace function private.note_hold(
  p_audible private.audible, p_held boolean, p_reason text, p_user_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.hold_decisions
    (recording_sid, call_record_id, voicemail_id, held, reason, user_id, decided_at)
  values (p_audible.recording_sid, p_audible.call_record_id, p_audible.voicemail_id, p_held, p_reason,
    p_user_id, private.clock());
end $$;

-- Deletes all that was recorded of the recording's call, or the message that it is, here and at Twilio (p_request:
-- user_id, recording). Not under a legal hold, nor while the call goes on. Deleted already: nothing changes.
create or replace function public.delete_recording(p_request jsonb, p_process text)
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
  v_audible constant private.audible := private.recording_to_decide(v_request.recording, v_asker);
begin
  if v_audible.legal_hold then
    perform private.refuse(409, 'on_hold', 'The recording is under a legal hold.');
  elsif exists (select 1 from public.call_records
      where id = v_audible.call_record_id and ended_at is null and v_audible.voicemail_id is null) then
    perform private.refuse(409, 'call_live', 'The call goes on.');
  elsif v_audible.status not in ('deleting', 'deleted') and v_audible.call_record_id is not null then
    perform private.note_action(v_audible.call_record_id, v_asker, 'delete_recording',
      jsonb_build_object('recording', v_audible.recording_sid));
  end if;
  if v_audible.voicemail_id is null then
    perform private.ask_deletions_of_call(v_audible.call_record_id, 'person', v_asker.user_id);
  else
    perform private.ask_deletion(v_audible.recording_sid, v_audible.call_record_id, v_audible.voicemail_id,
      'person', v_asker.user_id);
  end if;
  perform private.begin_deletion(v_audible.recording_sid);
  return private.recording_answer(v_audible.recording_sid, v_asker, p_process);
end $$;
revoke execute on function public.delete_recording from public, anon, authenticated;
grant execute on function public.delete_recording to service_role;

-- Keeps what was recorded of a call, or a message, whatever its time and whoever would delete it, or lifts that hold
-- (p_request: user_id, recording, on, reason). What is being deleted can't be held any more. A message is kept by its
-- call's hold, too, which is lifted at the call.
create or replace function public.hold_recording(p_request jsonb, p_process text)
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
  v_audible constant private.audible := private.recording_to_decide(v_request.recording, v_asker);
  v_changed boolean;
begin
  if v_request."on" and v_audible.status in ('deleting', 'deleted') then
    perform private.refuse(409, 'recording_deleted', 'The recording is deleted.',
      jsonb_build_object('state', v_audible.status));
  end if;
  update public.call_records set legal_hold = v_request."on"
  where id = v_audible.call_record_id and v_audible.voicemail_id is null and legal_hold <> v_request."on";
  v_changed := found;
  update public.voicemails set legal_hold = v_request."on"
  where id = v_audible.voicemail_id and legal_hold <> v_request."on";
  if found or v_changed then
    perform private.note_hold(v_audible, v_request."on", v_request.reason, v_asker.user_id);
  end if;
  return private.recording_answer(v_audible.recording_sid, v_asker, p_process);
end $$;
revoke execute on function public.hold_recording from public, anon, authenticated;
grant execute on function public.hold_recording to service_role;

revoke execute on all functions in schema private from public;
