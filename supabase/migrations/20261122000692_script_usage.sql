-- What became of the last calls of a script, at each option that callers chose.

create index if not exists call_sessions_script_idx on private.call_sessions (script_id, updated_at desc)
  where script_id is not null;

-- The last hundred calls of a script, as they stand: outcome is live, or how they ended (answered, voicemail,
-- callback, transfer, abandoned); in_menu: the caller hung up before they were anywhere.
create or replace function private.last_calls_of_script(p_script_id uuid)
  returns table (id uuid, started_at timestamptz, steps jsonb, outcome text, in_menu boolean)
  language plpgsql
  stable
  rows 100
  set search_path = ''
as $$
begin
  return query
  select r.id, r.started_at, coalesce(r.ivr_path -> 'steps', '[]'),
    case when r.answered_at is not null then 'answered'
      when r.ended_at is null then 'live' else coalesce(s.resolution, 'abandoned') end,
    r.ended_at is not null and r.answered_at is null and s.resolution is null and r.queue_id is null
      and s.voicemail_queue_id is null and not exists (select 1 from private.call_legs l
        where l.call_record_id = r.id and l.role = 'target')
  from (select * from private.call_sessions where script_id = p_script_id and resolution is distinct from 'rejected'
    order by updated_at desc limit 100) s
  join public.call_records r on r.id = s.call_record_id;
end $$;

-- What became of a script's last hundred calls: {in_force, time_zone, calls, since, options, menus}. in_force: the
-- next call begins with it; time_zone: the centre's; options: of each that was chosen,
-- {menu, option (its key), action, to, calls, answered, voicemail, callback, transfer, abandoned, live}; menus: of
-- each, {menu, calls that heard it, silent, not_understood: answers that were none, hung_up: callers who left there}.
-- A call counts once at each.
create or replace function public.ivr_script_usage(p_script_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer  -- private tables; supervisors only
  set search_path = ''
as $$
declare
  v_first constant text := private.first_menu(
    (select script_data from public.ivr_scripts where id = p_script_id));
  v_usage jsonb;
begin
  perform private.require_admin();
  with calls as materialized (
    select * from private.last_calls_of_script(p_script_id)
  ), steps as (
    select c.id, c.outcome, s.step ->> 'menu' as menu, s.step ->> 'option' as option, s.step ->> 'action' as action,
      s.step ->> 'to' as "to", s.step ->> 'input' as input, s.step
    from calls c cross join lateral jsonb_array_elements(c.steps) as s (step) where s.step ? 'action'
  ), chosen as (
    select menu, option, action, "to", count(distinct id) as calls,
      count(distinct id) filter (where outcome = 'answered') as answered,
      count(distinct id) filter (where outcome = 'voicemail') as voicemail,
      count(distinct id) filter (where outcome = 'callback') as callback,
      count(distinct id) filter (where outcome = 'transfer') as transfer,
      count(distinct id) filter (where outcome = 'abandoned') as abandoned,
      count(distinct id) filter (where outcome = 'live') as live
    from steps where option is not null group by 1, 2, 3, 4
  ), heard as (
    select id, v_first as menu, steps = '[]' and in_menu as hung_up, false as silent, false as wrong from calls
    union all
    select id, coalesce(case when s.option is null then s.menu when s.action = 'actionMenu' then s."to" end, v_first),
      in_menu and s.step = c.steps -> -1, s.option is null and s.input = '', s.option is null and s.input <> ''
    from steps s join calls c using (id) where s.option is null or s.action = 'actionMenu'
  ), menus as (
    select menu, count(distinct id) as calls, count(distinct id) filter (where silent) as silent,
      count(distinct id) filter (where wrong) as not_understood, count(distinct id) filter (where hung_up) as hung_up
    from heard group by 1
  )
  select jsonb_build_object('in_force', (private.current_script()).id is not distinct from p_script_id,
    'time_zone', (select time_zone from private.settings), 'calls', count(*), 'since', min(started_at),
    'options', (select coalesce(jsonb_agg(to_jsonb(chosen) order by menu, option), '[]') from chosen),
    'menus', (select coalesce(jsonb_agg(to_jsonb(menus) order by menu), '[]') from menus))
  into v_usage from calls;
  return v_usage;
end $$;
revoke execute on function public.ivr_script_usage from public, anon, authenticated;
grant execute on function public.ivr_script_usage to authenticated, service_role;

revoke execute on all functions in schema private from public;
