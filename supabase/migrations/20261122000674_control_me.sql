-- Call control: who asks, as an agent: what they do, and all that a screen that was just loaded needs.

-- The row of private.agent_times that an agent is in, as time alone has made it.
create or replace function private.time_of_agent(p_agent public.call_center_agents)
  returns private.agent_times
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_time private.agent_times;
begin
  select n.* into v_time from private.agent_times t
  cross join lateral private.times_by_now(p_agent, t, private.clock()) n
  where t.agent_id = p_agent.id and t.ended_at is null and n.ended_at is null;
  return v_time;
end $$;

-- An agent's wrap-up that goes on: {since, until, call_record_id, disposition_required (one is still owed),
-- dispositions (the words to choose from; none: any), extendable_seconds}; null where there is none.
create or replace function private.wrap_up_document(p_agent public.call_center_agents)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  if not coalesce(private.wraps_up_until(p_agent) > private.clock(), false) then
    return null;
  end if;
  return jsonb_build_object(
    'since', p_agent.wrap_up_since, 'until', p_agent.wrap_up_until,
    'call_record_id', p_agent.wrap_up_call_id, 'disposition_required', p_agent.disposition_owed,
    'dispositions', coalesce((select to_jsonb(private.dispositions_of(r)) from public.call_records r
      where r.id = p_agent.wrap_up_call_id), '[]'),
    'extendable_seconds', greatest(0, (select wrap_up_extension_seconds from private.settings)
      - p_agent.wrap_up_extended_seconds));
end $$;

-- An agent as they and supervisors see them. state: what they do now (see agent_times), since when, and of a
-- break the reason; status: the same in the four words of agent_status; chosen_status: what they chose; rest_until: until
-- when they are not rung, after an offer that came to nothing.
create or replace function private.agent_document(p_agent_id uuid)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_agent public.call_center_agents;
  v_time private.agent_times;
begin
  select * into v_agent from public.call_center_agents where id = p_agent_id;
  if v_agent.id is null then
    return null;
  end if;
  v_time := private.time_of_agent(v_agent);
  return jsonb_build_object(
    'id', v_agent.id, 'extension', v_agent.extension,
    'name', (select full_name from public.profiles where id = v_agent.user_id),
    'state', v_time.state, 'since', v_time.started_at, 'reason', v_time.reason,
    'status', case when v_time.state in ('available', 'break', 'offline') then v_time.state
      else 'busy' end,
    'chosen_status', v_agent.chosen_status,
    'rest_until', case when v_agent.rest_until > private.clock() then v_agent.rest_until end,
    'next_status', v_agent.next_status, 'next_reason', v_agent.next_reason,
    'missed_offers', v_agent.missed_offers, 'aside_reason', v_agent.aside_reason,
    'wrap_up', private.wrap_up_document(v_agent),
    'queues', coalesce((
      select jsonb_agg(jsonb_build_object('id', q.id, 'name', q.name) order by q.name)
      from private.queue_members m join public.call_queues q on q.id = m.queue_id
      where m.agent_id = v_agent.id and q.archived_at is null), '[]'));
end $$;

-- The calls that an agent is in, is rung for, wraps up, or is about to place from a browser; of a supervisor, those
-- that they hear, too.
create or replace function private.calls_of_agent(p_agent_id uuid, p_supervisor_id uuid)
  returns setof uuid
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return query
  select o.call_record_id from private.call_offers o
  where o.state <> 'ended' and (o.agent_id = p_agent_id
    or o.supervised_by = p_supervisor_id)
  union
  select a.wrap_up_call_id from public.call_center_agents a
  where a.id = p_agent_id and a.wrap_up_call_id is not null and private.wraps_up_until(a) > private.clock()
  union
  select r.id from public.call_records r
  where r.agent_id = p_agent_id and r.call_id like 'pending-%' and r.ended_at is null
    and r.started_at > private.clock() - interval '1 hour';
end $$;

-- An agent's state: {agent, calls (as p_asker may see them), wrap_up, softphone, version}. agent is null for a
-- supervisor who takes no calls, softphone is then theirs; version is that of the last message on the topic
-- agent:<id>, which says the same.
create or replace function private.state_document(p_agent_id uuid, p_asker private.asker)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_agent constant jsonb := private.agent_document(p_agent_id);
  v_calls jsonb;
begin
  select coalesce(jsonb_agg(private.call_document(c, p_asker)), '[]') into v_calls
  from private.calls_of_agent(p_agent_id,
    case when p_agent_id is not distinct from p_asker.agent_id then p_asker.user_id end) c;
  return jsonb_build_object('agent', v_agent, 'calls', v_calls, 'wrap_up', v_agent -> 'wrap_up',
    'softphone', private.softphone_document(coalesce(
      (select user_id from public.call_center_agents where id = p_agent_id), p_asker.user_id)),
    'version', private.topic_version('agent:' || p_agent_id));
end $$;

-- What is my state (p_request: user_id): see state_document.
create or replace function public.read_my_state(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  stable
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_asker constant private.asker :=
    private.asking(jsonb_populate_record(null::private.control_request, p_request));
begin
  return private.state_document(v_asker.agent_id, v_asker)
    || jsonb_build_object('commands', '[]'::jsonb);
end $$;
revoke execute on function public.read_my_state from public, anon, authenticated;
grant execute on function public.read_my_state to service_role;

revoke execute on all functions in schema private from public;
