-- What an offer's end means for its call.

-- What follows for the call when somebody who was rung did not come, or went: of a supervisor nothing, of a call
-- that an agent places and whose customer was not reached it is over, a callback's customer is rung no more, and a
-- customer in the room is looked after. A queue's caller goes on waiting by themselves.
create or replace function private.after_offer(p_call public.call_records, p_offer private.call_offers)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer private.call_offers;
begin
  select * into v_offer from private.call_offers where id = p_offer.id;
  if v_offer.state <> 'ended' or p_call.ended_at is not null or v_offer.purpose = 'supervise' then
    return;
  elsif v_offer.purpose = 'placed' and v_offer.met_at is null then
    perform private.end_placed_call(p_call, case
        when v_offer.connected_at is not null then 'cancelled'
        when v_offer.outcome in ('lost', 'unreachable') then 'agent_unreachable'
        else 'agent_no_answer' end, 'failed', v_offer.ended_at);
  elsif v_offer.purpose = 'queue' and v_offer.met_at is null then
    if v_offer.connected_at is not null and private.is_callback(p_call.id) and not exists (
        select 1 from private.call_offers
        where call_record_id = p_call.id and state = 'connected' and purpose <> 'supervise') then
      perform private.call_off_customer(p_call);
    end if;
  else
    perform private.end_forced_mutes(p_call.id, v_offer.agent_id);
    perform private.tend_room(p_call.id, v_offer);
  end if;
end $$;

revoke execute on all functions in schema private from public;
