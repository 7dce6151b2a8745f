-- Who may do what. anon: nothing. An agent: their own row, calls, queues and voicemails, and
-- contacts. Supervisors and gerentes: everything. The service role: the functions that the webhooks
-- and the worker call, and the tables.

grant usage on schema private to authenticated, service_role;

-- The signed-in user's agent; null for others.
create or replace function private.my_agent_id()
  returns uuid
  language sql
  stable
  security definer  -- policies on call_center_agents use it: reading as the user would recurse
  set search_path = ''
as $$
  select id from public.call_center_agents where user_id = (select auth.uid());
$$;

create or replace function private.my_queue_ids()
  returns setof uuid
  language sql
  stable
  security definer  -- membership is private
  set search_path = ''
as $$
  select m.queue_id from private.queue_members m
  join public.call_center_agents a on a.id = m.agent_id where a.user_id = (select auth.uid());
$$;

-- Supervisors, gerentes, the service itself and who runs SQL as the owner.
create or replace function private.sees_everything()
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select current_user not in ('anon', 'authenticated') or public.check_is_admin();
$$;

-- A browser writes what is its user's to write. Telephony's columns keep their values without an
-- error, for the database owns the state; an agent's own profile is the supervisor's to change.
create or replace function private.guard_agent_row()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  if current_user <> 'authenticated' then
    return new;
  end if;
  new.current_call_count := old.current_call_count;
  new.total_calls_handled := old.total_calls_handled;
  new.average_handling_time_seconds := old.average_handling_time_seconds;
  new.handling_seconds := old.handling_seconds;
  new.chosen_status := old.chosen_status;
  new.busy_until := old.busy_until;
  new.wrap_up_until := old.wrap_up_until;
  new.skip_wrap_up := old.skip_wrap_up;
  new.rest_until := old.rest_until;
  new.missed_offers := old.missed_offers;
  new.aside_reason := old.aside_reason;
  new.idle_since := old.idle_since;
  new.last_status_change := old.last_status_change;
  if not public.check_is_admin() and (new.extension, new.max_concurrent_calls, new.skills,
      new.phone_number, new.user_id, new.id) is distinct from (old.extension,
      old.max_concurrent_calls, old.skills, old.phone_number, old.user_id, old.id) then
    raise exception 'an agent may change only agent_status of their own row'
      using errcode = '42501', hint = 'Ask a supervisor to change the rest.';
  end if;
  return new;
end $$;

-- "a_" runs before "status" in name order: the guard first, then the intent is read.
create or replace trigger call_center_agents_a_guard
  before update on public.call_center_agents
  for each row execute function private.guard_agent_row();

create or replace function private.guard_call_row()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  if current_user <> 'authenticated' then
    return new;
  end if;
  if tg_op = 'INSERT' then
    new.call_status := 'queued';
    return new;
  end if;
  new.call_status := old.call_status;
  new.call_direction := old.call_direction;
  new.started_at := old.started_at;
  new.queued_at := old.queued_at;
  new.answered_at := old.answered_at;
  new.ended_at := old.ended_at;
  new.duration_seconds := old.duration_seconds;
  new.wait_seconds := old.wait_seconds;
  new.talk_seconds := old.talk_seconds;
  new.hold_duration_seconds := old.hold_duration_seconds;
  new.recording_url := old.recording_url;
  new.recording_sid := old.recording_sid;
  new.recording_status := old.recording_status;
  new.agent_id := old.agent_id;
  new.queue_id := old.queue_id;
  new.queue_name := old.queue_name;
  new.ivr_path := old.ivr_path;
  new.caller_number := old.caller_number;
  return new;
end $$;

create or replace trigger call_records_a_guard
  before insert or update on public.call_records
  for each row execute function private.guard_call_row();

create or replace function private.touch()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end $$;

do $$
declare
  v_table text;
