-- Call control: supervisors in a call of others'. They come muted, or heard by the agent alone, or by all; that they
-- leave changes nothing. Whoever takes over has the customer, and the agent leaves.

-- A supervisor is refused (403) who is none.
create or replace function private.require_supervisor(p_asker private.asker)
  returns void
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  if not p_asker.is_supervisor then
    perform private.refuse(403, 'not_a_supervisor', 'Only supervisors may do this.');
  end if;
end $$;

-- Where a supervisor is rung: as the agent that they are, on their telephone or softphone; else on a softphone of
-- their own.
create or replace function private.address_of_supervisor(p_asker private.asker)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce(
    (select private.telephone_of(a) from public.call_center_agents a where a.id = p_asker.agent_id),
    'client:' || private.softphone_of(p_asker));
end $$;

-- Has a supervisor rung to hear a call, or changes how they hear it (p_request: user_id, call, mode: listen, whisper
-- or barge).
create or replace function public.supervise_call(p_request jsonb, p_process text)
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
  v_call constant public.call_records := private.call_for(v_request, v_asker);
  v_mine constant private.call_offers := private.part_of(v_call.id, v_asker);
begin
  perform private.require_supervisor(v_asker);
  if v_request.mode is null or v_request.mode not in ('listen', 'whisper', 'barge') then
    perform private.refuse(400, 'no_such_mode', 'mode is listen, whisper or barge.', '{"field": "mode"}');
  end if;
  perform private.require_action(v_call, v_asker, 'supervise');
  perform private.note_action(v_call.id, v_asker, 'supervise', jsonb_build_object('mode', v_request.mode));
  if v_mine.id is null then
    perform private.open_offer(v_call, 'supervise', null, private.address_of_supervisor(v_asker), null,
      v_asker.agent_id, 25, v_asker.user_id, v_request.mode);
  else
    perform private.set_mode(v_mine.id, v_request.mode);
    perform private.place_supervisors(v_call.id);
  end if;
  if v_mine.state = 'connected' then
    perform private.answer_help(v_call.id, v_asker.user_id);
  end if;
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.supervise_call from public, anon, authenticated;
grant execute on function public.supervise_call to service_role;

-- The supervisor hears the call no more, or is not rung for it (p_request: user_id, call). Left already: nothing
-- changes.
create or replace function public.stop_supervising(p_request jsonb, p_process text)
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
  v_call constant public.call_records := private.call_for(v_request, v_asker);
  v_mine constant private.call_offers := private.part_of(v_call.id, v_asker);
begin
  perform private.require_supervisor(v_asker);
  if v_mine.purpose = 'supervise' then
    perform private.note_action(v_call.id, v_asker, 'stop_supervising');
    perform private.leave_room(v_call, v_mine);
  end if;
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.stop_supervising from public, anon, authenticated;
grant execute on function public.stop_supervising to service_role;

-- A supervisor who is in the room has the customer from here on.
create or replace function private.take_over_in_room(
  p_call public.call_records, p_part private.call_offers, p_agent public.call_center_agents)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.become_agent(p_part.id, p_agent, p_call.queue_id);
  perform private.wish_help(p_part.leg_sid, false, null);
  perform private.relieve_others(p_call.id, p_part.id);
  perform private.set_answered(p_call.id, p_agent.id, private.clock(), null);
  perform private.wish_held(private.caller_sid(p_call.id), false);
end $$;

-- The supervisor becomes the customer's agent (p_request: user_id, call): at once where they hear the call already,
-- else they are rung, and the agent talks on until they are in the room.
create or replace function public.take_over_call(p_request jsonb, p_process text)
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
  v_call constant public.call_records := private.call_for(v_request, v_asker);
  v_mine private.call_offers;
  v_agent public.call_center_agents;
begin
  perform private.require_supervisor(v_asker);
  perform 1 from public.call_center_agents
  where id = v_asker.agent_id or id in (select agent_id from private.call_offers
    where call_record_id = v_call.id and state <> 'ended')
  order by id for no key update;
  perform private.require_action(v_call, v_asker, 'take_over');
  v_mine := private.part_of(v_call.id, v_asker);
  select * into v_agent from public.call_center_agents where id = v_asker.agent_id;
  perform private.note_action(v_call.id, v_asker, 'take_over');
  if v_mine.id is not null then
    perform private.answer_help(v_call.id, v_asker.user_id);
    perform private.take_over_in_room(v_call, v_mine, v_agent);
  else
    perform private.open_offer(v_call, 'transfer', v_agent, null, v_call.queue_id, v_agent.id, 25);
  end if;
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.take_over_call from public, anon, authenticated;
grant execute on function public.take_over_call to service_role;

revoke execute on all functions in schema private from public;
