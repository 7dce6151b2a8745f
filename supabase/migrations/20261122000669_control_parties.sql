-- Call control: more than two in a call's room. The last two stay connected, whoever leaves.

-- Rings somebody into the conversation, which goes on meanwhile (p_request: user_id, call, to: an extension or a
-- number).
create or replace function public.add_party(p_request jsonb, p_process text)
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
  perform private.require_action(v_call, v_asker, 'add_party');
  v_to := private.person_of(v_request."to");
  v_agent := private.agent_to_ring(v_call, v_to, v_asker);
  perform private.note_action(v_call.id, v_asker, 'add_party', to_jsonb(v_to));
  perform private.open_offer(
    v_call, 'party', v_agent, v_to.number, v_call.queue_id, v_asker.agent_id, 25);
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.add_party from public, anon, authenticated;
grant execute on function public.add_party to service_role;

-- Takes somebody out of the conversation who joined it, or rings them no more (p_request: user_id, call, party: a
-- leg's SID, or what the call's document names who has none yet).
create or replace function public.remove_party(p_request jsonb, p_process text)
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
  v_party private.call_offers;
begin
  perform private.require_action(v_call, v_asker, 'remove_party');
  select * into v_party from private.call_offers
  where call_record_id = v_call.id and state <> 'ended' and purpose = 'party'
    and v_request.party in (leg_sid, id::text);
  if v_party.id is null then
    perform private.refuse(404, 'no_such_party', 'Nobody who joined this call is that party.',
      '{"field": "party"}');
  end if;
  perform private.note_action(v_call.id, v_asker, 'remove_party',
    jsonb_build_object('party', v_request.party, 'agent_id', v_party.agent_id, 'address', v_party.address));
  perform private.leave_room(v_call, v_party);
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.remove_party from public, anon, authenticated;
grant execute on function public.remove_party to service_role;

revoke execute on all functions in schema private from public;
