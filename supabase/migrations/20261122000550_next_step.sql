-- What a live call should be hearing now, by its stage: the answer to any document asked for twice
-- or out of turn.

-- What the customer hears of the recording before they enter the room: a list, empty where nothing is said.
create or replace function private.room_notice(p_call public.call_records, p_language text)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return case when private.is_recorded(p_call) and (select announce_recording from private.settings)
    then jsonb_build_array(private.say(p_language, 'recorded')) else '[]'::jsonb end;
end $$;

-- The customer goes to the room where the agent waits, however they came to ask. If they have not
-- heard it to its end, the notice that the call is recorded comes first.
create or replace function private.send_to_room(p_call public.call_records)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_session constant private.call_sessions := private.session_of(p_call.id);
  v_sid constant text := private.caller_sid(p_call.id);
  v_notice jsonb := '[]';
begin
  perform private.finish_command('redirect', v_sid, 'its document was asked for');
  perform private.note_sent_to_room(p_call.id);
  if v_session.recording_notice is distinct from 'heard' then
    v_notice := private.room_notice(p_call, v_session.language);
  end if;
  return private.conference_plan(
    p_call, 'caller', concat('customer-', v_sid, '-', (select count(*) from private.call_offers
      where call_record_id = p_call.id and connected_at is not null)), true, v_notice);
end $$;

-- Puts a call into the queue a caller wants, or the one it overflows to, and answers with the plan to
-- wait there. Where nobody can be waited for, because it is closed, full, or nobody is signed in:
-- voicemail.
create or replace function private.join_queue(
  p_call public.call_records, p_session private.call_sessions, p_queue_name text)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_wanted_id constant uuid := private.hold_queue((private.queue_or_any(p_queue_name)).id);
  v_queue public.call_queues;
  v_notice jsonb;
begin
  v_queue := private.queue_to_wait_in(v_wanted_id);
  if v_queue.id is null or private.hold_queue(v_queue.id) is null then
    perform private.to_voicemail(p_call, v_wanted_id);
    return private.voicemail_plan(p_session.language, v_wanted_id);
  end if;
  perform private.enter_queue(p_call.id, v_queue, coalesce(p_call.queued_at, private.clock()));
  v_notice := private.recording_notice(v_queue, p_session.language);
  if v_notice <> '[]' then
    perform private.set_recording_notice(p_call.id, 'said');
  end if;
  return private.enqueue_plan(v_queue, v_notice || to_jsonb(private.say(
    p_session.language, 'connecting', jsonb_build_object('queue', private.spoken_name(v_queue)))));
end $$;

-- The plan of a call's stage, once more.
create or replace function private.next_step(p_call public.call_records)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_session constant private.call_sessions := private.session_of(p_call.id);
  v_queue public.call_queues;
begin
  -- A document is asked for again when it did not arrive: the notice in it was not heard.
  if v_session.recording_notice = 'said' then
    perform private.set_recording_notice(p_call.id, null);
  end if;
  case v_session.stage
    when 'menu' then
      return private.menu_plan(v_session, private.first_menu(v_session.script), 1, null);
    when 'waiting' then
      select * into v_queue from public.call_queues where id = p_call.queue_id;
      if found then
        return private.enqueue_plan(v_queue, '[]');
      end if;
      perform private.to_voicemail(p_call, null);
      return private.voicemail_plan(v_session.language, null);
    when 'connecting' then
      return private.send_to_room(p_call);
    when 'connected' then
      if exists (select 1 from private.call_offers
        where call_record_id = p_call.id and state <> 'ended' and purpose <> 'supervise') then
        return private.send_to_room(p_call);
      end if;
    when 'callback' then
      return private.callback_plan(p_call, v_session.language, 1);
    when 'voicemail' then
      return private.voicemail_plan(v_session.language, v_session.voicemail_queue_id);
    else
      null;
  end case;
  return private.hang_up_plan(v_session.language);
end $$;

revoke execute on all functions in schema private from public;
