-- Callbacks: a caller who would rather be rung keeps their place. The wish is a call of its own,
-- outbound, that waits in the queue with the time its caller joined, and is routed like any other;
-- the agent is rung first, then the customer, so nobody is called who has no agent yet.

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

-- The number called, or an agent's: rung for a callback, it would ring ourselves.
create or replace function private.is_ours(p_number text, p_call public.call_records)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return p_number = p_call.receiver_number
    or exists (select 1 from public.call_center_agents where phone_number = p_number);
end $$;

-- A callback is offered to nobody while its customer's telephone is still in use.
create or replace function private.not_for_a_moment(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.put_off(p_call_record_id, private.clock() + interval '10 seconds');
end $$;

-- Makes the callback of a call that is about to end; false where the number has one already.
create or replace function private.request_callback(p_call public.call_records, p_number text)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_callback public.call_records;
  v_queue public.call_queues;
begin
  perform private.set_resolution(p_call.id, 'callback');
  if exists (select 1 from private.callbacks where number = p_number and ended_at is null) then
    return false;
  end if;
  select * into v_queue from public.call_queues where id = p_call.queue_id;
  if not found then
    v_queue := private.queue_or_any('General');
  end if;
  v_callback := private.open_callback_call(p_call, p_number);
  insert into private.callbacks (call_record_id, number, created_at, expires_at)
  select v_callback.id, p_number, private.clock(),
    private.clock() + make_interval(secs => callback_expiry_seconds) from private.settings;
  perform private.enter_queue(v_callback.id, v_queue, coalesce(p_call.queued_at, private.clock()));
  perform private.not_for_a_moment(v_callback.id);
  return true;
end $$;

-- The agent for a callback is on the line: now the customer is rung. The target names the attempt,
-- so that one attempt is one call whatever happens to the command.
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
    jsonb_build_object('call_record_id', p_call.id, 'number', v_callback.number,
      'receiver', p_call.receiver_number, 'ring_seconds', 30), p_call.id);
end $$;

-- Whether a callback's customer is to be rung, or is ringing: their agent is on the line.
create or replace function private.rings_customer(p_call_record_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return private.is_callback(p_call_record_id) and exists (select 1 from private.call_sessions
    where call_record_id = p_call_record_id and stage = 'connecting');
end $$;

-- The agent left before the customer of a callback answered: they are rung no more, and wait again. A
-- leg that is only now being placed is hung up when Twilio first speaks of it.
create or replace function private.call_off_customer(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_sid constant text := private.caller_sid(p_call_record_id);
begin
  perform private.withdraw_command('ring_customer', call_record_id || ' ' || attempts, true)
  from private.callbacks where call_record_id = p_call_record_id;
  if v_sid is not null then
    perform private.hang_up_leg(v_sid, p_call_record_id);
  end if;
  perform private.not_for_a_moment(p_call_record_id);
end $$;

-- The customer of a callback is on the line, an agent or not: from here on theirs is a call like any
-- other.
create or replace function private.callback_reached(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_sid constant text := private.caller_sid(p_call_record_id);
begin
  update public.call_records set call_id = coalesce(v_sid, call_id) where id = p_call_record_id;
  update private.callbacks set ended_at = private.clock()
  where call_record_id = p_call_record_id and ended_at is null;
  update private.queue_entries set on_line = true
  where call_record_id = p_call_record_id and left_at is null;
  perform private.end_put_off(1, p_call_record_id);
  perform private.withdraw_command('hang_up', v_sid);
end $$;

-- The customer did not answer: the agent is let go, and the customer tried again later, in their
-- old place; after the last attempt the call is over.
create or replace function private.callback_unanswered(
  p_call public.call_records, p_leg_status text, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_settings private.settings;
  v_attempts integer;
begin
  select * into v_settings from private.settings;
  select attempts into v_attempts from private.callbacks where call_record_id = p_call.id;
  if v_attempts >= v_settings.callback_attempts then
    update private.callbacks set ended_at = private.clock() where call_record_id = p_call.id;
    perform private.end_call(p_call.id, p_leg_status, 0, p_at);
    return;
  end if;
  perform private.put_off(
    p_call.id, private.clock() + make_interval(secs => v_settings.callback_spacing_seconds));
  perform private.end_offer(o.id, 'finished', p_at) from private.call_offers o
  where o.call_record_id = p_call.id and o.state = 'connected';
  perform private.hang_up_others(p_call.id);
end $$;

-- Ends the callbacks that nobody got to in time. Part of the sweep.
create or replace function private.end_callbacks(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
  v_count integer := 0;
begin
  for v_call in
    select r.* from private.callbacks b join public.call_records r on r.id = b.call_record_id
    join private.call_sessions s on s.call_record_id = r.id and s.stage = 'waiting'
    where b.ended_at is null and b.expires_at < private.clock()
    order by b.expires_at limit p_limit for no key update of r skip locked
  loop
    update private.callbacks set ended_at = private.clock() where call_record_id = v_call.id;
    update public.call_records set disposition = 'callback_expired' where id = v_call.id;
    perform private.leave_queue(v_call.id, 'callback', private.clock());
    perform private.end_call(v_call.id, 'no_answer', 0, private.clock());
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

-- The caller said which number; what can't be rung is asked for again, twice. p_event: a
-- voice_request with attempt, digits and number (E.164 of the digits, null where they are no number
-- to ring).
create or replace function public.receive_callback_choice(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event constant private.voice_request :=
    jsonb_populate_record(null::private.voice_request, p_event);
  v_call constant public.call_records := private.lock_call_or_open(v_event);
  v_language constant text := (private.session_of(v_call.id)).language;
  v_attempt constant integer := coalesce(v_event.attempt, 1);
  v_number constant text := case when v_event.digits = '1' and v_call.caller_number ~ '^\+'
    then v_call.caller_number else v_event.number end;
  v_accepted boolean;
begin
  if v_number is null or private.is_ours(v_number, v_call) then
    if v_attempt < 3 then
      return private.answer(
        private.callback_plan(v_call, v_language, v_attempt + 1), v_language, p_process);
    end if;
    perform private.to_voicemail(v_call, v_call.queue_id);
    return private.answer(
      private.voicemail_plan(v_language, v_call.queue_id), v_language, p_process);
  end if;
  v_accepted := private.request_callback(v_call, v_number);
  perform private.set_stage(v_call.id, 'ended');
  return private.answer(private.hang_up_plan(v_language,
    case when v_accepted then 'callback_thanks' else 'callback_already' end), v_language, p_process);
end $$;
revoke execute on function public.receive_callback_choice from public, anon, authenticated;
grant execute on function public.receive_callback_choice to service_role;

revoke execute on all functions in schema private from public;
