-- Agent and caller meet in a conference: the agent answers and takes the call, the caller is moved
-- in. Or a number outside is dialled.

-- The room of a call, for its caller. The room ends when the caller leaves it.
create or replace function private.conference_plan(p_call public.call_records)
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select jsonb_build_object('kind', 'conference', 'role', 'caller', 'say', '[]'::jsonb,
    'name', 'call-' || p_call.id, 'call_record_id', p_call.id,
    'record', coalesce((select record_calls from public.call_queues where id = p_call.queue_id), false));
$$;

create or replace function private.whisper(p_call public.call_records, p_language text)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select private.say(p_language,
    case when private.is_callback(p_call.id) then 'callback_whisper' else 'agent_whisper' end,
    jsonb_build_object(
    'queue', (select private.spoken_name(q) from public.call_queues q where q.id = p_call.queue_id),
    'contact', coalesce((select nullif(concat_ws(' ', c.first_name, c.last_name), '')
      from public.crm_contacts c where c.id = p_call.contact_id), p_call.caller_name,
      private.spelled(p_call.caller_number))));
$$;

-- The agent hears who calls from which queue, then joins.
create or replace function private.agent_plan(p_call public.call_records, p_language text)
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select private.conference_plan(p_call) || jsonb_build_object('role', 'agent',
    'say', jsonb_build_array(private.whisper(p_call, p_language)));
$$;

