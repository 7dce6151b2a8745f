-- The outbox and the clockwork: processes claim commands, say what came of them, and now and then
-- ask for the sweep, which does what time alone makes due.

-- Claims due commands for one process; two processes never receive the same one. One whose process
-- died is handed out again: redirecting and hanging up twice does no harm, but a call that may
-- have been placed must be looked for first, and a message that may have been sent is not sent again.
create or replace function public.claim_commands(p_process text, p_limit integer default 10)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_commands jsonb;
begin
  with due as (
    select id, state = 'unknown'
      or (state = 'claimed' and kind in ('ring_agent', 'ring_customer', 'send_sms')) as uncertain
    from private.telephony_commands
    where due_at <= private.clock() and state in ('pending', 'claimed', 'unknown')
      and (lease_until is null or lease_until < private.clock())
    order by due_at limit p_limit
    for update skip locked
  ), claimed as (
    update private.telephony_commands c
    set state = 'claimed', claimed_by = p_process, attempts = c.attempts + 1,
        lease_until = private.clock() + private.command_lease()
    from due where c.id = due.id
    returning c.id, c.kind, c.target, c.payload, c.attempts, due.uncertain, c.created_at
  )
  select coalesce(jsonb_agg(to_jsonb(claimed) order by id), '[]') into v_commands from claimed;
  return v_commands;
end $$;

