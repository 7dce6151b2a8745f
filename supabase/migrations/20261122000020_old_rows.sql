-- Old rows say what the checks of the files after this one allow: words of Twilio's, or of older
-- code, become ours; what can't be said any more is kept beside. Nothing here changes a row that
-- is in order, and no trigger fires: all were dropped.
select set_config('lock_timeout', '10s', true);
select set_config('statement_timeout', '0', true);

update public.call_records set call_status = case
    when call_status in ('in-progress', 'in_progress', 'answered', 'connected') then 'active'
    when call_status in ('initiated', 'dialing') then 'ringing'
    when call_status in ('no-answer', 'busy', 'rejected') then 'no_answer'
    when call_status in ('canceled', 'cancelled', 'abandoned') then 'missed'
    when ended_at is not null and (call_status is null or call_status in ('ended', 'voicemail'))
    then 'completed'
    else 'failed' end
where (call_status in
  ('queued', 'ringing', 'active', 'completed', 'failed', 'no_answer', 'missed')) is not true;
update public.call_records
set call_direction = case when call_direction ilike 'out%' then 'outbound' else 'inbound' end
where call_direction not in ('inbound', 'outbound');
update public.call_records
set duration_seconds = greatest(duration_seconds, 0),
    hold_duration_seconds = greatest(hold_duration_seconds, 0)
where duration_seconds < 0 or hold_duration_seconds < 0;

update public.call_center_agents set agent_status = 'offline'
where agent_status not in ('available', 'busy', 'break', 'offline');
update public.call_center_agents set max_concurrent_calls = greatest(1, least(max_concurrent_calls, 1000))
where max_concurrent_calls not between 1 and 1000;
update public.call_center_agents set current_call_count = 0 where current_call_count < 0;
-- A list of skills is the skills that are true.
update public.call_center_agents set skills = case
    when jsonb_typeof(skills) = 'array' then coalesce((
      select jsonb_object_agg(skill, true) from jsonb_array_elements_text(skills) as skill
      where skill is not null), '{}')
    else '{"general": true}' end
where jsonb_typeof(skills) <> 'object';

update public.crm_contacts
set custom_fields = coalesce(custom_fields, '{}') || jsonb_build_object('old_contact_type', contact_type),
    contact_type = 'lead'
where contact_type not in ('client', 'prospect', 'lead', 'customer');

update public.call_queues set routing_strategy = case
    when replace(lower(routing_strategy), '-', '_')
      in ('round_robin', 'least_busy', 'skills_based', 'longest_idle')
    then replace(lower(routing_strategy), '-', '_') else 'round_robin' end
where routing_strategy not in ('round_robin', 'least_busy', 'skills_based', 'longest_idle');
update public.call_queues set max_wait_seconds = 600 where max_wait_seconds <= 0;
update public.call_queues set agent_ids = array_remove(agent_ids, null)
where array_position(agent_ids, null) is not null;

update public.ivr_scripts set script_data = case jsonb_typeof(script_data)
    when 'array' then jsonb_build_object('menus', script_data)
    else jsonb_build_object('old_script_data', script_data) end
where jsonb_typeof(script_data) <> 'object';

-- A recording told twice made two voicemails. The later ones keep a SID that says so, for one
-- recording is one voicemail from here on.
update public.voicemails set recording_sid = null where recording_sid = '';
update public.voicemails v set recording_sid = v.recording_sid || ' #' || d.place
from (
  select id, row_number() over (partition by recording_sid order by created_at, id) as place
  from public.voicemails where recording_sid is not null
) as d
where d.id = v.id and d.place > 1;

update public.call_notes set note_type = 'agent_note'
where note_type not in ('agent_note', 'system', 'callback_reminder');
