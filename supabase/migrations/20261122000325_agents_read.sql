-- What is asked of an agent: whether they could be rung, why not, and where. Nothing here changes anything.

-- Why an agent can't be rung now, whatever the call; null where they can. Capacity apart.
create or replace function private.why_not_free(
  p_agent public.call_center_agents, p_now timestamptz)
  returns text
  language plpgsql
  immutable
  cost 50
  set search_path = ''
as $$
begin
  return case
    when p_agent.chosen_status = 'offline' then 'offline'
    when p_agent.chosen_status = 'break' then
      coalesce('on break: ' || coalesce(p_agent.aside_reason, p_agent.break_reason), 'on break')
    when p_agent.busy_until > p_now then 'placing a call'
    when private.wraps_up_until(p_agent) > p_now then 'wrapping up'
    when p_agent.next_status <> 'available' then p_agent.next_status || ' after their call'
    when p_agent.rest_until > p_now then 'resting after an offer'
    when p_agent.free_from is null then 'at capacity' end;
end $$;

-- Whether an agent could be rung right now.
create or replace function private.is_free(p_agent_id uuid)
  returns boolean
  language plpgsql
  stable
  cost 1000  -- a look at the agent's row: nothing for the planner to run first
  set search_path = ''
as $$
begin
  return exists (select 1 from public.call_center_agents
    where id = p_agent_id and free_from <= private.clock());
end $$;

-- How many calls an agent is held for: those they talk in, those that ring, and those that Twilio was
-- only just asked for.
create or replace function private.seats_taken(p_agent_id uuid)
  returns integer
  language plpgsql
  stable
  cost 1000
  set search_path = ''
as $$
begin
  return (select seats_taken from public.call_center_agents where id = p_agent_id);
end $$;

-- A softphone's name at Twilio: letters, digits and underscores only, and the same for ever.
create or replace function private.client_identity(p_agent_id uuid)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return 'agent_' || replace(p_agent_id::text, '-', '');
end $$;

revoke execute on all functions in schema private from public;
