-- IVR scripts that can't work are refused when they are written, with the place named, so that no
-- caller finds out. script_data is {"menus": [menu, …]}; a call begins with the menu "main", else the
-- first. A menu:
--   id            its name
--   message       what is said
--   options       a list; a menu without one has 1 → sales, 2 → support, 3 → hr
--   maxAttempts   how often it is said, 1 to 10 (3)
--   retryMessage  what is said before it is said again, instead of the language's own words
--   timeout       seconds to wait for an answer, 1 to 60 (10)
--   defaultQueue  where a caller goes who never gave an answer (General)
-- An option:
--   digit         the key
--   description   what the caller may say instead, and so are
--   keywords      a list of words or phrases
-- and one of:
--   actionQueue, actionVoicemail, actionCallback   the name of a queue
--   actionMenu                                     the id of a menu
--   actionTransfer                                 a telephone number

-- Raises the refusal of a script: 22023, "place: reason".
create or replace function private.refuse_script(p_place text, p_reason text)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  raise exception 'script_data.%: %', p_place, p_reason using errcode = '22023';
end $$;

-- What an option does: its actions by name; a script may name one of these, once.
create or replace function private.option_actions(p_option jsonb)
  returns text[]
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return (select coalesce(array_agg(key order by key), '{}') from jsonb_each(p_option)
    where key like 'action%' and value not in ('null', '""', 'false'));
end $$;

-- One option of a menu: a key, and one action that can be followed.
create or replace function private.check_option(p_option jsonb, p_menus text[], p_place text)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_actions constant text[] := private.option_actions(p_option);
begin
  if jsonb_typeof(p_option) <> 'object' then
    perform private.refuse_script(p_place, 'an option is an object');
  elsif coalesce(p_option ->> 'digit', '') !~ '^[0-9*#]$' then
    perform private.refuse_script(p_place || '.digit', 'one of 0 to 9, * and #');
  elsif cardinality(v_actions) <> 1 then
    perform private.refuse_script(p_place, format('one action is needed, not %s', case
      when v_actions = '{}' then 'none' else array_to_string(v_actions, ' and ') end));
  elsif v_actions[1] not in (
    'actionQueue', 'actionTransfer', 'actionMenu', 'actionVoicemail', 'actionCallback') then
    perform private.refuse_script(p_place, format('%s is not an action', v_actions[1]));
  elsif p_option ? 'actionMenu' and p_option ->> 'actionMenu' <> all (p_menus) then
    perform private.refuse_script(p_place || '.actionMenu',
      format('there is no menu %s', p_option ->> 'actionMenu'));
  elsif v_actions[1] = 'actionTransfer'
    and regexp_replace(p_option ->> 'actionTransfer', '[\s().-]', '', 'g') !~ '^\+?[0-9]{7,15}$' then
    perform private.refuse_script(p_place || '.actionTransfer', 'a telephone number is needed');
  elsif coalesce(jsonb_typeof(p_option -> 'keywords'), 'array') <> 'array' then
    perform private.refuse_script(p_place || '.keywords', 'a list of words is needed');
  end if;
end $$;

