-- Call control: an agent places a call. A browser has often written the row before; both are one call.

-- The agent who is to place a call: the one who asks, or of a supervisor the one they name.
create or replace function private.placing_agent(
  p_request private.control_request, p_asker private.asker)
  returns uuid
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_agent_id constant uuid := coalesce(p_request.agent_id, p_asker.agent_id);
begin
  if v_agent_id is null then
    perform private.refuse(403, 'not_an_agent', 'Only agents place calls.');
  elsif v_agent_id is distinct from p_asker.agent_id and not p_asker.is_supervisor then
    perform private.refuse(403, 'not_yours', 'Only a supervisor places calls for others.',
      '{"field": "agentId"}');
  elsif not exists (select 1 from public.call_center_agents
      where id = v_agent_id and archived_at is null) then
    perform private.refuse(404, 'no_such_agent', 'There is no such agent.', '{"field": "agentId"}');
  end if;
  return v_agent_id;
end $$;

-- The number as it is dialled; refused where it is none, or its owner wants no calls.
create or replace function private.number_to_call(p_written text, p_field text)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_number constant text := private.e164(p_written);
begin
  if v_number is null then
    perform private.refuse(400, 'not_a_number', format('%s is not a telephone number.', p_field),
      jsonb_build_object('field', p_field));
  elsif exists (select 1 from public.crm_contacts
      where id = private.contact_with_number(v_number) and do_not_call) then
    perform private.refuse(403, 'do_not_call', 'This contact does not want to be called.',
      jsonb_build_object('field', p_field));
  end if;
  return v_number;
end $$;

-- Counts a number that somebody has rung, in the same limit whatever for; refused (429) where there were too many
-- this minute. p_who: the agent, or a supervisor who is none.
create or replace function private.count_outgoing(p_who uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if not private.is_within_limit('placed ' || p_who,
      (select outgoing_calls_per_minute from private.settings)) then
    perform private.refuse(429, 'too_many_calls', 'Too many calls within a minute.',
      jsonb_build_object('retry_after', 60 - extract(second from private.clock())::integer));
  end if;
end $$;

-- The call that an agent is placing already to this number, or was with this key; null: none. Two clicks are
-- one wish; a key that was another number's is refused (422).
create or replace function private.placed_before(
  p_agent_id uuid, p_number text, p_key text)
  returns uuid
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_of_key private.placed_calls;
begin
  select * into v_of_key from private.placed_calls
  where agent_id = p_agent_id and idempotency_key = p_key;
  if v_of_key.number <> p_number then
    perform private.refuse(422, 'key_used', 'The Idempotency-Key was that of a call to another number.',
      '{"field": "Idempotency-Key"}');
  end if;
  return coalesce(v_of_key.call_record_id, (select p.call_record_id from private.placed_calls p
    join public.call_records r on r.id = p.call_record_id
    where p.agent_id = p_agent_id and p.number = p_number and r.ended_at is null
      and p.created_at > private.clock() - interval '1 day' limit 1));
end $$;

-- The row of a call that an agent places: the newest that their browser wrote for this number and nobody placed
-- yet, or a new one. Which number the customer sees is not the browser's to say.
create or replace function private.row_to_place(
  p_agent_id uuid, p_number text, p_caller_id text)
  returns public.call_records
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
begin
  select * into v_call from public.call_records r
  where r.agent_id = p_agent_id and r.call_direction = 'outbound' and r.call_status = 'queued'
    and r.caller_number = p_number and r.call_id like 'pending-%'
    and r.started_at > private.clock() - interval '5 minutes'
    and not exists (select 1 from private.call_sessions s where s.call_record_id = r.id)
  order by r.started_at desc limit 1 for no key update;
  if v_call.id is not null then
    update public.call_records
    set contact_id = private.contact_of(p_number, null),
        receiver_number = left(p_caller_id, 20)
    where id = v_call.id returning * into v_call;
    return v_call;
  end if;
  return private.open_placed_call(p_agent_id, p_number, p_caller_id);
end $$;

-- Has the agent rung for the call. Refused (409) where they have no seat free.
create or replace function private.ring_placing_agent(
  p_call public.call_records, p_agent_id uuid, p_asker private.asker)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_agent public.call_center_agents;
begin
  select * into v_agent from public.call_center_agents where id = p_agent_id for no key update;
  if v_agent.seats_taken >= v_agent.max_concurrent_calls then
    perform private.refuse(409, 'on_a_call', 'The agent is on a call, or being rung for one.',
      jsonb_build_object('state', v_agent.agent_status));
  end if;
  perform private.open_placed_session(p_call.id);
  perform private.open_offer(p_call, 'placed', v_agent, null, null, p_asker.agent_id, 30);
  perform private.set_ringing(p_call.id, v_agent.id);
end $$;

-- An agent places a call, as they ask for it; the same wish twice is one call. Their leg is rung.
create or replace function private.place(
  p_request private.control_request, p_asker private.asker, p_agent_id uuid)
  returns uuid
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_number constant text := private.number_to_call(p_request.number, 'toNumber');
  v_call_id uuid;
  v_call public.call_records;
begin
  -- Two requests of an agent's are one after the other.
  perform pg_advisory_xact_lock(hashtextextended('place ' || p_agent_id, 0));
  v_call_id := private.placed_before(p_agent_id, v_number, p_request.idempotency_key);
  if v_call_id is not null then
    return v_call_id;
  end if;
  perform private.count_outgoing(p_agent_id);
  v_call := private.row_to_place(p_agent_id, v_number, p_request.caller_id);
  insert into private.placed_calls (call_record_id, agent_id, pending_id, idempotency_key, number,
    caller_id, record, detect_machine, created_at)
  values (v_call.id, p_agent_id, v_call.call_id, p_request.idempotency_key, v_number, p_request.caller_id,
    coalesce(p_request.record, false), coalesce(p_request.detect_machine, false), private.clock());
  perform private.ring_placing_agent(v_call, p_agent_id, p_asker);
  perform private.note_action(v_call.id, p_asker, 'place', jsonb_build_object('number', v_number));
  return v_call.id;
end $$;

-- Places a call (p_request: user_id, number, agent_id, record, detect_machine, caller_id, idempotency_key). The
-- same wish twice is one call. Answers call_sid: the agent's leg's where Twilio told it, else the call's id.
create or replace function public.place_call(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
  v_asker constant private.asker := private.asking(v_request);
  v_call_id constant uuid := private.place(v_request, v_asker, private.placing_agent(v_request, v_asker));
begin
  return private.control_answer(v_call_id, v_asker, p_process, jsonb_build_object('call_sid', coalesce(
    (select leg_sid from private.call_offers where call_record_id = v_call_id and purpose = 'placed'),
    (select call_id from public.call_records where id = v_call_id))));
end $$;
revoke execute on function public.place_call from public, anon, authenticated;
grant execute on function public.place_call to service_role;

revoke execute on all functions in schema private from public;
