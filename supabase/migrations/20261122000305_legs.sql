-- Legs: the state machine of one Twilio call SID (private.call_legs.status), and the ledger of what
-- Twilio told us. Fold the same events in any order, with any repeats, and get the same row.
--
--   queued → initiated → ringing → in_progress → completed; or busy, failed, no_answer, canceled

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
    p_occurred_at, private.clock(), coalesce(p_params, '{}'))
  on conflict do nothing;
  return found;
end $$;

-- How far a leg is in its life; it only ever moves to a higher number.
create or replace function private.leg_rank(p_status text)
  returns integer
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case p_status when 'queued' then 0 when 'initiated' then 1 when 'ringing' then 2
    when 'in_progress' then 3 else 4 end;
end $$;

-- → queued: a leg that we hear of for the first time; of one that is known only its address is learnt.
create or replace function private.open_leg(
  p_call_sid text, p_call_record_id uuid, p_role text, p_agent_id uuid, p_address text,
  p_at timestamptz, p_attempt integer default null)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.call_legs
    (call_sid, call_record_id, role, agent_id, address, attempt, status, started_at, last_heard_at)
  values (p_call_sid, p_call_record_id, p_role, p_agent_id, p_address, p_attempt, 'queued', p_at,
    private.clock())
  on conflict (call_sid) do update set address = excluded.address
  where private.call_legs.address is null and excluded.address is not null;
end $$;

-- The same, where the agent is the one of an offer, if the leg was made for one. p_attempt: of a
-- callback's customer.
create or replace function private.ensure_leg(
  p_call_sid text, p_call_record_id uuid, p_role text, p_offer_id uuid, p_address text,
  p_at timestamptz, p_attempt integer default null)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.open_leg(p_call_sid, p_call_record_id, p_role,
    (select case purpose when 'supervise' then invited_by else agent_id end
      from private.call_offers where id = p_offer_id), p_address, p_at, p_attempt);
end $$;

-- Folds a status into a leg. Times are each set by the event that they belong to, so a late or
-- repeated event completes the leg and never turns it back.
create or replace function private.fold_leg(
  p_call_sid text, p_status text, p_sequence integer, p_duration integer, p_sip_code integer,
  p_at timestamptz)
  returns private.call_legs
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_rank constant integer := private.leg_rank(p_status);
  v_leg private.call_legs;
begin
  update private.call_legs l
  set status = case when v_rank > private.leg_rank(l.status) then p_status else l.status end,
      last_sequence = greatest(l.last_sequence, p_sequence),
      started_at = least(l.started_at, p_at),
      answered_at = case when p_status = 'in_progress' then least(l.answered_at, p_at)
        else l.answered_at end,
      ended_at = case when v_rank = 4 then least(l.ended_at, p_at) else l.ended_at end,
      duration_seconds = coalesce(p_duration, l.duration_seconds),
      sip_code = coalesce(p_sip_code, l.sip_code),
      last_heard_at = private.clock()
  where l.call_sid = p_call_sid
  returning l.* into v_leg;
  return v_leg;
end $$;

-- Keeps what happened to a leg in a room of its call (the ledger's source room, event "join …", "leave …" and
-- so on with the room), and that the leg was heard of; false where that was known.
create or replace function private.keep_room_event(
  p_call_sid text, p_event text, p_room text, p_sequence integer, p_at timestamptz,
  p_call_record_id uuid, p_params jsonb)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_legs set last_heard_at = private.clock() where call_sid = p_call_sid;
  return private.keep_event(p_call_sid, 'room', concat_ws(' ', p_event, p_room), p_sequence, p_at,
    p_call_record_id, p_params);
end $$;

-- When a leg first entered a room, of those that it entered from a moment on; null: it did not.
create or replace function private.joined_since(p_call_sid text, p_from timestamptz)
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select min(occurred_at) from private.call_events
    where call_sid = p_call_sid and source = 'room' and event like 'join%' and occurred_at >= p_from);
end $$;

-- The leg that the customer is on, while it lives.
create or replace function private.caller_sid(p_call_record_id uuid)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select call_sid from private.call_legs
    where call_record_id = p_call_record_id and role in ('caller', 'customer') and ended_at is null
    order by started_at desc limit 1);
end $$;

-- Has the customer's leg, while it lives, ask anew where to go. A leg that we made is told apart from a
-- caller's by its address, which has to say so in every document and fallback that it is given.
create or replace function private.redirect_customer(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_leg private.call_legs;
begin
  select * into v_leg from private.call_legs where call_sid = private.caller_sid(p_call_record_id);
  if found then
    perform private.write_command('redirect', v_leg.call_sid,
      jsonb_build_object('path', 'caller-connect') || case v_leg.role when 'customer'
        then jsonb_build_object('role', 'customer', 'call', p_call_record_id, 'attempt', v_leg.attempt)
        else '{}' end, p_call_record_id);
  end if;
end $$;

-- A leg was hung up. The end of one that Twilio had not begun is told by no callback: it counts as silent
-- from here on, and Twilio is asked.
create or replace function private.doubt_queued_leg(p_call_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_legs set last_heard_at = private.clock() - interval '1 minute'
  where call_sid = p_call_sid and status = 'queued' and ended_at is null;
end $$;

-- Has Twilio end every leg of a call but the customer's own.
create or replace function private.hang_up_others(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_sid text;
begin
  for v_sid in
    select call_sid from private.call_legs
    where call_record_id = p_call_record_id and ended_at is null
      and role not in ('caller', 'customer')
  loop
    perform private.hang_up_leg(v_sid, p_call_record_id);
  end loop;
end $$;

revoke execute on all functions in schema private from public;
