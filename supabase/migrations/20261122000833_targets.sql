-- What the figures of a wall are to be: settings that supervisors may change.

-- The targets, by the names of their settings without `target_`: {waiting, service_level, service_level_alarm,
-- abandoned, abandoned_alarm, available, callbacks}.
create or replace function private.targets()
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select jsonb_build_object('waiting', target_waiting, 'service_level', target_service_level,
      'service_level_alarm', alarm_service_level, 'abandoned', target_abandoned, 'abandoned_alarm', alarm_abandoned,
      'available', target_available, 'callbacks', target_callbacks)
    from private.settings);
end $$;

-- Refuses (400), with its name, what can't be one of the targets: each is a whole number, the two in percent have
-- their alarm on the worse side.
create or replace function private.check_targets(p_targets jsonb)
  returns void
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_all constant jsonb := private.targets() || p_targets;
  v_field text;
begin
  select key into v_field from jsonb_each_text(v_all)
  where not private.targets() ? key or value is null or value !~ '^[0-9]{1,4}$'
    or (key ~ '^(service_level|abandoned)' and value::integer > 100)
  order by key limit 1;
  if v_field is null then
    v_field := case
      when (v_all ->> 'service_level_alarm')::integer > (v_all ->> 'service_level')::integer then 'service_level_alarm'
      when (v_all ->> 'abandoned_alarm')::integer < (v_all ->> 'abandoned')::integer then 'abandoned_alarm' end;
  end if;
  if v_field is not null then
    perform private.refuse(400, 'not_a_target', format('%s can''t be that.', v_field),
      jsonb_build_object('field', v_field));
  end if;
end $$;

-- Changes some targets or all, for supervisors, and answers how they are now; every wall is told.
create or replace function public.set_targets(p_targets jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private.settings, of which supervisors may change no other column
  set search_path = ''
as $$
declare
  v_all jsonb;
begin
  perform private.require_admin();
  if jsonb_typeof(p_targets) is distinct from 'object' then
    perform private.refuse(400, 'not_a_target', 'Targets are an object.', '{"field": "p_targets"}');
  end if;
  -- Two supervisors at once change one after the other.
  perform 1 from private.settings for no key update;
  perform private.check_targets(p_targets);
  v_all := private.targets() || p_targets;
  update private.settings
  set target_waiting = (v_all ->> 'waiting')::integer,
      target_service_level = (v_all ->> 'service_level')::integer,
      alarm_service_level = (v_all ->> 'service_level_alarm')::integer,
      target_abandoned = (v_all ->> 'abandoned')::integer,
      alarm_abandoned = (v_all ->> 'abandoned_alarm')::integer,
      target_available = (v_all ->> 'available')::integer,
      target_callbacks = (v_all ->> 'callbacks')::integer
  where true;
  insert into private.live_changes (kind) values ('everything');
  return private.targets();
end $$;
revoke execute on function public.set_targets from public, anon, authenticated;
grant execute on function public.set_targets to authenticated, service_role;

revoke execute on all functions in schema private from public;
