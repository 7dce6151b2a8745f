-- What Twilio says of a leg, in any order and any number of times: kept once in the ledger, folded
-- into the leg, and then, if it ends something, carried to the call and the agent.

-- Keeps an event; false where it was known already. Every fact of an event is in its key.
create or replace function private.keep_event(
  p_call_sid text, p_source text, p_event text, p_sequence integer, p_occurred_at timestamptz,
  p_call_record_id uuid, p_params jsonb)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.call_events
    (call_sid, source, event, sequence, call_record_id, occurred_at, received_at, params)
  values (p_call_sid, p_source, p_event, coalesce(p_sequence, -1), p_call_record_id,
    p_occurred_at, private.clock(), p_params)
  on conflict do nothing;
  return found;
end $$;

-- How far a leg is in its life; it only ever moves to a higher number.
create or replace function private.leg_rank(p_status text)
  returns integer
  language sql
  immutable
  set search_path = ''
as $$
  select case p_status when 'queued' then 0 when 'initiated' then 1 when 'ringing' then 2
    when 'in_progress' then 3 else 4 end;
$$;

-- Folds a status into a leg. Times are each set by the event that they belong to, so a late or
-- repeated event completes the leg and never turns it back.
create or replace function private.fold_leg(
  p_call_sid text, p_status text, p_sequence integer, p_duration integer, p_sip_code integer,
  p_at timestamptz)
  returns private.call_legs
  language sql
  volatile
  set search_path = ''
as $$
  update private.call_legs l
  set status = case when private.leg_rank(p_status) > private.leg_rank(l.status)
        then p_status else l.status end,
      last_sequence = greatest(l.last_sequence, p_sequence),
      started_at = least(l.started_at, p_at),
      answered_at = case when p_status = 'in_progress' then least(l.answered_at, p_at)
        else l.answered_at end,
      ended_at = case when private.leg_rank(p_status) = 4 then least(l.ended_at, p_at)
        else l.ended_at end,
      duration_seconds = coalesce(p_duration, l.duration_seconds),
      sip_code = coalesce(p_sip_code, l.sip_code),
      last_heard_at = private.clock()
  where l.call_sid = p_call_sid
  returning l.*;
$$;

-- The call an event belongs to, locked: by its leg, its offer, the call named in our own callback
-- address or its parent leg; opened where we never heard of any of them.
create or replace function private.call_of_event(p_event jsonb)
  returns public.call_records
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
  v_inbound constant boolean := coalesce(p_event ->> 'direction', 'inbound') = 'inbound';
begin
  select r.* into v_call from public.call_records r
  where r.id = coalesce(
    (select call_record_id from private.call_legs where call_sid = p_event ->> 'call_sid'),
    (select call_record_id from private.call_offers where id = (p_event ->> 'offer_id')::uuid),
    (p_event ->> 'call_record_id')::uuid,
    (select call_record_id from private.call_legs where call_sid = p_event ->> 'parent_call_sid'))
  for no key update;
  if v_call.id is null then
    v_call := private.open_call(p_event ->> 'call_sid',
      case when v_inbound then 'inbound' else 'outbound' end,
      case when v_inbound then p_event ->> 'from' else p_event ->> 'to' end,
      case when v_inbound then p_event ->> 'to' else p_event ->> 'from' end,
      p_event ->> 'caller_name', (p_event ->> 'occurred_at')::timestamptz
        - make_interval(secs => coalesce((p_event ->> 'duration')::integer, 0)));
  end if;
  return private.learn_caller(v_call, p_event);
end $$;

-- Whether a leg was made by us for a call that was deleted since: nobody needs it any more.
create or replace function private.is_of_a_deleted_call(p_event jsonb)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select coalesce(p_event ->> 'offer_id', p_event ->> 'call_record_id') is not null
    and not exists (select 1 from private.call_legs where call_sid = p_event ->> 'call_sid')
    and not exists (select 1 from private.call_offers where id = (p_event ->> 'offer_id')::uuid)
    and not exists (select 1 from public.call_records
      where id = (p_event ->> 'call_record_id')::uuid);
$$;

