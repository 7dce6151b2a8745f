-- Rooms: what becomes of a customer who is in the room of a call, whenever somebody else came, left or did not
-- come. A customer never sits there without a plan: somebody talks with them, or is on the way to them and
-- they hear music meanwhile, or they wait in a queue again, or the call ends.

-- The customer leaves the room for a queue, with the place of whoever joined then.
create or replace function private.send_to_queue(
  p_call public.call_records, p_queue public.call_queues, p_joined_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.fetch_from_room(p_call.id);
  perform private.forget_wishes(private.caller_sid(p_call.id));
  -- The next room's recording is another, and runs.
  update public.call_records set recording_paused = false where id = p_call.id and recording_paused;
  perform private.enter_queue(p_call.id, p_queue, p_joined_at);
end $$;

-- The customer goes back to where people wait, in their old place: to the queue that the call came from, or, of
-- a call without one, to General or any. False where no queue takes them.
create or replace function private.back_to_queue(p_call public.call_records)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_queue_id uuid;
  v_queue public.call_queues;
begin
  v_queue_id := private.hold_queue(coalesce(p_call.queue_id, (private.queue_or_any(null)).id));
  select * into v_queue from public.call_queues where id = v_queue_id;
  if not found then
    return false;
  end if;
  perform private.send_to_queue(p_call, v_queue, coalesce(p_call.queued_at, p_call.started_at));
  return true;
end $$;

-- The agent whose softphone was lost in a conversation is rung again, for twenty seconds at most, and the customer
-- hears music; false where they can't be rung.
create or replace function private.ring_back(p_call public.call_records, p_agent_id uuid)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_agent public.call_center_agents;
begin
  select * into v_agent from public.call_center_agents
  where id = p_agent_id and archived_at is null and chosen_status <> 'offline' for no key update;
  if not found or v_agent.seats_taken >= v_agent.max_concurrent_calls then
    return false;
  end if;
  perform private.open_offer(p_call, 'return', v_agent, null, p_call.queue_id, null, 20);
  perform private.set_ringing(p_call.id, v_agent.id);
  perform private.wish_held(private.caller_sid(p_call.id), true);
  return true;
end $$;

-- Whoever was asked for advice by the agent who had the customer is asked by the one who has them now; by a number
-- outside, nobody is.
create or replace function private.settle_consult(p_call public.call_records, p_owner private.call_offers)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_consult private.call_offers;
begin
  select * into v_consult from private.call_offers
  where call_record_id = p_call.id and state <> 'ended' and purpose = 'consult' and id <> p_owner.id;
  if not found then
    return;
  elsif p_owner.agent_id is not null then
    perform private.pass_on_consult(v_consult.id, p_owner.agent_id);
    return;
  end if;
  perform private.end_offer(v_consult.id, 'cancelled', private.clock());
  if v_consult.leg_sid is not null then
    perform private.hang_up_leg(v_consult.leg_sid, p_call.id);
  end if;
end $$;

-- The customer could not be put on hold, and would hear what is said to whoever is asked for advice: nobody is.
create or replace function private.hold_refused(p_call_record_id uuid, p_call_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if p_call_sid = private.caller_sid(p_call_record_id) and not private.is_held(p_call_sid) then
    perform private.end_offer(id, 'lost', private.clock()), private.hang_up_leg(leg_sid, call_record_id)
    from private.call_offers
    where call_record_id = p_call_record_id and state <> 'ended' and purpose = 'consult'
      and leg_sid is not null;
    perform private.end_offer(id, 'lost', private.clock()) from private.call_offers
    where call_record_id = p_call_record_id and state <> 'ended' and purpose = 'consult';
  end if;
end $$;

-- Whoever was asked for advice, or joined the two, has the customer now, for the agent is gone: at once where
-- they are in the room, else once they answer, and the customer hears music until then.
create or replace function private.take_over(
  p_call public.call_records, p_offer private.call_offers)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_customer constant text := private.caller_sid(p_call.id);
begin
  perform private.hand_over_customer(p_offer.id);
  perform private.settle_consult(p_call, p_offer);
  perform private.set_transferred(p_call.id, p_offer.agent_id);
  if p_offer.state = 'connected' then
    perform private.set_answered(p_call.id, p_offer.agent_id, private.clock(), null);
    perform private.wish_held(p_offer.leg_sid, false);
    -- Left as it is where somebody holds the contact, for which an agent's lock may not wait.
    update public.crm_contacts set last_agent_id = p_offer.agent_id
    where p_offer.agent_id is not null and id = (select id from public.crm_contacts
      where id = p_call.contact_id for no key update skip locked);
  elsif p_offer.agent_id is not null then
    perform private.set_ringing(p_call.id, p_offer.agent_id);
  end if;
  -- Who talks with others of the call meanwhile hears no music.
  perform private.wish_held(v_customer, p_offer.state <> 'connected' and not exists (
    select 1 from private.call_offers
    where call_record_id = p_call.id and state = 'connected' and purpose <> 'supervise'));
end $$;

-- Whether an agent may have lost their softphone in a conversation: it is one, and nobody asked for its leg to
-- end. Who talks on a telephone hangs up without asking.
create or replace function private.may_be_lost(p_offer private.call_offers)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return p_offer.met_at is not null and p_offer.address is null
    and private.has_customer(p_offer.purpose)
    and exists (select 1 from private.call_legs
      where call_sid = p_offer.leg_sid and address like 'client:%')
    and not exists (select 1 from private.call_actions
      where call_record_id = p_offer.call_record_id and at >= p_offer.connected_at
        and action in ('leave', 'end', 'transfer', 'complete_consult')
        and (agent_id is not distinct from p_offer.agent_id or action = 'end'));
end $$;

-- Whether the customer is known to have left the room: their leg's end is about to be told, or asked for.
create or replace function private.customer_has_left(p_call_record_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_customer constant text := private.caller_sid(p_call_record_id);
begin
  return private.room_of(v_customer) is null and exists (
    select 1 from private.participants where call_sid = v_customer and left_at is not null);
end $$;

-- Whether an agent who is rung back is not there yet, but may be in a moment: a page that is loaded anew takes some
-- seconds until it is a softphone again. p_last: who had the customer last.
create or replace function private.may_come_back(p_last private.call_offers)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return p_last.purpose = 'return' and p_last.outcome = 'unreachable' and exists (
    select 1 from private.call_offers
    where call_record_id = p_last.call_record_id and agent_id = p_last.agent_id and met_at is not null
      and ended_at > private.clock() - interval '20 seconds');
end $$;

-- Nobody is with the customer, nor on the way. What is done depends on how the last one who had them went: p_gone, or
-- who ended last; Twilio's clock and ours tell no order of two who went at once. Whoever is on their way out
-- themselves needs nobody rung for them: they are looked at again in a while.
create or replace function private.tend_lonely_customer(p_call public.call_records, p_gone private.call_offers)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_last private.call_offers;
begin
  select * into v_last from private.call_offers
  where call_record_id = p_call.id and private.has_customer(purpose)
  order by id is not distinct from p_gone.id desc, ended_at desc, created_at desc limit 1;
  if private.may_be_lost(v_last) and private.customer_has_left(p_call.id)
    and v_last.ended_at > private.clock() - interval '20 seconds' then
    perform private.set_alone(p_call.id, private.clock());
    return;
  elsif private.may_come_back(v_last) and v_last.ended_at > private.clock() - interval '2 seconds' then
    perform private.keep_for_return(v_last.agent_id, private.clock());
    perform private.set_alone(p_call.id, private.clock());
    return;
  elsif (private.may_be_lost(v_last) or private.may_come_back(v_last))
    and private.ring_back(p_call, v_last.agent_id) then
    return;
  end if;
  if not ((private.may_be_lost(v_last) or v_last.met_at is null) and private.back_to_queue(p_call)) then
    perform private.let_go(p_call.id);
  end if;
end $$;

-- Looks after the room of a call, whose lock the caller holds, after anything that changed who is in it. Where
-- somebody has the customer, or is rung to take them, nothing is to be done. p_gone: who left, or did not come.
create or replace function private.tend_room(p_call_record_id uuid, p_gone private.call_offers default null)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
  v_next private.call_offers;
begin
  select r.* into v_call from public.call_records r join private.call_sessions s on s.call_record_id = r.id
  where r.id = p_call_record_id and r.ended_at is null and s.stage = 'connected';
  if not found or private.caller_sid(p_call_record_id) is null then
    return;
  end if;
  perform private.set_alone(p_call_record_id, null);
  select * into v_next from private.call_offers
  where call_record_id = p_call_record_id and state <> 'ended' and purpose <> 'supervise'
  order by private.has_customer(purpose) desc, state = 'connected' desc, agent_id is not null desc,
    connected_at, created_at limit 1;
  if v_next.id is null then
    perform private.tend_lonely_customer(v_call, p_gone);
  elsif not private.has_customer(v_next.purpose) then
    perform private.take_over(v_call, v_next);
  elsif v_next.state <> 'connected' and not exists (select 1 from private.call_offers
      where call_record_id = p_call_record_id and state = 'connected' and purpose <> 'supervise') then
    perform private.wish_held(private.caller_sid(p_call_record_id), true);
  end if;
  perform private.place_supervisors(p_call_record_id);
end $$;

-- The same for customers who are alone since two seconds, for their agent's softphone was lost, or is not there yet:
-- had they hung up themselves, that would have been told by now. Part of the sweep.
create or replace function private.tend_rooms(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call_record_id uuid;
  v_count integer := 0;
begin
  for v_call_record_id in
    select r.id from private.call_sessions s join public.call_records r on r.id = s.call_record_id
    where s.alone_since <= private.clock() - interval '2 seconds' and s.stage = 'connected'
    order by s.alone_since limit p_limit for no key update of r skip locked
  loop
    perform private.tend_room(v_call_record_id);
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

revoke execute on all functions in schema private from public;
