-- Call control: leave a call, or end it for all. The wish is written down before Twilio is asked, so that
-- leaving is told from being lost.

-- Takes somebody out of the call's room, whose part in it ends now; what becomes of the others is decided in
-- the same transaction.
create or replace function private.leave_room(
  p_call public.call_records, p_part private.call_offers)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.end_offer(p_part.id, case
    when p_part.state <> 'connected' then 'cancelled'
    -- Of a waiting caller whom they never met: as if their telephone had hung up.
    when p_part.purpose = 'queue' and p_part.met_at is null then 'declined'
    else 'finished' end, private.clock());
  if p_part.leg_sid is not null then
    perform private.hang_up_leg(p_part.leg_sid, p_call.id);
  end if;
  perform private.after_offer(p_call, p_part);
end $$;

-- The agent leaves; whoever stays goes on, and a customer who would be alone is let go (p_request: user_id,
-- call). Left already: nothing changes.
create or replace function public.leave_call(p_request jsonb, p_process text)
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
  if v_call.ended_at is null and v_mine.id is not null then
    perform private.require_action(v_call, v_asker, 'leave');
    perform private.note_action(v_call.id, v_asker, 'leave');
    perform private.leave_room(v_call, v_mine);
  end if;
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.leave_call from public, anon, authenticated;
grant execute on function public.leave_call to service_role;

-- Ends a live call for everybody. One with nobody on the line is over at once, a callback too though its customer
-- rings, for they would be rung again; the others when Twilio says so of their legs.
create or replace function private.end_for_all(p_call public.call_records)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_customer constant text := private.caller_sid(p_call.id);
begin
  if private.is_placed(p_call.id) and p_call.answered_at is null then
    perform private.end_placed_call(p_call, 'cancelled', 'canceled', private.clock());
  elsif private.is_callback(p_call.id) then
    perform private.end_callback(p_call, 'not_reached', 'cancelled', private.clock());
  elsif v_customer is not null then
    perform private.stop_ringing(p_call.id, private.clock());
    perform private.hang_up_leg(v_customer, p_call.id);
    perform private.hang_up_others(p_call.id);
  else
    perform private.end_call(p_call.id, 'canceled', 0, private.clock());
  end if;
end $$;

-- Ends a call for everybody (p_request: user_id, call). Over already: nothing changes.
create or replace function public.end_call_for_all(p_request jsonb, p_process text)
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
begin
  if v_call.ended_at is null then
    perform private.require_action(v_call, v_asker, 'end');
    perform private.note_action(v_call.id, v_asker, 'end');
    perform private.end_for_all(v_call);
  end if;
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.end_call_for_all from public, anon, authenticated;
grant execute on function public.end_call_for_all to service_role;

revoke execute on all functions in schema private from public;
