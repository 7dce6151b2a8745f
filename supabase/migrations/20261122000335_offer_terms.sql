-- What is the same for every offer of a kind: who has the customer, what a leg is in its call, and for how
-- long it may ring. Nothing here changes anything.

-- Whether somebody who is rung for this purpose talks with the customer, and has the call.
create or replace function private.has_customer(p_purpose text)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return p_purpose in ('queue', 'placed', 'return', 'transfer');
end $$;

-- What the leg is in its call (call_legs.role) that is rung for a purpose.
create or replace function private.offer_role(p_purpose text, p_agent_id uuid)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case when p_purpose = 'supervise' then 'supervisor' when p_agent_id is null then 'consult'
    else 'agent' end;
end $$;

-- How long an offer may ring before it is taken for lost: what Twilio was asked, and a little more.
create or replace function private.ring_lease(p_queue_id uuid)
  returns interval
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return make_interval(secs => coalesce(
    (select ring_timeout_seconds from public.call_queues where id = p_queue_id), 20) + 10);
end $$;

-- How long an agent who answered has to hear who calls and press the key.
create or replace function private.confirm_lease()
  returns interval
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return interval '45 seconds';
end $$;

-- The first seat of an agent's that no live offer holds.
create or replace function private.free_seat(p_agent public.call_center_agents)
  returns integer
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_seat integer;
begin
  select s into strict v_seat from generate_series(1, p_agent.max_concurrent_calls) s
  where not exists (select 1 from private.call_offers
    where agent_id = p_agent.id and seat = s and state <> 'ended')
  order by s limit 1;
  return v_seat;
end $$;

-- An agent's telephone; null where their softphone is rung. What an old row holds may be no number.
create or replace function private.telephone_of(p_agent public.call_center_agents)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case when p_agent.phone_number ~ '^\+[1-9][0-9]{6,14}$' then p_agent.phone_number end;
end $$;

-- The leg of whoever has the customer of a call, and is with them; null: nobody is.
create or replace function private.agent_sid(p_call_record_id uuid)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select leg_sid from private.call_offers
    where call_record_id = p_call_record_id and state = 'connected' and met_at is not null
      and private.has_customer(purpose)
    order by met_at desc limit 1);
end $$;

revoke execute on all functions in schema private from public;
