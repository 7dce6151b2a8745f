-- Who may do what, on which rows. anon: nothing. The service role: the tables, and the functions that
-- the webhooks and the worker call. Signed-in users: what the guards (the file before) leave them, on the
-- rows that these policies show them. An agent: their own row, calls (for minutes also those that rang for them in
-- vain), queues and voicemails, notes on those calls, active scripts, and every contact. Supervisors and gerentes:
-- every row. Other signed-in users: none.
-- Agents and queues that are archived are shown to nobody here: to the platform's lists they are deleted.
-- The view archived says who they were.

grant usage on schema private to authenticated, service_role;
grant select, insert, update, delete on public.call_center_agents, public.crm_contacts,
  public.call_records, public.ivr_scripts, public.call_queues, public.voicemails, public.call_notes
  to authenticated, service_role;

do $$
begin
  -- Only where the profiles are ours: the platform has policies of its own.
  if exists (select 1 from pg_policy where polrelid = 'public.profiles'::regclass
    and polname = 'users see their own profile, supervisors all') then
    alter policy "users see their own profile, supervisors all" on public.profiles
      using (id = (select auth.uid()) or (select private.is_admin()));
  end if;
end $$;

create policy "agents see themselves, supervisors everyone" on public.call_center_agents
  for select to authenticated
  using (archived_at is null and (user_id = (select auth.uid()) or (select private.is_admin())));
create policy "supervisors add agents" on public.call_center_agents
  for insert to authenticated with check ((select private.is_admin()));
create policy "agents change their own row, supervisors any" on public.call_center_agents
  for update to authenticated
  using (user_id = (select auth.uid()) or (select private.is_admin()))
  with check (user_id = (select auth.uid()) or (select private.is_admin()));
create policy "supervisors remove agents" on public.call_center_agents
  for delete to authenticated using ((select private.is_admin()));

create policy "agents and supervisors see contacts" on public.crm_contacts
  for select to authenticated
  using ((select private.my_agent_id()) is not null or (select private.is_admin()));
create policy "agents and supervisors add contacts" on public.crm_contacts
  for insert to authenticated
  with check ((select private.my_agent_id()) is not null or (select private.is_admin()));
create policy "agents and supervisors change contacts" on public.crm_contacts
  for update to authenticated
  using ((select private.my_agent_id()) is not null or (select private.is_admin()))
  with check ((select private.my_agent_id()) is not null or (select private.is_admin()));
create policy "supervisors remove contacts" on public.crm_contacts
  for delete to authenticated using ((select private.is_admin()));

-- "mine or (select is_admin())" would make Postgres read every call for an agent who asks without a
-- filter: the second half is no condition on the row, and no index answers it. Said as a range of
-- ids (every id for a supervisor, none for others) each half has its index, and an agent's million
-- calls of others are never looked at. The two ends matter: Postgres takes such a range for narrow,
-- where "id >= x" would be taken for a third of the table.
create policy "agents see their calls, supervisors all" on public.call_records
  for select to authenticated
  using (agent_id = (select private.my_agent_id())
    or transferred_to_agent_id = (select private.my_agent_id())
    or id = any (array(select private.my_recent_calls()))
    or id between (select private.lowest_id_as_admin()) and (select private.highest_id_as_admin()));
create policy "agents start their own calls" on public.call_records
  for insert to authenticated
  with check ((agent_id = (select private.my_agent_id()) and call_id like 'pending-%')
    or (select private.is_admin()));
create policy "agents write on their calls, supervisors on all" on public.call_records
  for update to authenticated
  using (agent_id = (select private.my_agent_id())
    or transferred_to_agent_id = (select private.my_agent_id())
    or id between (select private.lowest_id_as_admin()) and (select private.highest_id_as_admin()))
  with check (agent_id = (select private.my_agent_id())
    or transferred_to_agent_id = (select private.my_agent_id())
    or (select private.is_admin()));
create policy "supervisors remove calls" on public.call_records
  for delete to authenticated using ((select private.is_admin()));

create policy "agents read active scripts, supervisors all" on public.ivr_scripts
  for select to authenticated
  using ((active and (select private.my_agent_id()) is not null) or (select private.is_admin()));
create policy "supervisors add scripts" on public.ivr_scripts
  for insert to authenticated with check ((select private.is_admin()));
create policy "supervisors change scripts" on public.ivr_scripts
  for update to authenticated
  using ((select private.is_admin())) with check ((select private.is_admin()));
create policy "supervisors remove scripts" on public.ivr_scripts
  for delete to authenticated using ((select private.is_admin()));

create policy "agents see their queues, supervisors all" on public.call_queues
  for select to authenticated
  using (archived_at is null
    and (id = any (array(select private.my_queue_ids())) or (select private.is_admin())));
create policy "supervisors add queues" on public.call_queues
  for insert to authenticated with check ((select private.is_admin()));
create policy "supervisors change queues" on public.call_queues
  for update to authenticated
  using ((select private.is_admin())) with check ((select private.is_admin()));
create policy "supervisors remove queues" on public.call_queues
  for delete to authenticated using ((select private.is_admin()));

create policy "agents hear voicemails of their queues, supervisors all" on public.voicemails
  for select to authenticated
  using (queue_id = any (array(select private.my_queue_ids()))
    or id between (select private.lowest_id_as_admin()) and (select private.highest_id_as_admin()));
create policy "supervisors add voicemails" on public.voicemails
  for insert to authenticated with check ((select private.is_admin()));
create policy "agents mark voicemails of their queues" on public.voicemails
  for update to authenticated
  using (queue_id = any (array(select private.my_queue_ids()))
    or id between (select private.lowest_id_as_admin()) and (select private.highest_id_as_admin()))
  with check (queue_id = any (array(select private.my_queue_ids()))
    or (select private.is_admin()));
create policy "supervisors remove voicemails" on public.voicemails
  for delete to authenticated using ((select private.is_admin()));

-- A call's notes are for whoever sees the call.
create policy "notes are read with their call" on public.call_notes
  for select to authenticated
  using ((select private.is_admin())
    or exists (select 1 from public.call_records r where r.id = call_record_id));
create policy "notes are added to calls one sees, as oneself" on public.call_notes
  for insert to authenticated
  with check ((select private.is_admin()) or (agent_id = (select private.my_agent_id())
    and exists (select 1 from public.call_records r where r.id = call_record_id)));
create policy "notes are changed by their author" on public.call_notes
  for update to authenticated
  using ((select private.is_admin()) or agent_id = (select private.my_agent_id()))
  with check ((select private.is_admin()) or agent_id = (select private.my_agent_id()));
create policy "notes are removed by supervisors" on public.call_notes
  for delete to authenticated using ((select private.is_admin()));