begin
  foreach v_table in array array['crm_contacts', 'call_records', 'ivr_scripts', 'call_queues', 'call_notes'] loop
    execute format('create or replace trigger %I before update on public.%I
      for each row execute function private.touch()', v_table || '_touch', v_table);
  end loop;
end $$;

-- Grants: what a role may try at all; policies say on which rows.
revoke all on public.call_center_agents, public.crm_contacts, public.call_records,
  public.ivr_scripts, public.call_queues, public.voicemails, public.call_notes
  from public, anon, authenticated;
grant select, insert, update, delete on public.call_center_agents, public.crm_contacts,
  public.call_records, public.ivr_scripts, public.call_queues, public.voicemails, public.call_notes
  to authenticated, service_role;

create policy "agents see themselves, supervisors everyone" on public.call_center_agents
  for select to authenticated
  using (user_id = (select auth.uid()) or (select public.check_is_admin()));
create policy "supervisors add agents" on public.call_center_agents
  for insert to authenticated with check ((select public.check_is_admin()));
create policy "agents change their own row, supervisors any" on public.call_center_agents
  for update to authenticated
  using (user_id = (select auth.uid()) or (select public.check_is_admin()))
  with check (user_id = (select auth.uid()) or (select public.check_is_admin()));
create policy "supervisors remove agents" on public.call_center_agents
  for delete to authenticated using ((select public.check_is_admin()));

create policy "agents and supervisors see contacts" on public.crm_contacts
  for select to authenticated
  using ((select private.my_agent_id()) is not null or (select public.check_is_admin()));
create policy "agents and supervisors add contacts" on public.crm_contacts
  for insert to authenticated
  with check ((select private.my_agent_id()) is not null or (select public.check_is_admin()));
create policy "agents and supervisors change contacts" on public.crm_contacts
  for update to authenticated
  using ((select private.my_agent_id()) is not null or (select public.check_is_admin()))
  with check ((select private.my_agent_id()) is not null or (select public.check_is_admin()));
create policy "supervisors remove contacts" on public.crm_contacts
  for delete to authenticated using ((select public.check_is_admin()));

create policy "agents see their calls, supervisors all" on public.call_records
  for select to authenticated
  using (agent_id = (select private.my_agent_id())
    or transferred_to_agent_id = (select private.my_agent_id())
    or (select public.check_is_admin()));
create policy "agents start their own calls" on public.call_records
  for insert to authenticated
  with check ((agent_id = (select private.my_agent_id()) and call_id like 'pending-%')
    or (select public.check_is_admin()));
create policy "agents write on their calls, supervisors on all" on public.call_records
  for update to authenticated
  using (agent_id = (select private.my_agent_id())
    or transferred_to_agent_id = (select private.my_agent_id())
    or (select public.check_is_admin()))
  with check (agent_id = (select private.my_agent_id())
    or transferred_to_agent_id = (select private.my_agent_id())
    or (select public.check_is_admin()));
create policy "supervisors remove calls" on public.call_records
  for delete to authenticated using ((select public.check_is_admin()));

create policy "agents read active scripts, supervisors all" on public.ivr_scripts
  for select to authenticated
  using ((active and (select private.my_agent_id()) is not null) or (select public.check_is_admin()));
create policy "supervisors add scripts" on public.ivr_scripts
  for insert to authenticated with check ((select public.check_is_admin()));
create policy "supervisors change scripts" on public.ivr_scripts
  for update to authenticated
  using ((select public.check_is_admin())) with check ((select public.check_is_admin()));
create policy "supervisors remove scripts" on public.ivr_scripts
  for delete to authenticated using ((select public.check_is_admin()));

create policy "agents see their queues, supervisors all" on public.call_queues
  for select to authenticated
  using (id = any (array(select private.my_queue_ids())) or (select public.check_is_admin()));
create policy "supervisors add queues" on public.call_queues
  for insert to authenticated with check ((select public.check_is_admin()));
create policy "supervisors change queues" on public.call_queues
  for update to authenticated
  using ((select public.check_is_admin())) with check ((select public.check_is_admin()));
create policy "supervisors remove queues" on public.call_queues
  for delete to authenticated using ((select public.check_is_admin()));

create policy "agents hear voicemails of their queues, supervisors all" on public.voicemails
  for select to authenticated
  using (queue_id = any (array(select private.my_queue_ids())) or (select public.check_is_admin()));
create policy "supervisors add voicemails" on public.voicemails
  for insert to authenticated with check ((select public.check_is_admin()));
create policy "agents mark voicemails of their queues" on public.voicemails
  for update to authenticated
  using (queue_id = any (array(select private.my_queue_ids())) or (select public.check_is_admin()))
  with check (queue_id = any (array(select private.my_queue_ids()))
    or (select public.check_is_admin()));
create policy "supervisors remove voicemails" on public.voicemails
  for delete to authenticated using ((select public.check_is_admin()));

-- A call's notes are for whoever sees the call.
create policy "notes are read with their call" on public.call_notes
  for select to authenticated
  using (exists (select 1 from public.call_records r where r.id = call_record_id));
create policy "notes are added to calls one sees, as oneself" on public.call_notes
  for insert to authenticated
  with check ((select public.check_is_admin()) or (agent_id = (select private.my_agent_id())
    and exists (select 1 from public.call_records r where r.id = call_record_id)));
create policy "notes are changed by their author" on public.call_notes
  for update to authenticated
  using ((select public.check_is_admin()) or agent_id = (select private.my_agent_id()))
  with check ((select public.check_is_admin()) or (agent_id = (select private.my_agent_id())
    and exists (select 1 from public.call_records r where r.id = call_record_id)));
create policy "notes are removed by supervisors" on public.call_notes
  for delete to authenticated using ((select public.check_is_admin()));
