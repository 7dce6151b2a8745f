-- Brings the seven tables of either kind of database, fresh or existing, to the same shape:
-- types, defaults, constraints and keys here; what hangs on them (triggers, policies, the view) is
-- dropped here and made again by the migrations after this one.

create schema if not exists private;
comment on schema private is 'What telephony keeps to itself: never exposed by the API.';
revoke all on schema private from public, anon, authenticated;

drop view if exists public.call_center_stats;

-- Old policies, triggers, checks, foreign keys and plain indexes of our tables, whatever their
-- names; trigger functions go too when nothing else uses them.
do $$
declare
  v_tables constant regclass[] := array[
    'public.call_center_agents', 'public.crm_contacts', 'public.call_records',
    'public.ivr_scripts', 'public.call_queues', 'public.voicemails', 'public.call_notes']::regclass[];
  v_functions oid[];
  v_item record;
begin
  for v_item in
    select polname, polrelid::regclass as tbl from pg_policy where polrelid = any (v_tables)
  loop
    execute format('drop policy %I on %s', v_item.polname, v_item.tbl);
  end loop;
  select coalesce(array_agg(distinct tgfoid), '{}') into v_functions
  from pg_trigger where tgrelid = any (v_tables) and not tgisinternal;
  for v_item in
    select tgname, tgrelid::regclass as tbl from pg_trigger
    where tgrelid = any (v_tables) and not tgisinternal
  loop
    execute format('drop trigger %I on %s', v_item.tgname, v_item.tbl);
  end loop;
  for v_item in
    select p.oid::regprocedure as fn from pg_proc p
    where p.oid = any (v_functions) and p.pronamespace = 'public'::regnamespace
      and not exists (select 1 from pg_trigger t where t.tgfoid = p.oid)
  loop
    execute format('drop function %s', v_item.fn);
  end loop;
  for v_item in
    select conname, conrelid::regclass as tbl from pg_constraint
    where conrelid = any (v_tables) and contype in ('c', 'f')
  loop
    execute format('alter table %s drop constraint %I', v_item.tbl, v_item.conname);
  end loop;
  for v_item in
    select i.indexrelid::regclass as idx from pg_index i
    where i.indrelid = any (v_tables)
      and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)
  loop
    execute format('drop index %s', v_item.idx);
  end loop;
  -- Times without a zone were UTC.
  for v_item in
    select attrelid::regclass as tbl, attname from pg_attribute
    where attrelid = any (v_tables) and atttypid = 'timestamp'::regtype and not attisdropped
  loop
    execute format(
      'alter table %s alter column %I drop default, '
      'alter column %I type timestamptz using %I at time zone ''UTC''',
      v_item.tbl, v_item.attname, v_item.attname, v_item.attname);
  end loop;
end $$;

-- Defaults and not null as a fresh database has them; a null in an old row becomes the default.
do $$
declare
  v_item record;
begin
  for v_item in
    select split_part(place, '.', 1) as tbl, split_part(place, '.', 2) as col, preset, required
    from (values
      ('call_center_agents.id', 'gen_random_uuid()', true),
      ('call_center_agents.agent_status', '''offline''', true),
      ('call_center_agents.max_concurrent_calls', '1', true),
      ('call_center_agents.skills', '''{"general": true}''', true),
      ('call_center_agents.current_call_count', '0', true),
      ('call_center_agents.total_calls_handled', '0', true),
      ('call_center_agents.average_handling_time_seconds', '0', true),
      ('call_center_agents.last_status_change', 'now()', true),
      ('call_center_agents.created_at', 'now()', true),
      ('call_center_agents.updated_at', 'now()', true),
      ('crm_contacts.id', 'gen_random_uuid()', true),
      ('crm_contacts.contact_type', '''lead''', false),
      ('crm_contacts.tags', '''[]''', true),
      ('crm_contacts.custom_fields', '''{}''', true),
      ('crm_contacts.total_call_count', '0', true),
      ('crm_contacts.call_history_ids', '''{}''', true),
      ('crm_contacts.created_at', 'now()', true),
      ('crm_contacts.updated_at', 'now()', true),
      ('call_records.id', 'gen_random_uuid()', true),
      ('call_records.call_status', '''queued''', true),
      ('call_records.call_direction', '''inbound''', true),
      ('call_records.ivr_path', '''{}''', true),
      ('call_records.started_at', 'now()', false),
      ('call_records.duration_seconds', '0', true),
      ('call_records.hold_duration_seconds', '0', true),
      ('call_records.transferred', 'false', true),
      ('call_records.custom_data', '''{}''', true),
      ('call_records.created_at', 'now()', true),
      ('call_records.updated_at', 'now()', true),
      ('ivr_scripts.id', 'gen_random_uuid()', true),
      ('ivr_scripts.language', '''es''', true),
      ('ivr_scripts.active', 'true', true),
      ('ivr_scripts.version', '1', true),
      ('ivr_scripts.created_at', 'now()', true),
      ('ivr_scripts.updated_at', 'now()', true),
      ('call_queues.id', 'gen_random_uuid()', true),
      ('call_queues.agent_ids', '''{}''', true),
      ('call_queues.routing_strategy', '''round_robin''', true),
      ('call_queues.max_wait_seconds', '600', true),
      ('call_queues.priority', '0', true),
      ('call_queues.active', 'true', true),
      ('call_queues.created_at', 'now()', true),
      ('call_queues.updated_at', 'now()', true),
      ('voicemails.id', 'gen_random_uuid()', true),
      ('voicemails.duration_seconds', '0', true),
      ('voicemails.is_listened', 'false', true),
      ('voicemails.created_at', 'now()', true),
      ('call_notes.id', 'gen_random_uuid()', true),
      ('call_notes.note_type', '''agent_note''', true),
      ('call_notes.created_at', 'now()', true),
      ('call_notes.updated_at', 'now()', true)
    ) as wanted (place, preset, required)
  loop
    execute format('alter table public.%I alter column %I set default %s',
      v_item.tbl, v_item.col, v_item.preset);
    if v_item.required then
      execute format('update public.%I set %I = %s where %I is null',
        v_item.tbl, v_item.col, v_item.preset, v_item.col);
      execute format('alter table public.%I alter column %I set not null', v_item.tbl, v_item.col);
    end if;
  end loop;
end $$;

-- Words of Twilio's, or of older code, that stand in old rows.
update public.call_records set call_status = case call_status
    when 'in-progress' then 'active' when 'no-answer' then 'no_answer'
    when 'busy' then 'no_answer' when 'canceled' then 'missed' when 'cancelled' then 'missed'
    else 'failed' end
where call_status not in ('queued', 'ringing', 'active', 'completed', 'failed', 'no_answer', 'missed');
update public.call_center_agents set agent_status = 'offline'
where agent_status not in ('available', 'busy', 'break', 'offline');
update public.call_queues set routing_strategy = 'round_robin'
where routing_strategy not in ('round_robin', 'least_busy', 'skills_based', 'longest_idle');

-- What the frontend may read of telephony's own state.
alter table public.call_center_agents
  add column if not exists chosen_status text not null default 'offline',
  add column if not exists busy_until timestamptz,
  add column if not exists wrap_up_until timestamptz,
  add column if not exists skip_wrap_up boolean not null default false,
  add column if not exists rest_until timestamptz,
  add column if not exists missed_offers integer not null default 0,
  add column if not exists aside_reason text,
  add column if not exists idle_since timestamptz not null default now(),
  add column if not exists handling_seconds bigint not null default 0;

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
