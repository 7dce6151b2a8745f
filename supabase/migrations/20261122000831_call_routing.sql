-- Why a call went to whom, in codes that a screen has words for: what private.routing_decisions keeps, of one call.

-- Why somebody was not rung, as the router wrote it, as {why, detail}: detail is the reason of a break, what they
-- will be after their call, or the skill. Null stays null: they could have been rung.
create or replace function private.why_lost(p_lost text)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case
    when p_lost is null then null
    when p_lost like 'on break%' then
      jsonb_build_object('why', 'on_break', 'detail', substring(p_lost from '^on break: (.*)$'))
    when p_lost like '% after their call' then
      jsonb_build_object('why', 'leaving', 'detail', substring(p_lost from '^(.*) after their call$'))
    when p_lost like 'lacks skill %' then
      jsonb_build_object('why', 'lacks_skill', 'detail', substring(p_lost from '^lacks skill (.*)$'))
    else jsonb_build_object('detail', null, 'why', case p_lost
      when 'offline' then 'offline' when 'placing a call' then 'placing_call' when 'wrapping up' then 'wrapping_up'
      when 'resting after an offer' then 'resting' when 'at capacity' then 'at_capacity' end) end;
end $$;

-- Candidates in their order, each {agent_id, extension, name, why, detail}. p_chosen: who was rung (chosen). Of the
-- others who could have been, those before had a caller who came first, or another transaction held them
-- (passed_over), and those behind were not the best (ranked_lower). Null: nobody was rung yet (free).
create or replace function private.candidates_told(p_candidates jsonb, p_chosen uuid)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_place constant bigint := (select (c ->> 'place')::bigint from jsonb_array_elements(p_candidates) c
    where (c ->> 'agent_id')::uuid = p_chosen);
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object('agent_id', c -> 'agent_id', 'extension', c -> 'extension',
        'name', p.full_name) || coalesce(private.why_lost(c ->> 'lost'), jsonb_build_object('detail', null, 'why', case
          when v_place is null then 'free' when (c ->> 'place')::bigint = v_place then 'chosen'
          when (c ->> 'place')::bigint < v_place then 'passed_over' else 'ranked_lower' end))
      order by (c ->> 'place')::bigint)
    from jsonb_array_elements(p_candidates) c
    left join public.call_center_agents a on a.id = (c ->> 'agent_id')::uuid
    left join public.profiles p on p.id = a.user_id), '[]');
end $$;

-- Who could be rung now for a call that waits, as a decision that nobody made yet; null where it does not wait.
create or replace function private.routing_now(p_call public.call_records)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_entry private.queue_entries;
  v_queue public.call_queues;
  v_candidates jsonb;
begin
  select * into v_entry from private.queue_entries
  where call_record_id = p_call.id and left_at is null and not offered;
  if not found then
    return null;
  end if;
  select * into v_queue from public.call_queues where id = v_entry.queue_id;
  select coalesce(jsonb_agg(c order by c.place), '[]') into v_candidates
  from (select * from private.candidates(v_queue, private.seconds_between(v_entry.joined_at, private.clock()),
      (select last_agent_id from public.crm_contacts where id = p_call.contact_id)) n order by n.place limit 50) c;
  return jsonb_build_object('at', private.clock(), 'queue', v_queue.name, 'agent_id', null, 'outcome', null,
    'candidates', private.candidates_told(v_candidates, null));
end $$;

-- Why a call went to whom, for supervisors: {id, decisions: the newest first, ten at most, each {at, queue, agent_id,
-- outcome: of the offer, null while it lives, candidates}, now: who could be rung now}. Decisions are kept for
-- keep_decisions_days.
create or replace function public.call_routing(p_call_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer  -- private tables; supervisors only
  set search_path = ''
as $$
declare
  v_call public.call_records;
begin
  perform private.require_admin();
  select * into v_call from public.call_records where id = p_call_id;
  if v_call.id is null then
    perform private.refuse(404, 'no_such_call', 'There is no such call.', '{"field": "p_call_id"}');
  end if;
  return jsonb_build_object('id', v_call.id, 'now', private.routing_now(v_call), 'decisions', to_jsonb(array(
    select jsonb_build_object('at', d.decided_at, 'queue', q.name, 'agent_id', d.agent_id,
      'outcome', (select o.outcome from private.call_offers o where o.call_record_id = d.call_record_id
        and o.agent_id = d.agent_id and o.created_at = d.decided_at),
      'candidates', private.candidates_told(d.candidates, d.agent_id))
    from private.routing_decisions d join public.call_queues q on q.id = d.queue_id
    where d.call_record_id = v_call.id
    order by d.decided_at desc, d.id desc limit 10)));
end $$;
revoke execute on function public.call_routing from public, anon, authenticated;
grant execute on function public.call_routing to authenticated, service_role;

revoke execute on all functions in schema private from public;
