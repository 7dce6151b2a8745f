-- Softphones: in whose name a browser signs in to Twilio, which page it is, and the calls that agents place from
-- there.

-- The softphone of who asks (p_request: user_id): {identity}.
create or replace function public.name_softphone(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  stable
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
begin
  return jsonb_build_object(
    'identity', private.softphone_of(private.asking(v_request)), 'commands', jsonb_build_array());
end $$;
revoke execute on function public.name_softphone from public, anon, authenticated;
grant execute on function public.name_softphone to service_role;

-- What a queue has ringing at a user's softphone can't be answered by a page that registered since, for Twilio asks
-- none that came later. Those offers are lost, which is no miss and costs the agent no place, and the router goes on: at
-- once to whoever else is free, to them once the old leg is hung up, for they do not rest from what the page before did.
create or replace function private.leave_old_page(p_user_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer_id uuid;
begin
  for v_offer_id in
    select o.id from private.call_offers o
    join public.call_center_agents a on a.id = o.agent_id
    join public.call_records r on r.id = o.call_record_id
    where a.user_id = p_user_id and private.telephone_of(a) is null
      and o.purpose = 'queue' and o.state in ('reserved', 'ringing')
    order by r.id for no key update of r
  loop
    -- Looked at again, now that the call is locked.
    if exists (select 1 from private.call_offers where id = v_offer_id and state in ('reserved', 'ringing')) then
      perform private.end_offer(v_offer_id, 'lost', private.clock());
    end if;
  end loop;
  perform private.end_rest(id)
  from public.call_center_agents where user_id = p_user_id;
end $$;

-- The page (p_request: user_id, device), which Twilio knows by now, is the softphone of who asks from now on, and any
-- other no more, which its desk tells it: {softphone}.
create or replace function public.take_softphone(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
begin
  perform private.asking(v_request);
  perform private.leave_old_page(v_request.user_id);
  perform private.see_softphone(v_request.user_id, v_request.device, true);
  return jsonb_build_object('softphone', private.softphone_document(v_request.user_id),
    'commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.take_softphone from public, anon, authenticated;
grant execute on function public.take_softphone to service_role;

-- The page (p_request: user_id, device) lives: {softphone}. Refused (409) where another one was taken since.
create or replace function public.keep_softphone(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
begin
  perform private.asking(v_request);
  if not private.see_softphone(v_request.user_id, v_request.device, false) then
    perform private.refuse(409, 'taken_over', 'Another page is the softphone now.');
  end if;
  return jsonb_build_object(
    'softphone', private.softphone_document(v_request.user_id), 'commands', jsonb_build_array());
end $$;
revoke execute on function public.keep_softphone from public, anon, authenticated;
grant execute on function public.keep_softphone to service_role;

-- The offer of the call that an agent places from their softphone, whose leg (p_call_sid) is on the line already:
-- the same wish as at their screen, but nobody rings them. Null: the wish is that of another leg, which rings or
-- talks. Refused as at the screen.
create or replace function private.place_from_softphone(
  p_agent public.call_center_agents, p_number text, p_call_sid text)
  returns private.call_offers
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_request private.control_request;
  v_offer private.call_offers;
  v_call_id uuid;
begin
  v_request.user_id := p_agent.user_id;
  v_request.number := p_number;
  v_request.idempotency_key := p_call_sid;
  v_call_id := private.place(v_request, private.asking(v_request), p_agent.id);
  select * into v_offer from private.call_offers where call_record_id = v_call_id and purpose = 'placed';
  if coalesce(v_offer.leg_sid, p_call_sid) <> p_call_sid or v_offer.state = 'ended' then
    return null;
  end if;
  perform private.withdraw_command('ring_agent', v_offer.id::text);
  return private.name_leg(v_offer.id, p_call_sid);
end $$;

-- An agent's softphone rings a number (p_event: a voice_request; "to": the number, as typed; params.From: the
-- softphone): they hear the room that the customer is rung into. What is refused is said to them.
create or replace function public.receive_softphone_call(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event private.voice_request := jsonb_populate_record(null::private.voice_request, p_event);
  v_agent public.call_center_agents;
  v_offer private.call_offers;
  v_call public.call_records;
  v_language text := 'es';
begin
  select * into v_agent from public.call_center_agents
  where 'client:' || private.client_identity(id) = v_event.params ->> 'From' and archived_at is null;
  begin
    v_offer := private.place_from_softphone(v_agent, v_event."to", v_event.call_sid);
  exception when sqlstate 'PT400' or sqlstate 'PT403' or sqlstate 'PT409' or sqlstate 'PT422'
      or sqlstate 'PT429' then
    v_offer := null;
  end;
  if v_offer.id is null then
    return private.answer(private.hang_up_plan(v_language, 'not_placed'), v_language, p_process);
  end if;
  select * into v_call from public.call_records where id = v_offer.call_record_id for no key update;
  v_language := coalesce((private.session_of(v_call.id)).language, v_language);
  v_event."to" := v_event.params ->> 'From';
  return private.answer(
    private.answer_agent(v_event, v_call, v_offer, v_language), v_language, p_process);
end $$;
revoke execute on function public.receive_softphone_call from public, anon, authenticated;
grant execute on function public.receive_softphone_call to service_role;

revoke execute on all functions in schema private from public;
