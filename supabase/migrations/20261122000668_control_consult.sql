-- Call control: a colleague, or a number, is asked first (warm transfer), while the customer hears music. From
-- there: back to the customer, back and forth, all together, or the customer goes to whoever was asked.

-- Whom to ask or to invite: an agent's extension or a number; a queue is refused (400).
create or replace function private.person_of(p_to text)
  returns private.destination
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_to constant private.destination := private.destination_of(p_to);
begin
  if v_to.queue_id is not null then
    perform private.refuse(400, 'not_a_person', 'A queue can''t be asked or invited.', '{"field": "to"}');
  end if;
  return v_to;
end $$;

-- Rings somebody for advice (p_request: user_id, call, to: an extension or a number).
create or replace function public.start_consult(p_request jsonb, p_process text)
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
  v_to private.destination;
  v_agent public.call_center_agents;
begin
  perform private.require_action(v_call, v_asker, 'consult');
  v_to := private.person_of(v_request."to");
  v_agent := private.agent_to_ring(v_call, v_to, v_asker);
  perform private.note_action(v_call.id, v_asker, 'consult', to_jsonb(v_to));
  perform private.wish_held(private.caller_sid(v_call.id), true);
  perform private.open_offer(
    v_call, 'consult', v_agent, v_to.number, v_call.queue_id, v_asker.agent_id, 25);
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.start_consult from public, anon, authenticated;
grant execute on function public.start_consult to service_role;

-- Asks them no more, whether they ring or talk, and the customer is back (p_request: user_id, call).
create or replace function public.cancel_consult(p_request jsonb, p_process text)
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
  v_consult constant private.call_offers := private.consult_of(v_call.id);
begin
  perform private.require_action(v_call, v_asker, 'cancel_consult');
  perform private.note_action(v_call.id, v_asker, 'cancel_consult');
  perform private.end_offer(v_consult.id, 'cancelled', private.clock());
  if v_consult.leg_sid is not null then
    perform private.hang_up_leg(v_consult.leg_sid, v_call.id);
  end if;
  perform private.wish_held(private.caller_sid(v_call.id), false);
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.cancel_consult from public, anon, authenticated;
grant execute on function public.cancel_consult to service_role;

-- The agent talks to the other of the two, and the one left hears music (p_request: user_id, call).
create or replace function public.swap_consult(p_request jsonb, p_process text)
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
  v_consult constant private.call_offers := private.consult_of(v_call.id);
  v_customer constant text := private.caller_sid(v_call.id);
  v_to_customer boolean;
begin
  perform private.require_action(v_call, v_asker, 'swap_consult');
  v_to_customer := private.is_held(v_customer);
  perform private.note_action(v_call.id, v_asker, 'swap_consult');
  -- Held first: the other one waits for that.
  perform private.wish_held(case when v_to_customer then v_consult.leg_sid else v_customer end, true);
  perform private.wish_held(case when v_to_customer then v_customer else v_consult.leg_sid end, false);
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.swap_consult from public, anon, authenticated;
grant execute on function public.swap_consult to service_role;

-- All three talk (p_request: user_id, call): whoever was asked is a party from here on.
create or replace function public.merge_consult(p_request jsonb, p_process text)
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
  v_consult constant private.call_offers := private.consult_of(v_call.id);
begin
  perform private.require_action(v_call, v_asker, 'merge_consult');
  perform private.note_action(v_call.id, v_asker, 'merge_consult');
  perform private.join_party(v_consult.id);
  perform private.wish_held(v_consult.leg_sid, false);
  perform private.wish_held(private.caller_sid(v_call.id), false);
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.merge_consult from public, anon, authenticated;
grant execute on function public.merge_consult to service_role;

-- Leaves the customer with whoever was asked (p_request: user_id, call), or is still being rung: where nobody
-- takes the customer then, they go back to their queue.
create or replace function public.complete_consult(p_request jsonb, p_process text)
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
  v_consult constant private.call_offers := private.consult_of(v_call.id);
begin
  perform private.require_action(v_call, v_asker, 'complete_consult');
  perform private.note_action(v_call.id, v_asker, 'complete_consult');
  perform private.end_offer(v_mine.id, 'finished', private.clock());
  perform private.hang_up_leg(v_mine.leg_sid, v_call.id);
  perform private.end_forced_mutes(v_call.id, v_asker.agent_id);
  perform private.take_over(v_call, v_consult);
  perform private.place_supervisors(v_call.id);
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.complete_consult from public, anon, authenticated;
grant execute on function public.complete_consult to service_role;

revoke execute on all functions in schema private from public;
