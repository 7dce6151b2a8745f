-- When the router runs: on every change that could match a caller with an agent, at the end of the
-- transaction that made it, and in the sweep.
--
-- Two advisory locks, of arrivals and of matching, make sure that of two changes which only together make a
-- match (a caller comes, an agent becomes free) whichever comes second sees the first. Whoever brings a
-- caller shares the lock of arrivals with others who do, until their transaction ends; whoever has an agent
-- to give takes it alone. So callers enter queues side by side as long as nobody is free; only one who sees a
-- free agent takes the second lock, which serves one match at a time. Always in this order, and after every
-- lock on a row. Rows that others hold are skipped, never waited for: who holds one looks for a match itself
-- after changing it, and the sweep is behind all of them.

-- For a free agent's sake: nobody else matches, and every caller who entered a queue before is seen. A
-- transaction that shares the lock as an arrival does not wait for the other arrivals, for they might wait
-- for it: false, and the sweep makes the match.
create or replace function private.lock_arrivals()
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if current_setting('callcenter.is_arrival', true) = 'yes' then
    return pg_try_advisory_xact_lock(hashtext('callcenter.arrivals'));
  end if;
  perform pg_advisory_xact_lock(hashtext('callcenter.arrivals'));
  return true;
end $$;

-- A caller has entered a queue, beside others; every agent who became free before is seen.
create or replace function private.share_arrivals()
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock_shared(hashtext('callcenter.arrivals'));
  perform set_config('callcenter.is_arrival', 'yes', true);
end $$;

-- Of the callers who arrive together, one at a time is matched.
create or replace function private.lock_matching()
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(hashtext('callcenter.matching'));
end $$;

