-- Calls that agents place (private.placed_calls): the agent is rung first, then the customer, into the same
-- room. What a browser wrote of the call before is the same call.

-- Whether a call is one that an agent places, and goes on.
create or replace function private.is_placed(p_call_record_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (
    select 1 from private.placed_calls p join public.call_records r on r.id = p.call_record_id
    where p.call_record_id = p_call_record_id and r.ended_at is null);
end $$;

-- The agent who places the call is on the line, now the customer is rung; once, whatever happens to the
-- command. They see the number that was asked for, or the agent's, if that is ours: the service knows.
create or replace function private.ring_placed_customer(p_call public.call_records)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.write_command('ring_customer', p_call.id || ' 1', jsonb_build_object(
    'call_record_id', p_call.id, 'attempt', 1, 'number', p.number,
    'receiver', coalesce(p.caller_id, a.phone_number),
    'ring_seconds', 45, 'detect_machine', p.detect_machine), p_call.id)
  from private.placed_calls p left join public.call_center_agents a on a.id = p.agent_id
  where p.call_record_id = p_call.id;
end $$;

-- Ends a placed call whose customer was not reached, or whose agent was not there for it. p_disposition says
-- why: busy, no_answer, unreachable, machine, agent_no_answer, refused, cancelled.
create or replace function private.end_placed_call(
  p_call public.call_records, p_disposition text, p_leg_status text, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.call_off_command('ring_customer', p_call.id || ' 1');
  perform private.hang_up_leg(call_sid, call_record_id) from private.call_legs
  where call_record_id = p_call.id and role = 'customer' and ended_at is null;
  update public.call_records set disposition = p_disposition
  where id = p_call.id and ended_at is null and disposition_by is null;
  perform private.end_call(p_call.id, p_leg_status, 0, p_at);
end $$;

-- Twilio rings no customer at this attempt: of a placed call that was the only one.
create or replace function private.customer_not_rung(p_call public.call_records, p_attempt integer)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if private.is_placed(p_call.id) then
    perform private.end_placed_call(p_call, 'refused', 'failed', private.clock());
  else
    perform private.attempt_over(p_call, p_attempt, 'failed', private.clock());
  end if;
end $$;

-- What is said to the agent of a customer who was not reached.
create or replace function private.words_of_failure(p_disposition text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case p_disposition when 'busy' then 'customer_busy' when 'no_answer' then 'customer_no_answer'
    when 'machine' then 'customer_machine' when 'unreachable' then 'customer_unreachable'
    when 'refused' then 'customer_unreachable' else 'call_gone' end;
end $$;

-- Gives rows that a browser never renamed Twilio's id, two minutes after the call was placed: until then it may
-- still ask for the one that it gave. Part of the sweep.
create or replace function private.name_placed_calls(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_count integer;
begin
  update public.call_records r set call_id = o.leg_sid
  from private.call_offers o
  where o.call_record_id = r.id and o.purpose = 'placed' and o.leg_sid is not null
    and not exists (select 1 from public.call_records t where t.call_id = o.leg_sid)
    and r.id in (
      select c.id from public.call_records c join private.placed_calls p on p.call_record_id = c.id
      where p.created_at between private.clock() - interval '1 hour' and private.clock() - interval '2 minutes'
        and c.call_id = p.pending_id
        and exists (select 1 from private.call_offers f
          where f.call_record_id = c.id and f.purpose = 'placed' and f.leg_sid is not null)
      limit p_limit for no key update of c skip locked);
  get diagnostics v_count = row_count;
  return v_count;
end $$;

revoke execute on all functions in schema private from public;
