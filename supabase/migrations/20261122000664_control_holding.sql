-- Call control: hold and mute. What is wished is kept for each leg, and Twilio is told.

-- The leg that a party is: customer, or a leg's SID; of nothing said, the asker's own. Refused (404) where it is
-- none of the call's that lives.
create or replace function private.party_leg(
  p_call public.call_records, p_party text, p_own private.call_offers)
  returns private.call_legs
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_leg private.call_legs;
begin
  select * into v_leg from private.call_legs
  where call_record_id = p_call.id and ended_at is null and call_sid = case p_party
    when 'customer' then private.caller_sid(p_call.id) else coalesce(p_party, p_own.leg_sid) end;
  if v_leg.call_sid is null then
    perform private.refuse(404, 'no_such_party', 'Nobody of this call is that party.', '{"field": "party"}');
  end if;
  return v_leg;
end $$;

-- Holds somebody, who hears music and is heard by nobody, or takes them back (p_request: user_id, call, party:
-- customer where not said, on). As wished already: nothing changes.
create or replace function public.hold_party(p_request jsonb, p_process text)
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
  v_mine constant private.call_offers := private.part_to_act(v_call.id, v_asker);
  v_leg private.call_legs;
begin
  perform private.require_action(v_call, v_asker, 'hold', 'resume');
  v_leg := private.party_leg(v_call, coalesce(v_request.party, 'customer'), v_mine);
  if private.is_held(v_leg.call_sid) <> v_request."on" then
    perform private.note_action(v_call.id, v_asker, case when v_request."on" then 'hold' else 'resume' end,
      jsonb_build_object('party', v_leg.call_sid));
    perform private.wish_held(v_leg.call_sid, v_request."on");
  end if;
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.hold_party from public, anon, authenticated;
grant execute on function public.hold_party to service_role;

-- Mutes somebody, or has them heard again (p_request: user_id, call, party: one's own leg where not said, on). Who
-- was muted by somebody else can't end that themselves (409).
create or replace function public.mute_party(p_request jsonb, p_process text)
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
  v_leg private.call_legs;
  v_own boolean;
begin
  perform private.require_action(v_call, v_asker, 'mute', 'unmute');
  v_leg := private.party_leg(v_call, v_request.party, v_mine);
  v_own := v_leg.call_sid is not distinct from v_mine.leg_sid;
  if not v_own and not private.has_customer(v_mine.purpose) then
    perform private.refuse(403, 'not_yours', 'Only whoever has the customer mutes others.',
      '{"field": "party"}');
  elsif not v_request."on" and exists (select 1 from private.leg_wishes
      where call_sid = v_leg.call_sid and muted_by <> v_asker.agent_id) then
    perform private.refuse(409, 'muted_by_another', 'Somebody else muted this party.',
      jsonb_build_object('state', v_call.call_status,
        'allowed_actions', private.allowed_actions(v_call, v_asker)));
  end if;
  perform private.note_action(v_call.id, v_asker, case when v_request."on" then 'mute' else 'unmute' end,
    jsonb_build_object('party', v_leg.call_sid));
  if v_own then
    perform private.wish_muted(v_leg.call_sid, v_request."on");
  else
    perform private.force_muted(v_leg.call_sid, case when v_request."on" then v_asker.agent_id end);
  end if;
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.mute_party from public, anon, authenticated;
grant execute on function public.mute_party to service_role;

revoke execute on all functions in schema private from public;