-- The agent's leg was answered. The offer is checked again: the caller may be gone. A telephone
-- must be confirmed with 1, so that a mobile's own voicemail takes no customer; a softphone need not.
-- No key at all is no answer, another key is a refusal.
-- p_event: call_sid, offer_id, to, confirming (the key was asked for), digits, params.
create or replace function public.receive_agent_answer(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_call public.call_records;
  v_offer private.call_offers;
  v_language text;
begin
  select r.* into v_call from public.call_records r join private.call_offers o
    on o.call_record_id = r.id and o.id = (p_event ->> 'offer_id')::uuid for no key update of r;
  select * into v_offer from private.call_offers where id = (p_event ->> 'offer_id')::uuid;
  select language into v_language from private.call_sessions where call_record_id = v_call.id;
  if v_offer.state is null or v_offer.state = 'ended'
    or v_offer.leg_sid <> p_event ->> 'call_sid'
    or (private.caller_sid(v_call.id) is null and not private.is_callback(v_call.id)) then
    return private.answer(private.goodbye(coalesce(v_language, 'es'), 'call_gone'),
      coalesce(v_language, 'es'), p_process);
  end if;
  -- Contacts are locked before agents, whom the leg counts for.
  perform 1 from public.crm_contacts where id = v_call.contact_id for no key update;
  perform private.ensure_leg(p_event, v_call.id, private.clock());
  perform private.fold_leg(p_event ->> 'call_sid', 'in_progress', null, null, null, private.clock());
  if v_offer.state = 'connected' then
    return private.answer(private.agent_plan(v_call, v_language), v_language, p_process);
  elsif p_event ->> 'to' like 'client:%' or p_event ->> 'digits' = '1' then
    perform private.connect_agent(v_call, v_offer, p_event ->> 'call_sid');
    return private.answer(private.agent_plan(v_call, v_language), v_language, p_process);
  elsif (p_event ->> 'confirming')::boolean then
    perform private.end_offer(v_offer.id,
      case when coalesce(p_event ->> 'digits', '') = '' then 'no_answer' else 'declined' end,
      private.clock());
    perform private.wait_again(v_call);
    return private.answer('{"kind": "hang_up", "say": []}', v_language, p_process);
  end if;
  update private.call_offers set expires_at = private.clock() + private.confirm_lease()
  where id = v_offer.id;
  return private.answer(jsonb_build_object('kind', 'confirm', 'offer_id', v_offer.id,
    'say', jsonb_build_array(private.whisper(v_call, v_language),
      private.say(v_language, 'agent_confirm'))), v_language, p_process);
end $$;

-- The agent takes the call: from here on the wait is over, and the caller is fetched; of a callback
-- the customer is rung now, and it begins when they answer.
create or replace function private.connect_agent(
  p_call public.call_records, p_offer private.call_offers, p_leg_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_callback constant boolean := private.is_callback(p_call.id);
begin
  update public.call_records
  set call_status = case when v_callback then 'ringing' else 'active' end,
      answered_at = case when v_callback then null else v_now end, agent_id = p_offer.agent_id
  where id = p_call.id;
  update public.crm_contacts set last_agent_id = p_offer.agent_id where id = p_call.contact_id;
  update private.call_offers
  set state = 'connected', connected_at = v_now, leg_sid = p_leg_sid,
      heard_at = coalesce(heard_at, v_now)
  where id = p_offer.id;
  perform private.leave_queue(p_call.id, 'answered', v_now);
  update private.call_sessions set stage = 'connecting', updated_at = v_now
  where call_record_id = p_call.id;
  if v_callback then
    perform private.ring_customer(p_call);
  else
    perform private.command('redirect', private.caller_sid(p_call.id),
      '{"path": "caller-connect"}', p_call.id);
  end if;
end $$;

-- A redirect did what it was for, whether or not the process that asked for it lived to say so. Once
-- more would fetch the caller out of the conversation.
create or replace function private.redirect_has_come(p_call_sid text)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update private.telephony_commands
  set state = 'done', settled_at = private.clock(), claimed_by = null, lease_until = null,
      result = '{"reason": "its document was asked for"}'
  where kind = 'redirect' and target = p_call_sid and state in ('pending', 'claimed', 'unknown');
$$;

-- Whether a redirect for a leg is under way.
create or replace function private.is_being_fetched(p_call_sid text)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select exists (select 1 from private.telephony_commands
    where kind = 'redirect' and target = p_call_sid and state in ('pending', 'claimed', 'unknown'));
$$;

-- The caller goes to the room where the agent waits, however they came to ask.
create or replace function private.meet_agent(p_call public.call_records)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_session private.call_sessions;
  v_notice jsonb;
begin
  update private.call_sessions set stage = 'connected', updated_at = private.clock()
  where call_record_id = p_call.id and stage = 'connecting';
  perform private.redirect_has_come(private.caller_sid(p_call.id));
  select * into v_session from private.call_sessions where call_record_id = p_call.id;
  select private.recording_notice(q, v_session.language) into v_notice
  from public.call_queues q
  where q.id = p_call.queue_id and v_session.recording_notice is distinct from 'heard';
  return private.conference_plan(p_call) || jsonb_build_object('say', coalesce(v_notice, '[]'));
end $$;

-- The caller, fetched out of the queue, asks what to do: join the agent, or wait again if the agent
-- is gone. A callback's customer, who answered, comes the same way. p_event: call_sid,
-- call_record_id (a callback's), params.
create or replace function public.receive_caller_connect(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_call constant public.call_records := private.lock_call_or_open(p_event);
  v_session private.call_sessions;
begin
  select * into v_session from private.call_sessions where call_record_id = v_call.id;
  if private.is_callback(v_call.id) then
    perform case when v_session.stage = 'connecting' then private.callback_answered(v_call)
      else private.callback_reached(v_call) end;
  end if;
  return private.answer(
    case when v_session.stage in ('connecting', 'connected') then private.meet_agent(v_call)
      else private.next_step(v_call) end, v_session.language, p_process);
end $$;

-- A number dialled from a menu is done with: it answered, or the caller goes to a queue instead. That
-- the call is over may have been told before.
-- p_event: call_sid, dial_status, params.
create or replace function public.receive_dial_exit(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_call constant public.call_records := private.lock_call_or_open(p_event);
  v_session private.call_sessions;
  v_plan jsonb;
begin
  select * into v_session from private.call_sessions where call_record_id = v_call.id;
  if p_event ->> 'dial_status' in ('completed', 'answered') then
    update public.call_records
    set disposition = 'transferred', transferred = true,
        call_status = case when ended_at is null then call_status else 'completed' end
    where id = v_call.id;
    v_plan := private.goodbye(v_session.language);
  elsif v_session.stage = 'dialing' then
    v_plan := private.join_queue(v_call, v_session, 'General');
    v_plan := v_plan || jsonb_build_object('say',
      jsonb_build_array(private.say(v_session.language, 'transfer_failed')) || (v_plan -> 'say'));
  else
    v_plan := private.next_step(v_call);
  end if;
  return private.answer(v_plan, v_session.language, p_process);
end $$;
