-- Who is asking, and what a role may try at all. anon: nothing. The service role: the tables, and
-- the functions that the webhooks and the worker call. Signed-in users: what the guards leave them
-- (next file) on the rows that the policies show them (the file after).
--
-- Policies call these helpers in scalar subqueries, once a query. They are labelled parallel safe,
-- for one that is not would keep a supervisor's count of a million calls on one processor.

grant usage on schema private to authenticated, service_role;

-- Supervisors and gerentes.
create or replace function private.is_admin()
  returns boolean
  language sql
  stable
  parallel safe
  security definer  -- the platform decides who may run check_is_admin itself
  set search_path = ''
as $$
  select public.check_is_admin();
$$;

-- The signed-in user's agent; null for others.
create or replace function private.my_agent_id()
  returns uuid
  language sql
  stable
  parallel safe
  security definer  -- policies on call_center_agents use it: reading as the user would recurse
  set search_path = ''
as $$
  select id from public.call_center_agents where user_id = (select auth.uid());
$$;

-- The queues that the signed-in user's agent is a member of.
create or replace function private.my_queue_ids()
  returns setof uuid
  language sql
  stable
  parallel safe
  security definer  -- membership is private
  set search_path = ''
as $$
  select m.queue_id from private.queue_members m
  join public.call_center_agents a on a.id = m.agent_id where a.user_id = (select auth.uid());
$$;

-- The ends of the range of ids that one may see as a supervisor: every uuid, or for others null,
-- between which nothing lies. Why a range: see the policies of call_records.
create or replace function private.lowest_id_as_admin()
  returns uuid
  language sql
  stable
  parallel safe
  set search_path = ''
as $$
  select case when private.is_admin() then '00000000-0000-0000-0000-000000000000'::uuid end;
$$;

create or replace function private.highest_id_as_admin()
  returns uuid
  language sql
  stable
  parallel safe
  set search_path = ''
as $$
  select case when private.is_admin() then 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid end;
$$;

-- Supervisors, gerentes, the service itself and who runs SQL as the owner.
create or replace function private.sees_everything()
  returns boolean
  language sql
  stable
  parallel safe
  set search_path = ''
as $$
  select current_user not in ('anon', 'authenticated') or private.is_admin();
$$;

revoke all on public.call_center_agents, public.crm_contacts, public.call_records,
  public.ivr_scripts, public.call_queues, public.voicemails, public.call_notes
  from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.call_center_agents, public.crm_contacts,
  public.call_records, public.ivr_scripts, public.call_queues, public.voicemails, public.call_notes
  to authenticated, service_role;
