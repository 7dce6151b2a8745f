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
      where call_record_id = p_call_record_id and state = 'connected') then
    perform private.stop_ringing(p_call_record_id, private.clock());
    perform private.hang_up_leg(v_sid, p_call_record_id);
  end if;
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
    select o.id as offer_id, o.agent_id, o.queue_id, o.ended_at, o.met_at as told_at, m.at
    from private.call_offers o
    join private.call_legs a on a.call_sid = o.leg_sid
    join private.call_legs c on c.call_record_id = o.call_record_id and c.role in ('caller', 'customer')
    -- A customer is sent to the room once the agent took the call; Twilio's clock may be behind ours.
    cross join lateral (select o.connected_at - interval '3 seconds' as since) t
    cross join lateral (select case
      when private.joined_since(c.call_sid, t.since) is not null then greatest(o.connected_at,
        private.joined_since(c.call_sid, t.since), private.joined_since(a.call_sid, t.since))
      end as at where private.joined_since(a.call_sid, t.since) is not null) m
    where o.call_record_id = p_call_record_id and o.connected_at is not null
      and m.at <= least(c.ended_at, a.ended_at, 'infinity')
      and (o.met_at is null or o.met_at > m.at)
  loop
    v_waited := private.leave_queue(p_call_record_id, 'answered', v_met.at);
    if v_waited is null then
      v_waited := private.correct_stay(p_call_record_id, v_met.at);
    end if;
    perform private.set_answered(p_call_record_id, v_met.agent_id, v_met.at, v_waited);
    perform private.set_stage(p_call_record_id, 'connected');
    update public.crm_contacts set last_agent_id = v_met.agent_id
    where id = (select contact_id from public.call_records where id = p_call_record_id);
    perform private.note_met(v_met.offer_id, v_met.at);
    -- Fetched once more, the customer would leave the room where they just met.
    perform private.finish_command('redirect', private.caller_sid(p_call_record_id), 'they met');
    if v_met.told_at is not null then
      perform private.add_talk(v_met.agent_id, v_met.offer_id, v_met.at, v_met.told_at);
    elsif v_met.ended_at is not null then
      perform private.leave_seat_after_talk(v_met.agent_id, v_met.at, v_met.ended_at,
        coalesce((select wrap_up_seconds from public.call_queues where id = v_met.queue_id), 0), 0);
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
  perform private.keep_join(l.call_sid, 'assumed ' || floor(extract(epoch from p_at)), null, p_at,
    p_call_record_id, null)
  from private.call_legs l
  where l.call_record_id = p_call_record_id and (l.ended_at is null or l.ended_at >= p_at)
    and (l.role in ('caller', 'customer') or l.call_sid in (select o.leg_sid
      from private.call_offers o
      where o.call_record_id = p_call_record_id and o.connected_at is not null));
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
  where call_record_id = p_call_record_id and stage = 'connecting'
    and sent_to_room_at <= p_at - interval '15 seconds';
  if found then
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

-- private.assume_meeting for all calls on their way to a room. Part of the sweep.
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
    select r.id from private.call_sessions s join public.call_records r on r.id = s.call_record_id
    where s.stage = 'connecting' and s.sent_to_room_at <= private.clock() - interval '15 seconds'
    order by s.sent_to_room_at limit p_limit for no key update of r skip locked
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
  select * into v_call from public.call_records where id = p_call_record_id and ended_at is null;
  if not found then
    return;
  end if;
  perform private.check_recordings_later(v_call);
  v_waited := private.leave_queue(p_call_record_id, 'abandoned', p_at);
  perform private.set_ended(p_call_record_id, p_leg_status, p_duration, p_at, v_waited);
  perform private.stop_ringing(p_call_record_id, p_at);
  perform private.hang_up_others(p_call_record_id);
  perform private.assume_recorded_meeting(p_call_record_id);
end $$;

revoke execute on all functions in schema private from public;
