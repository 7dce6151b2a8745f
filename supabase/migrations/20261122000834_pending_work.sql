-- What waits to be done in an agent's queues, besides callers: customers to be called back.

-- The callbacks that wait, those first that have waited longest: {id, queue, number, name, since, not_before,
-- at_work}. at_work: an agent is rung for it, or has the customer rung.
create or replace function private.callbacks_waiting(p_queue_ids uuid[])
  returns setof jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return query
  select jsonb_build_object('id', r.id, 'queue', q.name, 'number', b.number,
    'name', coalesce(private.full_name(c), r.caller_name), 'since', e.joined_at, 'not_before', e.not_before,
    'at_work', e.offered)
  from private.queue_entries e
  join public.call_queues q on q.id = e.queue_id
  join public.call_records r on r.id = e.call_record_id
  join private.callbacks b on b.call_record_id = r.id
  left join public.crm_contacts c on c.id = r.contact_id
  where e.queue_id = any (p_queue_ids) and e.left_at is null and not e.on_line
  order by e.joined_at limit 50;
end $$;

-- Whom nobody served within a week, by the last call of each, the newest first: {id, queue, number, name, contact_id,
-- at, waited_seconds}. Who was talked with since, left a message, or is rung or waits now is none.
create or replace function private.calls_missed(p_queue_ids uuid[])
  returns setof jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return query
  select jsonb_build_object('id', r.id, 'queue', q.name, 'number', r.caller_number,
    'name', coalesce(private.full_name(c), r.caller_name), 'contact_id', r.contact_id, 'at', r.started_at,
    'waited_seconds', r.wait_seconds)
  from public.call_records r
  join public.call_queues q on q.id = r.queue_id
  join public.crm_contacts c on c.id = r.contact_id
  where r.queue_id = any (p_queue_ids) and r.call_status = 'missed' and r.call_direction = 'inbound'
    and r.started_at > private.clock() - interval '7 days'
    and not exists (
      select 1 from public.call_records l
      where l.contact_id = r.contact_id and l.started_at > r.started_at
        and (l.call_status in ('queued', 'ringing', 'active', 'completed') or l.call_direction = 'inbound'))
  order by r.started_at desc limit 50;
end $$;

-- Both, of the queues of the agent who asks: {callbacks, missed}. Nobody is told of changes: a screen asks anew.
create or replace function public.pending_work()
  returns jsonb
  language plpgsql
  stable
  security definer  -- private tables, and calls that are nobody's yet; an agent's own queues only
  set search_path = ''
as $$
declare
  v_queue_ids constant uuid[] := array(select private.my_queue_ids());
begin
  if private.my_agent_id() is null then
    perform private.refuse(404, 'not_an_agent', 'You are no agent of this call centre.');
  end if;
  return jsonb_build_object('callbacks', to_jsonb(array(select private.callbacks_waiting(v_queue_ids))),
    'missed', to_jsonb(array(select private.calls_missed(v_queue_ids))));
end $$;
revoke execute on function public.pending_work from public, anon, authenticated;
grant execute on function public.pending_work to authenticated, service_role;

revoke execute on all functions in schema private from public;