-- Finds work for an agent who may have become free, as long as they have a seat left. Others who suit their
-- callers better are rung before them; what is left after some matches is the sweep's.
create or replace function private.route_agent(p_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if not private.is_free(p_agent_id) or not private.lock_arrivals() then
    return;
  end if;
  for i in 1 .. 5 loop
    exit when private.match_once(p_agent_id) is null;
  end loop;
end $$;

-- Whether a queue has a free member with the skills for a caller who has waited so long.
create or replace function private.has_free_member(
  p_queue public.call_queues, p_waited_seconds integer)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (
    select 1 from public.call_center_agents a
    join private.queue_members m on m.agent_id = a.id and m.queue_id = p_queue.id
    where a.free_from <= private.clock()
      and private.lacking_skill(a.skills, p_queue, p_waited_seconds) is null);
end $$;

-- Finds an agent for a call that began to wait, or waits again; true where one is being rung. Each
-- agent who could take it first gets the best caller of theirs, who need not be this one.
create or replace function private.route_call(p_call_record_id uuid)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_entry private.queue_entries;
  v_queue public.call_queues;
  v_agent_id uuid;
begin
  perform private.share_arrivals();
  select * into v_entry from private.queue_entries
  where call_record_id = p_call_record_id and left_at is null and not offered and not_before is null;
  select * into v_queue from public.call_queues where id = v_entry.queue_id;
  if not found or not private.has_free_member(
      v_queue, private.seconds_between(v_entry.joined_at, private.clock())) then
    return false;
  end if;
  perform private.lock_matching();
  for i in 1 .. 20 loop
    select c.agent_id into v_agent_id
    from private.candidates(v_queue,
      private.seconds_between(v_entry.joined_at, private.clock()),
      (select c.last_agent_id from public.call_records r join public.crm_contacts c on c.id = r.contact_id
        where r.id = p_call_record_id), true) c
    where c.lost is null order by c.place limit 1;
    exit when not found or private.match_once(v_agent_id) is null;
    if exists (select 1 from private.queue_entries where id = v_entry.id and offered) then
      return true;
    end if;
  end loop;
  return false;
end $$;

-- How many changes of this transaction wait for the router.
create or replace function private.routing_due()
  returns integer
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce(nullif(current_setting('callcenter.routing_due', true), ''), '0')::integer;
end $$;

-- So many more wait for it, or fewer.
create or replace function private.count_routing_due(p_more integer)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform set_config('callcenter.routing_due', (private.routing_due() + p_more)::text, true);
end $$;

-- At the end of the transaction in which a call began to wait, an agent is looked for.
create or replace function private.route_on_wait()
  returns trigger
  language plpgsql
  security definer  -- fired by whoever commits; touches private tables
  set search_path = ''
as $$
begin
  perform private.count_routing_due(-1);
  perform private.route_call(new.call_record_id);
  return null;
end $$;

-- Finds work for an agent, unless so many more of this transaction (a supervisor opens a centre, or saves all
-- queues) come after that those who call meanwhile would wait for their matches: the sweep makes these.
create or replace function private.route_agent_in_turn(p_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.count_routing_due(-1);
  if private.routing_due() < 5 then
    perform private.route_agent(p_agent_id);
  end if;
end $$;

-- At the end of the transaction in which an agent became free, or more able, a caller is looked for.
create or replace function private.route_on_agent()
  returns trigger
  language plpgsql
  security definer  -- fired by a browser changing its status; touches private tables
  set search_path = ''
as $$
begin
  perform private.route_agent_in_turn(new.id);
  return null;
end $$;

-- The same for an agent who became a member of a queue.
create or replace function private.route_on_membership()
  returns trigger
  language plpgsql
  security definer  -- fired by a supervisor changing a queue; touches private tables
  set search_path = ''
as $$
begin
  perform private.route_agent_in_turn(new.agent_id);
  return null;
end $$;

-- A call joined a queue, the agent being rung for it did not take it, or its time has come.
drop trigger if exists queue_entries_route on private.queue_entries;
create constraint trigger queue_entries_route
  after insert or update of offered, not_before on private.queue_entries
  deferrable initially deferred for each row
  when (new.left_at is null and not new.offered and new.not_before is null)
  execute function private.route_on_wait();

-- An agent became free, or able to do more.
drop trigger if exists call_center_agents_route on public.call_center_agents;
create constraint trigger call_center_agents_route
  after update on public.call_center_agents
  deferrable initially deferred for each row
  when (new.free_from is not null and (
    old.free_from is distinct from new.free_from
    or old.wrap_up_until is distinct from new.wrap_up_until
    or old.busy_until is distinct from new.busy_until
    or old.rest_until is distinct from new.rest_until
    or old.skills <> new.skills))
  execute function private.route_on_agent();

-- An agent joined a queue.
drop trigger if exists queue_members_route on private.queue_members;
create constraint trigger queue_members_route
  after insert on private.queue_members
  deferrable initially deferred for each row
  execute function private.route_on_membership();

-- Something in this transaction waits for the router: each of the three triggers above has one beside it
-- that counts it at once, for to ask Postgres costs as much as a small webhook.
create or replace function private.note_routing_due()
  returns trigger
  language plpgsql
  security definer  -- as the routing triggers
  set search_path = ''
as $$
begin
  perform private.count_routing_due(1);
  return null;
end $$;

create or replace trigger queue_entries_route_due
  after insert or update of offered, not_before on private.queue_entries
  for each row when (new.left_at is null and not new.offered and new.not_before is null)
  execute function private.note_routing_due();
create or replace trigger call_center_agents_route_due
  after update on public.call_center_agents
  for each row when (new.free_from is not null and (
    old.free_from is distinct from new.free_from
    or old.wrap_up_until is distinct from new.wrap_up_until
    or old.busy_until is distinct from new.busy_until
    or old.rest_until is distinct from new.rest_until
    or old.skills <> new.skills))
  execute function private.note_routing_due();
create or replace trigger queue_members_route_due
  after insert on private.queue_members
  for each row execute function private.note_routing_due();

-- Runs the router now, where it is due; otherwise it runs at the end of the transaction.
create or replace function private.route_now()
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if private.routing_due() > 0 then
    set constraints private.queue_entries_route, public.call_center_agents_route,
      private.queue_members_route immediate;
    set constraints private.queue_entries_route, public.call_center_agents_route,
      private.queue_members_route deferred;
  end if;
end $$;

-- The last step of every webhook's function: matches are made, and the commands that this transaction
-- wrote go to the asking process.
create or replace function private.hand_over_commands(p_process text)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.route_now();
  return private.claim_written_commands(p_process);
end $$;

-- Free agents beside a caller whom they could take: nobody, while the invariant holds. The longest
-- wait of a queue asks for the least, so only that caller is looked at, and each set of skills once.
create or replace function private.free_agents_with_callers()
  returns table (agent_id uuid)
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
begin
  return query
  with waiting as materialized (
    select q.id as queue_id, private.seconds_between(e.joined_at, v_now) as waited
    from public.call_queues q cross join lateral (
      select w.joined_at from private.queue_entries w
      where w.queue_id = q.id and w.left_at is null and not w.offered and w.not_before is null
      order by w.joined_at, w.id limit 1) e
  ), free as (
    select a.id, a.skills, w.queue_id, w.waited
    from waiting w join private.queue_members m on m.queue_id = w.queue_id
    join public.call_center_agents a on a.id = m.agent_id
    where a.free_from <= v_now
  ), suited as materialized (
    select s.skills, s.queue_id
    from (select distinct f.skills, f.queue_id, f.waited from free f) s
    join public.call_queues q on q.id = s.queue_id
    where private.lacking_skill(s.skills, q, s.waited) is null
  )
  select distinct f.id from free f
  join suited s on s.skills = f.skills and s.queue_id = f.queue_id;
end $$;

-- Matches that time alone made possible, or that a lock hid from those who looked. What is limited is the
-- matches: for one agent's sake others who suit their callers better may be rung. Part of the sweep.
create or replace function private.match_free_agents(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_agent_id uuid;
  v_count integer := 0;
begin
  for v_agent_id in select f.agent_id from private.free_agents_with_callers() f loop
    exit when not private.lock_arrivals();
    while v_count < p_limit and private.match_once(v_agent_id) is not null loop
      v_count := v_count + 1;
    end loop;
    exit when v_count >= p_limit;
  end loop;
  return v_count;
end $$;

-- Keeps private.queue_members as call_queues.agent_ids says; ids of nobody, and of archived agents, are
-- ignored. Agents who are being deleted are waited for.
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
  select new.id, a.id from public.call_center_agents a
  where a.id = any (new.agent_ids) and a.archived_at is null
    and not exists (select 1 from private.queue_members m where m.queue_id = new.id and m.agent_id = a.id)
  order by a.id for key share of a
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

revoke execute on all functions in schema private from public;
