-- Call control: an agent promises a customer to be called back at a time.

-- When and at which number; refused (400) where it can't be.
create or replace function private.check_promise(p_request private.control_request, p_number text)
  returns void
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  if p_request.at is null or p_request.at <= private.clock() then
    perform private.refuse(400, 'not_in_the_future', 'at must be in the future.', '{"field": "at"}');
  elsif p_request.at > private.clock() + interval '90 days' then
    perform private.refuse(400, 'too_far', 'at is at most 90 days from now.', '{"field": "at"}');
  elsif p_number is null then
    perform private.refuse(400, 'not_a_number', 'The customer''s number is withheld: another is needed.',
      '{"field": "number"}');
  end if;
end $$;

-- The queue that a promised callback waits in: the call's, else General, or any that is active; null where there is
-- none.
create or replace function private.queue_for_promise(p_queue_id uuid)
  returns public.call_queues
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_queue public.call_queues;
begin
  select q.* into v_queue from public.call_queues q
  where q.active
  order by q.id is not distinct from p_queue_id desc, q.name = 'General' desc, q.name limit 1
  for key share;
  return v_queue;
end $$;

-- Promises a callback (p_request: user_id, call, at, number: the customer's where not said). Refused (409) where one
-- is promised already. Answers callback: its call's id and time.
create or replace function public.schedule_callback(p_request jsonb, p_process text)
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
  v_number constant text := case when v_request.number is null then private.e164(v_call.caller_number)
    else private.number_to_call(v_request.number, 'number') end;
  v_queue public.call_queues;
begin
  perform private.check_promise(v_request, v_number);
  perform private.require_action(v_call, v_asker, 'callback');
  v_queue := private.queue_for_promise(v_call.queue_id);
  if v_queue.id is null then
    perform private.refuse(409, 'no_queue', 'No queue takes callbacks.');
  elsif not private.open_callback(v_call, v_number, v_queue, v_request.at) then
    perform private.refuse(409, 'callback_exists', 'A callback to this number is waiting already.',
      jsonb_build_object('field', 'number', 'allowed_actions', private.allowed_actions(v_call, v_asker)));
  end if;
  perform private.note_action(
    v_call.id, v_asker, 'callback', jsonb_build_object('at', v_request.at, 'number', v_number));
  return private.control_answer(v_call.id, v_asker, p_process, (
    select jsonb_build_object('callback', jsonb_build_object(
      'id', call_record_id, 'at', scheduled_at, 'number', number))
    from private.callbacks where number = v_number and ended_at is null));
end $$;
revoke execute on function public.schedule_callback from public, anon, authenticated;
grant execute on function public.schedule_callback to service_role;

revoke execute on all functions in schema private from public;
