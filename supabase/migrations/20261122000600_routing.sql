-- Who gets the call. One decision: members of the queue → those who can take a call now → those
-- with the skills → the strategy's order, the caller's last agent first → reserve → ask Twilio.
--
-- It runs in the transaction that made a match possible, last, from the deferred triggers below.
-- Decisions are made one at a time (the routing lock): of two changes that only together make a
-- match, whichever comes second sees the first. Rows held by others are skipped, never waited for:
-- who holds one routes after changing it, and the sweep is behind both.

create or replace function private.lock_routing()
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  select pg_advisory_xact_lock(hashtext('callcenter.routing'));
$$;

-- Why an agent can't be rung now, whatever the call; null where they can. Capacity apart.
create or replace function private.why_not_free(
  p_agent public.call_center_agents, p_now timestamptz)
  returns text
  language sql
  immutable
  set search_path = ''
as $$
  select case
    when p_agent.chosen_status = 'offline' then 'offline'
    when p_agent.chosen_status = 'break' then coalesce('aside: ' || p_agent.aside_reason, 'on break')
    when p_agent.busy_until > p_now then 'placing a call'
    when p_agent.wrap_up_until > p_now then 'wrapping up'
    when p_agent.rest_until > p_now then 'resting after an offer' end;
$$;

create or replace function private.why_not_free(p_agent public.call_center_agents)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select private.why_not_free(p_agent, private.clock());
$$;

-- Seats an agent has in use: calls ringing or talking, and those Twilio was only just asked for.
create or replace function private.seats_taken(p_agent_id uuid)
  returns integer
  language sql
  stable
  set search_path = ''
as $$
  select count(*)::integer from private.call_offers
  where agent_id = p_agent_id and state <> 'ended';
$$;

-- An agent's level in a skill: 0 without it, 1 for a plain true, else the number.
create or replace function private.skill_level(p_skills jsonb, p_skill text)
  returns numeric
  language sql
  immutable
  set search_path = ''
as $$
  select case jsonb_typeof(p_skills -> p_skill)
    when 'number' then (p_skills ->> p_skill)::numeric
    when 'boolean' then (p_skills ->> p_skill)::boolean::integer
    else 0 end;
$$;

-- The first skill an agent is too weak in for a call that has waited this long; null where none.
-- The level asked for falls by one every skill_relax_seconds, to 1: having the skill at all.
create or replace function private.lacking_skill(
  p_skills jsonb, p_queue public.call_queues, p_waited_seconds integer)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select key from jsonb_each(p_queue.required_skills)
  where private.skill_level(p_skills, key) < greatest(1,
    private.skill_level(p_queue.required_skills, key)
      - p_waited_seconds / p_queue.skill_relax_seconds)
  order by key limit 1;
$$;

-- How well an agent fits a queue: levels in the skills it asks for, or in the one of its name.
create or replace function private.skill_fit(p_skills jsonb, p_queue public.call_queues)
  returns numeric
  language sql
  stable
  set search_path = ''
as $$
  select case when p_queue.required_skills = '{}' then private.skill_level(p_skills, p_queue.name)
    else (select sum(private.skill_level(p_skills, key)) from jsonb_object_keys(p_queue.required_skills) key)
    end;
$$;

-- Every member of the queue, best first; lost says why one can't be rung, null for those who can.
create or replace function private.candidates(
  p_queue public.call_queues, p_waited_seconds integer, p_last_agent_id uuid)
  returns table (agent_id uuid, extension text, lost text, place bigint)
  language sql
  stable
  set search_path = ''
as $$
  with members as (
    select a.*, private.why_not_free(a, n.now) as not_free,
      (select count(*) from private.call_offers o
        where o.agent_id = a.id and o.state <> 'ended') as taken
    from private.queue_members m join public.call_center_agents a on a.id = m.agent_id
    cross join (select private.clock() as now offset 0) n  -- once, not for every member
    where m.queue_id = p_queue.id
    offset 0
  ), judged as (
    select id, extension, idle_since, taken,
      -- Skills are looked at only where they decide: most members are busy.
      case when not_free is not null then not_free
        when taken >= max_concurrent_calls then 'at capacity'
        else 'lacks skill ' || private.lacking_skill(skills, p_queue, p_waited_seconds) end as why,
      case when p_queue.routing_strategy = 'skills_based' and not_free is null
        then private.skill_fit(skills, p_queue) end as fit,
      case when p_queue.routing_strategy = 'round_robin' and not_free is null
        then (select max(o.created_at) from private.call_offers o
          where o.queue_id = p_queue.id and o.agent_id = members.id) end as last_offer_at
    from members
    offset 0
  )
  select id, extension, why, row_number() over (order by
    why is not null,
    (id = p_last_agent_id) desc nulls last,
    case p_queue.routing_strategy when 'skills_based' then -fit when 'least_busy' then taken end,
    case p_queue.routing_strategy when 'round_robin' then last_offer_at else idle_since end
      nulls first,
    extension)
  from judged;
