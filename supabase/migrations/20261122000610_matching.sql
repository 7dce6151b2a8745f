-- When the router runs: on every change that could match a caller with an agent, at the end of the
-- transaction that made it, and in the sweep.

-- Whether an agent could be rung right now.
create or replace function private.is_free(p_agent_id uuid)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select exists (select 1 from public.call_center_agents a
    where a.id = p_agent_id and private.why_not_free(a) is null
      and private.seats_taken(a.id) < a.max_concurrent_calls);
$$;

-- The callers an agent could be rung for: the first few of each of their queues, then by priority
-- and by waiting time over all.
create or replace function private.waiting_for(p_agent_id uuid)
  returns table (call_record_id uuid)
  language sql
  stable
  set search_path = ''
as $$
  select e.call_record_id
  from private.queue_members m cross join lateral (
    select w.call_record_id, w.priority, w.joined_at from private.queue_entries w
    where w.queue_id = m.queue_id and w.left_at is null and not w.offered
      and (w.not_before is null or w.not_before <= private.clock())
    order by w.priority desc, w.joined_at limit 10) e
  where m.agent_id = p_agent_id
  order by e.priority desc, e.joined_at limit 10;
$$;

-- Finds work for an agent who may have become free: callers in order, each to whoever suits them
-- best, until this agent is taken.
create or replace function private.route_agent(p_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call_record_id uuid;
begin
  if not private.is_free(p_agent_id) then
    return;
  end if;
  perform private.lock_routing();
  for v_call_record_id in select w.call_record_id from private.waiting_for(p_agent_id) w loop
    exit when not private.is_free(p_agent_id);
    perform private.route_call(v_call_record_id);
  end loop;
end $$;

create or replace function private.route_on_wait()
  returns trigger
  language plpgsql
  security definer  -- fired by whoever commits; touches private tables
  set search_path = ''
as $$
begin
  perform private.route_call(new.call_record_id);
  return null;
end $$;

create or replace function private.route_on_agent()
  returns trigger
  language plpgsql
  security definer  -- fired by a browser changing its status; touches private tables
  set search_path = ''
as $$
begin
  perform private.route_agent(new.id);
  return null;
end $$;

create or replace function private.route_on_membership()
  returns trigger
  language plpgsql
  security definer  -- fired by a supervisor changing a queue; touches private tables
  set search_path = ''
as $$
begin
  perform private.route_agent(new.agent_id);
  return null;
end $$;

-- A call joined a queue, or the agent being rung for it did not take it.
drop trigger if exists queue_entries_route on private.queue_entries;
create constraint trigger queue_entries_route
  after insert or update of offered on private.queue_entries
  deferrable initially deferred for each row
  when (new.left_at is null and not new.offered)
  execute function private.route_on_wait();

-- An agent became free, or able to do more.
drop trigger if exists call_center_agents_route on public.call_center_agents;
create constraint trigger call_center_agents_route
  after update on public.call_center_agents
  deferrable initially deferred for each row
  when (new.chosen_status = 'available' and (
    old.chosen_status <> 'available'
    or new.idle_since <> old.idle_since
    or new.wrap_up_until is distinct from old.wrap_up_until
    or new.busy_until is distinct from old.busy_until
    or new.rest_until is distinct from old.rest_until
    or new.max_concurrent_calls > old.max_concurrent_calls
    or new.skills <> old.skills))
  execute function private.route_on_agent();

-- An agent joined a queue.
drop trigger if exists queue_members_route on private.queue_members;
create constraint trigger queue_members_route
  after insert on private.queue_members
  deferrable initially deferred for each row
  execute function private.route_on_membership();

-- Keeps private.queue_members as call_queues.agent_ids says; ids of nobody are ignored.
create or replace function private.follow_agent_ids()
  returns trigger
  language plpgsql
  security definer  -- private table; supervisors write call_queues
  set search_path = ''
as $$
begin
  delete from private.queue_members
  where queue_id = new.id and agent_id <> all (new.agent_ids);
  insert into private.queue_members (queue_id, agent_id)
  select new.id, a.id from public.call_center_agents a where a.id = any (new.agent_ids)
  on conflict do nothing;
  return null;
end $$;

create or replace trigger call_queues_members
  after insert or update of agent_ids on public.call_queues
  for each row execute function private.follow_agent_ids();

-- Membership written before there were triggers.
insert into private.queue_members (queue_id, agent_id)
select q.id, a.id from public.call_queues q join public.call_center_agents a on a.id = any (q.agent_ids)
on conflict do nothing;