-- Makes the leg's row where this is the first we hear of it.
create or replace function private.ensure_leg(p_event jsonb, p_call_record_id uuid, p_at timestamptz)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  insert into private.call_legs
    (call_sid, call_record_id, role, agent_id, address, status, started_at, last_heard_at)
  select p_event ->> 'call_sid', p_call_record_id,
    case when o.id is not null then 'agent' when p_event ->> 'call_record_id' is not null then 'caller'
      else 'target' end, o.agent_id, p_event ->> 'to',
    'queued', p_at, private.clock()
  from (select 1) as always
  left join private.call_offers o on o.id = (p_event ->> 'offer_id')::uuid
  on conflict do nothing;
$$;

-- A status callback, or what Twilio's REST API answered when asked about a leg. p_event: source, call_sid, status (Twilio's word, underscores), sequence, occurred_at, duration
-- (s), sip_code, direction, from, to, parent_call_sid, offer_id, call_record_id (a callback's),
-- params; returns {commands}.
create or replace function public.record_call_event(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
begin
  perform private.take_in_call_event(p_event);
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;

create or replace function private.take_in_call_event(p_event jsonb)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_at constant timestamptz :=
    coalesce((p_event ->> 'occurred_at')::timestamptz, private.clock());
  v_status constant text := p_event ->> 'status';
  v_call public.call_records;
  v_before private.call_legs;
  v_leg private.call_legs;
begin
  if private.is_of_a_deleted_call(p_event) then
    perform private.hang_up_leg(p_event ->> 'call_sid', null) where private.leg_rank(v_status) < 4;
    return;
  end if;
  v_call := private.call_of_event(p_event || jsonb_build_object('occurred_at', v_at));
  perform private.ensure_leg(p_event, v_call.id, v_at);
  if p_event ->> 'source' = 'reconcile' and v_status = 'queued' then
    perform private.await_turn(p_event ->> 'call_sid');
  end if;
  if private.keep_event(p_event ->> 'call_sid', p_event ->> 'source', v_status,
      (p_event ->> 'sequence')::integer, v_at, v_call.id, p_event -> 'params') then
    select * into v_before from private.call_legs where call_sid = p_event ->> 'call_sid';
    v_leg := private.fold_leg(p_event ->> 'call_sid', v_status,
      (p_event ->> 'sequence')::integer, (p_event ->> 'duration')::integer,
      (p_event ->> 'sip_code')::integer, v_at);
    if v_leg.role = 'agent' then
      perform private.follow_agent_leg(v_call, v_leg, (p_event ->> 'offer_id')::uuid);
    elsif v_leg.ended_at is null and private.is_callback(v_call.id) then
      perform private.hang_up_leg(v_leg.call_sid, v_call.id)
      where not private.rings_customer(v_call.id);
    end if;
    if v_leg.ended_at is not null and v_before.ended_at is null then
      perform private.leg_ended(v_call, v_leg);
    end if;
  end if;
end $$;

-- How long an offer may ring before it is taken for lost: what Twilio was asked, and a little more.
create or replace function private.ring_lease(p_queue_id uuid)
  returns interval
  language sql
  stable
  set search_path = ''
as $$
  select make_interval(secs => coalesce(
    (select ring_timeout_seconds from public.call_queues where id = p_queue_id), 20) + 10);
$$;

-- How long an agent who answered has to hear who calls and press the key.
create or replace function private.confirm_lease()
  returns interval
  language sql
  immutable
  set search_path = ''
as $$
  select interval '45 seconds';
$$;

-- Twilio starts an account's calls at so many a second, one unless raised, and holds the others back:
-- an agent whose leg's turn has not come goes on being reserved.
create or replace function private.await_turn(p_call_sid text)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update private.call_offers o set expires_at = private.clock() + private.ring_lease(o.queue_id)
  where o.leg_sid = p_call_sid and o.state = 'reserved';
$$;

-- An agent's leg moves its offer along; a leg of an offer that is over has nobody to talk to.
create or replace function private.follow_agent_leg(
  p_call public.call_records, p_leg private.call_legs, p_offer_id uuid)
  returns void
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
      -- Twilio's first word of the leg starts the lease's clock, not our asking.
      expires_at = case
        when o.state in ('reserved', 'ringing') and p_leg.status = 'in_progress'
          then greatest(o.expires_at, p_leg.answered_at + private.confirm_lease())
        when o.state = 'reserved' then p_leg.last_heard_at + private.ring_lease(o.queue_id)
        else o.expires_at end
  where o.id = p_offer_id
  returning o.* into v_offer;
  if p_leg.ended_at is null and (v_offer.state = 'ended' or v_offer.leg_sid <> p_leg.call_sid) then
    perform private.hang_up_leg(p_leg.call_sid, p_leg.call_record_id);
  end if;
end $$;

-- A leg is over: the caller's ends the call, an agent's ends their offer and, if nobody else is
-- talking to the caller, the conversation.
create or replace function private.leg_ended(p_call public.call_records, p_leg private.call_legs)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if p_leg.role = 'caller' and private.is_callback(p_call.id) then
    perform private.callback_unanswered(p_call, p_leg) where private.rings_customer(p_call.id);
  elsif p_leg.role = 'caller' then
    perform private.request_callback(p_call, p_call.caller_number) from private.call_sessions
    where call_record_id = p_call.id and stage = 'callback' and p_call.caller_number ~ '^\+';
    perform private.end_call(r, p_leg.status, p_leg.duration_seconds, p_leg.ended_at)
    from public.call_records r where r.id = p_call.id;
  elsif p_leg.role = 'agent' then
    perform private.agent_left(p_call, o, p_leg) from private.call_offers o
    where o.leg_sid = p_leg.call_sid and o.state <> 'ended';
  end if;
  perform private.correct_offers(p_call.id);
end $$;

-- How an agent's leg that never took the call ended it; null where we ended it ourselves.
create or replace function private.outcome_of(p_leg private.call_legs)
  returns text
  language sql
  immutable
  set search_path = ''
as $$
  select case p_leg.status
    when 'busy' then case p_leg.sip_code when 603 then 'rejected' else 'busy' end
    when 'no_answer' then 'no_answer'
    when 'completed' then 'declined'
    when 'failed' then 'unreachable' end;
$$;

-- The caller's leaving and the end of the agent's leg may be told in either order: of an offer that
-- was never taken, whichever happened first is the outcome, and what is counted against the agent;
-- unless they have talked to somebody since: only misses in a row count. Of one that lapsed, what
-- became of it is learnt late.
create or replace function private.correct_offers(p_call_record_id uuid)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  with truth as (
    select o.id, o.agent_id, o.outcome as told, least(l.ended_at, r.ended_at) as ended_at,
      case when l.ended_at < r.ended_at then private.outcome_of(l) else 'caller_left' end as outcome
    from private.call_offers o
    join private.call_legs l on l.call_sid = o.leg_sid and l.ended_at is not null
    join public.call_records r on r.id = o.call_record_id and r.ended_at is not null
    where o.call_record_id = p_call_record_id and o.state = 'ended' and o.connected_at is null
  ), corrected as (
    update private.call_offers o set outcome = t.outcome, ended_at = t.ended_at
    from truth t where o.id = t.id and t.outcome <> t.told
      and (t.told = 'lapsed' or 'caller_left' in (t.outcome, t.told))
    returning t.agent_id, t.ended_at, private.counts_as_missed(t.outcome)::integer
      - private.counts_as_missed(t.told)::integer as missed
  ), in_a_row as (
    select agent_id, sum(missed)::integer as missed from corrected c
    where not exists (select 1 from private.call_offers o
      where o.heard_at > c.ended_at and o.agent_id = c.agent_id and o.connected_at is not null)
    group by agent_id
  )
  update public.call_center_agents a set missed_offers = greatest(0, a.missed_offers + c.missed)
  from in_a_row c where a.id = c.agent_id and c.missed <> 0;
$$;

-- An agent's leg ended. After a conversation the caller is let go, unless the two never met: then
-- the caller goes back to their place. Before one, the offer failed and the next agent is tried.
create or replace function private.agent_left(
  p_call public.call_records, p_offer private.call_offers, p_leg private.call_legs)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_stage text;
begin
  perform private.end_offer(p_offer.id, case when p_offer.state = 'connected' then 'finished'
    else coalesce(private.outcome_of(p_leg), 'lapsed') end, p_leg.ended_at);
  if p_call.ended_at is not null or exists (select 1 from private.call_offers
      where call_record_id = p_call.id and state = 'connected') then
    return;
  end if;
  select stage into v_stage from private.call_sessions where call_record_id = p_call.id;
  if p_offer.state <> 'connected' or v_stage = 'connecting' then
    perform private.wait_again(p_call);
    perform private.call_off_customer(p_call.id)
    where v_stage = 'connecting' and private.is_callback(p_call.id);
  elsif v_stage = 'connected' then
    perform private.hang_up_leg(private.caller_sid(p_call.id), p_call.id);
  end if;
end $$;
