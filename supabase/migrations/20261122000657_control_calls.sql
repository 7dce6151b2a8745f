-- A call as somebody at a screen sees it: which one they mean, what they may do with it now, and how it stands.
-- Nothing here changes anything.

-- A call by any of its names: the SID of any of its legs, the id that its row had while a browser placed it, its
-- id, or its row's. Null: there is none. What telephony says comes before what a browser wrote.
create or replace function private.call_named(p_name text)
  returns uuid
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce(
    (select call_record_id from private.call_legs where call_sid = p_name),
    (select call_record_id from private.placed_calls where pending_id = p_name),
    (select id from public.call_records where call_id = p_name),
    case when p_name ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
      (select id from public.call_records where id = p_name::uuid) end);
end $$;

-- Whether a call is an agent's: theirs, or was transferred to them, or they are or were in it.
create or replace function private.is_own_call(p_call public.call_records, p_agent_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return p_agent_id in (p_call.agent_id, p_call.transferred_to_agent_id) or exists (
    select 1 from private.call_offers
    where call_record_id = p_call.id and agent_id = p_agent_id
      and (state <> 'ended' or connected_at is not null));
end $$;

-- The call that somebody asks about, locked; refused (404) where it is none of theirs, as if there were none.
create or replace function private.call_for(p_request private.control_request, p_asker private.asker)
  returns public.call_records
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
begin
  select * into v_call from public.call_records
  where id = private.call_named(p_request.call) for no key update;
  if v_call.id is null or not coalesce(
      p_asker.is_supervisor or private.is_own_call(v_call, p_asker.agent_id), false) then
    perform private.refuse(404, 'no_such_call', 'There is no such call of yours.', '{"field": "call"}');
  end if;
  return v_call;
end $$;

-- Somebody's live part in a call: being rung for it, or in it; as its agent rather than as a supervisor.
create or replace function private.part_of(p_call_record_id uuid, p_asker private.asker)
  returns private.call_offers
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_offer private.call_offers;
begin
  select * into v_offer from private.call_offers
  where call_record_id = p_call_record_id and state <> 'ended'
    and case purpose when 'supervise' then supervised_by = p_asker.user_id
      else agent_id = p_asker.agent_id end
  order by purpose <> 'supervise' desc, state = 'connected' desc limit 1;
  return v_offer;
end $$;

-- The part with which somebody acts on a call: their own, or of a supervisor who has none, that of the agent who
-- talks with the customer.
create or replace function private.part_to_act(p_call_record_id uuid, p_asker private.asker)
  returns private.call_offers
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_offer private.call_offers := private.part_of(p_call_record_id, p_asker);
begin
  if p_asker.is_supervisor and (v_offer.id is null or v_offer.purpose = 'supervise') then
    select * into v_offer from private.call_offers
    where call_record_id = p_call_record_id and state = 'connected' and met_at is not null
      and private.has_customer(purpose)
    order by met_at desc limit 1;
  end if;
  return v_offer;
end $$;

-- Whoever is asked for advice in a call, or is being rung to be asked; null: nobody.
create or replace function private.consult_of(p_call_record_id uuid)
  returns private.call_offers
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_offer private.call_offers;
begin
  select * into v_offer from private.call_offers
  where call_record_id = p_call_record_id and state <> 'ended' and purpose = 'consult';
  return v_offer;
end $$;

-- The last consult of a call, and how it stands: state initiated, ringing, answered, or, until the next thing is
-- done, cancelled, failed or left, and why. Null: there is none.
create or replace function private.consult_document(p_call_record_id uuid)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (
    select jsonb_build_object('state', case o.state when 'reserved' then 'initiated'
        when 'connected' then 'answered' when 'ringing' then 'ringing' else case
          when o.outcome = 'cancelled' then 'cancelled' when o.connected_at is not null then 'left'
          else 'failed' end end,
      'why', case when o.outcome not in ('cancelled', 'finished') then o.outcome end,
      'party', o.leg_sid, 'agent_id', o.agent_id, 'address', o.address, 'since', o.created_at)
    from private.call_offers o
    join public.call_records r on r.id = o.call_record_id and r.ended_at is null
    where o.call_record_id = p_call_record_id and o.purpose = 'consult'
      and (o.state <> 'ended' or not exists (select 1 from private.call_actions a
        where a.call_record_id = o.call_record_id and a.at > o.ended_at))
    order by o.created_at desc limit 1);
end $$;

-- Whether one more may be rung to join a call: one is rung at a time, nobody is asked for advice, and the room is
-- not full.
create or replace function private.can_ring_another(p_call_record_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select count(*) filter (where state <> 'connected' or purpose = 'consult') = 0
      -- The customer is one, too.
      and count(*) + 1 < (select max_parties from private.settings)
    from private.call_offers
    where call_record_id = p_call_record_id and state <> 'ended' and purpose <> 'supervise');
end $$;

-- What an agent who is in a call may do with it, by what is going on there. p_mine: their part in it.
create or replace function private.actions_inside(
  p_call public.call_records, p_mine private.call_offers)
  returns text[]
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_customer constant text := private.caller_sid(p_call.id);
  v_has_customer constant boolean := private.has_customer(p_mine.purpose) and p_mine.met_at is not null;
  v_consult constant private.call_offers := private.consult_of(p_call.id);
  v_is_asking constant boolean := v_consult.invited_by is not distinct from p_mine.agent_id;
begin
  return array_remove(array['leave', 'mute', 'unmute',
    case when v_customer is not null then 'digits' end,
    case when private.has_customer(p_mine.purpose) then 'end' end,
    case when v_has_customer and v_consult.state is distinct from 'connected' then case
      when private.is_held(v_customer) then 'resume' else 'hold' end end,
    case when v_has_customer and not exists (select 1 from private.call_offers
      where call_record_id = p_call.id and state <> 'ended' and purpose in ('consult', 'party', 'transfer')
        and id <> p_mine.id) then 'transfer' end,
    case when v_has_customer and private.can_ring_another(p_call.id) then 'consult' end,
    case when v_has_customer and private.can_ring_another(p_call.id) then 'add_party' end,
    case when v_consult.id is not null and v_is_asking then 'cancel_consult' end,
    case when v_consult.state = 'connected' and v_is_asking then 'swap_consult' end,
    case when v_consult.state = 'connected' and v_is_asking then 'merge_consult' end,
    case when v_consult.id is not null and v_is_asking then 'complete_consult' end,
    case when v_has_customer and exists (select 1 from private.call_offers
      where call_record_id = p_call.id and state <> 'ended' and purpose = 'party') then 'remove_party' end,
    case when v_has_customer then case when p_call.recording_paused then 'resume_recording'
      else 'pause_recording' end end,
    case when v_has_customer then 'help' end], null);
end $$;

-- What a supervisor may do with a call of others', in which somebody talks with the customer: listen, take over, and
-- some of what that agent may. An agent's own call is no such, and who talks in another has no ear left for it: their
-- softphone would drop that one. Who takes over, and is not in the room, is rung; one at a time is.
create or replace function private.actions_above(
  p_call public.call_records, p_asker private.asker, p_mine private.call_offers)
  returns text[]
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  if p_mine.purpose <> 'supervise' or private.agent_sid(p_call.id) is null then
    return '{}';
  end if;
  return array(select a from unnest(
      private.actions_inside(p_call, private.part_to_act(p_call.id, p_asker))) a
    where a in ('hold', 'resume', 'transfer', 'remove_party', 'pause_recording', 'resume_recording'))
    || array_remove(array[
    case when not exists (select 1 from private.call_offers where agent_id = p_asker.agent_id
      and state = 'connected' and call_record_id <> p_call.id) then 'supervise' end,
    case when exists (select 1 from public.call_center_agents
        where id = p_asker.agent_id and seats_taken < max_concurrent_calls)
      and (p_mine.state = 'connected' or (p_mine.id is null and not exists (
        select 1 from private.call_offers where call_record_id = p_call.id
          and state in ('reserved', 'ringing') and purpose <> 'supervise')))
      then 'take_over' end], null);
end $$;

-- All that somebody may do with a call now. This is the one place that says so: each operation asks it.
create or replace function private.allowed_actions(
  p_call public.call_records, p_asker private.asker)
  returns text[]
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_mine constant private.call_offers := private.part_of(p_call.id, p_asker);
  v_always constant text[] := array['disposition', 'callback'];
begin
  if p_call.ended_at is not null then
    return v_always;
  end if;
  return array(select distinct a from unnest(v_always
    || case when v_mine.state = 'connected' and v_mine.purpose <> 'supervise'
      then private.actions_inside(p_call, v_mine) else '{}' end
    || case when v_mine.state <> 'connected' and v_mine.purpose = 'placed' then array['end', 'leave']
      else '{}' end
    || case when v_mine.purpose = 'supervise' then array['stop_supervising'] else '{}' end
    || case when p_asker.is_supervisor then array['end'] || private.actions_above(p_call, p_asker, v_mine)
      else '{}' end
    || case when p_asker.is_supervisor and private.waits_on_line(p_call.id) then array['move'] else '{}' end
    || case when not exists (select 1 from private.call_sessions where call_record_id = p_call.id)
      then array['end'] else '{}' end) a order by a);
end $$;

-- Refuses (409) what can't be done with the call now; p_actions: any of them will do.
create or replace function private.require_action(
  p_call public.call_records, p_asker private.asker, variadic p_actions text[])
  returns void
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_allowed constant text[] := private.allowed_actions(p_call, p_asker);
begin
  if not v_allowed && p_actions then
    perform private.refuse(409, 'not_now',
      format('%s is not possible: the call is %s.', p_actions[1], p_call.call_status),
      jsonb_build_object('state', p_call.call_status, 'allowed_actions', v_allowed));
  end if;
end $$;

-- The legs of a call, and those that Twilio has not told yet, whose SID is their offer's id meanwhile: where they are
-- to be rung is known before.
create or replace function private.legs_of(p_call_record_id uuid)
  returns setof private.call_legs
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return query select * from private.call_legs where call_record_id = p_call_record_id;
  return query select (jsonb_populate_record(null::private.call_legs, jsonb_build_object(
      'call_sid', o.id, 'call_record_id', o.call_record_id, 'status', 'queued',
      'address', coalesce(o.address, private.telephone_of(a), 'client:' || private.client_identity(a.id)),
      'agent_id', case o.purpose when 'supervise' then o.invited_by else o.agent_id end, 'role', private.offer_role(o.purpose, o.agent_id),
      'started_at', o.created_at))).*
    from private.call_offers o
    left join public.call_center_agents a on a.id = o.agent_id
    where o.call_record_id = p_call_record_id and o.state = 'reserved' and o.leg_sid is null;
end $$;

-- Everybody of a call who is on the line or being rung, the customer first. Supervisors see each other; an agent
-- sees one who is heard.
create or replace function private.parties_of(p_call public.call_records, p_asker private.asker)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_customer_name constant text := coalesce(
    (select private.full_name(c) from public.crm_contacts c where c.id = p_call.contact_id), p_call.caller_name);
begin
  return coalesce((
    select jsonb_agg(case when l.role in ('caller', 'customer')
      then jsonb_build_object('party', 'customer', 'role', coalesce(o.role, 'customer'), 'name', v_customer_name,
        'address', p_call.caller_number)
      -- A supervisor who took over is an agent.
      else jsonb_build_object('party', l.call_sid, 'role', coalesce(o.role, l.role), 'name', p.full_name,
        'address', l.address) end
      || jsonb_build_object('agent_id', l.agent_id,
        'state', case when private.room_of(l.call_sid) is not null then 'in_room'
          when l.role = 'caller' or l.status = 'in_progress' then 'on_line' else 'ringing' end,
        'held_since', case when w.held then w.held_at end,
        'muted', coalesce(w.muted or w.muted_by is not null, false))
      order by l.role not in ('caller', 'customer'), l.started_at)
    from private.legs_of(p_call.id) l
    left join lateral (
      select private.offer_role(r.purpose, r.agent_id) as role, r.purpose, r.mode, r.supervised_by
      from private.call_offers r
      where r.call_record_id = p_call.id and l.call_sid in (r.leg_sid, r.id::text) and l.role <> 'caller') o on true
    left join private.leg_wishes w on w.call_sid = l.call_sid
    left join public.call_center_agents a on a.id = l.agent_id
    left join public.profiles p on p.id = coalesce(a.user_id, o.supervised_by)
    where l.ended_at is null
      and (p_asker.is_supervisor or (o.purpose = 'supervise' and o.mode = 'listen') is not true)), '[]');
end $$;

-- When anything of a call last changed, in microseconds since 1970: a later document never has a lower one.
create or replace function private.call_version(p_call public.call_records)
  returns bigint
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (extract(epoch from greatest(p_call.updated_at,
    (select max(last_heard_at) from private.call_legs where call_record_id = p_call.id),
    (select max(greatest(created_at, heard_at, connected_at, ended_at))
      from private.call_offers where call_record_id = p_call.id),
    (select max(at) from private.call_actions where call_record_id = p_call.id))) * 1000000)::bigint;
end $$;

-- A call as somebody sees it: see docs/http-api.md for what is in it.
create or replace function private.call_document(p_call_record_id uuid, p_asker private.asker)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_call public.call_records;
  v_mine constant private.call_offers := private.part_of(p_call_record_id, p_asker);
begin
  select * into v_call from public.call_records where id = p_call_record_id;
  return jsonb_build_object(
    'id', v_call.id, 'call_id', v_call.call_id, 'direction', v_call.call_direction,
    'status', v_call.call_status, 'disposition', v_call.disposition, 'ended_by', v_call.ended_by,
    'customer', jsonb_build_object('number', v_call.caller_number, 'contact_id', v_call.contact_id,
      'name', coalesce((select private.full_name(c) from public.crm_contacts c
        where c.id = v_call.contact_id), v_call.caller_name)),
    'queue', v_call.queue_name, 'agent_id', v_call.agent_id, 'started_at', v_call.started_at,
    'queued_at', v_call.queued_at, 'answered_at', v_call.answered_at, 'ended_at', v_call.ended_at,
    'held_since', (select w.held_at from private.leg_wishes w
      where w.call_sid = private.caller_sid(v_call.id) and w.held),
    'recording', case when not private.is_recorded(v_call) then 'off'
      when v_call.recording_paused then 'paused' else 'on' end,
    'parties', private.parties_of(v_call, p_asker),
    'consult', private.consult_document(v_call.id),
    'purpose', v_mine.purpose, 'supervising', case v_mine.purpose when 'supervise' then v_mine.mode end,
    'invited_by', (select p.full_name from public.call_center_agents a join public.profiles p on p.id = a.user_id
      where a.id = v_mine.invited_by and a.id is distinct from v_mine.agent_id),
    'max_parties', (select max_parties from private.settings),
    'allowed_actions', private.allowed_actions(v_call, p_asker), 'version', private.call_version(v_call));
end $$;

-- What an operation answers: the call as it now stands, and what this process is to do at Twilio.
create or replace function private.control_answer(
  p_call_record_id uuid, p_asker private.asker, p_process text, p_more jsonb default '{}')
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_commands constant jsonb := private.hand_over_commands(p_process);
begin
  return jsonb_build_object('call', private.call_document(p_call_record_id, p_asker),
    'commands', v_commands) || p_more;
end $$;

-- A call as it stands (p_request: user_id, call).
create or replace function public.read_call(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  stable
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
  v_asker constant private.asker := private.asking(v_request);
  v_call public.call_records;
begin
  select * into v_call from public.call_records where id = private.call_named(v_request.call);
  if v_call.id is null
    or not coalesce(v_asker.is_supervisor or private.is_own_call(v_call, v_asker.agent_id), false) then
    perform private.refuse(404, 'no_such_call', 'There is no such call of yours.', '{"field": "call"}');
  end if;
  return jsonb_build_object('call', private.call_document(v_call.id, v_asker), 'commands', '[]'::jsonb);
end $$;
revoke execute on function public.read_call from public, anon, authenticated;
grant execute on function public.read_call to service_role;

revoke execute on all functions in schema private from public;
