-- The caller's first steps: the number rings, menus are spoken, a choice is made.
--
-- Every function of the flow answers {plan, commands}: the plan is one step of the conversation,
-- which the service renders as TwiML; the commands are what is to be done at Twilio besides.

-- An answer to a webhook: the plan, with how it sounds, and this transaction's commands.
create or replace function private.answer(
  p_plan jsonb, p_language text, p_process text)
  returns jsonb
  language sql
  volatile
  set search_path = ''
as $$
  select jsonb_build_object(
    'plan', p_plan || jsonb_build_object('speech', private.speech(p_language)),
    'commands', private.hand_over_commands(p_process));
$$;

create or replace function private.goodbye(p_language text, p_key text default 'goodbye')
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select jsonb_build_object('kind', 'hang_up', 'say', jsonb_build_array(private.say(p_language, p_key)));
$$;

-- A menu of a script by its id, with the three options that old scripts leave out; null if absent.
create or replace function private.menu_of(p_script jsonb, p_menu text)
  returns jsonb
  language sql
  immutable
  set search_path = ''
as $$
  select case when menu ? 'options' then menu else menu || '{"options": [
      {"digit": "1", "actionQueue": "sales"}, {"digit": "2", "actionQueue": "support"},
      {"digit": "3", "actionQueue": "hr"}]}' end
  from jsonb_array_elements(coalesce(nullif(p_script -> 'menus', 'null'), '[{"id": "main"}]')) menu
  where menu ->> 'id' = p_menu;
$$;

create or replace function private.first_menu(p_script jsonb)
  returns text
  language sql
  immutable
  set search_path = ''