-- Takes in what came of commands: [{id, outcome, result, retry_seconds}], outcome one of done,
-- failed (Twilio refused), retry (not processed; again later), unknown (it may have acted).
create or replace function public.settle_commands(p_process text, p_results jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_result jsonb;
begin
  -- All calls before any agent, in one order.
  perform 1 from public.call_records where id in (
    select c.call_record_id from private.telephony_commands c
    join jsonb_array_elements(p_results) r on c.id = (r ->> 'id')::bigint)
  order by id for no key update;
  for v_result in select r from jsonb_array_elements(p_results) r loop
    perform private.settle_command(p_process, v_result);
  end loop;
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;

create or replace function private.settle_command(p_process text, p_result jsonb)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_command private.telephony_commands;
  v_call public.call_records;
  v_outcome constant text := p_result ->> 'outcome';
begin
  select r.* into v_call from public.call_records r
  where r.id = (select call_record_id from private.telephony_commands
    where id = (p_result ->> 'id')::bigint);
  update private.telephony_commands
  set state = case v_outcome when 'retry' then 'pending' else v_outcome end,
      due_at = private.clock() + make_interval(
        secs => coalesce((p_result ->> 'retry_seconds')::double precision, 0)),
      claimed_by = null, lease_until = null, result = p_result -> 'result',
      settled_at = case when v_outcome in ('done', 'failed') then private.clock() end
  where id = (p_result ->> 'id')::bigint and claimed_by = p_process
  returning * into v_command;
  if v_command.kind = 'ring_agent' and v_outcome = 'done' then
    perform private.agent_leg_placed(v_call, v_command.target::uuid, p_result #>> '{result,sid}');
  elsif v_command.kind = 'ring_customer' and v_outcome = 'done' then
    perform private.ensure_leg(jsonb_build_object('call_sid', p_result #>> '{result,sid}',
      'call_record_id', v_call.id, 'to', v_command.payload ->> 'number'), v_call.id, private.clock());
  elsif v_command.kind = 'ring_customer' and v_outcome = 'failed' then
    perform private.callback_unanswered(v_call,
      jsonb_populate_record(null::private.call_legs, jsonb_build_object('status', 'failed',
        'ended_at', private.clock()))) where private.rings_customer(v_call.id);
  elsif v_command.kind = 'transcribe' and v_outcome in ('done', 'failed') then
    perform private.transcription_asked(v_command.target, v_outcome, p_result #>> '{result,sid}');
  elsif v_command.kind = 'ring_agent' and v_outcome = 'failed' then
    perform private.agent_leg_refused(v_call, o.id, p_result -> 'result')
    from private.call_offers o where o.id = v_command.target::uuid and o.state = 'reserved';
  end if;
end $$;

-- Whether Twilio refuses a call for the number it goes to: no number, or none it reaches or may ring.
-- Everything else, such as a token that was changed or an account that is suspended, is nothing that
-- the agent could help.
create or replace function private.is_of_the_address(p_code text)
  returns boolean
  language sql
  immutable
  set search_path = ''
as $$
  select coalesce(p_code in
    ('13223', '13224', '21211', '21214', '21215', '21216', '21217', '21219'), false);
$$;

-- An agent whom Twilio does not ring, or nobody knows whether it does: the caller goes on waiting.
create or replace function private.agent_leg_refused(
  p_call public.call_records, p_offer_id uuid, p_result jsonb)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_of_the_address constant boolean := private.is_of_the_address(p_result ->> 'code');
begin
  perform private.end_offer(p_offer_id,
    case when v_of_the_address then 'unreachable' else 'lost' end, private.clock());
  perform private.wait_again(p_call) where p_call.ended_at is null and exists (
    select 1 from private.queue_entries where call_record_id = p_call.id and left_at is null);
  perform private.back_off(p_call.id)
  where not v_of_the_address and p_result ->> 'uncertain' is distinct from 'true';
end $$;

-- A caller for whom Twilio rings nobody waits before the next agent is tried: five seconds, and twice
-- as long each time, up to a minute.
create or replace function private.back_off(p_call_record_id uuid)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update private.queue_entries e
  set not_before = greatest(e.not_before, private.clock() + (
    select least(interval '1 minute', interval '5 seconds' * power(2, greatest(0, count(*) - 1)))
    from private.call_offers where call_record_id = p_call_record_id and outcome = 'lost'
      and created_at >= e.joined_at))
  where e.call_record_id = p_call_record_id and e.left_at is null;
$$;

-- Twilio took our request to ring an agent. Its webhooks may have told more already, and the offer
-- may be over: then the leg is not wanted any more.
create or replace function private.agent_leg_placed(
  p_call public.call_records, p_offer_id uuid, p_leg_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer private.call_offers;
begin
  perform private.ensure_leg(jsonb_build_object('call_sid', p_leg_sid, 'offer_id', p_offer_id),
    p_call.id, private.clock());
  update private.call_offers set leg_sid = coalesce(leg_sid, p_leg_sid)
  where id = p_offer_id returning * into v_offer;
  if v_offer.state = 'ended' then
    perform private.hang_up_leg(p_leg_sid, p_call.id)
    from private.call_legs where call_sid = p_leg_sid and ended_at is null;
  end if;
end $$;

-- Commands that the transaction did not hand over to the process that asked for it, as where an
-- agent's browser made them available, wait for a worker. One message a transaction tells those who
-- listen, on a private topic that no policy opens to users. Workers look by themselves too, so no
-- commit fails for want of Realtime.
create or replace function private.wake_workers()
  returns trigger
  language plpgsql
  security definer  -- fired by whoever commits; private table, and realtime.messages has policies
  set search_path = ''
as $$
declare
  v_state text;
begin
  select state into v_state from private.telephony_commands where id = new.id;
  if v_state is distinct from 'pending'
    or coalesce(current_setting('callcenter.workers_woken', true), '') <> '' then
    return null;
  end if;
  perform set_config('callcenter.workers_woken', 'in this transaction', true);
  begin
    perform realtime.send('{}', 'due', 'callcenter:commands');
  exception
    when invalid_schema_name or undefined_function then
      null;
    when others then
      raise warning 'workers were not woken: %', sqlerrm;
  end;
  return null;
end $$;

drop trigger if exists telephony_commands_wake on private.telephony_commands;
create constraint trigger telephony_commands_wake
  after insert on private.telephony_commands
  deferrable initially deferred for each row
  execute function private.wake_workers();

-- What time makes due: lapsed offers, wrap-up and rest that are over, waiting callers with a free
-- agent. Returns what to ask Twilio about: live legs not heard of for a while, or all live calls,
-- recordings that should be here, now and then the list of calls.
create or replace function public.sweep(p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_lapsed integer;
  v_list_live boolean;
begin
  v_lapsed := private.end_lapsed_offers();
  perform private.end_left_offers();
  perform private.overflow_callers();
  perform private.end_callbacks();
  perform private.chase_transcriptions();
  update public.call_center_agents
  set wrap_up_until = case when wrap_up_until > private.clock() then wrap_up_until end,
      busy_until = case when busy_until > private.clock() then busy_until end,
      rest_until = case when rest_until > private.clock() then rest_until end
  where id in (select id from public.call_center_agents
    where wrap_up_until <= private.clock() or busy_until <= private.clock()
      or rest_until <= private.clock()
    order by id for no key update skip locked);
  v_list_live := private.claim_live_listing();
  perform private.fold_stats();
  perform private.route_now();
  perform private.route_agent(f.agent_id) from private.free_agents_with_callers() f;
  return jsonb_build_object('lapsed_offers', v_lapsed, 'list_live_calls', v_list_live,
    'silent_legs', case when v_list_live then '[]' else private.claim_silent_legs() end,
    'unheard_recordings', private.claim_recording_checks(), 'calls_to_list', private.claim_calls_listing(),
    'commands', private.hand_over_commands(p_process));
end $$;

-- Ends the offers whose lease ran out; their calls go on waiting. What others hold is left to the next
-- sweep: of many calls and agents no order is kept.
create or replace function private.end_lapsed_offers()
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call_record_id uuid;
  v_count integer := 0;
begin
  for v_call_record_id in
    select r.id from private.call_offers o
    join public.call_center_agents a on a.id = o.agent_id
    join public.call_records r on r.id = o.call_record_id
    where o.state in ('reserved', 'ringing') and o.expires_at < private.clock()
    order by o.expires_at limit 100 for no key update of r, a skip locked
  loop
    perform private.end_offer(o.id, 'lapsed', private.clock()), private.wait_again(r)
    from private.call_offers o join public.call_records r on r.id = o.call_record_id
    where o.call_record_id = v_call_record_id and o.state in ('reserved', 'ringing')
      and o.expires_at < private.clock();
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

-- Ends the offers that agents went on break or offline from, of one agent or of all: they are rung no
-- more, nothing is held against them, and their callers go on waiting. An agent's row may be locked
-- before the calls here, so no call is waited for: the sweep ends what was skipped.
create or replace function private.end_left_offers(p_agent_id uuid default null)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
begin
  for v_call in
    select r.* from private.call_offers o
    join public.call_center_agents a on a.id = o.agent_id and a.chosen_status <> 'available'
    join public.call_records r on r.id = o.call_record_id
    where o.state in ('reserved', 'ringing') and (p_agent_id is null or a.id = p_agent_id)
    for no key update of r, a skip locked
  loop
    -- Looked at again, now that the call is locked. The next agent may be rung as the offer ends.
    perform private.wait_again(v_call), private.end_offer(o.id, 'declined', private.clock())
    from private.call_offers o
    join public.call_center_agents a on a.id = o.agent_id and a.chosen_status <> 'available'
    where o.call_record_id = v_call.id and o.state in ('reserved', 'ringing');
  end loop;
end $$;

create or replace function private.agent_stopped()
  returns trigger
  language plpgsql
  security definer  -- fired by a browser changing its status; touches private tables
  set search_path = ''
as $$
begin
  perform private.end_left_offers(new.id);
  return null;
end $$;

drop trigger if exists call_center_agents_stopped on public.call_center_agents;
create constraint trigger call_center_agents_stopped
  after update on public.call_center_agents
  deferrable initially deferred for each row
  when (old.chosen_status = 'available' and new.chosen_status <> 'available')
  execute function private.agent_stopped();

-- Free agents in queues where somebody waits unoffered: nobody, while the invariant holds.
create or replace function private.free_agents_with_callers()
  returns table (agent_id uuid)
  language sql
  stable
  set search_path = ''
as $$
  select distinct m.agent_id
  from public.call_queues q join private.queue_members m on m.queue_id = q.id
  where exists (select 1 from private.queue_entries e
      where e.queue_id = q.id and e.left_at is null and not e.offered
        and (e.not_before is null or e.not_before <= private.clock()))
    and private.is_free(m.agent_id);
$$;
