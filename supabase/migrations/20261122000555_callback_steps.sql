-- Asking for a callback: which number, and whether there is one for it already. What becomes of it is in
-- callbacks.sql.

-- The number called, or an agent's: rung for a callback, it would ring ourselves.
create or replace function private.is_ours(p_number text, p_call public.call_records)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return p_number = p_call.receiver_number
    or exists (select 1 from public.call_center_agents
      where phone_number = p_number and archived_at is null);
end $$;

-- Makes the callback of a call that is about to end, whose lock the caller holds. False where there is one
-- already, of the number or of this very request; null where no queue could keep it.
create or replace function private.request_callback(p_call public.call_records, p_number text)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_queue public.call_queues;
  v_earlier public.call_records;
begin
  select r.* into v_earlier from private.callbacks b join public.call_records r on r.id = b.call_record_id
  where b.requested_by = p_call.id and b.scheduled_at is null for no key update of r;
  -- Looked at now that it is locked: it may have ended, or rings.
  if exists (select 1 from private.callbacks where call_record_id = v_earlier.id and ended_at is null
      and attempts = 0 and number <> p_number) then
    return private.change_callback_number(v_earlier, p_number);
  elsif (private.session_of(p_call.id)).resolution = 'callback' then
    return exists (select 1 from private.callbacks
      where requested_by = p_call.id and ended_at is null);
  end if;
  v_queue := private.queue_for_callback(p_call.queue_id);
  if v_queue.id is null then
    return null;
  end if;
  perform private.set_resolution(p_call.id, 'callback');
  return private.open_callback(p_call, p_number, v_queue);
end $$;

-- Whether a call may still ask for a callback: its caller is asked for the number, or was, and hung up
-- just now.
create or replace function private.may_request_callback(
  p_call public.call_records, p_session private.call_sessions)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return p_session.stage = 'callback' or (p_session.stage = 'ended' and p_session.asked_for_number
    and p_call.answered_at is null and coalesce(p_session.resolution, 'callback') = 'callback'
    and coalesce(p_call.ended_at, private.clock()) > private.clock() - interval '10 minutes');
end $$;

-- The caller said which number; what can't be rung is asked for again, twice. Asked again, or late, it
-- makes no second callback. p_event: a voice_request with attempt, digits and number (E.164 of the
-- digits, null where they are no number to ring).
create or replace function public.receive_callback_choice(p_event jsonb, p_process text)
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
  v_language constant text := v_session.language;
  v_attempt constant integer := coalesce(v_event.attempt, 1);
  v_number constant text := case when v_event.digits = '1' and v_call.caller_number ~ '^\+'
    then v_call.caller_number else v_event.number end;
  v_accepted boolean;
begin
  if not private.may_request_callback(v_call, v_session) then
    return private.answer(private.next_step(v_call), v_language, p_process);
  end if;
  if v_number is null or private.is_ours(v_number, v_call) then
    if v_attempt < 3 then
      return private.answer(
        private.callback_plan(v_call, v_language, v_attempt + 1), v_language, p_process);
    end if;
  else
    v_accepted := private.request_callback(v_call, v_number);
  end if;
  if v_accepted is null then
    perform private.to_voicemail(v_call, v_call.queue_id);
    return private.answer(
      private.voicemail_plan(v_language, v_call.queue_id), v_language, p_process);
  end if;
  perform private.set_stage(v_call.id, 'ended');
  return private.answer(private.hang_up_plan(v_language,
    case when v_accepted then 'callback_thanks' else 'callback_already' end), v_language, p_process);
end $$;
revoke execute on function public.receive_callback_choice from public, anon, authenticated;
grant execute on function public.receive_callback_choice to service_role;

revoke execute on all functions in schema private from public;
