-- Defaults and not null as a fresh database has them, and the columns that are new.
select set_config('lock_timeout', '10s', true), set_config('statement_timeout', '0', true);

-- A null in an old row becomes the default. A column with neither is one that may be empty.
do $$
declare
  v_item record;
begin
  for v_item in
    select split_part(place, '.', 1) as tbl, split_part(place, '.', 2) as col, preset, required
    from (values
      ('call_center_agents.id', 'gen_random_uuid()', true),
      ('call_center_agents.user_id', null, true),
      ('call_center_agents.extension', null, true),
      ('call_center_agents.agent_status', '''offline''', true),
      ('call_center_agents.max_concurrent_calls', '1', true),
      ('call_center_agents.skills', '''{"general": true}''', true),
      ('call_center_agents.phone_number', null, false),
      ('call_center_agents.current_call_count', '0', true),
      ('call_center_agents.total_calls_handled', '0', true),
      ('call_center_agents.average_handling_time_seconds', '0', true),
      ('call_center_agents.last_status_change', 'now()', true),
      ('call_center_agents.created_at', 'now()', true),
      ('call_center_agents.updated_at', 'now()', true),
      ('crm_contacts.id', 'gen_random_uuid()', true),
      ('crm_contacts.phone_number', null, true),
      ('crm_contacts.email', null, false),
      ('crm_contacts.first_name', null, false),
      ('crm_contacts.last_name', null, false),
      ('crm_contacts.company_name', null, false),
      ('crm_contacts.company_phone', null, false),
      ('crm_contacts.contact_type', '''lead''', false),
      ('crm_contacts.source', null, false),
      ('crm_contacts.tags', '''[]''', true),
      ('crm_contacts.notes', null, false),
      ('crm_contacts.custom_fields', '''{}''', true),
      ('crm_contacts.last_call_date', null, false),
      ('crm_contacts.last_call_duration_seconds', null, false),
      ('crm_contacts.total_call_count', '0', true),
      ('crm_contacts.call_history_ids', '''{}''', true),
      ('crm_contacts.created_at', 'now()', true),
      ('crm_contacts.updated_at', 'now()', true),
      ('call_records.id', 'gen_random_uuid()', true),
      ('call_records.call_id', null, true),
      ('call_records.agent_id', null, false),
      ('call_records.contact_id', null, false),
      ('call_records.caller_number', null, true),
      ('call_records.caller_name', null, false),
      ('call_records.receiver_number', null, false),
      ('call_records.queue_name', null, false),
      ('call_records.call_status', '''queued''', true),
      ('call_records.call_direction', '''inbound''', true),
      ('call_records.ivr_path', '''{}''', true),
      ('call_records.started_at', 'now()', false),
      ('call_records.ended_at', null, false),
      ('call_records.duration_seconds', '0', true),
      ('call_records.hold_duration_seconds', '0', true),
      ('call_records.transferred', 'false', true),
      ('call_records.transferred_to_agent_id', null, false),
      ('call_records.transfer_timestamp', null, false),
      ('call_records.recording_url', null, false),
      ('call_records.recording_sid', null, false),
      ('call_records.cost_cents', null, false),
      ('call_records.notes', null, false),
      ('call_records.disposition', null, false),
      ('call_records.custom_data', '''{}''', true),
      ('call_records.created_at', 'now()', true),
      ('call_records.updated_at', 'now()', true),
      ('ivr_scripts.id', 'gen_random_uuid()', true),
      ('ivr_scripts.name', null, true),
      ('ivr_scripts.description', null, false),
      ('ivr_scripts.language', '''es''', true),
      ('ivr_scripts.welcome_message', null, false),
      ('ivr_scripts.script_data', null, true),
      ('ivr_scripts.active', 'true', true),
      ('ivr_scripts.version', '1', true),
      ('ivr_scripts.created_by', null, false),
      ('ivr_scripts.created_at', 'now()', true),
      ('ivr_scripts.updated_at', 'now()', true),
      ('call_queues.id', 'gen_random_uuid()', true),
      ('call_queues.name', null, true),
      ('call_queues.description', null, false),
      ('call_queues.agent_ids', '''{}''', true),
      ('call_queues.routing_strategy', '''round_robin''', true),
      ('call_queues.wait_music_url', null, false),
      ('call_queues.max_wait_seconds', '600', true),
      ('call_queues.priority', '0', true),
      ('call_queues.active', 'true', true),
      ('call_queues.created_at', 'now()', true),
      ('call_queues.updated_at', 'now()', true),
      ('voicemails.id', 'gen_random_uuid()', true),
      ('voicemails.queue_id', null, false),
      ('voicemails.caller_number', null, true),
      ('voicemails.caller_name', null, false),
      ('voicemails.duration_seconds', '0', true),
      ('voicemails.recording_url', null, false),
      ('voicemails.recording_sid', null, false),
      ('voicemails.transcription', null, false),
      ('voicemails.is_listened', 'false', true),
      ('voicemails.listened_by_agent_id', null, false),
      ('voicemails.listened_at', null, false),
      ('voicemails.created_at', 'now()', true),
      ('call_notes.id', 'gen_random_uuid()', true),
      ('call_notes.call_record_id', null, true),
      ('call_notes.agent_id', null, false),
      ('call_notes.note_text', null, true),
      ('call_notes.note_type', '''agent_note''', true),
      ('call_notes.created_at', 'now()', true),
      ('call_notes.updated_at', 'now()', true)
    ) as wanted (place, preset, required)
  loop
    if v_item.required and v_item.preset is not null then
      execute format('update public.%I set %I = %s where %I is null',
        v_item.tbl, v_item.col, v_item.preset, v_item.col);
    end if;
    execute format('alter table public.%I alter column %I %s, alter column %I %s not null',
      v_item.tbl,
      v_item.col, coalesce('set default ' || v_item.preset, 'drop default'),
      v_item.col, case when v_item.required then 'set' else 'drop' end);
  end loop;
