-- Offers: the state machine of an agent being rung for a call (private.call_offers.state).
--
--   reserved → ringing → connected → ended, and ended from each; call_offers says the outcomes

-- What a softphone that rings is told of the call, to show it before anything was asked for: nothing that who may
-- answer it may not know.
create or replace function private.shown_to_softphone(p_call public.call_records)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return jsonb_strip_nulls(jsonb_build_object('call', p_call.id, 'direction', p_call.call_direction,
    'number', p_call.caller_number, 'queue', p_call.queue_name, 'contact', coalesce(
      (select left(nullif(private.full_name(c), ''), 100) from public.crm_contacts c where c.id = p_call.contact_id),
      p_call.caller_name)));
end $$;

-- → reserved, for an agent, whose row the caller holds and who has a seat free, or for an address
-- (p_agent null): a number, or a softphone (client:…). Twilio is asked to ring them for so many seconds.
create or replace function private.open_offer(
  p_call public.call_records, p_purpose text, p_agent public.call_center_agents, p_address text,
  p_queue_id uuid, p_invited_by uuid, p_ring_seconds integer,
  p_supervised_by uuid default null, p_mode text default null)
  returns uuid
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_offer_id uuid;
  v_seat integer := 1;
begin
  if p_agent.id is not null then
    v_seat := private.free_seat(p_agent);
    perform private.take_seat(p_agent.id);
  end if;
  insert into private.call_offers (call_record_id, purpose, agent_id, address, queue_id, invited_by,
    supervised_by, mode, seat, created_at, expires_at)
  values (p_call.id, p_purpose, p_agent.id, p_address, p_queue_id, p_invited_by,
    p_supervised_by, p_mode, v_seat, v_now,
    v_now + (select make_interval(secs => offer_start_seconds) from private.settings))
  returning id into v_offer_id;
  perform private.write_command(
    case when p_agent.id is null then 'ring_party' else 'ring_agent' end, v_offer_id::text,
    jsonb_build_object(
      'offer_id', v_offer_id,
      'role', private.offer_role(p_purpose, p_agent.id),
      'phone', case when p_address like '+%' then p_address else private.telephone_of(p_agent) end,
      'client', coalesce(substring(p_address from '^client:(.*)'), private.client_identity(p_agent.id)),
      'caller', p_call.caller_number,
      'shows', private.shown_to_softphone(p_call),
      'receiver', p_call.receiver_number,
      'ring_seconds', p_ring_seconds), p_call.id);
  return v_offer_id;
end $$;

-- → reserved, by the router, with call, entry and agent locked.
create or replace function private.offer_call(
  p_entry private.queue_entries, p_call public.call_records, p_queue public.call_queues,
  p_agent public.call_center_agents)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.open_offer(
    p_call, 'queue', p_agent, null, p_queue.id, null, p_queue.ring_timeout_seconds);
  perform private.mark_offered(p_entry.id);
  -- Skipped where a supervisor is changing the queue: the router waits for nobody.
  update private.queue_members set last_offered_at = private.clock()
  where (queue_id, agent_id) in (select m.queue_id, m.agent_id from private.queue_members m
    where m.queue_id = p_queue.id and m.agent_id = p_agent.id for no key update skip locked);
  perform private.set_ringing(p_call.id, p_agent.id);
end $$;

