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
