-- Where a script can't work, and why: asked when one is written, and by whoever writes it, before.

-- What an option does: its actions by name; a script may name one of these, once.
create or replace function private.option_actions(p_option jsonb)
  returns text[]
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return (select coalesce(array_agg(key order by key), '{}')
    from jsonb_each(case jsonb_typeof(p_option) when 'object' then p_option end)
    where key like 'action%' and value not in ('null', '""', 'false'));
end $$;

-- What is wrong with one option of a menu: it needs a key, and one action that can be followed. key: of the
-- words that say so (private.prompts), in which named is filled in.
create or replace function private.option_faults(p_option jsonb, p_menus text[], p_place text)
  returns table (place text, key text, named text)
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_actions constant text[] := private.option_actions(p_option);
  v_action constant text := case when cardinality(v_actions) = 1 then v_actions[1] end;
  v_target constant jsonb := p_option -> v_action;
begin
  if jsonb_typeof(p_option) <> 'object' then
    return query values (p_place, 'script_option', null::text);
    return;
  end if;
  return query
  select p_place || f.at, f.key, f.named from (values
    ('.digit', 'script_digit', null, coalesce(p_option ->> 'digit', '') !~ '^[0-9*#]$'),
    ('', 'script_no_action', null, v_actions = '{}'),
    ('', 'script_actions', array_to_string(v_actions, ' and '), cardinality(v_actions) > 1),
    ('', 'script_not_an_action', v_action, v_action not in (
      'actionQueue', 'actionTransfer', 'actionMenu', 'actionVoicemail', 'actionCallback')),
    ('.' || v_action, 'script_text', null, jsonb_typeof(v_target) <> 'string'),
    ('.actionMenu', 'script_no_menu', v_target #>> '{}', v_action = 'actionMenu'
      and jsonb_typeof(v_target) = 'string' and v_target #>> '{}' <> all (p_menus)),
    ('.description', 'script_text', null,
      coalesce(jsonb_typeof(p_option -> 'description'), 'string') <> 'string'),
    ('.keywords', 'script_keywords', null,
      coalesce(jsonb_typeof(p_option -> 'keywords'), 'array') <> 'array')
  ) as f (at, key, named, holds) where f.holds;
end $$;

-- What is wrong with one menu: with what is said, how it is asked again, and its options.
create or replace function private.menu_faults(p_menu jsonb, p_menus text[], p_place text)
  returns table (place text, key text, named text)
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_id constant text := nullif(p_menu ->> 'id', '');
begin
  return query
  select p_place || f.at, f.key, f.named from (values
    ('.id', 'script_menu_id', null, v_id is null),
    ('.id', 'script_menu_twice', v_id,
      v_id is not null and cardinality(array_positions(p_menus, v_id)) > 1),
    ('.message', 'script_long_text', null, coalesce(jsonb_typeof(p_menu -> 'message'), 'string') <> 'string'
      or length(p_menu ->> 'message') > 4000),
    ('.retryMessage', 'script_long_text', null,
      coalesce(jsonb_typeof(p_menu -> 'retryMessage'), 'string') <> 'string'
      or length(p_menu ->> 'retryMessage') > 4000),
    ('.options', 'script_options', null, coalesce(jsonb_typeof(p_menu -> 'options'), 'array') <> 'array'),
    ('.maxAttempts', 'script_attempts', null, (p_menu ->> 'maxAttempts') !~ '^([1-9]|10)$'),
    ('.timeout', 'script_timeout', null, (p_menu ->> 'timeout') !~ '^([1-9]|[1-5]\d|60)$'),
    ('.defaultQueue', 'script_queue_name', null,
      coalesce(jsonb_typeof(p_menu -> 'defaultQueue'), 'string') <> 'string')
  ) as f (at, key, named, holds) where f.holds;
  return query
  select f.place, f.key, f.named
  from (
    select option, format('%s.options[%s]', p_place, at - 1) as place, at,
      count(*) over (partition by option ->> 'digit') as same
    from jsonb_array_elements(case jsonb_typeof(p_menu -> 'options') when 'array' then p_menu -> 'options' end)
      with ordinality as o (option, at)) o
  cross join lateral (
    select * from private.option_faults(o.option, p_menus, o.place)
    union all
    select o.place || '.digit', 'script_digit_twice', o.option ->> 'digit'
    where o.same > 1 and o.option ->> 'digit' <> '') f
  order by o.at;
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

-- What stands at a place of a script as it is spelled: a queue's name, or a number in E.164. Null where there
-- is no such queue, or the number is none.
create or replace function private.spelled_in_script(p_key text, p_named text)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return case p_key when 'actionTransfer' then private.e164(p_named)
    else (private.queue_meant(p_named)).name end;
end $$;

-- Everything for which a script can't work, in the order of its places; none where it can. Whether menus can
-- be left is asked once each can be followed.
create or replace function private.script_faults(p_script jsonb)
  returns table (place text, key text, named text)
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_menus constant jsonb := p_script -> 'menus';
  v_ids text[];
begin
  if jsonb_typeof(v_menus) is distinct from 'array' or v_menus = '[]' then
    return query values ('menus', 'script_menus', null::text);
    return;
  end if;
  select array_agg(m.menu ->> 'id' order by m.at) into v_ids
  from jsonb_array_elements(v_menus) with ordinality as m (menu, at);
  return query
  select f.place, f.key, f.named
  from jsonb_array_elements(v_menus) with ordinality as m (menu, at)
  cross join lateral private.menu_faults(m.menu, v_ids, format('menus[%s]', m.at - 1)) f
  order by m.at;
  if not found then
    return query
    select format('menus[%s]', array_position(v_ids, stuck.id) - 1), 'script_stuck', stuck.id
    from unnest(private.menus_without_exit(v_menus)) as stuck (id);
  end if;
  return query
  select p.place, case p.key when 'actionTransfer' then 'script_number' else 'script_no_queue' end, p.named
  from private.places_in_script(p_script) p
  where private.spelled_in_script(p.key, p.named) is null;
end $$;

-- A script with its queues' names as they are spelled, and its numbers in E.164.
create or replace function private.spell_script(p_script jsonb)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_script jsonb := p_script;
  v_place record;
begin
  for v_place in select * from private.places_in_script(p_script) loop
    v_script := jsonb_set(v_script, v_place.path,
      to_jsonb(private.spelled_in_script(v_place.key, v_place.named)));
  end loop;
  return v_script;
end $$;

-- A script that is in force is refused for its first fault (22023, "place: reason"), else spelled; a draft is
-- taken as it is.
create or replace function private.check_script()
  returns trigger
  language plpgsql
  security definer  -- its parts are private; supervisors write this table
  set search_path = ''
as $$
declare
  v_fault record;
begin
  if new.active then
    select * into v_fault from private.script_faults(new.script_data) limit 1;
    if found then
      raise exception 'script_data.%: %', v_fault.place,
        private.say('en', v_fault.key, jsonb_build_object('name', v_fault.named)) using errcode = '22023';
    end if;
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

revoke execute on all functions in schema private from public;
