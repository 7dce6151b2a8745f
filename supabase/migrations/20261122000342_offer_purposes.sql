-- What somebody was rung for changes while they are in the call (private.call_offers.purpose).

-- consult, party → transfer: the colleague, or the number, has the customer from here on. One who was in the
-- room already has met them now.
create or replace function private.hand_over_customer(p_offer_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_offers
  set purpose = 'transfer', met_at = case when state = 'connected' then private.clock() end
  where id = p_offer_id;
end $$;

-- supervise → transfer: the supervisor, who is in the room as one, has the customer from here on, as the agent
-- whose row the caller holds and who has a seat free; where they were rung is that agent's, and may be lost as one. The
-- call's queue says what follows it: wrap-up, a disposition.
create or replace function private.become_agent(
  p_offer_id uuid, p_agent public.call_center_agents, p_queue_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_offers
  set purpose = 'transfer', met_at = private.clock(), agent_id = p_agent.id, invited_by = p_agent.id,
      queue_id = p_queue_id, supervised_by = null, mode = null, address = null, seat = private.free_seat(p_agent)
  where id = p_offer_id;
  perform private.take_seat(p_agent.id);
end $$;

-- A supervisor listens, whispers or barges in from here on.
create or replace function private.set_mode(p_offer_id uuid, p_mode text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_offers set mode = p_mode where id = p_offer_id;
end $$;

-- Whoever is asked for advice in a call is asked by another agent from here on.
create or replace function private.pass_on_consult(p_offer_id uuid, p_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_offers set invited_by = p_agent_id where id = p_offer_id;
end $$;

-- consult → party: all three talk.
create or replace function private.join_party(p_offer_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_offers set purpose = 'party' where id = p_offer_id;
end $$;

revoke execute on all functions in schema private from public;
