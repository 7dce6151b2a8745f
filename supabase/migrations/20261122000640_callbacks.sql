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

create or replace function private.is_callback(p_call_record_id uuid)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select exists (select 1 from private.callbacks where call_record_id = p_call_record_id);
$$;

-- Asks which number to ring: the one they call from, or another that they key in.
create or replace function private.callback_plan(p_call public.call_records, p_language text)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_sessions set stage = 'callback', updated_at = private.clock()
  where call_record_id = p_call.id and stage <> 'ended';
  return jsonb_build_object('kind', 'callback', 'say', jsonb_build_array(
    case when p_call.caller_number ~ '^\+' then private.say(p_language, 'callback_confirm',
      jsonb_build_object('number', private.spelled(p_call.caller_number)))
    else private.say(p_language, 'callback_number') end));
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

-- The caller said which number. p_event: call_sid, digits, number (E.164 of the digits, null where
-- they are no number), params.
create or replace function public.receive_callback_choice(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_call constant public.call_records := private.lock_call_or_open(p_event);
  v_language text;
  v_number text;
begin
  select language into v_language from private.call_sessions where call_record_id = v_call.id;
  v_number := case when p_event ->> 'digits' = '1' and v_call.caller_number ~ '^\+'
    then v_call.caller_number else p_event ->> 'number' end;
  if v_number is null then
    return private.answer(
      private.voicemail_plan(v_call, v_language, v_call.queue_id), v_language, p_process);
  end if;
  return private.answer(private.goodbye(v_language, case
    when private.request_callback(v_call, v_number) then 'callback_thanks'
    else 'callback_already' end), v_language, p_process);
end $$;

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
  return true;
end $$;

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

-- The customer answered a callback: from here on it is a conversation like any other.
create or replace function private.callback_answered(p_call public.call_records)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update public.call_records
  set call_status = 'active', answered_at = private.clock(),
      call_id = coalesce(private.caller_sid(p_call.id), call_id)
  where id = p_call.id and answered_at is null and ended_at is null;
  update private.callbacks set ended_at = private.clock()
  where call_record_id = p_call.id and ended_at is null;
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
