-- Who gets the call. For an agent: the best waiting caller of theirs. For a caller: members of the
-- queue → those who can take a call now → those with the skills → the strategy's order, the
-- customer's last agent first. A match is one of each: reserve the agent, ask Twilio.
--
-- Whoever's request happens to find an agent free, the agent gets the best caller of all their queues:
-- the highest standing (the queue's priority, and what waiting adds to it), then who joined first.
-- Within a queue standing grows with waiting and the skills asked for fall, so the one who waits
-- longest is the best of a queue and the easiest to serve: one look at an index for each queue, however
-- many wait, and callers whom the agent can't take hide nobody behind them.

-- An agent's level in a skill: 0 without it, 1 for a plain true, else the number.
create or replace function private.skill_level(p_skills jsonb, p_skill text)
  returns numeric
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case jsonb_typeof(p_skills -> p_skill)
    when 'number' then (p_skills ->> p_skill)::numeric
    when 'boolean' then (p_skills ->> p_skill)::boolean::integer
    else 0 end;
end $$;

-- The first skill an agent is too weak in for a call that has waited this long; null where none. The
-- level asked for falls by one every skill_relax_seconds, to 1: having the skill at all. A skill that
-- is required at false, or level 0, is not required.
create or replace function private.lacking_skill(
  p_skills jsonb, p_queue public.call_queues, p_waited_seconds integer)
  returns text
  language plpgsql
  immutable
  cost 100
  set search_path = ''
as $$
begin
  if p_queue.required_skills = '{}' then
    return null;
  end if;
  return (
    select key from jsonb_object_keys(p_queue.required_skills) key
    cross join lateral private.skill_level(p_queue.required_skills, key) as asked
    where asked > 0 and private.skill_level(p_skills, key)
      < greatest(1, asked - p_waited_seconds / p_queue.skill_relax_seconds)
    order by key limit 1);
end $$;

-- How well an agent fits a queue: levels in the skills it asks for, or in the one of its name.
create or replace function private.skill_fit(p_skills jsonb, p_queue public.call_queues)
  returns numeric
  language plpgsql
  immutable
  cost 100
  set search_path = ''
as $$
begin
  if p_queue.required_skills = '{}' then
    return private.skill_level(p_skills, p_queue.name);
  end if;
  return (select sum(private.skill_level(p_skills, key))
    from jsonb_object_keys(p_queue.required_skills) key);
end $$;

-- What a caller's turn goes by, before the time they joined: their queue's priority, and one more for
-- each ageing_seconds they have waited.
create or replace function private.standing(
  p_queue public.call_queues, p_joined_at timestamptz, p_now timestamptz)
  returns integer
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return p_queue.priority + coalesce(
    private.seconds_between(p_joined_at, p_now) / p_queue.ageing_seconds, 0);
end $$;

-- Those next in line whom an agent could be rung for, the best first: of each of their queues the
-- first three, for the very first may be in another transaction's hands. Asked of many agents for one
-- match, so what a queue does not ask for (skills, ageing) is not called for either.
create or replace function private.waiting_for(p_agent public.call_center_agents)
  returns table (entry_id bigint, call_record_id uuid)
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
begin
  return query
  select e.id, e.call_record_id
  from private.queue_members m
  join public.call_queues q on q.id = m.queue_id
  cross join lateral (
    select w.id, w.call_record_id, w.joined_at from private.queue_entries w
    where w.queue_id = m.queue_id and w.left_at is null and not w.offered and w.not_before is null
    order by w.joined_at, w.id limit 3) e
  where m.agent_id = p_agent.id
    and (q.required_skills = '{}' or private.lacking_skill(
      p_agent.skills, q, private.seconds_between(e.joined_at, v_now)) is null)
  order by case when q.ageing_seconds is null then q.priority
      else private.standing(q, e.joined_at, v_now) end desc, e.joined_at, e.id;
end $$;

-- Every member of the queue, or only those who are free, best first; lost says why one can't be rung, null for
-- those who can. Whose page is dead would ring unheard, and is rung where there is nobody else. Materialized: why
-- somebody is busy is asked once.
create or replace function private.candidates(
  p_queue public.call_queues, p_waited_seconds integer, p_last_agent_id uuid, p_only_free boolean default false)
  returns table (agent_id uuid, extension text, lost text, place bigint)
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_dead constant tstzrange := private.dead_pages(v_now);
begin
  return query
  with judged as materialized (
    select a.id, a.extension, a.idle_since, a.seats_taken, m.last_offered_at,
      -- Skills are looked at only where they decide: most members are busy.
      case when a.free_from > v_now or a.free_from is null then private.why_not_free(a, v_now)
        when p_queue.required_skills <> '{}'
        then 'lacks skill ' || private.lacking_skill(a.skills, p_queue, p_waited_seconds) end as why,
      case when p_queue.routing_strategy = 'skills_based' and a.free_from <= v_now
        then private.skill_fit(a.skills, p_queue) end as fit,
      coalesce(a.free_from <= v_now and s.seen_at <@ v_dead and private.telephone_of(a) is null, false) as is_dead
    from private.queue_members m join public.call_center_agents a on a.id = m.agent_id
    left join private.softphones s on s.user_id = a.user_id
    where m.queue_id = p_queue.id and (a.free_from <= v_now or not p_only_free)
  )
  select j.id, j.extension, j.why, row_number() over (order by
    j.why is not null, j.is_dead,
    (j.id = p_last_agent_id) desc nulls last,
    case p_queue.routing_strategy when 'skills_based' then -j.fit
      when 'least_busy' then j.seats_taken end,
    case p_queue.routing_strategy when 'round_robin' then j.last_offered_at else j.idle_since end
      nulls first,
    j.extension)
  from judged j;
end $$;

-- Rings the best agent for a waiting call whose lock is held, if one is still free once locked; null
-- where nobody is. p_agent_id: for whom it is the best call; any other agent gets it only if it is the
-- best of theirs too, for nobody is overtaken. The queue's row is held so that an offer's reference to
-- it waits for nobody. Why it was this agent is kept, of the fifty best candidates.
create or replace function private.ring_best_agent(
  p_entry private.queue_entries, p_call public.call_records, p_agent_id uuid)
  returns uuid
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_queue public.call_queues;
  v_agent public.call_center_agents;
  v_candidates jsonb;
  v_agent_id uuid;
  v_not_before timestamptz;
begin
  select * into v_queue from public.call_queues where id = p_entry.queue_id
  for key share skip locked;
  if not found then
    return null;
  end if;
  if not p_entry.on_line then
    v_not_before := private.callback_waits_until(p_entry.call_record_id, v_queue);
    if v_not_before is not null then
      perform private.put_off(p_entry.call_record_id, v_not_before);
      return null;
    end if;
  end if;
  select coalesce(jsonb_agg(c order by c.place), '[]') into v_candidates
  from (select * from private.candidates(v_queue,
      private.seconds_between(p_entry.joined_at, private.clock()),
      (select last_agent_id from public.crm_contacts where id = p_call.contact_id)) c
    order by c.place limit 50) c;
  for v_agent_id in
    select (c ->> 'agent_id')::uuid from jsonb_array_elements(v_candidates) c
    where c ->> 'lost' is null
  loop
    -- Asked first: the row of an agent who is passed over is not locked.
    continue when v_agent_id <> p_agent_id and p_entry.id is distinct from (
      select w.entry_id from public.call_center_agents a cross join private.waiting_for(a) w
      where a.id = v_agent_id limit 1);
    select * into v_agent from public.call_center_agents
    where id = v_agent_id and free_from <= private.clock() for no key update skip locked;
    continue when not found;
    perform private.offer_call(p_entry, p_call, v_queue, v_agent);
    insert into private.routing_decisions
      (call_record_id, queue_id, decided_at, agent_id, candidates)
    values (p_call.id, v_queue.id, private.clock(), v_agent_id, v_candidates);
    return v_agent_id;
  end loop;
  return null;
end $$;

-- One match for a free agent's sake: the best waiting caller of theirs is given to whoever suits that
-- caller best, mostly this agent. Returns the call; null where there was no match.
create or replace function private.match_once(p_agent_id uuid)
  returns uuid
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_agent public.call_center_agents;
  v_entry private.queue_entries;
  v_call public.call_records;
  v_next record;
begin
  select * into v_agent from public.call_center_agents
  where id = p_agent_id and free_from <= private.clock() for no key update skip locked;
  if not found then
    return null;
  end if;
  for v_next in select * from private.waiting_for(v_agent) loop
    select * into v_call from public.call_records
    where id = v_next.call_record_id and ended_at is null for no key update skip locked;
    continue when not found;
    select * into v_entry from private.queue_entries
    where id = v_next.entry_id and left_at is null and not offered and not_before is null
      and not exists (select 1 from private.call_offers
        where call_record_id = v_call.id and state in ('reserved', 'ringing'));
    continue when not found;
    if private.ring_best_agent(v_entry, v_call, p_agent_id) is not null then
      return v_call.id;
    end if;
  end loop;
  return null;
end $$;

revoke execute on all functions in schema private from public;
