-- What Twilio says of a leg, in any order and any number of times: kept once in the ledger, folded
-- into the leg, and then, if it ends something, carried to the call and the agent.

-- The call an event belongs to, locked: by its leg, its offer, the call named in our own callback
-- address or its parent leg; opened where we never heard of any of them.
create or replace function private.call_of_event(p_event private.leg_event, p_at timestamptz)
  returns public.call_records
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_id uuid;
  v_call public.call_records;
  v_inbound constant boolean := coalesce(p_event.direction, 'inbound') = 'inbound';
begin
  select call_record_id into v_id from private.call_legs where call_sid = p_event.call_sid;
  if v_id is null and p_event.offer_id is not null then
    select call_record_id into v_id from private.call_offers where id = p_event.offer_id;
  end if;
  v_id := coalesce(v_id, p_event.call_record_id, (select call_record_id from private.call_legs
    where call_sid = p_event.parent_call_sid));
  if v_id is not null then
    select * into v_call from public.call_records where id = v_id for no key update;
  end if;
  if v_call.id is null then
    v_call := private.open_call(p_event.call_sid,
      case when v_inbound then 'inbound' else 'outbound' end,
      case when v_inbound then p_event."from" else p_event."to" end,
      case when v_inbound then p_event."to" else p_event."from" end,
      p_event.caller_name, p_at - make_interval(secs => coalesce(p_event.duration, 0)));
  end if;
  return private.learn_caller(
    v_call, p_event.call_sid, p_event."from", p_event."to", p_event.caller_name);
end $$;

-- Whether a leg was made by us for a call that was deleted since: nobody needs it any more.
create or replace function private.is_of_a_deleted_call(p_event private.leg_event)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (p_event.offer_id is not null or p_event.call_record_id is not null)
    and not exists (select 1 from private.call_legs where call_sid = p_event.call_sid)
    and not exists (select 1 from private.call_offers where id = p_event.offer_id)
    and not exists (select 1 from public.call_records where id = p_event.call_record_id);
end $$;

-- Whether a leg is a softphone's that rang a number and was refused: it never became a call. Its events are its own
-- end, for Twilio tells no more of who rings us.
create or replace function private.is_of_a_refused_softphone(p_event private.leg_event)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return p_event.direction = 'inbound' and p_event.params ->> 'From' like 'client:%'
    and not exists (select 1 from private.call_legs where call_sid = p_event.call_sid);
end $$;

-- Who an event's leg is, as our own callback address says; one of Twilio's own making says nothing.
create or replace function private.role_of(p_event private.leg_event)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return coalesce(p_event.role, case
    when p_event.offer_id is not null then 'agent'
    when p_event.call_record_id is not null then 'customer'
    else 'target' end);
end $$;

-- The leg of somebody who was rung ended: their offer does, too. Where agent and customer never met, the
-- caller waits on in their place, and the next agent is tried. Where a softphone's leg ends by itself, that of
-- the customer has often ended, too, and is only told later: whether the agent was lost shows in a moment.
create or replace function private.agent_left(
  p_call public.call_records, p_leg private.call_legs)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer private.call_offers;
begin
  select * into v_offer from private.call_offers where leg_sid = p_leg.call_sid and state <> 'ended';
  if not found then
    return;
  end if;
  perform private.end_offer(v_offer.id, case
    when v_offer.met_at is not null then 'finished'
    when p_call.ended_at <= p_leg.ended_at then 'caller_left'
    when v_offer.state = 'connected' and not private.has_customer(v_offer.purpose) then 'finished'
    when v_offer.state = 'connected' then 'declined'
    else coalesce(private.outcome_of(p_leg, v_offer.created_at), 'lapsed') end, p_leg.ended_at);
  if p_call.ended_at is null and private.may_be_lost(v_offer) then
    perform private.end_forced_mutes(p_call.id, v_offer.agent_id);
    perform private.keep_for_return(v_offer.agent_id, p_leg.ended_at);
    perform private.set_alone(p_call.id, p_leg.ended_at);
  else
    perform private.after_offer(p_call, v_offer);
  end if;
end $$;

