-- Menus: how one of a script is spoken and answered. Nothing here changes anything.
--
-- Every function of the flow answers {plan, commands}: the plan is one step of the conversation,
-- which the service renders as TwiML; the commands are what is to be done at Twilio besides.

-- A menu of a script by its id, with the three options that old scripts leave out; null if absent.
create or replace function private.menu_of(p_script jsonb, p_menu text)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_menu jsonb;
begin
  select menu into v_menu
  from jsonb_array_elements(coalesce(nullif(p_script -> 'menus', 'null'), '[{"id": "main"}]')) menu
  where menu ->> 'id' = p_menu limit 1;
  return private.with_options(v_menu);
end $$;

-- The menu that a call begins with.
create or replace function private.first_menu(p_script jsonb)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  if private.menu_of(p_script, 'main') is not null then
    return 'main';
  end if;
  return coalesce(p_script #>> '{menus,0,id}', 'main');
end $$;

-- What a caller may say for an option: its description, or one of its keywords.
create or replace function private.option_words(p_option jsonb)
  returns setof text
  language plpgsql
  immutable
  rows 3
  set search_path = ''
as $$
begin
  return query select jsonb_array_elements_text(
    jsonb_build_array(coalesce(p_option ->> 'description', p_option ->> 'actionQueue'))
    || coalesce(p_option -> 'keywords', '[]'));
end $$;

-- Whether words for an option are among those that a caller spoke.
create or replace function private.is_spoken(p_option jsonb, p_speech text)
  returns boolean
  language plpgsql
  immutable
  cost 1000
  set search_path = ''
as $$
begin
  return exists (
    select 1 from private.option_words(p_option) word
    where private.fold_words(word) <> '' and position(
      ' ' || private.fold_words(word) || ' ' in ' ' || private.fold_words(p_speech) || ' ') > 0);
end $$;

-- The key that a caller says instead of pressing it, "dos" or "la opción tres": all that they say,
-- but for words that say nothing, is one key's name; null otherwise.
create or replace function private.spoken_key(p_language text, p_speech text)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_keys text[];
begin
  if coalesce(p_speech, '') = '' then
    return null;
  end if;
  select array_agg(distinct coalesce(k.key, w.word)) into v_keys
  from regexp_split_to_table(private.fold_words(p_speech), ' ') as w (word)
  left join lateral (
    select s.key from private.spoken_keys s
    where s.word = w.word and s.language in (p_language, split_part(p_language, '-', 1))
    order by s.language = p_language desc limit 1) k on true
  where k.key is distinct from '';
  return case when cardinality(v_keys) = 1 and v_keys[1] ~ '^[0-9*#]$' then v_keys[1] end;
end $$;

-- The option with this key; null where there is none.
create or replace function private.option_of_key(p_menu jsonb, p_key text)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return (
    select option from jsonb_array_elements(p_menu -> 'options') with ordinality as o (option, place)
    where option ->> 'digit' = p_key order by place limit 1);
end $$;

-- The option a caller chose by key, by saying one of its words, or by saying its key; null where they
-- chose none.
create or replace function private.chosen_option(
  p_menu jsonb, p_language text, p_digits text, p_speech text)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_option jsonb := private.option_of_key(p_menu, p_digits);
begin
  if v_option is null and coalesce(p_speech, '') <> '' then
    select option into v_option
    from jsonb_array_elements(p_menu -> 'options') with ordinality as o (option, place)
    where private.is_spoken(option, p_speech) order by place limit 1;
    v_option := coalesce(v_option,
      private.option_of_key(p_menu, private.spoken_key(p_language, p_speech)));
  end if;
  return v_option;
end $$;

-- What is said before a menu is said again: its own words, else the language's for silence or for an
-- answer that is none.
create or replace function private.retry_words(p_menu jsonb, p_language text, p_answer text)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce(nullif(trim(p_menu ->> 'retryMessage'), ''),
    private.say(p_language, case when p_answer = '' then 'no_input' else 'not_understood' end));
end $$;

-- The plan that speaks a menu; p_lead is said before it.
create or replace function private.menu_plan(
  p_session private.call_sessions, p_menu text, p_attempt integer, p_lead text)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_menu constant jsonb := private.menu_of(p_session.script, p_menu);
begin
  return jsonb_build_object(
    'kind', 'menu',
    'menu', p_menu,
    'attempt', p_attempt,
    'say', to_jsonb(array_remove(array[p_lead, v_menu ->> 'message'], null)),
    'timeout', coalesce((v_menu ->> 'timeout')::integer, 10),
    'hints', (select coalesce(jsonb_agg(word), '[]')
      from jsonb_array_elements(v_menu -> 'options') o
      cross join lateral private.option_words(o) word where word <> ''));
end $$;

-- The plan that greets a caller with the script's welcome and its first menu. The screen that scripts
-- are written on puts the menu's message into the welcome too: what is the same is said once.
create or replace function private.welcome_plan(p_session private.call_sessions)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_menu constant text := private.first_menu(p_session.script);
  v_message constant text := private.menu_of(p_session.script, v_menu) ->> 'message';
  v_welcome text;
begin
  select welcome_message into v_welcome from public.ivr_scripts where id = p_session.script_id;
  if btrim(v_welcome, E' \t\r\n') = btrim(v_message, E' \t\r\n') then
    v_welcome := null;
  end if;
  return private.menu_plan(p_session, v_menu, 1, v_welcome);
end $$;

-- Whether callers get through a script, wherever its options lead: each menu can be spoken and
-- answered. Less than private.check_script asks, for scripts older than that worked without it.
create or replace function private.can_be_followed(p_script jsonb)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  perform (menu ->> 'timeout')::integer, (menu ->> 'maxAttempts')::integer,
    private.chosen_option(private.menu_of(p_script, menu ->> 'id'), 'es', 'no key', 'no words')
  from jsonb_array_elements(coalesce(nullif(p_script -> 'menus', 'null'), '[]')) menu;
  return private.menu_of(p_script, private.first_menu(p_script)) is not null;
exception when data_exception then
  return false;
end $$;

-- Old scripts that would break every call are not in force: callers go to people.
update public.ivr_scripts set active = false
where active and not private.can_be_followed(script_data);

revoke execute on all functions in schema private from public;
