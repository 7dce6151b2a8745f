-- Callbacks: a caller who would rather be rung keeps their place. The wish is a call of its own,
-- outbound, that waits in the queue with the time its caller joined, and is routed like any other;
-- the agent is rung first, then the customer, so nobody is called who has no agent yet.

create table if not exists private.callbacks (
  call_record_id uuid primary key references public.call_records (id) on delete cascade,
  number text not null,
  attempts integer not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
-- Never two for one number.
create unique index if not exists callbacks_one_live_a_number
  on private.callbacks (number) where ended_at is null;
create index if not exists callbacks_expiring_idx on private.callbacks (expires_at)
  where ended_at is null;

-- Whether a call is a callback whose customer has not been reached yet.
create or replace function private.is_callback(p_call_record_id uuid)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select exists (select 1 from private.callbacks
    where call_record_id = p_call_record_id and ended_at is null);
$$;

-- Asks which number to ring: the one they call from, or another that they key in. Who hangs up
-- instead is rung at theirs.
create or replace function private.callback_plan(
  p_call public.call_records, p_language text, p_attempt integer)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_sessions set stage = 'callback', updated_at = private.clock()
  where call_record_id = p_call.id and stage <> 'ended';
  return jsonb_build_object('kind', 'callback', 'attempt', p_attempt, 'say', to_jsonb(array_remove(array[
    case when p_attempt > 1 then private.say(p_language, 'not_understood') end,
    case when p_call.caller_number ~ '^\+' then private.say(p_language, 'callback_confirm',
      jsonb_build_object('number', private.spelled(p_call.caller_number)))
    else private.say(p_language, 'callback_number') end], null)));
end $$;

-- Digits as they are read out: the last ten, one by one.
create or replace function private.spelled(p_number text)
  returns text
  language sql
  immutable
  set search_path = ''
as $$
  select trim(regexp_replace(right(p_number, 10), '(\d)', '\1 ', 'g'));
$$;

-- The caller said which number; what can't be rung is asked for again, twice. p_event: call_sid,
-- attempt, digits, number (E.164 of the digits, null where they are no number to ring), params.
create or replace function public.receive_callback_choice(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_call constant public.call_records := private.lock_call_or_open(p_event);
  v_attempt constant integer := coalesce((p_event ->> 'attempt')::integer, 1);
  v_language text;
  v_number text;
  v_accepted boolean;
begin
  select language into v_language from private.call_sessions where call_record_id = v_call.id;
  v_number := case when p_event ->> 'digits' = '1' and v_call.caller_number ~ '^\+'
    then v_call.caller_number else p_event ->> 'number' end;
  if v_number is null or private.is_ours(v_number, v_call) then
    return private.answer(
      case when v_attempt < 3 then private.callback_plan(v_call, v_language, v_attempt + 1)
        else private.voicemail_plan(v_call, v_language, v_call.queue_id) end,
      v_language, p_process);
  end if;
  v_accepted := private.request_callback(v_call, v_number);
  update private.call_sessions set stage = 'ended', updated_at = private.clock()
  where call_record_id = v_call.id;
  return private.answer(private.goodbye(v_language,
    case when v_accepted then 'callback_thanks' else 'callback_already' end), v_language, p_process);
end $$;

-- The number called, or an agent's: rung for a callback, it would ring ourselves.
create or replace function private.is_ours(p_number text, p_call public.call_records)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select p_number = p_call.receiver_number
    or exists (select 1 from public.call_center_agents where phone_number = p_number);
$$;

revoke execute on function public.receive_callback_choice(jsonb, text)
  from public, anon, authenticated;
grant execute on function public.receive_callback_choice(jsonb, text) to service_role;

-- Makes the callback of a call that is about to end; false where the number has one already.
create or replace function private.request_callback(p_call public.call_records, p_number text)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_id constant uuid := gen_random_uuid();
  v_queue public.call_queues;
begin
  update public.call_records set disposition = 'callback_requested' where id = p_call.id;
  if exists (select 1 from private.callbacks where number = p_number and ended_at is null) then
    return false;
  end if;
  select * into v_queue from public.call_queues
  where id = p_call.queue_id or name = 'General' order by id = p_call.queue_id desc limit 1;
  insert into public.call_records (id, call_id, caller_number, caller_name, receiver_number,
    contact_id, call_status, call_direction, started_at, custom_data)
  values (v_id, 'callback-' || v_id, p_number, p_call.caller_name, p_call.receiver_number,
    private.contact_of(p_number, p_call.caller_name), 'queued', 'outbound', private.clock(),
    jsonb_build_object('callback_of', p_call.call_id));
  insert into private.call_sessions (call_record_id, stage, script, language)
  select v_id, 'waiting', script, language from private.call_sessions
  where call_record_id = p_call.id;
  insert into private.callbacks (call_record_id, number, created_at, expires_at)
  select v_id, p_number, private.clock(),
    private.clock() + make_interval(secs => callback_expiry_seconds) from private.settings;
  perform private.enter_queue(v_id, v_queue, coalesce(p_call.queued_at, private.clock()));
  perform private.not_for_a_moment(v_id);
  return true;
end $$;

-- A callback is offered to nobody while its customer's telephone is still in use.
create or replace function private.not_for_a_moment(p_call_record_id uuid)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update private.queue_entries set not_before = private.clock() + interval '10 seconds'
  where call_record_id = p_call_record_id and left_at is null;
$$;

-- The agent for a callback is on the line: now the customer is rung. The target names the attempt,
-- so that one attempt is one call whatever happens to the command.
create or replace function private.ring_customer(p_call public.call_records)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update private.callbacks set attempts = attempts + 1 where call_record_id = p_call.id;
  select private.command('ring_customer', p_call.id || ' ' || b.attempts, jsonb_build_object(
    'call_record_id', p_call.id, 'number', b.number, 'receiver', p_call.receiver_number,
    'ring_seconds', 30), p_call.id)
  from private.callbacks b where b.call_record_id = p_call.id;
$$;

-- Whether a callback's customer is to be rung, or is ringing: their agent is on the line.
create or replace function private.rings_customer(p_call_record_id uuid)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select private.is_callback(p_call_record_id) and exists (select 1 from private.call_sessions
    where call_record_id = p_call_record_id and stage = 'connecting');
$$;

-- The agent left before the customer of a callback answered: they are rung no more, and wait again. A
-- leg that is only now being placed is hung up when Twilio first speaks of it.
create or replace function private.call_off_customer(p_call_record_id uuid)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update private.telephony_commands
  set state = 'failed', settled_at = private.clock(), claimed_by = null, lease_until = null,
      result = '{"reason": "withdrawn"}'
  where kind = 'ring_customer' and call_record_id = p_call_record_id
    and state in ('pending', 'claimed', 'unknown');
  select private.hang_up_leg(sid, p_call_record_id)
  from private.caller_sid(p_call_record_id) as sid where sid is not null;
  select private.not_for_a_moment(p_call_record_id);
$$;

-- The customer of a callback is on the line, an agent or not: from here on theirs is a call like any
-- other.
create or replace function private.callback_reached(p_call public.call_records)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update public.call_records
  set call_id = coalesce(private.caller_sid(p_call.id), call_id) where id = p_call.id;
  update private.callbacks set ended_at = private.clock()
  where call_record_id = p_call.id and ended_at is null;
  update private.queue_entries set not_before = null
  where call_record_id = p_call.id and left_at is null;
  update private.telephony_commands
  set state = 'failed', settled_at = private.clock(), result = '{"reason": "withdrawn"}'
  where kind = 'hang_up' and target = private.caller_sid(p_call.id) and state = 'pending';
$$;

-- The customer answered a callback, and their agent is there.
create or replace function private.callback_answered(p_call public.call_records)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update public.call_records
  set call_status = 'active', answered_at = private.clock()
  where id = p_call.id and answered_at is null and ended_at is null;
  select private.callback_reached(p_call);
$$;

-- The customer did not answer: the agent is let go, and the customer tried again later, in their
-- old place; after the last attempt the call is over.
create or replace function private.callback_unanswered(
  p_call public.call_records, p_leg private.call_legs)
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
    perform private.end_call(p_call, p_leg.status, 0, p_leg.ended_at);
    return;
  end if;
  perform private.wait_again(p_call);
  update private.queue_entries
  set not_before = private.clock() + make_interval(secs => v_settings.callback_spacing_seconds)
  where call_record_id = p_call.id and left_at is null;
  perform private.hang_up_leg(l.call_sid, p_call.id) from private.call_legs l
  where l.call_record_id = p_call.id and l.role = 'agent' and l.ended_at is null;
end $$;

-- Ends the callbacks that nobody got to in time. Part of the sweep.
create or replace function private.end_callbacks()
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
    order by b.expires_at limit 100 for no key update of r skip locked
  loop
    update private.callbacks set ended_at = private.clock() where call_record_id = v_call.id;
    update public.call_records set disposition = 'callback_expired' where id = v_call.id;
    perform private.leave_queue(v_call.id, 'callback', private.clock());
    perform private.end_call(v_call, 'no_answer', 0, private.clock());
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;
