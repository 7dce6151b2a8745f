-- IVR scripts that can't work are refused when they are written, with the place named, so that no
-- caller finds out. One that is not active may be unfinished: it is looked at when it becomes active.
-- script_data is {"menus": [menu, …]}; a call begins with the menu "main", else the
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
  elsif jsonb_typeof(p_option -> v_actions[1]) <> 'string' then
    perform private.refuse_script(p_place || '.' || v_actions[1], 'text is needed');
  elsif v_actions[1] = 'actionMenu' and p_option ->> 'actionMenu' <> all (p_menus) then
    perform private.refuse_script(p_place || '.actionMenu',
      format('there is no menu %s', p_option ->> 'actionMenu'));
  elsif coalesce(jsonb_typeof(p_option -> 'description'), 'string') <> 'string' then
    perform private.refuse_script(p_place || '.description', 'text is needed');
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
  if coalesce(jsonb_typeof(p_menu -> 'message'), 'string') <> 'string'
    or length(p_menu ->> 'message') > 4000 then
    perform private.refuse_script(p_place || '.message', 'text of at most 4000 characters is needed');
  elsif coalesce(jsonb_typeof(p_menu -> 'retryMessage'), 'string') <> 'string'
    or length(p_menu ->> 'retryMessage') > 4000 then
    perform private.refuse_script(p_place || '.retryMessage',
      'text of at most 4000 characters is needed');
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

-- Options of a menu that has none at all, as in the scripts of before.
create or replace function private.with_options(p_menu jsonb)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case when p_menu ? 'options' then p_menu else p_menu || '{"options": [
      {"digit": "1", "actionQueue": "sales"}, {"digit": "2", "actionQueue": "support"},
      {"digit": "3", "actionQueue": "hr"}]}' end;
end $$;

-- Every place of a script where a queue or a telephone number stands: as a path and as people are
-- told of it. What is no text stands nowhere.
create or replace function private.places_in_script(p_script jsonb)
  returns table (path text[], place text, key text, named text)
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return query
  with menus as (
    select (m.at - 1)::text as at, m.menu
    from jsonb_array_elements(case jsonb_typeof(p_script -> 'menus')
      when 'array' then p_script -> 'menus' end) with ordinality as m (menu, at)
  ), options as (
    select m.at as menu_at, (o.at - 1)::text as at, o.option
    from menus m cross join lateral jsonb_array_elements(case jsonb_typeof(m.menu -> 'options')
      when 'array' then m.menu -> 'options' end) with ordinality as o (option, at)
  )
  select array['menus', o.menu_at, 'options', o.at, a.key],
    format('menus[%s].options[%s].%s', o.menu_at, o.at, a.key), a.key, a.value #>> '{}'
  from options o cross join lateral jsonb_each(case jsonb_typeof(o.option)
    when 'object' then o.option end) a
  where a.key in ('actionQueue', 'actionVoicemail', 'actionCallback', 'actionTransfer')
    and jsonb_typeof(a.value) = 'string' and a.value <> '""'
  union all
  select array['menus', m.at, 'defaultQueue'], format('menus[%s].defaultQueue', m.at),
    'defaultQueue', m.menu ->> 'defaultQueue'
  from menus m where jsonb_typeof(m.menu -> 'defaultQueue') = 'string';
end $$;

-- The queue that is meant by a name as people write it, capital letters and blanks aside; null where
-- there is none.
create or replace function private.queue_meant(p_name text)
  returns public.call_queues
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_queue public.call_queues;
begin
  select * into v_queue from public.call_queues where name = p_name;
  if not found then
    select * into v_queue from public.call_queues
    where lower(btrim(name)) = lower(btrim(p_name)) order by active desc, name limit 1;
  end if;
  return v_queue;
end $$;

-- The queue of this name for callers; else, for a script may be older than its queues, General, else
-- any that is active. Null only where there is no active queue at all.
create or replace function private.queue_or_any(p_name text)
  returns public.call_queues
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_queue public.call_queues := private.queue_meant(p_name);
begin
  if v_queue.active is not true then
    select * into v_queue from public.call_queues
    where active order by name = 'General' desc, priority desc, name limit 1;
  end if;
  return v_queue;
end $$;

-- A script with its queues' names as they are spelled, and its numbers in E.164. Refuses a queue that
-- is not there and a number that is none.
create or replace function private.spell_script(p_script jsonb)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_script jsonb := p_script;
  v_place record;
  v_spelled text;
begin
  for v_place in select * from private.places_in_script(p_script) loop
    if v_place.key = 'actionTransfer' then
      v_spelled := private.e164(v_place.named);
    else
      v_spelled := (private.queue_meant(v_place.named)).name;
    end if;
    if v_spelled is null then
      perform private.refuse_script(v_place.place, case v_place.key
        when 'actionTransfer' then 'a telephone number is needed'
        else format('there is no queue %s', v_place.named) end);
    end if;
    v_script := jsonb_set(v_script, v_place.path, to_jsonb(v_spelled));
  end loop;
  return v_script;