-- A leg is over: the customer's ends the call, or the attempt to call them back that it was; of who was rung
-- it ends the offer, or, placed by a telephone of before, the call; whoever was to be heard once they had left is heard
-- now. Who hung up while asked which number to call back is called back at theirs.
create or replace function private.leg_ended(p_call public.call_records, p_leg private.call_legs)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if p_leg.role in ('agent', 'consult', 'supervisor') then
    perform private.agent_left(p_call, p_leg);
    if p_leg.role = 'agent' and p_leg.call_sid = p_call.call_id and not exists (
        select 1 from private.call_offers where leg_sid = p_leg.call_sid) then
      perform private.end_call(p_call.id, p_leg.status, p_leg.duration_seconds, p_leg.ended_at);
    end if;
    perform private.tell_wishes(p_call.id);
  elsif p_leg.role = 'customer' and not private.is_connected_attempt(p_call.id, p_leg.attempt) then
    perform private.attempt_over(p_call, p_leg.attempt, p_leg.status, p_leg.ended_at);
  elsif p_leg.role in ('caller', 'customer') then
    if p_call.caller_number ~ '^\+' and (private.session_of(p_call.id)).stage = 'callback' then
      perform private.request_callback(p_call, p_call.caller_number);
    end if;
    perform private.end_call(p_call.id, p_leg.status, p_leg.duration_seconds, p_leg.ended_at);
  end if;
  perform private.correct_offers(p_call.id);
end $$;

-- A live leg: an agent's moves its offer along, or is hung up where that is over; a callback's customer
-- is hung up whose agent or whose attempt is gone. Of a call that an agent placed, the other party's
-- answer is the call's.
create or replace function private.follow_live_leg(
  p_call public.call_records, p_leg private.call_legs, p_offer_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer private.call_offers;
begin
  if p_leg.role in ('agent', 'consult', 'supervisor') then
    v_offer := private.follow_agent_leg(p_offer_id, p_leg);
    if v_offer.state = 'ended' or v_offer.leg_sid <> p_leg.call_sid then
      perform private.hang_up_leg(p_leg.call_sid, p_call.id);
    end if;
  elsif p_leg.role = 'customer' and not private.is_connected_attempt(p_call.id, p_leg.attempt)
    and not private.rings_customer(p_call.id, p_leg.attempt) then
    perform private.hang_up_leg(p_leg.call_sid, p_call.id);
  elsif p_leg.role = 'target' and p_leg.status = 'in_progress' and p_call.call_direction = 'outbound' then
    perform private.set_answered(p_call.id, p_call.agent_id, p_leg.answered_at, null);
  end if;
end $$;

-- Takes in one event of a leg.
create or replace function private.take_in_leg_event(p_event private.leg_event)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_at constant timestamptz := private.plausible_moment(p_event.occurred_at);
  v_call public.call_records;
  v_was_ended boolean;
  v_leg private.call_legs;
  -- What Twilio answered when asked names no offer.
  v_offer_id constant uuid := coalesce(p_event.offer_id,
    (select id from private.call_offers where leg_sid = p_event.call_sid));
begin
  if private.is_of_a_deleted_call(p_event) then
    if private.leg_rank(p_event.status) < 4 then
      perform private.hang_up_leg(p_event.call_sid, null);
    end if;
    return;
  elsif private.is_of_a_refused_softphone(p_event) then
    return;
  end if;
  v_call := private.call_of_event(p_event, v_at);
  perform private.ensure_leg(p_event.call_sid, v_call.id, private.role_of(p_event),
    p_event.offer_id, p_event."to", v_at, p_event.attempt);
  if p_event.attempt is not null then
    perform private.finish_command('ring_customer', v_call.id || ' ' || p_event.attempt,
      'its leg was heard of');
    perform private.learn_shown_number(v_call.id, p_event."from");
  end if;
  if p_event.source = 'reconcile' and p_event.status = 'queued' then
    perform private.await_turn(p_event.call_sid);
  end if;
  if not private.keep_event(p_event.call_sid, p_event.source, p_event.status, p_event.sequence, v_at,
      v_call.id, p_event.params) then
    return;
  end if;
  select ended_at is not null into v_was_ended from private.call_legs
  where call_sid = p_event.call_sid;
  -- Before the leg's agent is locked, for a meeting and an end concern the contact.
  if private.leg_rank(p_event.status) = 4 then
    perform 1 from public.crm_contacts where id = v_call.contact_id for no key update;
    perform private.assume_meeting(v_call.id, v_at);
  end if;
  v_leg := private.fold_leg(p_event.call_sid, p_event.status, p_event.sequence, p_event.duration,
    p_event.sip_code, v_at);
  if v_leg.ended_at is null then
    perform private.follow_live_leg(v_call, v_leg, v_offer_id);
  elsif not v_was_ended then
    if v_leg.role in ('agent', 'consult', 'supervisor') then
      perform private.follow_agent_leg(v_offer_id, v_leg);
    end if;
    perform private.leg_ended(v_call, v_leg);
  end if;
end $$;

-- A status callback, or what Twilio's REST API answered when asked about a leg (p_event: a leg_event).
create or replace function public.record_call_event(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
begin
  perform private.take_in_leg_event(jsonb_populate_record(null::private.leg_event, p_event));
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.record_call_event from public, anon, authenticated;
grant execute on function public.record_call_event to service_role;

revoke execute on all functions in schema private from public;