-- One menu: what is said, how it is asked again, and its options.
create or replace function private.check_menu(p_menu jsonb, p_menus text[], p_place text)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_option record;
begin
  if coalesce(jsonb_typeof(p_menu -> 'message'), 'string') <> 'string' then
    perform private.refuse_script(p_place || '.message', 'text is needed');
  elsif coalesce(jsonb_typeof(p_menu -> 'retryMessage'), 'string') <> 'string' then
    perform private.refuse_script(p_place || '.retryMessage', 'text is needed');
  elsif coalesce(jsonb_typeof(p_menu -> 'options'), 'array') <> 'array' then
    perform private.refuse_script(p_place || '.options', 'a list is needed');
  elsif p_menu ? 'maxAttempts' and (p_menu ->> 'maxAttempts') !~ '^([1-9]|10)$' then
    perform private.refuse_script(p_place || '.maxAttempts', 'a number from 1 to 10');
  elsif p_menu ? 'timeout' and (p_menu ->> 'timeout') !~ '^([1-9]|[1-5]\d|60)$' then
    perform private.refuse_script(p_place || '.timeout', 'seconds from 1 to 60');
  elsif coalesce(jsonb_typeof(p_menu -> 'defaultQueue'), 'string') <> 'string' then
    perform private.refuse_script(p_place || '.defaultQueue', 'the name of a queue is needed');
  end if;
  for v_option in
    select option, place - 1 as place, count(*) over (partition by option ->> 'digit') as same
    from jsonb_array_elements(p_menu -> 'options') with ordinality o (option, place)
    order by place
  loop
    perform private.check_option(v_option.option, p_menus,
      format('%s.options[%s]', p_place, v_option.place));
    if v_option.same > 1 then
      perform private.refuse_script(format('%s.options[%s].digit', p_place, v_option.place),
        format('%s stands twice in this menu', v_option.option ->> 'digit'));
    end if;
  end loop;
end $$;

-- Menus from which no path of keys leads out: to a queue, a number, voicemail or a callback.
create or replace function private.menus_without_exit(p_menus jsonb)
  returns text[]
  language sql
  immutable
  set search_path = ''
as $$
  with recursive options as (
    select menu ->> 'id' as menu, o ->> 'actionMenu' as leads_to
    from jsonb_array_elements(p_menus) menu
    cross join lateral jsonb_array_elements(coalesce(menu -> 'options', '[{}]')) o
  ), left_by_key as (
    select menu from options where leads_to is null
    union
    select o.menu from options o join left_by_key l on o.leads_to = l.menu
  )
  select coalesce(array_agg(menu ->> 'id'), '{}') from jsonb_array_elements(p_menus) menu
  where menu ->> 'id' not in (select menu from left_by_key);
$$;

-- The whole script, and its version: it counts up whenever callers will hear something else.
create or replace function private.check_script()
  returns trigger
  language plpgsql
  security definer  -- its parts are private; supervisors write this table
  set search_path = ''
as $$
declare
  v_menus constant jsonb := new.script_data -> 'menus';
  v_ids text[];
  v_stuck text[];
begin
  if jsonb_typeof(v_menus) is distinct from 'array' or v_menus = '[]' then
    perform private.refuse_script('menus', 'a list of at least one menu is needed');
  end if;
  select array_agg(menu ->> 'id') into v_ids from jsonb_array_elements(v_menus) menu;
  for i in 0 .. jsonb_array_length(v_menus) - 1 loop
    if coalesce(v_menus -> i ->> 'id', '') = '' then
      perform private.refuse_script(format('menus[%s].id', i), 'a name is needed');
    elsif cardinality(array_positions(v_ids, v_menus -> i ->> 'id')) > 1 then
      perform private.refuse_script(format('menus[%s].id', i),
        format('there are two menus %s', v_menus -> i ->> 'id'));
    end if;
    perform private.check_menu(v_menus -> i, v_ids, format('menus[%s]', i));
  end loop;
  v_stuck := private.menus_without_exit(v_menus);
  if v_stuck <> '{}' then
    perform private.refuse_script(format('menus[%s]', array_position(v_ids, v_stuck[1]) - 1),
      format('nobody can leave menu %s', v_stuck[1]));
  end if;
  if tg_op = 'UPDATE' and new.version = old.version
    and (new.script_data, new.welcome_message)
      is distinct from (old.script_data, old.welcome_message) then
    new.version := old.version + 1;
  end if;
  return new;
end $$;

create or replace trigger ivr_scripts_check
  before insert or update of script_data, welcome_message on public.ivr_scripts
  for each row execute function private.check_script();

create or replace trigger ivr_scripts_check_active
  before update of active on public.ivr_scripts
  for each row when (new.active and old.active is not true) execute function private.check_script();

revoke execute on all functions in schema private from public;
