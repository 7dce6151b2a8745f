-- Call control: a supervisor moves a caller who waits to another queue.
--
-- The caller keeps the time they joined: in the new queue they stand where they would if they had chosen it at first,
-- before those who rang later and behind those who rang earlier, so nobody is overtaken by who waited less. Overflow
-- and transfers do the same. What the new queue promises from entering on (its overflow, its longest wait) begins
-- anew, and its hours and its limit hold: where it takes nobody now, nothing changes. What is heard next is the new
-- queue's. Whoever was being rung is let go, and it is no miss of theirs.

-- The queue that is meant, which must be one (400).
create or replace function private.queue_to_move_to(p_name text)
  returns public.call_queues
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_queue constant public.call_queues := private.queue_meant(p_name);
begin
  if v_queue.id is null or v_queue.archived_at is not null then
    perform private.refuse(400, 'no_such_queue', 'There is no queue of this name.', '{"field": "to"}');
  end if;
  return v_queue;
end $$;

-- Moves the caller (p_request: user_id, call, to: a queue's name). In that queue already: nothing changes. Of two
-- supervisors who move the same caller, the second moves them on from where the first did.
create or replace function public.move_call(p_request jsonb, p_process text)
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
  v_queue public.call_queues;
  v_entry private.queue_entries;
begin
  perform private.require_supervisor(v_asker);
  v_queue := private.queue_to_move_to(v_request."to");
  perform private.require_action(v_call, v_asker, 'move');
  select * into v_entry from private.queue_entries
  where call_record_id = v_call.id and left_at is null;
  if v_entry.queue_id <> v_queue.id then
    v_queue := private.queue_to_send_to(v_queue.id);
    perform private.note_action(v_call.id, v_asker, 'move',
      jsonb_build_object('from_queue_id', v_entry.queue_id, 'queue_id', v_queue.id));
    perform private.leave_queue(v_call.id, 'moved', private.clock());
    perform private.stop_ringing(v_call.id, private.clock());
    perform private.enter_queue(v_call.id, v_queue, v_entry.joined_at);
  end if;
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.move_call from public, anon, authenticated;
grant execute on function public.move_call to service_role;

revoke execute on all functions in schema private from public;