end $$;

-- Refuses menus that can't work.
create or replace function private.check_menus(p_menus jsonb)
  returns void
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_ids text[];
  v_stuck text[];
begin
  if jsonb_typeof(p_menus) is distinct from 'array' or p_menus = '[]' then
    perform private.refuse_script('menus', 'a list of at least one menu is needed');
  end if;
  select array_agg(menu ->> 'id') into v_ids from jsonb_array_elements(p_menus) menu;
  for i in 0 .. jsonb_array_length(p_menus) - 1 loop
    if coalesce(p_menus -> i ->> 'id', '') = '' then
      perform private.refuse_script(format('menus[%s].id', i), 'a name is needed');
    elsif cardinality(array_positions(v_ids, p_menus -> i ->> 'id')) > 1 then
      perform private.refuse_script(format('menus[%s].id', i),
        format('there are two menus %s', p_menus -> i ->> 'id'));
    end if;
    perform private.check_menu(p_menus -> i, v_ids, format('menus[%s]', i));
  end loop;
  v_stuck := private.menus_without_exit(p_menus);
  if v_stuck <> '{}' then
    perform private.refuse_script(format('menus[%s]', array_position(v_ids, v_stuck[1]) - 1),
      format('nobody can leave menu %s', v_stuck[1]));
  end if;
end $$;

-- A script that is in force is checked and spelled; a draft is not.
create or replace function private.check_script()
  returns trigger
  language plpgsql
  security definer  -- its parts are private; supervisors write this table
  set search_path = ''
as $$
begin
  if new.active then
    perform private.check_menus(new.script_data -> 'menus');
    new.script_data := private.spell_script(new.script_data);
  end if;
  if tg_op = 'UPDATE' and new.version = old.version
    and (new.script_data, new.welcome_message)
      is distinct from (old.script_data, old.welcome_message) then
    new.version := old.version + 1;
  end if;
  return new;
end $$;

-- Not for what our own triggers write: a queue's new name is no reason to look at an old script.
create or replace trigger ivr_scripts_check
  before insert or update of script_data, welcome_message on public.ivr_scripts
  for each row when (pg_trigger_depth() = 0) execute function private.check_script();

create or replace trigger ivr_scripts_check_active
  before update of active on public.ivr_scripts
  for each row when (new.active and old.active is not true) execute function private.check_script();

-- A script in which a queue has another name; the same where it does not name it. Menus that name
-- their queues by having no options are written out first.
create or replace function private.rename_in_script(p_script jsonb, p_old text, p_new text)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_script jsonb := p_script;
  v_place record;
begin
  if p_old in ('sales', 'support', 'hr') and jsonb_typeof(p_script -> 'menus') = 'array' then
    select jsonb_set(p_script, '{menus}', jsonb_agg(private.with_options(menu) order by at))
    into v_script from jsonb_array_elements(p_script -> 'menus') with ordinality as m (menu, at);
  end if;
  for v_place in select * from private.places_in_script(v_script)
    where key <> 'actionTransfer' and named = p_old loop
    v_script := jsonb_set(v_script, v_place.path, to_jsonb(p_new));
  end loop;
  return v_script;
end $$;

-- A queue's new name is written into the scripts that name it, and into those that callers are
-- hearing.
create or replace function private.follow_queue_name()
  returns trigger
  language plpgsql
  security definer  -- live calls' scripts are private; supervisors rename queues
  set search_path = ''
as $$
begin
  update public.ivr_scripts s set script_data = r.script
  from (select id, private.rename_in_script(script_data, old.name, new.name) as script
    from public.ivr_scripts) r
  where r.id = s.id and r.script <> s.script_data;
  update private.call_sessions s set script = r.script
  from (select call_record_id, private.rename_in_script(script, old.name, new.name) as script
    from private.call_sessions where stage = 'menu') r
  where r.call_record_id = s.call_record_id and r.script <> s.script;
  return null;
end $$;

create or replace trigger call_queues_follow_name
  after update of name on public.call_queues
  for each row when (new.name <> old.name and new.archived_at is null)
  execute function private.follow_queue_name();

-- A queue that a script in force names stays, and whoever would delete it learns where it stands.
create or replace function private.keep_named_queue()
  returns trigger
  language plpgsql
  security definer  -- whoever may delete a queue need not see every script
  set search_path = ''
as $$
declare
  v_named record;
begin
  select s.name, p.place into v_named
  from public.ivr_scripts s cross join lateral private.places_in_script(s.script_data) p
  where s.active and p.key <> 'actionTransfer' and p.named = old.name
  order by s.name, p.place limit 1;
  if found then
    raise exception 'queue % is named in script %: %', old.name, v_named.name, v_named.place
      using errcode = 'PT409', hint = 'Have the script lead elsewhere first, or the queue inactive.';
  end if;
  return old;
end $$;

create or replace trigger call_queues_keep_named
  before delete on public.call_queues
  for each row execute function private.keep_named_queue();

revoke execute on all functions in schema private from public;