$$;

-- Rings the best free agent for a waiting call that nobody is being rung for; true where one is found.
-- The queue's row is held so that an offer's reference to it waits for nobody either.
create or replace function private.route_call(p_call_record_id uuid)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
  v_entry private.queue_entries;
  v_queue public.call_queues;
  v_candidates jsonb;
  v_agent_id uuid;
begin
  perform private.lock_routing();
  select * into v_call from public.call_records
  where id = p_call_record_id and ended_at is null for no key update skip locked;
  if not found then
    return false;
  end if;
  select * into v_entry from private.queue_entries
  where call_record_id = p_call_record_id and left_at is null and not offered
    and (not_before is null or not_before <= private.clock())
    and not exists (select 1 from private.call_offers
      where call_record_id = p_call_record_id and state in ('reserved', 'ringing'));
  if not found then
    return false;
  end if;
  select * into v_queue from public.call_queues where id = v_entry.queue_id
  for key share skip locked;
  if not found then
    return false;
  end if;
  select coalesce(jsonb_agg(c order by c.place), '[]') into v_candidates
  from private.candidates(v_queue,
    private.seconds_between(v_entry.joined_at, private.clock()),
    (select last_agent_id from public.crm_contacts where id = v_call.contact_id)) c;
  v_agent_id := private.reserve_first(v_entry, v_call, v_queue, v_candidates);
  perform private.keep_decision(v_entry, v_agent_id, v_candidates);
  return v_agent_id is not null;
end $$;

-- Reserves the first candidate who is still free once locked; null where nobody is.
create or replace function private.reserve_first(
  p_entry private.queue_entries, p_call public.call_records, p_queue public.call_queues,
  p_candidates jsonb)
  returns uuid
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_agent public.call_center_agents;
  v_agent_id uuid;
  v_seat integer;
begin
  for v_agent_id in
    select (c ->> 'agent_id')::uuid from jsonb_array_elements(p_candidates) c
    where c ->> 'lost' is null
  loop
    select * into v_agent from public.call_center_agents a
    where a.id = v_agent_id and private.why_not_free(a) is null
    for no key update skip locked;
    continue when not found;
    select s into v_seat from generate_series(1, v_agent.max_concurrent_calls) s
    where not exists (select 1 from private.call_offers
      where agent_id = v_agent_id and seat = s and state <> 'ended')
    order by s limit 1;
    continue when not found;
    perform private.offer_call(p_entry, p_call, p_queue, v_agent, v_seat);
    return v_agent_id;
  end loop;
  return null;
end $$;

-- Holds an agent's seat for the call and asks Twilio to ring them.
create or replace function private.offer_call(
  p_entry private.queue_entries, p_call public.call_records, p_queue public.call_queues,
  p_agent public.call_center_agents, p_seat integer)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer_id uuid;
begin
  insert into private.call_offers
    (call_record_id, agent_id, queue_id, seat, created_at, expires_at)
  values (p_call.id, p_agent.id, p_queue.id, p_seat, private.clock(),
    private.clock() + (select make_interval(secs => offer_start_seconds) from private.settings))
  returning id into v_offer_id;
  update private.queue_entries set offered = true where id = p_entry.id;
  update public.call_records set call_status = 'ringing', agent_id = p_agent.id
  where id = p_call.id;
  perform private.command('ring_agent', v_offer_id::text, jsonb_build_object(
    'offer_id', v_offer_id,
    'phone', p_agent.phone_number,
    'client', private.client_identity(p_agent.id),
    'caller', p_call.caller_number,
    'receiver', p_call.receiver_number,
    'ring_seconds', p_queue.ring_timeout_seconds), p_call.id);
end $$;

-- Keeps the explanation: of every match, and of the first failure to find one.
create or replace function private.keep_decision(
  p_entry private.queue_entries, p_agent_id uuid, p_candidates jsonb)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  insert into private.routing_decisions
    (call_record_id, queue_id, decided_at, agent_id, candidates)
  select p_entry.call_record_id, p_entry.queue_id, private.clock(), p_agent_id, p_candidates
  where p_agent_id is not null or not exists (
    select 1 from private.routing_decisions
    where call_record_id = p_entry.call_record_id and decided_at >= p_entry.joined_at);
$$;
