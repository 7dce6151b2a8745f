-- Agents who are left alone for a moment, for a reason that is not theirs.

-- Leaves an agent alone until a moment, whom Twilio does not ring for a reason that is not theirs: ten
-- seconds after the first refusal since they last took a call, twice as long each time, up to two minutes.
create or replace function private.rest_after_refusal(p_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_refused integer;
begin
  select count(*) into v_refused from (
    select outcome from private.call_offers
    where agent_id = p_agent_id and state = 'ended' order by created_at desc limit 5) o
  where o.outcome = 'lost';
  update public.call_center_agents
  set rest_until = greatest(rest_until,
    private.clock() + least(interval '2 minutes', interval '5 seconds' * power(2, v_refused)))
  where id = p_agent_id;
end $$;

-- Leaves an agent alone for three seconds: their softphone was perhaps lost in a conversation that goes on.
create or replace function private.keep_for_return(p_agent_id uuid, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_center_agents set rest_until = p_at + interval '3 seconds' where id = p_agent_id;
end $$;

-- The conversation was over with the customer: nobody is to be rung back.
create or replace function private.end_keeping(p_agent_id uuid, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_center_agents set rest_until = null
  where id = p_agent_id and rest_until = p_at + interval '3 seconds';
end $$;

-- An agent rests no longer.
create or replace function private.end_rest(p_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_center_agents set rest_until = null where id = p_agent_id and rest_until is not null;
end $$;

revoke execute on all functions in schema private from public;
