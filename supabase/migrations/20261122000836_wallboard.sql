-- Live: the wallboard. Its rows, in snapshots and in messages, are the same: a queue's figures, what an agent does, a
-- live call, a call for help. All are facts with their moments, so that time alone changes none of them.

-- Queues as a screen shows them: who waits since when, who is there, and the quarter of an hour that goes on. Of all
-- queues, or of some; one that is archived or deleted is gone.
create or replace function private.queue_rows(p_ids uuid[] default null)
  returns setof jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_interval constant timestamptz := private.interval_of(private.clock());
begin
  return query
  with sums as materialized (
    select p.queue_id, sum(p.offered) as offered, sum(p.answered) as answered,
      sum(p.answered_in_time) as answered_in_time, sum(p.abandoned) as abandoned,
      sum(p.abandoned_in_time) as abandoned_in_time, sum(p.overflowed) as overflowed
    from (
      select queue_id, offered, answered, answered_in_time, abandoned, abandoned_in_time, overflowed
      from private.stat_sums where interval_start = v_interval
      union all
      select queue_id, offered, answered, answered_in_time, abandoned, abandoned_in_time, overflowed
      from private.stat_deltas where interval_start = v_interval) p
    group by 1
  )
  select case when q.archived_at is not null then jsonb_build_object('id', q.id, 'gone', true)
    else jsonb_build_object('id', q.id, 'name', q.name, 'active', q.active,
      'waiting', w.waiting, 'oldest_joined_at', w.since, 'callbacks', w.callbacks,
      'agents_available', m.available, 'agents_busy', m.busy, 'agents_total', m.total,
      'interval', jsonb_build_object('start', v_interval,
        'offered', coalesce(s.offered, 0), 'answered', coalesce(s.answered, 0),
        'answered_in_time', coalesce(s.answered_in_time, 0), 'abandoned', coalesce(s.abandoned, 0),
        'abandoned_in_time', coalesce(s.abandoned_in_time, 0), 'overflowed', coalesce(s.overflowed, 0),
        'service_level', private.percent(s.answered_in_time::bigint, (s.offered - s.abandoned_in_time)::bigint)),
      'service_level_seconds', q.service_level_seconds) end
  from public.call_queues q
  cross join lateral (
    select count(*) filter (where e.on_line) as waiting,
      min(e.joined_at) filter (where e.on_line) as since,
      count(*) filter (where not e.on_line) as callbacks
    from private.queue_entries e where e.queue_id = q.id and e.left_at is null) w
  cross join lateral (
    select count(*) as total, count(*) filter (where a.agent_status = 'available'
        and (a.rest_until > private.clock()) is not true) as available,
      count(*) filter (where a.agent_status = 'busy') as busy
    from private.queue_members qm join public.call_center_agents a on a.id = qm.agent_id
    where qm.queue_id = q.id) m
  left join sums s on s.queue_id = q.id
  where case when p_ids is null then q.archived_at is null else q.id = any (p_ids) end
  order by q.name;
  return query select jsonb_build_object('id', i, 'gone', true) from unnest(p_ids) i
  where not exists (select 1 from public.call_queues where id = i);
end $$;

-- Agents as a supervisor's screen shows them: what they do, since when, until when if time alone ends it, and with
-- which calls. Of all, or of some; one that is archived or deleted is gone.
create or replace function private.agent_rows(p_ids uuid[] default null)
  returns setof jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
begin
  return query
  select case when a.archived_at is not null then jsonb_build_object('id', a.id, 'gone', true)
    else jsonb_build_object('id', a.id, 'extension', a.extension, 'name', p.full_name,
      'state', n.state, 'since', n.started_at, 'reason', n.reason,
      'until', case n.state when 'wrap_up' then private.wraps_up_until(a) end,
      'calls', coalesce((select jsonb_agg(distinct o.call_record_id) from private.call_offers o
        where o.agent_id = a.id and o.state <> 'ended'), '[]')) end
  from public.call_center_agents a
  left join public.profiles p on p.id = a.user_id
  left join private.agent_times t on t.agent_id = a.id and t.ended_at is null
  left join lateral (
    select t.state, t.started_at, t.reason where t.state not in ('wrap_up', 'busy')
    union all
    select b.state, b.started_at, b.reason from private.times_by_now(a, t, v_now) b
    where t.state in ('wrap_up', 'busy') and b.ended_at is null) n on true
  where case when p_ids is null then a.archived_at is null else a.id = any (p_ids) end
  order by a.extension;
  return query select jsonb_build_object('id', i, 'gone', true) from unnest(p_ids) i
  where not exists (select 1 from public.call_center_agents where id = i);
