-- Callbacks: the state machine of a caller's wish to be rung (private.callbacks). The wish is a call of its
-- own, outbound, that waits in the queue with the time its caller joined, and is routed like any other;
-- the agent is rung first, then the customer, so nobody is called who has no agent yet.
--
--   waiting → attempt 1 → waiting → attempt 2 … → ended: reached, not reached, expired, or served meanwhile
--
-- An attempt is at work from the command to ring the customer until its fate is known and its leg has
-- ended. While one may be, the customer is not rung again, whatever became of the agent.

-- Whether a call is a callback whose customer has not been reached yet.
create or replace function private.is_callback(p_call_record_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (select 1 from private.callbacks
    where call_record_id = p_call_record_id and ended_at is null);
end $$;

-- Whether a callback that is asked for in a queue now can be kept: it is open before the wish expires, or
-- keeps wishes over night.
create or replace function private.can_call_back(p_queue public.call_queues)
  returns boolean
  language plpgsql
  stable
  cost 1000
  set search_path = ''
as $$
declare
  v_opening constant timestamptz := private.next_opening(p_queue, private.clock());
begin
  return v_opening is not null and (p_queue.callbacks_overnight
    or v_opening < private.clock()
      + (select make_interval(secs => callback_expiry_seconds) from private.settings));
end $$;

-- The queue that a callback waits in whose caller wants this one: itself, or where it is gone General, or
-- any that is active; null where none of them can keep it. It stays until the transaction ends.
create or replace function private.queue_for_callback(p_queue_id uuid)
  returns public.call_queues
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_queue public.call_queues;
begin
  select q.* into v_queue from public.call_queues q
  where q.active and private.can_call_back(q)
  order by q.id is not distinct from p_queue_id desc, q.name = 'General' desc, q.name limit 1
  for key share;
  return v_queue;
end $$;

-- → waiting; nobody is offered it while its customer's telephone is still in use, or before the time that was
-- promised (p_at). False where the number or the request has one already, of two at the same moment too.
create or replace function private.open_callback(
  p_for public.call_records, p_number text, p_queue public.call_queues, p_at timestamptz default null)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_id constant uuid := gen_random_uuid();
  v_now constant timestamptz := private.clock();
begin
  insert into private.callbacks (call_record_id, requested_by, number, created_at, expires_at, scheduled_at)
  select v_id, p_for.id, p_number, v_now,
    coalesce(p_at, v_now) + make_interval(secs => callback_expiry_seconds), p_at
  from private.settings
  on conflict do nothing;
  if not found then
    return false;
  end if;
  perform private.open_callback_call(v_id, p_for, p_number);
  perform private.enter_queue(v_id, p_queue, coalesce(p_at, p_for.queued_at, v_now));
  perform private.put_off(v_id, greatest(p_at, v_now + interval '10 seconds'));
  return true;
end $$;

-- The caller keyed another number than the one noted when they hung up. Where that one has a callback
-- already, there is one for them: false.
create or replace function private.change_callback_number(
  p_call public.call_records, p_number text)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.callbacks set number = p_number where call_record_id = p_call.id;
  update public.call_records
  set caller_number = p_number, contact_id = private.contact_of(p_number, p_call.caller_name)
  where id = p_call.id;
  return true;
exception
  when unique_violation then
    perform private.end_callback(p_call, 'served', 'callback_requested', private.clock());
    return false;
end $$;

-- Whether an attempt to reach a callback's customer may be at work: it is asked of Twilio, or nobody knows
-- yet what came of it, or its leg has not ended.
create or replace function private.attempt_may_live(p_call_record_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (select 1 from private.telephony_commands
      where call_record_id = p_call_record_id and kind = 'ring_customer'
        and state in ('pending', 'claimed', 'unknown'))
    or exists (select 1 from private.call_legs
      where call_record_id = p_call_record_id and role = 'customer' and ended_at is null);
end $$;

-- Whether a callback's customer has talked to somebody since, in any call of theirs; of one that was promised for
-- a time, since then.
create or replace function private.is_served(p_callback private.callbacks)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (
    select 1 from public.call_records c join public.call_records r on r.contact_id = c.contact_id
    where c.id = p_callback.call_record_id
      and r.id <> p_callback.call_record_id and r.answered_at > coalesce(p_callback.scheduled_at, p_callback.created_at)
      and r.started_at > p_callback.created_at - interval '1 day');
end $$;

-- Until when a callback is offered to nobody; null: it may be. Its queue is closed, an attempt may be at
-- work, or it is about to end.
create or replace function private.callback_waits_until(
  p_call_record_id uuid, p_queue public.call_queues)
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_opening constant timestamptz := private.next_opening(p_queue, v_now);
begin
  if v_opening is distinct from v_now then
    return coalesce(v_opening, v_now + interval '1 minute');
  elsif private.attempt_may_live(p_call_record_id) or (select private.is_served(b)
      from private.callbacks b where b.call_record_id = p_call_record_id) then
    return v_now + interval '10 seconds';
  end if;
  return null;
end $$;

-- waiting → attempt: the agent for a callback is on the line, now the customer is rung. The target names
-- the attempt, so that one attempt is one call whatever happens to the command.
create or replace function private.ring_customer(p_call public.call_records)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_callback private.callbacks;
begin
  update private.callbacks set attempts = attempts + 1 where call_record_id = p_call.id
  returning * into v_callback;
  perform private.write_command('ring_customer', p_call.id || ' ' || v_callback.attempts,
    jsonb_build_object('call_record_id', p_call.id, 'attempt', v_callback.attempts,
      'number', v_callback.number, 'receiver', p_call.receiver_number, 'ring_seconds', 30), p_call.id);
end $$;

-- Whether a callback's customer is to be rung, or is ringing, at this attempt (null: the one at work):
-- their agent is on the line.
create or replace function private.rings_customer(
  p_call_record_id uuid, p_attempt integer default null)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (
    select 1 from private.callbacks b join private.call_sessions s on s.call_record_id = b.call_record_id
    where b.call_record_id = p_call_record_id and b.ended_at is null and s.stage = 'connecting'
      and b.attempts = coalesce(p_attempt, b.attempts));
end $$;

-- Whether a customer was reached at this attempt, and theirs is a call like any other that goes on.
create or replace function private.is_connected_attempt(p_call_record_id uuid, p_attempt integer)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return not exists (select 1 from private.callbacks
      where call_record_id = p_call_record_id
        and (ended_at is null or attempts <> coalesce(p_attempt, attempts)))
    and exists (select 1 from public.call_records
      where id = p_call_record_id and ended_at is null);
end $$;

-- Ends what is at work to reach the customer: nobody rings them, and whoever rings is hung up. A leg that
-- is only now being placed is hung up when we learn of it.
create or replace function private.stop_attempt(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.call_off_command('ring_customer', call_record_id || ' ' || attempts)
  from private.callbacks where call_record_id = p_call_record_id;
  perform private.hang_up_leg(call_sid, call_record_id) from private.call_legs
  where call_record_id = p_call_record_id and role = 'customer' and ended_at is null;
end $$;

-- → ended, without the customer; the call's disposition says why. p_outcome: what their stay in the queue
-- came to (not_reached, or served: in another call, and this one is not missed).
create or replace function private.end_callback(
  p_call public.call_records, p_outcome text, p_disposition text, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.callbacks set ended_at = private.clock()
  where call_record_id = p_call.id and ended_at is null;
  perform private.stop_attempt(p_call.id);
  if p_outcome = 'served' then
    perform private.set_resolution(p_call.id, 'callback');
  end if;
  update public.call_records set disposition = p_disposition
  where id = p_call.id and disposition_by is null;
  perform private.leave_queue(p_call.id, p_outcome, private.clock());
  perform private.end_call(p_call.id, 'no_answer', 0, p_at);
end $$;

-- How many attempts of a callback were none: its agent left before Twilio was asked to ring the customer.
create or replace function private.attempts_not_made(p_call_record_id uuid)
  returns integer
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return count(*) from private.telephony_commands
    where call_record_id = p_call_record_id and kind = 'ring_customer' and state = 'failed'
      and result ->> 'reason' in ('withdrawn', 'called off', 'too late');
end $$;

-- attempt → waiting: it is over, and the customer was not reached: the agent is let go, and the customer
-- tried again later, in their old place; after the last attempt the callback ends. What is told late of an
-- earlier attempt changes nothing.
create or replace function private.attempt_over(
  p_call public.call_records, p_attempt integer, p_leg_status text, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_settings private.settings;
  v_attempts integer;
begin
  select attempts into v_attempts from private.callbacks
  where call_record_id = p_call.id and ended_at is null;
  if not found or v_attempts <> coalesce(p_attempt, v_attempts) then
    return;
  end if;
  select * into v_settings from private.settings;
  if v_attempts - private.attempts_not_made(p_call.id) >= v_settings.callback_attempts then
    perform private.end_callback(p_call, 'not_reached', case p_leg_status
      when 'failed' then 'failed' else 'no_answer' end, p_at);
    return;
  end if;
  perform private.put_off(
    p_call.id, private.clock() + make_interval(secs => v_settings.callback_spacing_seconds));
  perform private.end_offer(o.id, 'finished', p_at) from private.call_offers o
  where o.call_record_id = p_call.id and o.state = 'connected';
  perform private.hang_up_others(p_call.id);
end $$;

-- The agent left before the customer of a callback answered: they are rung no more. The attempt is over
-- once nothing of it may be at work.
create or replace function private.call_off_customer(p_call public.call_records)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.stop_attempt(p_call.id);
  perform private.put_off(p_call.id, private.clock() + interval '10 seconds');
  if not private.attempt_may_live(p_call.id) then
    perform private.attempt_over(p_call, null, 'canceled', private.clock());
  end if;
end $$;

-- Twilio took our request to ring the customer. The attempt may have been called off: then the leg is
-- hung up. False: the leg is another call's, whom the same number was rung for.
create or replace function private.customer_leg_placed(
  p_call public.call_records, p_attempt integer, p_leg_sid text, p_number text)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if exists (select 1 from private.call_legs where call_sid = p_leg_sid and call_record_id <> p_call.id) then
    return false;
  end if;
  perform private.ensure_leg(
    p_leg_sid, p_call.id, 'customer', null, p_number, private.clock(), p_attempt);
  if exists (select 1 from private.call_legs where call_sid = p_leg_sid and ended_at is null)
    and not private.is_connected_attempt(p_call.id, p_attempt)
    and not private.rings_customer(p_call.id, p_attempt) then
    perform private.hang_up_leg(p_leg_sid, p_call.id);
  end if;
  return true;
end $$;

-- → ended: the customer of a callback is on the line, an agent or not: from here on theirs is a call like
-- any other.
create or replace function private.callback_reached(p_call_record_id uuid, p_call_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_records set call_id = p_call_sid where id = p_call_record_id;
  update private.callbacks set ended_at = private.clock()
  where call_record_id = p_call_record_id and ended_at is null;
  update private.queue_entries set on_line = true
  where call_record_id = p_call_record_id and left_at is null;
  perform private.end_put_off(1, p_call_record_id);
  perform private.withdraw_command('hang_up', p_call_sid);
end $$;

revoke execute on all functions in schema private from public;
