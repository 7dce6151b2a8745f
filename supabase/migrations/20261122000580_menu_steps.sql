-- The caller's first steps: the number rings, a menu is answered, a number outside is dialled.

-- What a caller hears first: the script's welcome and menu, or people where there is no script.
create or replace function private.first_plan(p_call public.call_records, p_session private.call_sessions)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  return case when p_session.script = '{}' then private.join_queue(p_call, p_session, 'General')
    else private.welcome_plan(p_session) end;
end $$;

-- The number rings: the menu, or people where there is no script. Asked again for the same call, it
-- answers where that call stands. p_event: a voice_request.
create or replace function public.receive_incoming_call(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event constant private.voice_request :=
    jsonb_populate_record(null::private.voice_request, p_event);
  v_call public.call_records;
  v_session private.call_sessions;
  v_plan jsonb;
begin
  v_call := private.open_call(v_event.call_sid, 'inbound', v_event."from", v_event."to",
    v_event.caller_name, private.clock());
  if private.keep_event(v_event.call_sid, 'incoming-call', 'incoming', null, private.clock(), v_call.id,
      v_event.params)
    and v_call.ended_at is null and v_call.call_direction = 'inbound' and v_event."from" is not null
    and not private.is_within_limit('caller ' || v_event."from",
      (select incoming_calls_per_minute from private.settings))
  then
    perform private.set_resolution(v_call.id, 'rejected');
    perform private.end_call(v_call.id, 'busy', 0, private.clock());
  end if;
  v_session := private.session_of(v_call.id);
  if v_session.resolution = 'rejected' then
    return '{"plan": {"kind": "reject"}, "commands": []}';
  elsif v_session.stage <> 'menu' then
    v_plan := private.next_step(v_call);
  else
    v_plan := private.first_plan(v_call, v_session);
  end if;
  return private.answer(v_plan, v_session.language, p_process);
end $$;
revoke execute on function public.receive_incoming_call from public, anon, authenticated;
grant execute on function public.receive_incoming_call to service_role;

-- Adds a choice to the call's path: {"steps": [{menu, input, option, action, to}]}; option: the key of the
-- option that was chosen, action: what it does. Where nothing was chosen, these and to are null.
create or replace function private.keep_choice(
  p_call public.call_records, p_menu text, p_option jsonb, p_input text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_action constant text := (private.option_actions(p_option))[1];
begin
  update public.call_records
  set ivr_path = ivr_path || jsonb_build_object('steps', coalesce(ivr_path -> 'steps', '[]')
    || jsonb_build_object('menu', p_menu, 'input', left(p_input, 200), 'option', p_option ->> 'digit',
      'action', v_action, 'to', p_option ->> v_action))
  where id = p_call.id;
end $$;

-- Where an option leads: to people, where its number can't be read; to a message, where its callback could
-- not be kept.
create or replace function private.follow_option(
  p_call public.call_records, p_session private.call_sessions, p_option jsonb)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_number constant text := private.e164(p_option ->> 'actionTransfer');
  v_queue_id uuid;
  v_queue public.call_queues;
begin
  if p_option ->> 'actionQueue' is not null then
    return private.join_queue(p_call, p_session, p_option ->> 'actionQueue');
  elsif private.menu_of(p_session.script, p_option ->> 'actionMenu') is not null then
    return private.menu_plan(p_session, p_option ->> 'actionMenu', 1, null);
  elsif v_number is not null then
    perform private.set_stage(p_call.id, 'dialing');
    return jsonb_build_object('kind', 'dial', 'number', v_number,
      'caller_id', p_call.receiver_number, 'say', '[]'::jsonb);
  elsif p_option ->> 'actionCallback' is not null then
    v_queue_id := private.hold_queue((private.queue_or_any(p_option ->> 'actionCallback')).id);
    v_queue := private.queue_for_callback(v_queue_id);
    if v_queue.id is not null then
      update public.call_records set queue_id = v_queue.id, queue_name = left(v_queue.name, 50)
      where id = p_call.id;
      perform private.set_stage(p_call.id, 'callback');
      return private.callback_plan(p_call, p_session.language, 1);
    end if;
    perform private.to_voicemail(p_call, v_queue_id);
    return private.voicemail_plan(p_session.language, v_queue_id);
  elsif p_option ->> 'actionVoicemail' is not null then
    v_queue_id := private.hold_queue((private.queue_or_any(p_option ->> 'actionVoicemail')).id);
    perform private.to_voicemail(p_call, v_queue_id);
    return private.voicemail_plan(p_session.language, v_queue_id);
  end if;
  return private.join_queue(p_call, p_session, 'General');
end $$;

-- Where an answer leads, which is kept: along the option that was chosen, or to the menu once more, or, of who
-- never gave one, to people.
create or replace function private.plan_of_answer(
  p_call public.call_records, p_session private.call_sessions, p_event private.voice_request)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_attempt constant integer := coalesce(p_event.attempt, 1);
  v_answer constant text := coalesce(nullif(p_event.digits, ''), p_event.speech, '');
  v_menu constant jsonb := private.menu_of(p_session.script,
    coalesce(p_event.menu, private.first_menu(p_session.script)));
  v_option constant jsonb := private.chosen_option(
    v_menu, p_session.language, p_event.digits, p_event.speech);
begin
  perform private.keep_choice(p_call, v_menu ->> 'id', v_option, v_answer);
  if v_option is not null then
    return private.follow_option(p_call, p_session, v_option);
  elsif v_menu is not null and v_attempt < coalesce((v_menu ->> 'maxAttempts')::integer, 3) then
    return private.menu_plan(p_session, v_menu ->> 'id', v_attempt + 1,
      private.retry_words(v_menu, p_session.language, v_answer));
  end if;
  return private.join_queue(p_call, p_session, coalesce(v_menu ->> 'defaultQueue', 'General'));
end $$;

-- The caller chose, or said nothing. p_event: a voice_request with menu, attempt, digits and speech.
create or replace function public.receive_ivr_input(p_event jsonb, p_process text)
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
  v_menu constant jsonb := private.menu_of(v_session.script,
    coalesce(v_event.menu, private.first_menu(v_session.script)));
begin
  perform private.keep_event(v_event.call_sid, 'ivr-input',
    left(coalesce(v_event.menu, v_menu ->> 'id', 'main'), 100) || ' ' || coalesce(v_event.attempt, 1), null,
    private.clock(), v_call.id, v_event.params);
  return private.answer(case when v_session.stage = 'menu'
      then private.plan_of_answer(v_call, v_session, v_event) else private.next_step(v_call) end,
    v_session.language, p_process);
end $$;
revoke execute on function public.receive_ivr_input from public, anon, authenticated;
grant execute on function public.receive_ivr_input to service_role;

-- The dialling of a number outside is over: it answered, or the caller goes to a queue instead. The end of
-- the call may have been told before. p_event: a voice_request with dial_status.
create or replace function public.receive_dial_exit(p_event jsonb, p_process text)
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
  v_plan jsonb;
begin
  if v_event.dial_status in ('completed', 'answered') then
    perform private.set_resolution(v_call.id, 'transfer');
    v_plan := private.hang_up_plan(v_session.language);
  elsif v_event.call_status in ('completed', 'canceled', 'failed', 'busy', 'no_answer') then
    v_plan := private.hang_up_plan(v_session.language);  -- the caller hung up while it rang
  elsif v_session.stage = 'dialing' then
    v_plan := private.join_queue(v_call, v_session, 'General');
    v_plan := v_plan || jsonb_build_object('say',
      jsonb_build_array(private.say(v_session.language, 'transfer_failed'))
        || coalesce(v_plan -> 'say', '[]'));
  else
    v_plan := private.next_step(v_call);
  end if;
  return private.answer(v_plan, v_session.language, p_process);
end $$;
revoke execute on function public.receive_dial_exit from public, anon, authenticated;
grant execute on function public.receive_dial_exit to service_role;

revoke execute on all functions in schema private from public;