end $$;

-- Live calls as a supervisor's screen shows them: where the caller is (stage), in a queue since when (joined_at, by
-- which the queue's oldest is told, too), whose it is now (agent_id; whoever had it before is the row's, not the
-- screen's). callback: the customer has hung up and waits to be rung. Of all, or of some; one that is over is gone.
create or replace function private.call_rows(p_ids uuid[] default null)
  returns setof jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_ids constant uuid[] := coalesce(p_ids, array(
    select id from public.call_records where call_status in ('queued', 'ringing', 'active')));
begin
  return query
  select case when r.id is null or r.ended_at is not null then jsonb_build_object('id', i, 'gone', true)
    else jsonb_build_object('id', r.id, 'call_id', r.call_id, 'direction', r.call_direction,
      'status', r.call_status, 'queue', r.queue_name, 'queue_id', r.queue_id, 'stage', s.stage,
      'agent_id', (select r.agent_id where exists (select 1 from private.call_offers o
        where o.call_record_id = r.id and o.agent_id = r.agent_id and o.state <> 'ended')),
      'number', r.caller_number, 'name', coalesce(private.full_name(c), r.caller_name),
      'started_at', r.started_at, 'queued_at', r.queued_at, 'joined_at', e.joined_at, 'answered_at', r.answered_at,
      'held_since', (select w.held_at from private.call_legs l
        join private.leg_wishes w on w.call_sid = l.call_sid
        where l.call_record_id = r.id and l.role in ('caller', 'customer') and l.ended_at is null and w.held),
      'callback', coalesce(not e.on_line, false)) end
  from unnest(v_ids) i
  left join public.call_records r on r.id = i
  left join private.call_sessions s on s.call_record_id = i
  left join private.queue_entries e on e.call_record_id = i and e.left_at is null
  left join public.crm_contacts c on c.id = r.contact_id
  order by r.started_at;
end $$;

-- Agents who ask for a supervisor in a call, by the call, of several the last. Of all, or of some calls, where what
-- nobody asks any more is gone.
create or replace function private.help_rows_of(p_call_ids uuid[] default null)
  returns setof jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_ids constant uuid[] := coalesce(p_call_ids, array(
    select distinct h.call_record_id from private.help_requests h join public.call_records r on r.id = h.call_record_id
    where h.answered_at is null and r.ended_at is null));
begin
  return query
  select case when h.id is null then jsonb_build_object('id', i, 'gone', true)
    else jsonb_build_object('id', i, 'agent_id', h.agent_id, 'reason', h.reason, 'asked_at', h.asked_at) end
  from unnest(v_ids) i
  left join lateral (
    select a.* from private.help_requests a
    where a.call_record_id = i and a.answered_at is null and private.help_ended_at(a) is null
    order by a.asked_at desc limit 1) h on true
  where h.id is not null or (p_call_ids is not null and (
    exists (select 1 from private.help_requests where call_record_id = i)
    or not exists (select 1 from public.call_records where id = i)));
end $$;

-- What has changed since the last time, taken off the list. A queue's figures change with its agents, and those of
-- every queue with the quarter of an hour. too_many: a message could not say it. What gathered while no worker ran is
-- taken off in steps, for each has a few seconds.
create or replace function private.take_changes(p_interval_changed boolean)
  returns table (agents uuid[], calls uuid[], queues uuid[], too_many boolean)
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  with taken as (
    delete from private.live_changes
    where id in (select id from private.live_changes order by id limit 50000)
    returning kind, row_id
  )
  select coalesce(array_agg(distinct row_id) filter (where kind = 'agent'), '{}'),
    coalesce(array_agg(distinct row_id) filter (where kind = 'call'), '{}'),
    coalesce(array_agg(distinct row_id) filter (where kind = 'queue'), '{}'),
    coalesce(bool_or(kind = 'everything'), false)
  into agents, calls, queues, too_many from taken;
  too_many := too_many or cardinality(agents) + cardinality(calls) > 200;
  queues := case when too_many or p_interval_changed then
      array(select id from public.call_queues where archived_at is null) || queues
    else array(select unnest(queues) union
      select m.queue_id from private.queue_members m where m.agent_id = any (agents)) end;
  return next;
end $$;

-- Tells the members of queues how they stand, each on the topic queue:<id>, in the order in which topics are taken.
create or replace function private.tell_queues(p_rows jsonb[])
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_row jsonb;
  v_topic text;
