-- A call as somebody at a screen sees it: which one they mean, what they may do with it now, and how it stands.
-- Nothing here changes anything.

-- A call by any of its names: its id, the one that its row had while a browser placed it, its row's id, or the
-- SID of any of its legs. Null: there is none.
create or replace function private.call_named(p_name text)
  returns uuid
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce(
    (select id from public.call_records where call_id = p_name),
    (select call_record_id from private.placed_calls where pending_id = p_name),
    (select call_record_id from private.call_legs where call_sid = p_name),
    case when p_name ~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
      (select id from public.call_records where id = p_name::uuid) end);
end $$;

-- Whether a call is an agent's: theirs, or was transferred to them, or they are in it or wrap it up.
create or replace function private.is_own_call(p_call public.call_records, p_agent_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return p_agent_id in (p_call.agent_id, p_call.transferred_to_agent_id) or exists (
    select 1 from private.call_offers
    where call_record_id = p_call.id and agent_id = p_agent_id and state <> 'ended')
    or exists (select 1 from public.call_center_agents
      where id = p_agent_id and wrap_up_call_id = p_call.id);
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

-- Somebody's live part in a call: being rung for it, or in it.
create or replace function private.part_of(p_call_record_id uuid, p_agent_id uuid)
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
    and p_agent_id = case purpose when 'supervise' then invited_by else agent_id end
  order by purpose <> 'supervise' desc, state = 'connected' desc limit 1;
  return v_offer;
end $$;

-- Whoever is asked for advice in a call, or is being rung to be asked or to join; of the last, null where nobody.
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

-- Whether a leg is to be on hold.
create or replace function private.is_held(p_call_sid text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce((select held from private.leg_wishes where call_sid = p_call_sid), false);
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
  return array_remove(array['leave', 'mute', 'unmute', 'digits',
    case when private.has_customer(p_mine.purpose) then 'end' end,
    case when v_has_customer then case when private.is_held(v_customer) then 'resume' else 'hold' end end,
    case when v_has_customer and not exists (select 1 from private.call_offers
      where call_record_id = p_call.id and state <> 'ended' and purpose in ('consult', 'party', 'transfer')
        and id <> p_mine.id) then 'transfer' end,
    case when v_has_customer and not exists (select 1 from private.call_offers
      where call_record_id = p_call.id and state <> 'ended' and purpose <> 'supervise'
        and (state <> 'connected' or purpose = 'consult')) then 'consult' end,
    case when v_has_customer and v_consult.id is null then 'add_party' end,
    case when v_consult.id is not null and v_is_asking then 'cancel_consult' end,
    case when v_consult.state = 'connected' and v_is_asking then 'swap_consult' end,
    case when v_consult.state = 'connected' and v_is_asking then 'merge_consult' end,
    case when v_consult.state = 'connected' and v_is_asking then 'complete_consult' end,
    case when v_has_customer and exists (select 1 from private.call_offers
      where call_record_id = p_call.id and state <> 'ended' and purpose = 'party') then 'remove_party' end,
    case when v_has_customer and private.is_recorded(p_call) then 'pause_recording' end,
    case when v_has_customer and private.is_recorded(p_call) then 'resume_recording' end,
    case when v_has_customer then 'help' end], null);
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
  v_mine constant private.call_offers := private.part_of(p_call.id, p_asker.agent_id);
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
    || case when p_asker.is_supervisor then array['end', 'supervise'] else '{}' end
    || case when p_asker.is_supervisor and p_asker.agent_id is not null
        and (v_mine.id is null or v_mine.purpose = 'supervise') and exists (
          select 1 from private.call_offers where call_record_id = p_call.id and state = 'connected'
            and private.has_customer(purpose) and met_at is not null)
      then array['take_over'] else '{}' end
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

-- Everybody of a call who is on the line or being rung, the customer first. Supervisors see each other; an agent
-- sees one who is heard.
create or replace function private.parties_of(p_call public.call_records, p_asker private.asker)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'party', case when l.role in ('caller', 'customer') then 'customer' else l.call_sid end,
      'role', case l.role when 'caller' then 'customer' else l.role end,
      'agent_id', l.agent_id,
      'name', case when l.role in ('caller', 'customer') then coalesce(
          (select private.full_name(c) from public.crm_contacts c where c.id = p_call.contact_id),
          p_call.caller_name)
        else (select p.full_name from public.call_center_agents a
          join public.profiles p on p.id = a.user_id where a.id = l.agent_id) end,
      'address', case when l.role in ('caller', 'customer') then p_call.caller_number else l.address end,
      'state', case when private.room_of(l.call_sid) is not null then 'in_room'
        when l.role = 'caller' or l.status = 'in_progress' then 'on_line' else 'ringing' end,
      'held_since', (select held_at from private.leg_wishes w where w.call_sid = l.call_sid and w.held),
      'muted', coalesce((select muted from private.leg_wishes w where w.call_sid = l.call_sid), false))
      order by l.role not in ('caller', 'customer'), l.started_at)
    from private.call_legs l
    where l.call_record_id = p_call.id and l.ended_at is null
      and (p_asker.is_supervisor or l.role <> 'supervisor' or not coalesce(
        (select muted from private.leg_wishes w where w.call_sid = l.call_sid), true))), '[]');
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
  v_consult private.call_offers;
begin
  select * into v_call from public.call_records where id = p_call_record_id;
  v_consult := private.consult_of(v_call.id);
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
    'consult', case when v_consult.id is not null then jsonb_build_object(
      'state', case v_consult.state when 'reserved' then 'initiated' when 'connected' then 'answered'
        else v_consult.state end,
      'party', v_consult.leg_sid, 'agent_id', v_consult.agent_id, 'address', v_consult.address,
      'since', v_consult.created_at) end,
    'allowed_actions', private.allowed_actions(v_call, p_asker),
    'version', private.call_version(v_call));
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