-- Twilio starts an account's calls at one a second, unless that was raised, and queues the others. While
-- it says that an agent's leg is queued, the offer does not lapse.
create or replace function private.await_turn(p_call_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_offers o set expires_at = private.clock() + private.ring_lease(o.queue_id)
  where o.leg_sid = p_call_sid and o.state = 'reserved';
end $$;

-- reserved → ringing, as Twilio tells it of the agent's leg. The time to ring counts from Twilio's first
-- callback about the leg, not from our request, which Twilio may have queued.
create or replace function private.follow_agent_leg(p_offer_id uuid, p_leg private.call_legs)
  returns private.call_offers
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer private.call_offers;
begin
  update private.call_offers o
  set leg_sid = coalesce(o.leg_sid, p_leg.call_sid),
      state = case when o.state = 'reserved' and p_leg.status = 'ringing' then 'ringing'
        else o.state end,
      heard_at = coalesce(o.heard_at, p_leg.last_heard_at),
      ringing_at = case when p_leg.status = 'ringing' then coalesce(o.ringing_at, p_leg.last_heard_at)
        else o.ringing_at end,
      expires_at = case
        when o.state in ('reserved', 'ringing') and p_leg.status = 'in_progress'
          then greatest(o.expires_at, p_leg.answered_at + private.confirm_lease())
        when o.state = 'reserved' then p_leg.last_heard_at + private.ring_lease(o.queue_id)
        else o.expires_at end
  where o.id = p_offer_id
  returning o.* into v_offer;
  return v_offer;
end $$;

-- Twilio answered our request to ring the agent with the leg's SID, which a webhook may have told before.
create or replace function private.name_leg(p_offer_id uuid, p_leg_sid text)
  returns private.call_offers
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer private.call_offers;
begin
  update private.call_offers set leg_sid = coalesce(leg_sid, p_leg_sid)
  where id = p_offer_id returning * into v_offer;
  return v_offer;
end $$;

-- The agent answered, and is asked for the key that takes the call.
create or replace function private.await_key(p_offer_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_offers set expires_at = private.clock() + private.confirm_lease()
  where id = p_offer_id;
end $$;

-- → connected: the agent takes the call.
create or replace function private.take_offer(p_offer_id uuid, p_leg_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_agent_id uuid;
begin
  update private.call_offers
  set state = 'connected', connected_at = v_now, leg_sid = p_leg_sid,
      heard_at = coalesce(heard_at, v_now)
  where id = p_offer_id
  returning agent_id into v_agent_id;
  perform private.end_misses(v_agent_id);
end $$;

-- connected: agent and customer met; the first meeting counts. If we learn it after the offer's end, the
-- outcome is corrected to finished.
create or replace function private.note_met(p_offer_id uuid, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_offers
  set met_at = least(met_at, greatest(p_at, connected_at)),
      outcome = case state when 'ended' then 'finished' end
  where id = p_offer_id;
end $$;

-- The two met earlier than we were told before: so much longer the agent talked, if it is counted
-- already.
create or replace function private.add_talk(
  p_agent_id uuid, p_offer_id uuid, p_from timestamptz, p_to timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if exists (select 1 from private.call_offers where id = p_offer_id and state = 'ended') then
    update public.call_center_agents
    set handling_seconds = handling_seconds + private.seconds_between(p_from, p_to),
        average_handling_time_seconds = coalesce(round(
          (handling_seconds + private.seconds_between(p_from, p_to))::numeric
            / nullif(total_calls_handled, 0)), 0)
    where id = p_agent_id;
  end if;
end $$;

-- The agent is gone before the two met: a customer who was sent to the room already is fetched out of it,
-- for there they hear nothing of their wait, and nobody comes.
create or replace function private.fetch_from_room(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if exists (select 1 from private.call_sessions
      where call_record_id = p_call_record_id and stage <> 'ended' and sent_to_room_at is not null) then
    perform private.redirect_customer(p_call_record_id);
  end if;
end $$;

-- Nobody needs this leg any more: Twilio is not asked to ring it, or ends it.
create or replace function private.drop_offer_leg(p_offer private.call_offers)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if p_offer.leg_sid is null then
    -- Of either kind: an agent whose user was deleted is none any more.
    perform private.withdraw_command('ring_agent', p_offer.id::text);
    perform private.withdraw_command('ring_party', p_offer.id::text);
  elsif exists (select 1 from private.call_legs
      where call_sid = p_offer.leg_sid and ended_at is null) then
    perform private.hang_up_leg(p_offer.leg_sid, p_offer.call_record_id);
  end if;
end $$;

-- → ended, whatever the state, and gives the agent's seat back: after a conversation with wrap-up, after a
-- queue's offer that came to nothing with a rest. The call waits again unless the two had met. What becomes of
-- a customer who is in the room already is decided by private.tend_room.
create or replace function private.end_offer(p_offer_id uuid, p_outcome text, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer private.call_offers;
  v_wrap_up_seconds integer;
  v_owed boolean;
begin
  update private.call_offers set state = 'ended', ended_at = p_at, outcome = p_outcome
  where id = p_offer_id and state <> 'ended'
  returning * into v_offer;
  if not found then
    return;
  end if;
  if v_offer.met_at is not null then
    select wrap_up_seconds, disposition_required into v_wrap_up_seconds, v_owed
    from public.call_queues where id = v_offer.queue_id;
    perform private.leave_seat_after_talk(v_offer.agent_id, v_offer.call_record_id, v_offer.met_at, p_at,
      coalesce(v_wrap_up_seconds, 0), coalesce(v_owed, false));
    return;
  end if;
  -- Only the router's offers are held against an agent.
  perform private.leave_seat_unanswered(v_offer.agent_id,
    case when v_offer.purpose = 'queue' then p_outcome else 'cancelled' end);
  if v_offer.purpose = 'queue' then
    if v_offer.connected_at is not null then
      perform private.fetch_from_room(v_offer.call_record_id);
    end if;
    perform private.wait_again(v_offer.call_record_id);
  end if;
  if v_offer.connected_at is null then
    perform private.drop_offer_leg(v_offer);
  end if;
end $$;

-- The caller no longer waits: whoever is being rung for them is let go.
create or replace function private.stop_ringing(p_call_record_id uuid, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer_id uuid;
begin
  select id into v_offer_id from private.call_offers
  where call_record_id = p_call_record_id and state in ('reserved', 'ringing') and purpose <> 'supervise';
  if found then
    perform private.end_offer(v_offer_id, 'caller_left', p_at);
    perform private.set_waiting_again(p_call_record_id);
  end if;
end $$;

-- An offer whose call was deleted, and which went with it, gives the seat back too.
create or replace function private.return_seat()
  returns trigger
  language plpgsql
  security definer  -- fired by a supervisor deleting a call; seats are not the browser's to write
  set search_path = ''
as $$
begin
  update public.call_center_agents set seats_taken = seats_taken - 1 where id = old.agent_id;
  return null;
end $$;

create or replace trigger call_offers_gone
  after delete on private.call_offers
  for each row when (old.state <> 'ended')
  execute function private.return_seat();

-- How an agent's leg that never took the call ended it; null where we ended it ourselves. Twilio calls a
-- softphone that nobody opened unanswered too, but at once: before it rang (the second callback is the
-- last), or long before any time-out, which is ten seconds at least. Both are the same in whatever order
-- callbacks come. One that rang out in a page that had died is unreachable as well, and so is one that Twilio calls
-- busy there, as it does some.
create or replace function private.outcome_of(p_leg private.call_legs, p_offered_at timestamptz)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return case p_leg.status
    when 'busy' then case
      when p_leg.sip_code = 603 then 'rejected'
      when p_leg.address like 'client:%' and private.softphone_was_dead(p_leg.agent_id, p_leg.ended_at)
        then 'unreachable' else 'busy' end
    when 'no_answer' then case
      when p_leg.ended_at < p_offered_at + interval '5 seconds' or exists (
        select 1 from private.call_events where call_sid = p_leg.call_sid
          and source = 'call-status' and event = 'no_answer' and sequence between 0 and 1)
        or p_leg.address like 'client:%' and private.softphone_was_dead(p_leg.agent_id, p_leg.ended_at)
        then 'unreachable' else 'no_answer' end
    when 'completed' then 'declined'
    when 'failed' then 'unreachable' end;
end $$;

-- ended: corrects the outcome of offers that no agent took. That the caller left and that the agent's leg
-- ended may be told in either order; what happened first is the outcome. Of an offer that lapsed, the
-- leg's end may be told later. A correction adds to the agent's misses in a row, or to what did not reach them, or
-- takes away, unless they took a call since, which began a new count.
create or replace function private.correct_offers(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  with truth as (
    select o.id, o.agent_id, o.outcome as told, least(l.ended_at, r.ended_at) as ended_at,
      case when l.ended_at < r.ended_at then private.outcome_of(l, o.created_at) else 'caller_left' end as outcome
    from private.call_offers o
    join private.call_legs l on l.call_sid = o.leg_sid and l.ended_at is not null
    join public.call_records r on r.id = o.call_record_id and r.ended_at is not null
    where o.call_record_id = p_call_record_id and o.state = 'ended' and o.connected_at is null
  ), corrected as (
    update private.call_offers o set outcome = t.outcome, ended_at = t.ended_at
    from truth t where o.id = t.id and t.outcome <> t.told
      and (t.told = 'lapsed' or 'caller_left' in (t.outcome, t.told))
    returning t.agent_id, t.ended_at, (o.purpose = 'queue')::integer
      * (private.counts_as_missed(t.outcome)::integer - private.counts_as_missed(t.told)::integer) as missed,
      (o.purpose = 'queue')::integer
      * ((t.outcome = 'unreachable')::integer - (t.told = 'unreachable')::integer) as unreached
  ), in_a_row as (
    select agent_id, sum(missed)::integer as missed, sum(unreached)::integer as unreached from corrected c
    where not exists (select 1 from private.call_offers o
      where o.heard_at > c.ended_at and o.agent_id = c.agent_id and o.connected_at is not null)
    group by agent_id
  )
  update public.call_center_agents a
  set missed_offers = greatest(0, a.missed_offers + c.missed),
      unreached_offers = greatest(0, a.unreached_offers + c.unreached)
  from in_a_row c where a.id = c.agent_id and (c.missed <> 0 or c.unreached <> 0);
end $$;

revoke execute on all functions in schema private from public;