end $$;

-- What an agent chose, once: busy was somebody at work on a call, unless it is long ago. They stay
-- busy for a minute more, and are then what they chose.
do $$
begin
  if exists (select 1 from pg_attribute where attname = 'chosen_status'
    and attrelid = 'public.call_center_agents'::regclass) then
    return;
  end if;
  alter table public.call_center_agents
    add column chosen_status text not null default 'offline',
    add column busy_until timestamptz,
    add column wrap_up_until timestamptz,
    add column handling_seconds bigint not null default 0;
  update public.call_center_agents
  set chosen_status = case when agent_status <> 'busy' then agent_status
        when last_status_change > now() - interval '12 hours' then 'available'
        else 'offline' end,
      busy_until = case when agent_status = 'busy' then now() + interval '1 minute' end,
      handling_seconds = total_calls_handled::bigint * average_handling_time_seconds;
end $$;

-- What the frontend may read of telephony's own state.
alter table public.call_center_agents
  add column if not exists skip_wrap_up boolean not null default false,
  add column if not exists rest_until timestamptz,
  add column if not exists missed_offers integer not null default 0,
  add column if not exists aside_reason text,
  add column if not exists idle_since timestamptz not null default now();

alter table public.crm_contacts
  add column if not exists last_agent_id uuid;

alter table public.call_records
  add column if not exists queue_id uuid,
  add column if not exists queued_at timestamptz,
  add column if not exists answered_at timestamptz,
  add column if not exists wait_seconds integer,
  add column if not exists talk_seconds integer,
  add column if not exists recording_status text;

alter table public.call_queues
  add column if not exists ring_timeout_seconds integer not null default 20,
  add column if not exists wrap_up_seconds integer not null default 15,
  add column if not exists service_level_seconds integer not null default 20,
  add column if not exists short_abandon_seconds integer not null default 5,
  add column if not exists record_calls boolean not null default true,
  add column if not exists required_skills jsonb not null default '{}',
  add column if not exists skill_relax_seconds integer not null default 30;

alter table public.voicemails
  add column if not exists call_record_id uuid,
  add column if not exists transcription_status text not null default 'none';

-- Old calls know their queue by name only.
update public.call_records r set queue_id = q.id
from public.call_queues q where r.queue_id is null and r.queue_name = q.name;
