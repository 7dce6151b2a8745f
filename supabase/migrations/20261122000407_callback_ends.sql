-- Callbacks that go on no further: nobody got to them in time, somebody served their customer meanwhile,
-- or their queue takes no calls any more.

-- Kept over night where its queue is closed when it expires and keeps them: it expires anew after the next
-- opening. False where it is not kept.
create or replace function private.keep_overnight(p_call public.call_records)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_queue public.call_queues;
  v_opening timestamptz;
begin
  select * into v_queue from public.call_queues where id = p_call.queue_id;
  v_opening := private.next_opening(v_queue, private.clock());
  if not v_queue.callbacks_overnight or v_opening <= private.clock() or v_opening is null then
    return false;
  end if;
  update private.callbacks
  set expires_at = v_opening
    + (select make_interval(secs => callback_expiry_seconds) from private.settings)
  where call_record_id = p_call.id;
  perform private.put_off(p_call.id, v_opening);
  return true;
end $$;

-- The queue of a callback takes no calls any more: it goes on to General, or any other that can keep it,
-- in its place; false where there is none.
create or replace function private.move_callback(p_call public.call_records)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_entry private.queue_entries;
  v_queue constant public.call_queues := private.queue_for_callback(null);
begin
  select * into v_entry from private.queue_entries
  where call_record_id = p_call.id and left_at is null;
  if v_queue.id is null or v_entry.id is null then
    return false;
  end if;
  perform private.leave_queue(p_call.id, 'overflowed', private.clock());
  perform private.enter_queue(p_call.id, v_queue, v_entry.joined_at);
  perform private.put_off(p_call.id, v_entry.not_before);
  return true;
end $$;

-- Callbacks that go on no further, and why: nobody got to them in time (expired), somebody served their
-- customer meanwhile (served), or their queue takes no calls any more (stranded). Not those whose
-- customer is being rung.
create or replace function private.callbacks_to_end()
  returns table (call_record_id uuid, why text)
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return query
  select d.call_record_id, (array_agg(d.why order by array_position(
    array['served', 'expired', 'stranded'], d.why)))[1] from (
    select b.call_record_id, 'expired' as why from private.callbacks b
    where b.ended_at is null and b.expires_at < private.clock()
    union all
    select b.call_record_id, 'served'
    from private.callbacks b
    join public.call_records c on c.id = b.call_record_id
    join public.call_records r on r.contact_id = c.contact_id and r.id <> b.call_record_id
      and r.answered_at > coalesce(b.scheduled_at, b.created_at) and r.started_at > b.created_at - interval '1 day'
    where b.ended_at is null
    union all
    select e.call_record_id, 'stranded'
    from private.queue_entries e join public.call_queues q on q.id = e.queue_id and not q.active
    where e.left_at is null and not e.on_line and not e.offered) d
  join private.call_sessions s on s.call_record_id = d.call_record_id and s.stage = 'waiting'
  group by d.call_record_id;
end $$;

-- Ends them, moves them, or keeps them over night. Part of the sweep.
create or replace function private.end_callbacks(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_due record;
  v_call public.call_records;
  v_count integer := 0;
begin
  for v_due in select * from private.callbacks_to_end() loop
    exit when v_count >= p_limit;
    perform 1 from public.call_records where id = v_due.call_record_id for no key update skip locked;
    continue when not found;
    -- Looked at again, now that the call is locked.
    select r.* into v_call from public.call_records r
    join private.callbacks b on b.call_record_id = r.id and b.ended_at is null
    join private.call_sessions s on s.call_record_id = r.id and s.stage = 'waiting'
    where r.id = v_due.call_record_id;
    continue when not found;
    v_count := v_count + 1;
    if v_due.why = 'served' then
      perform private.end_callback(v_call, 'served', 'served_meanwhile', private.clock());
    elsif v_due.why = 'stranded' and not private.move_callback(v_call) then
      perform private.end_callback(v_call, 'not_reached', 'callback_queue_gone', private.clock());
    elsif v_due.why = 'expired' and not private.keep_overnight(v_call) then
      perform private.end_callback(v_call, 'not_reached', 'callback_expired', private.clock());
    end if;
  end loop;
  return v_count;
end $$;

revoke execute on all functions in schema private from public;