as $$
  select coalesce(
    (select 'main' where private.menu_of(p_script, 'main') is not null),
    p_script #>> '{menus,0,id}', 'main');
$$;

-- What a caller may say for an option: its description, or one of its keywords.
create or replace function private.option_words(p_option jsonb)
  returns setof text
  language sql
  immutable
  set search_path = ''
as $$
  select jsonb_array_elements_text(
    jsonb_build_array(coalesce(p_option ->> 'description', p_option ->> 'actionQueue'))
    || coalesce(p_option -> 'keywords', '[]'));
$$;

-- The option a caller chose by key or by saying one of its words.
create or replace function private.chosen_option(p_menu jsonb, p_digits text, p_speech text)
  returns jsonb
  language sql
  immutable
  set search_path = ''
as $$
  select option from jsonb_array_elements(p_menu -> 'options') with ordinality as o (option, place)
  where option ->> 'digit' = p_digits
    or (coalesce(p_speech, '') <> '' and exists (
      select 1 from private.option_words(option) word
      where private.fold_words(word) <> '' and position(
        ' ' || private.fold_words(word) || ' ' in ' ' || private.fold_words(p_speech) || ' ') > 0))
  order by option ->> 'digit' = p_digits desc nulls last, place limit 1;
$$;

-- What is said before a menu is said again: its own words, else the language's for silence or for an
-- answer that is none.
create or replace function private.retry_words(p_menu jsonb, p_language text, p_answer text)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select coalesce(nullif(trim(p_menu ->> 'retryMessage'), ''),
    private.say(p_language, case when p_answer = '' then 'no_input' else 'not_understood' end));
$$;

-- The plan that speaks a menu; p_lead is said before it.
create or replace function private.menu_plan(
  p_session private.call_sessions, p_menu text, p_attempt integer, p_lead text[])
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select jsonb_build_object(
    'kind', 'menu',
    'menu', p_menu,
    'attempt', p_attempt,
    'say', to_jsonb(array_remove(p_lead || (menu ->> 'message'), null)),
    'timeout', coalesce((menu ->> 'timeout')::integer, 10),
    'hints', (select coalesce(jsonb_agg(word), '[]')
      from jsonb_array_elements(menu -> 'options') o
      cross join lateral private.option_words(o) word where word <> ''))
  from private.menu_of(p_session.script, p_menu) menu;
$$;

-- Whether a subject may do something once more this minute, counted.
create or replace function private.within_limit(p_subject text, p_limit integer)
  returns boolean
  language sql
  volatile
  set search_path = ''
as $$
  insert into private.rate_counters (subject, minute)
  values (p_subject, date_trunc('minute', private.clock()))
  on conflict (subject, minute) do update set used = private.rate_counters.used + 1
  returning used <= p_limit;
$$;

-- The number rings: the menu, or people where there is no script. Asked again for the same call, it
-- answers where that call stands.
-- p_event: call_sid, from (E.164, null where withheld), to, caller_name, params.
create or replace function public.receive_incoming_call(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_known constant boolean :=
    exists (select 1 from private.call_legs where call_sid = p_event ->> 'call_sid');
  v_call public.call_records;
  v_session private.call_sessions;
  v_welcome text;
begin
  v_call := private.open_call(p_event ->> 'call_sid', 'inbound', p_event ->> 'from',
    p_event ->> 'to', p_event ->> 'caller_name', private.clock());
  perform private.keep_event(p_event ->> 'call_sid', 'incoming-call', 'incoming', null,
    private.clock(), v_call.id, p_event -> 'params');
  if not v_known and p_event ->> 'from' is not null
    and not private.within_limit('caller ' || (p_event ->> 'from'),
      (select incoming_calls_per_minute from private.settings))
  then
    update public.call_records set disposition = 'rejected'
    where id = v_call.id returning * into v_call;
    perform private.end_call(v_call, 'busy', 0, private.clock());
  end if;
  if v_call.disposition = 'rejected' then
    return jsonb_build_object('plan', '{"kind": "reject"}'::jsonb, 'commands', '[]'::jsonb);
  end if;
  select * into v_session from private.call_sessions where call_record_id = v_call.id;
  if v_session.stage <> 'menu' then
    return private.answer(private.next_step(v_call), v_session.language, p_process);
  end if;
  select welcome_message into v_welcome from public.ivr_scripts where id = v_session.script_id;
  return private.answer(case
    when v_session.script = '{}' then private.join_queue(v_call, v_session, 'General')
    else private.menu_plan(v_session, private.first_menu(v_session.script), 1, array[v_welcome]) end,
    v_session.language, p_process);
end $$;

-- The caller chose, or said nothing. p_event: call_sid, menu, attempt, digits, speech, params.
create or replace function public.receive_ivr_input(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_call constant public.call_records := private.lock_call_or_open(p_event);
  v_attempt constant integer := coalesce((p_event ->> 'attempt')::integer, 1);
  v_answer constant text := coalesce(nullif(p_event ->> 'digits', ''), p_event ->> 'speech', '');
  v_session private.call_sessions;
  v_menu jsonb;
  v_option jsonb;
begin
  select * into v_session from private.call_sessions where call_record_id = v_call.id;
  v_menu := private.menu_of(v_session.script,
    coalesce(p_event ->> 'menu', private.first_menu(v_session.script)));
  perform private.keep_event(p_event ->> 'call_sid', 'ivr-input',
    left(coalesce(p_event ->> 'menu', v_menu ->> 'id', 'main'), 100) || ' ' || v_attempt, null, private.clock(), v_call.id,
    p_event -> 'params');
  if v_session.stage <> 'menu' then
    return private.answer(private.next_step(v_call), v_session.language, p_process);
  end if;
  v_option := private.chosen_option(v_menu, p_event ->> 'digits', p_event ->> 'speech');
  perform private.keep_choice(v_call.id, v_menu ->> 'id', v_option, v_answer);
  return private.answer(case
    when v_option is not null then private.follow_option(v_call, v_session, v_option)
    when v_menu is not null and v_attempt < coalesce((v_menu ->> 'maxAttempts')::integer, 3)
    then private.menu_plan(v_session, v_menu ->> 'id', v_attempt + 1,
      array[private.retry_words(v_menu, v_session.language, v_answer)])
    else private.join_queue(v_call, v_session, coalesce(v_menu ->> 'defaultQueue', 'General')) end,
    v_session.language, p_process);
end $$;

-- The call a document is asked for, locked; opened if this is the first we hear of it.
create or replace function private.lock_call_or_open(p_event jsonb)
  returns public.call_records
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
begin
  v_call := private.lock_call_of(p_event ->> 'call_sid');
  if v_call.id is null and p_event ->> 'call_record_id' is not null then
    select * into v_call from public.call_records
    where id = (p_event ->> 'call_record_id')::uuid for no key update;
    perform private.ensure_leg(p_event, v_call.id, private.clock()) where v_call.id is not null;
  end if;
  if v_call.id is null then
    v_call := private.open_call(p_event ->> 'call_sid', 'inbound', p_event ->> 'from',
      p_event ->> 'to', p_event ->> 'caller_name', private.clock());
  end if;
  return private.learn_caller(v_call, p_event);
end $$;

-- Adds a choice to the call's path: {"steps": [{menu, input, to}]}.
create or replace function private.keep_choice(
  p_call_record_id uuid, p_menu text, p_option jsonb, p_input text)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update public.call_records
  set ivr_path = ivr_path || jsonb_build_object('steps', coalesce(ivr_path -> 'steps', '[]')
    || jsonb_build_object('menu', p_menu, 'input', left(p_input, 200), 'to', coalesce(
      p_option ->> 'actionQueue', p_option ->> 'actionMenu', p_option ->> 'actionTransfer')))
  where id = p_call_record_id;
$$;

-- Where an option leads.
create or replace function private.follow_option(
  p_call public.call_records, p_session private.call_sessions, p_option jsonb)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if p_option ->> 'actionQueue' is not null then
    return private.join_queue(p_call, p_session, p_option ->> 'actionQueue');
  elsif private.menu_of(p_session.script, p_option ->> 'actionMenu') is not null then
    return private.menu_plan(p_session, p_option ->> 'actionMenu', 1, '{}');
  elsif p_option ->> 'actionTransfer' is not null then
    update private.call_sessions set stage = 'dialing', updated_at = private.clock()
    where call_record_id = p_call.id;
    return jsonb_build_object('kind', 'dial', 'number', p_option ->> 'actionTransfer',
      'say', '[]'::jsonb);
  elsif p_option ->> 'actionCallback' is not null then
    update public.call_records r set queue_id = q.id, queue_name = left(q.name, 50)
    from public.call_queues q where q.name = p_option ->> 'actionCallback' and r.id = p_call.id;
    return private.callback_plan(p_call, p_session.language, 1);
  elsif p_option ->> 'actionVoicemail' is not null then
    return private.voicemail_plan(p_call, p_session.language,
      (select id from public.call_queues where name = p_option ->> 'actionVoicemail'));
  end if;
  return private.join_queue(p_call, p_session, 'General');
end $$;

-- Whether callers get through a script, wherever its options lead: each menu can be spoken and
-- answered. Less than private.check_script asks, for scripts older than that worked without it.
create or replace function private.can_be_followed(p_script jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  perform (menu ->> 'timeout')::integer, (menu ->> 'maxAttempts')::integer,
    private.chosen_option(private.menu_of(p_script, menu ->> 'id'), 'no key', 'no words')
  from jsonb_array_elements(coalesce(nullif(p_script -> 'menus', 'null'), '[]')) menu;
  return private.menu_of(p_script, private.first_menu(p_script)) is not null;
exception when data_exception then
  return false;
end $$;

-- Old scripts that would break every call are not in force: callers go to people.
update public.ivr_scripts set active = false
where active and not private.can_be_followed(script_data);
