-- Who is asking. Policies call these in scalar subqueries, once a query. They are labelled parallel
-- safe, for one that is not would keep a supervisor's count of a million calls on one processor.

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

-- The signed-in user's agent; null for others, and for one that is archived.
create or replace function private.my_agent_id()
  returns uuid
  language sql
  stable
  parallel safe
  security definer  -- policies on call_center_agents use it: reading as the user would recurse
  set search_path = ''
as $$
  select id from public.call_center_agents
  where user_id = (select auth.uid()) and archived_at is null;
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

-- The calls that the signed-in user's agent is in or is being rung for, or was until some minutes ago: a page that
-- follows its calls live must still see one that goes on to a colleague, or would take it to be theirs for ever. (Who
-- was in one for longer than hours does not; so an index finds them.)
create or replace function private.my_recent_calls()
  returns setof uuid
  language sql
  stable
  parallel safe
  security definer  -- offers are private
  set search_path = ''
as $$
  select o.call_record_id from private.call_offers o
  where o.agent_id = (select private.my_agent_id())
    and (o.state <> 'ended' or (o.created_at > private.clock() - interval '4 hours'
      and o.ended_at > private.clock() - interval '5 minutes'));
$$;

-- The lower end of the range of ids that one may see as a supervisor: of every uuid, or for others
-- null, beyond which nothing lies. Why a range: see the policies of call_records.
create or replace function private.lowest_id_as_admin()
  returns uuid
  language sql
  stable
  parallel safe
  set search_path = ''
as $$
  select case when private.is_admin() then '00000000-0000-0000-0000-000000000000'::uuid end;
$$;

-- The upper end of that range.
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

revoke execute on all functions in schema private from public;
grant execute on function
  private.is_admin, private.my_agent_id, private.my_queue_ids, private.my_recent_calls,
  private.lowest_id_as_admin, private.highest_id_as_admin, private.sees_everything
  to authenticated, service_role;
