-- What an operator watches: how callers, agents and commands fare right now, and what must never be
-- otherwise. One read whose cost follows what is live and the last quarter of an hour, whatever the
-- history. No telephone number and no SID is in it.

-- [{name, waiting, longest_wait_seconds, callbacks}] of every queue, also of those nobody waits in.
-- Who waits for a callback has hung up: that may take hours, and is no long wait.
create or replace function private.queue_statistics()
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('name', q.name, 'waiting', w.waiting,
    'longest_wait_seconds', coalesce(private.seconds_between(w.since, private.clock()), 0),
    'callbacks', w.callbacks) order by q.name), '[]')
  from public.call_queues q cross join lateral (
    select count(*) filter (where e.on_line) as waiting,
      min(e.joined_at) filter (where e.on_line) as since,
      count(*) filter (where not e.on_line) as callbacks
    from private.queue_entries e
    where e.queue_id = q.id and e.left_at is null) w
  where q.archived_at is null or w.waiting > 0;
$$;

-- Agents by the status that is shown, each status always there, and those on break for ring no answer
-- (set_aside).
create or replace function private.agent_statistics()
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select jsonb_build_object(
    'available', count(*) filter (where agent_status = 'available'),
    'busy', count(*) filter (where agent_status = 'busy'),
    'break', count(*) filter (where agent_status = 'break'),
    'offline', count(*) filter (where agent_status = 'offline'),
    'set_aside', count(*) filter (where aside_reason is not null))
  from public.call_center_agents where archived_at is null;
$$;

-- Commands not yet done. oldest_seconds: since the oldest was wanted, whatever keeps it; but for copies of recordings,
-- which may take minutes and hold up nobody.
create or replace function private.command_statistics()
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select jsonb_build_object(
    'pending', count(*) filter (where state = 'pending'),
    'claimed', count(*) filter (where state = 'claimed'),
    'unknown', count(*) filter (where state = 'unknown'),
    'oldest_seconds', coalesce(private.seconds_between(
      min(created_at) filter (where kind <> 'copy_recording'), private.clock()), 0))
  from private.telephony_commands where state in ('pending', 'claimed', 'unknown');
$$;

-- From reserving an agent to Twilio's first word of their leg, in seconds, over the offers first
-- heard of in the last quarter of an hour; Twilio starts one leg a second and queues the others.
create or replace function private.offer_latency_statistics()
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select jsonb_build_object('offers', count(*),
    'median', percentile_cont(0.5) within group (order by l.seconds),
    'p95', percentile_cont(0.95) within group (order by l.seconds),
    'longest', max(l.seconds))
  from private.call_offers o cross join lateral (
    select round(greatest(0, extract(epoch from o.heard_at - o.created_at)), 3)::double precision
      as seconds) l
  where o.heard_at > private.clock() - interval '15 minutes';
$$;

-- Free agents beside a waiting caller whom they could take. There should be none, but for moments in which
-- the router skips a row that another transaction holds.
create or replace function private.idle_agents_with_callers()
  returns bigint
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select count(*) from private.free_agents_with_callers());
end $$;

-- Legs whose end we know only because we asked, in the last quarter of an hour: webhooks that were
-- lost, or whose handling failed.
create or replace function private.legs_ended_by_reconciling()
  returns bigint
  language sql
  stable
  set search_path = ''
as $$
  select count(*) from private.call_events e
  where e.source = 'reconcile' and e.received_at > private.clock() - interval '15 minutes'
    and e.event in ('completed', 'busy', 'failed', 'no_answer', 'canceled')
    and not exists (select 1 from private.call_events t
      where t.call_sid = e.call_sid and t.source = 'call-status'
        and t.event in ('completed', 'busy', 'failed', 'no_answer', 'canceled'));
$$;

-- All of it; the worker asks with every sweep.
create or replace function public.vital_signs()
  returns jsonb
  language sql
  stable
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
  select jsonb_build_object(
    'queues', private.queue_statistics(),
    'agents', private.agent_statistics(),
    -- A callback that waits is no live call: nobody is on the line.
    'live_calls', (select count(*) from public.call_records
        where call_status in ('queued', 'ringing', 'active'))
      - (select count(*) from private.queue_entries
        where left_at is null and not on_line and not offered),
    'live_offers', (select count(*) from private.call_offers where state <> 'ended'),
    'commands', private.command_statistics(),
    'offer_latency', private.offer_latency_statistics(),
    'idle_agents_with_callers', private.idle_agents_with_callers(),
    'legs_ended_by_reconciling', private.legs_ended_by_reconciling());
$$;
revoke execute on function public.vital_signs from public, anon, authenticated;
grant execute on function public.vital_signs to service_role;

revoke execute on all functions in schema private from public;
