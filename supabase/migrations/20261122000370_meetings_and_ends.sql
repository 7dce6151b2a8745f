-- What concerns several of the state machines at once: customer and agent meet, and a call is over.

-- The agent has left after a conversation: the customer is let go, unless somebody else talks to them,
-- and nobody is rung for them any more.
create or replace function private.let_go(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_sid constant text := private.caller_sid(p_call_record_id);
begin
  if v_sid is not null and not exists (select 1 from private.call_offers
      where call_record_id = p_call_record_id and state = 'connected' and purpose <> 'supervise') then
    perform private.stop_ringing(p_call_record_id, private.clock());
    perform private.hang_up_leg(v_sid, p_call_record_id);
  end if;
end $$;

-- Whether a leg was in a room at a moment: it had entered one, and not left that one.
create or replace function private.was_in_room(p_call_sid text, p_at timestamptz)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (
    select 1 from private.call_events j
    where j.call_sid = p_call_sid and j.source = 'room' and j.event like 'join%' and j.occurred_at <= p_at
      and not exists (select 1 from private.call_events l
        where l.call_sid = p_call_sid and l.source = 'room' and l.occurred_at between j.occurred_at and p_at
          and l.event = replace(j.event, 'join', 'leave')));
end $$;

-- When the customer of an offer and who took it met, as the ledger says; null: they did not. A queue's agent,
-- and one who places a call, is there first and the customer is sent to the room then, where Twilio's clock may
-- be behind ours; whoever is rung for a customer in the room enters second.
create or replace function private.met_in_room(p_offer private.call_offers, p_customer_sid text)
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_since constant timestamptz := p_offer.connected_at - interval '3 seconds';
  v_agent_at constant timestamptz := private.joined_since(p_offer.leg_sid, v_since);
  v_customer_at timestamptz;
begin
  if v_agent_at is null then
    return null;
  elsif p_offer.purpose in ('return', 'transfer') then
    return case when private.was_in_room(p_customer_sid, v_agent_at)
      then greatest(p_offer.connected_at, v_agent_at) end;
  end if;
  v_customer_at := private.joined_since(p_customer_sid, v_since);
  return case when v_customer_at is not null
    then greatest(p_offer.connected_at, v_agent_at, v_customer_at) end;
end $$;

-- Whoever had the customer until now leaves, for somebody else has them; and whom they asked for advice, with them.
create or replace function private.relieve_others(p_call_record_id uuid, p_offer_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_other private.call_offers;
begin
  for v_other in
    select * from private.call_offers
    where call_record_id = p_call_record_id and id <> p_offer_id and state <> 'ended'
      and (private.has_customer(purpose) or purpose = 'consult') order by agent_id
  loop
    perform private.end_offer(v_other.id,
      case when v_other.met_at is null then 'cancelled' else 'finished' end, private.clock());
    if v_other.leg_sid is not null then
      perform private.hang_up_leg(v_other.leg_sid, p_call_record_id);
    end if;
    perform private.end_forced_mutes(p_call_record_id, v_other.agent_id);
    perform private.set_transferred(p_call_record_id,
      (select agent_id from private.call_offers where id = p_offer_id));
  end loop;
  perform private.place_supervisors(p_call_record_id);
end $$;

-- Where the legs of customer and agent were in the room at the same time, the two met: the call is
-- answered, and its wait is over. If we learn it after the call's end, the rows are corrected, and the
-- stay in the queue that was told as abandoned becomes an answered one.
create or replace function private.note_meeting(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_met record;
  v_waited integer;
begin
  for v_met in
    select o.id as offer_id, o.agent_id, o.queue_id, o.ended_at, o.met_at as told_at, m.at,
      c.call_sid as customer_sid, not exists (select 1 from private.call_offers later
        where later.call_record_id = o.call_record_id and later.connected_at > o.connected_at
          and private.has_customer(later.purpose)) as has_it
    from private.call_offers o
    join private.call_legs a on a.call_sid = o.leg_sid
    join private.call_legs c on c.call_record_id = o.call_record_id and c.role in ('caller', 'customer')
    cross join lateral (select private.met_in_room(o, c.call_sid) as at) m
    where o.call_record_id = p_call_record_id and o.connected_at is not null
      and private.has_customer(o.purpose)
      and m.at <= least(c.ended_at, a.ended_at, 'infinity')
      -- One who had the customer handed over met them then, not when they came for advice.
      and (o.met_at is null or (o.met_at > m.at and o.purpose <> 'transfer'))
  loop
    v_waited := null;
    if v_met.told_at is null then
      v_waited := private.leave_queue(p_call_record_id, 'answered', v_met.at);
      perform private.set_stage(p_call_record_id, 'connected');
      -- Fetched once more, the customer would leave the room where they just met.
      perform private.finish_command('redirect', v_met.customer_sid, 'they met');
      -- Who was kept waiting in the room for them is held no more.
      perform private.wish_held(v_met.customer_sid, false);
    end if;
    if v_waited is null then
      v_waited := private.correct_stay(p_call_record_id, v_met.at);
    end if;
    perform private.set_answered(
      p_call_record_id, v_met.agent_id, v_met.at, v_waited, v_met.has_it);
    update public.crm_contacts set last_agent_id = v_met.agent_id
    where id = (select contact_id from public.call_records where id = p_call_record_id)
      and v_met.agent_id is not null and v_met.has_it;
    perform private.note_met(v_met.offer_id, v_met.at);
    if v_met.told_at is null and v_met.ended_at is null and v_met.has_it then
      perform private.relieve_others(p_call_record_id, v_met.offer_id);
    end if;
    if v_met.told_at is not null then
      perform private.add_talk(v_met.agent_id, v_met.offer_id, v_met.at, v_met.told_at);
    elsif v_met.ended_at is not null then
      perform private.leave_seat_after_talk(v_met.agent_id, p_call_record_id, v_met.at, v_met.ended_at,
        coalesce((select wrap_up_seconds from public.call_queues where id = v_met.queue_id), 0),
        exists (select 1 from public.call_queues where id = v_met.queue_id and disposition_required), 0);
      perform private.let_go(p_call_record_id);
    end if;
  end loop;
end $$;

-- Whoever of a call was sent to its room was there by a moment, for all that we know.
create or replace function private.assume_joined(p_call_record_id uuid, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.keep_room_event(l.call_sid, 'join', 'assumed ' || floor(extract(epoch from p_at)), null, p_at,
    p_call_record_id, null)
  from private.call_legs l
  where l.call_record_id = p_call_record_id and (l.ended_at is null or l.ended_at >= p_at)
    and (l.role in ('caller', 'customer') or l.call_sid in (select o.leg_sid
      from private.call_offers o
      where o.call_record_id = p_call_record_id and o.connected_at is not null
        and private.has_customer(o.purpose)));
  perform private.note_meeting(p_call_record_id);
end $$;

-- Twilio's callbacks that the two are in the room may be lost. Before they enter, both hear a few seconds
-- of words (the notice of recording, who calls): whoever is still on the line 15 seconds after the customer
-- was sent there has entered, and is taken to have done so after 8.
create or replace function private.assume_meeting(p_call_record_id uuid, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_sent_at timestamptz;
begin
  select sent_to_room_at into v_sent_at from private.call_sessions
  where call_record_id = p_call_record_id and stage = 'connecting';
  if v_sent_at is null then
    select connected_at into v_sent_at from private.call_offers
    where call_record_id = p_call_record_id and state = 'connected' and met_at is null
      and purpose in ('return', 'transfer');
  end if;
  if v_sent_at <= p_at - interval '15 seconds' then
    perform private.assume_joined(p_call_record_id, v_sent_at + interval '8 seconds');
  end if;
end $$;

-- A conversation that was recorded took place, though nobody told us that it began: Twilio records a
-- room from the moment that two are in it.
create or replace function private.assume_recorded_meeting(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.assume_joined(c.id, c.ended_at - make_interval(secs => r.duration_seconds))
  from public.call_records c join private.call_recordings r on r.call_record_id = c.id
  where c.id = p_call_record_id and c.ended_at is not null and c.answered_at is null
    and r.status = 'completed' and r.duration_seconds > 0;
end $$;

-- private.assume_meeting for all calls whose customer and agent are on their way to each other. Part of the
-- sweep.
create or replace function private.assume_meetings(p_limit integer)
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
    select r.id from public.call_records r where r.id in (
      select s.call_record_id from private.call_sessions s
      where s.stage = 'connecting' and s.sent_to_room_at <= private.clock() - interval '15 seconds'
      union select o.call_record_id from private.call_offers o
      where o.state = 'connected' and o.met_at is null and o.purpose in ('return', 'transfer')
        and o.connected_at <= private.clock() - interval '15 seconds')
    order by r.id limit p_limit for no key update of r skip locked
  loop
    perform private.assume_meeting(v_call_record_id, private.clock());
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

-- Ends a call whose lock the caller holds: the record, its place in the queue, whoever is being rung
-- or still on the line. Ending again changes nothing.
create or replace function private.end_call(
  p_call_record_id uuid, p_leg_status text, p_duration integer, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
  v_waited integer;
begin
  perform private.assume_meeting(p_call_record_id, p_at);
  select * into v_call from public.call_records where id = p_call_record_id and ended_at is null for no key update;
  if not found then
    return;
  end if;
  perform private.check_recordings_later(v_call);
  perform private.set_hold_seconds(v_call.id, private.held_seconds(v_call.id, p_at));
  v_waited := private.leave_queue(p_call_record_id, 'abandoned', p_at);
  perform private.set_ended(p_call_record_id, p_leg_status, p_duration, p_at, v_waited);
  perform private.stop_ringing(p_call_record_id, p_at);
  perform private.end_offer(id, 'caller_left', p_at) from private.call_offers
  where call_record_id = p_call_record_id and state in ('reserved', 'ringing') and purpose = 'supervise';
  perform private.end_keeping(o.agent_id, s.alone_since)
  from private.call_sessions s join private.call_offers o on o.call_record_id = s.call_record_id
    and o.ended_at = s.alone_since
  where s.call_record_id = p_call_record_id and s.alone_since is not null;
  perform private.set_alone(p_call_record_id, null);
  perform private.hang_up_others(p_call_record_id);
  perform private.assume_recorded_meeting(p_call_record_id);
end $$;

revoke execute on all functions in schema private from public;
