-- Call control: blind transfer. The agent is free at once; the customer hears music until somebody takes them,
-- and where nobody does waits in the queue that they came from, at their old time.

-- Whom a transfer, a consult or an invitation goes to.
drop type if exists private.destination cascade;
create type private.destination as (
  agent_id uuid,
  queue_id uuid,
  number text
);

-- Reads what was typed: an agent's extension, a queue's name, or a number; refused (400) where it is none.
create or replace function private.destination_of(p_to text)
  returns private.destination
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_to private.destination;
begin
  select id into v_to.agent_id from public.call_center_agents
  where lower(btrim(extension)) = lower(btrim(p_to)) and archived_at is null
  order by extension = btrim(p_to) desc, extension limit 1;
  if v_to.agent_id is null then
    select id into v_to.queue_id from public.call_queues
    where lower(btrim(name)) = lower(btrim(p_to)) and active order by name limit 1;
  end if;
  if v_to.agent_id is null and v_to.queue_id is null then
    v_to.number := private.number_to_call(p_to, 'to');
  end if;
  return v_to;
end $$;

-- The agent of a destination, whose row is locked from here on, together with those of the call's agents, in one
-- order; refused (409) where they can't be rung now, or are in the call. Null of other destinations; a number is
-- counted (429).
create or replace function private.agent_to_ring(
  p_call public.call_records, p_to private.destination, p_asker private.asker)
  returns public.call_center_agents
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_agent public.call_center_agents;
  v_why_not text;
begin
  perform 1 from public.call_center_agents where id = p_to.agent_id or id in (
    select agent_id from private.call_offers where call_record_id = p_call.id and state <> 'ended')
  order by id for no key update;
  if p_to.number is not null then
    perform private.count_outgoing(coalesce(p_asker.agent_id, p_asker.user_id));
  end if;
  if p_to.agent_id is null then
    return null;
  end if;
  select * into v_agent from public.call_center_agents where id = p_to.agent_id;
  v_why_not := case when v_agent.id = p_asker.agent_id then 'the one who asks'
    when exists (select 1 from private.call_offers
      where call_record_id = p_call.id and agent_id = v_agent.id and state <> 'ended') then 'in the call'
    else private.why_not_free(v_agent, private.clock()) end;
  if v_why_not is not null then
    perform private.refuse(409, 'agent_not_free', format('The agent is %s.', v_why_not),
      jsonb_build_object('field', 'to', 'state', v_why_not));
  end if;
  return v_agent;
end $$;

-- The queue that somebody sends a customer to, held until the end; refused (409) where it takes nobody now.
create or replace function private.queue_to_send_to(p_queue_id uuid)
  returns public.call_queues
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_queue public.call_queues;
  v_why_not text;
begin
  select * into v_queue from public.call_queues where id = private.hold_queue(p_queue_id);
  v_why_not := private.why_not_wait(v_queue);
  if v_why_not is not null then
    perform private.refuse(409, 'queue_not_open', format('The queue takes no calls: %s.', v_why_not),
      jsonb_build_object('field', 'to', 'state', v_why_not));
  end if;
  return v_queue;
end $$;

-- Rings whom the customer is to go to, who hears music meanwhile.
create or replace function private.transfer_to_person(
  p_call public.call_records, p_to private.destination, p_agent public.call_center_agents,
  p_invited_by uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.wish_held(private.caller_sid(p_call.id), true);
  perform private.open_offer(
    p_call, 'transfer', p_agent, p_to.number, p_call.queue_id, p_invited_by, 25);
  if p_agent.id is not null then
    perform private.set_ringing(p_call.id, p_agent.id);
  end if;
end $$;

-- Hands the customer on (p_request: user_id, call, to: an extension, a queue's name or a number).
create or replace function public.transfer_call(p_request jsonb, p_process text)
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
  v_to private.destination;
  v_agent public.call_center_agents;
begin
  perform private.require_action(v_call, v_asker, 'transfer');
  v_to := private.destination_of(v_request."to");
  v_agent := private.agent_to_ring(v_call, v_to, v_asker);
  perform private.note_action(v_call.id, v_asker, 'transfer', to_jsonb(v_to));
  perform private.set_transferred(v_call.id, v_to.agent_id);
  perform private.end_offer(v_mine.id, 'finished', private.clock());
  perform private.hang_up_leg(v_mine.leg_sid, v_call.id);
  perform private.end_forced_mutes(v_call.id, v_mine.agent_id);
  if v_to.queue_id is not null then
    perform private.send_to_queue(v_call, private.queue_to_send_to(v_to.queue_id),
      coalesce(v_call.queued_at, v_call.started_at));
  else
    perform private.transfer_to_person(v_call, v_to, v_agent, v_asker.agent_id);
  end if;
  return private.control_answer(v_call.id, v_asker, p_process,
    jsonb_build_object('transferred_to', coalesce(v_to.number, v_request."to")));
end $$;
revoke execute on function public.transfer_call from public, anon, authenticated;
grant execute on function public.transfer_call to service_role;

revoke execute on all functions in schema private from public;
