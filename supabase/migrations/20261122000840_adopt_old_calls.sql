-- Calls that were live when this service took over. Those that may still be are asked about: a leg
-- makes the sweep ask Twilio, and what Twilio says ends them. The others never got their end told.
-- Calls of our own have a session.
select set_config('lock_timeout', '10s', true);
select set_config('statement_timeout', '0', true);

update public.call_records r
set call_status = case when r.call_status = 'active' then 'completed'
      when r.call_direction = 'outbound' then 'no_answer' else 'missed' end,
    ended_at = greatest(r.started_at, r.updated_at)
where r.call_status in ('queued', 'ringing', 'active') and r.ended_at is null
  and r.updated_at < now() - interval '1 day'
  and not exists (select 1 from private.call_sessions s where s.call_record_id = r.id);

with adopted as (
  insert into private.call_legs
    (call_sid, call_record_id, role, address, status, started_at, last_heard_at)
  select r.call_id, r.id, 'caller', r.caller_number,
    case r.call_status when 'active' then 'in_progress' else 'ringing' end,
    coalesce(r.started_at, r.created_at), r.updated_at
  from public.call_records r
  where r.call_status in ('queued', 'ringing', 'active') and r.ended_at is null
    and r.call_id ~ '^CA[0-9a-f]{32}$'
    and not exists (select 1 from private.call_legs l where l.call_record_id = r.id)
  on conflict do nothing
  returning call_record_id, status
)
insert into private.call_sessions
  (call_record_id, stage, script, script_id, script_version, language)
select a.call_record_id, case a.status when 'in_progress' then 'connected' else 'menu' end,
  coalesce(s.script_data, '{}'), s.id, s.version, coalesce(s.language, 'es')
from adopted a left join private.current_script() s on true
on conflict do nothing;

-- An agent's calls are the legs that live.
update public.call_center_agents a set current_call_count = l.live
from (
  select a.id, count(l.call_sid)::integer as live
  from public.call_center_agents a
  left join private.call_legs l on l.agent_id = a.id and l.ended_at is null
  group by a.id
) as l
where l.id = a.id and a.current_call_count <> l.live;