begin
  for v_row in select r from unnest(p_rows) r order by r ->> 'id' loop
    v_topic := 'queue:' || (v_row ->> 'id');
    perform private.broadcast(v_topic, 'queue',
      v_row || jsonb_build_object('kind', 'queue', 'version', private.next_version(v_topic)));
  end loop;
end $$;

-- Tells supervisors and queues' members what changed since they were last told, at most once in about a second
-- however many ask for it: hosted Realtime counts deliveries. Returns how many messages that made.
create or replace function public.broadcast_figures()
  returns integer
  language plpgsql
  volatile
  security definer  -- private tables, and realtime.messages has policies; only service_role may execute
  set search_path = ''
as $$
declare
  v_interval constant timestamptz := private.interval_of(private.clock());
  v_last private.live_topics;
  v_changes record;
  v_queues jsonb[];
begin
  select * into v_last from private.live_topics
  where topic = 'supervisors' and told_at <= clock_timestamp() - interval '0.9 seconds'
  for no key update skip locked;
  if v_last.topic is null then
    return 0;
  end if;
  select * into v_changes from private.take_changes(v_interval <> v_last.told_interval);
  if not v_changes.too_many and cardinality(v_changes.agents || v_changes.calls || v_changes.queues) = 0 then
    return 0;
  end if;
  update private.live_topics
  set version = version + 1, told_at = clock_timestamp(), told_interval = v_interval
  where topic = 'supervisors' returning * into v_last;
  v_queues := array(select private.queue_rows(v_changes.queues));
  perform private.tell_queues(v_queues);
  perform private.broadcast('supervisors', 'wallboard', jsonb_build_object('kind', 'wallboard',
      'id', 'supervisors', 'version', v_last.version, 'at', private.clock())
    || case when v_changes.too_many then '{"fetch": true}' else jsonb_build_object(
      'queues', to_jsonb(v_queues),
      'agents', to_jsonb(array(select private.agent_rows(v_changes.agents))),
      'calls', to_jsonb(array(select private.call_rows(v_changes.calls))),
      'help', to_jsonb(array(select private.help_rows_of(v_changes.calls)))) end);
  return 1 + cardinality(v_queues);
end $$;
revoke execute on function public.broadcast_figures from public, anon, authenticated;
grant execute on function public.broadcast_figures to service_role;

-- A supervisor's wallboard, whole. version: of the last message on the topic supervisors; the next says what changes.
create or replace function public.wallboard()
  returns jsonb
  language plpgsql
  stable
  security definer  -- private tables; supervisors only
  set search_path = ''
as $$
begin
  perform private.require_admin();
  return jsonb_build_object('version', private.topic_version('supervisors'), 'at', private.clock(),
    'time_zone', (select time_zone from private.settings),
    'service_level', 'answered within service_level_seconds ÷ (offered − abandoned within them), in percent',
    'targets', private.targets(),
    'queues', to_jsonb(array(select private.queue_rows())),
    'agents', to_jsonb(array(select private.agent_rows())),
    'calls', to_jsonb(array(select private.call_rows())),
    'help', to_jsonb(array(select private.help_rows_of())));
end $$;
revoke execute on function public.wallboard from public, anon, authenticated;
grant execute on function public.wallboard to authenticated, service_role;

-- The desk of the agent who asks, whole: as state_document, and the queues that they are a member of; at: now, time_zone:
-- the centre's. version, also of each queue: of the last message on its topic.
create or replace function public.desk()
  returns jsonb
  language plpgsql
  stable
  security definer  -- private tables; an agent's own desk only
  set search_path = ''
as $$
declare
  v_agent_id constant uuid := private.my_agent_id();
begin
  if v_agent_id is null then
    perform private.refuse(404, 'not_an_agent', 'You are no agent of this call centre.');
  end if;
  return private.state_document(v_agent_id, private.asker_of(auth.uid(), v_agent_id))
    || jsonb_build_object('at', private.clock(), 'time_zone', (select time_zone from private.settings),
      'queues', to_jsonb(array(
      select q || jsonb_build_object('version', private.topic_version('queue:' || (q ->> 'id')))
      from private.queue_rows(array(select private.my_queue_ids())) q
      where not q ? 'gone')));
end $$;
revoke execute on function public.desk from public, anon, authenticated;
grant execute on function public.desk to authenticated, service_role;

revoke execute on all functions in schema private from public;
