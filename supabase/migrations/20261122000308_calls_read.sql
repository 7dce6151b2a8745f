-- What a call begins with, and how it ended: asked by the state machine of calls.

-- The contact whose number in E.164 it is: their own, or else one of their others; null where it is nobody's. Those of
-- the number are few, and sorted once they are found: in the order of an index all contacts would be read for them.
create or replace function private.contact_with_number(p_number text)
  returns uuid
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_id uuid;
begin
  select id into v_id from public.crm_contacts where phone_number = p_number;
  if v_id is null then
    select id into v_id from (
      select id, created_at from public.crm_contacts
      where other_numbers @> array[p_number] and other_numbers <> '{}' offset 0) c
    order by created_at, id limit 1;
  end if;
  return v_id;
end $$;

-- The same, which then stays until the transaction ends. One that a supervisor is deleting at this moment is waited
-- for, and is none; one that is being merged into another is waited for, and is the other.
create or replace function private.hold_contact(p_number text)
  returns uuid
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_id uuid;
  v_held uuid;
begin
  loop
    v_id := private.contact_with_number(p_number);
    select id into v_held from public.crm_contacts where id = v_id for key share;
    exit when v_held is not distinct from v_id;
  end loop;
  return v_held;
end $$;

-- The contact of a number, made where there is none; null for what is no number, withheld or not: a
-- call goes on without a contact.
create or replace function private.contact_of(p_number text, p_name text)
  returns uuid
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_id uuid;
  v_number text;
begin
  select id into v_id from public.crm_contacts where phone_number = p_number for key share;
  if v_id is not null then
    return v_id;
  end if;
  v_number := private.e164(p_number);
  if v_number is null then
    return null;
  end if;
  v_id := private.hold_contact(v_number);
  if v_id is null then
    insert into public.crm_contacts (phone_number, contact_type, source, first_name)
    values (v_number, 'lead', 'call', left(private.told_name(p_name), 100))
    on conflict (phone_number) do nothing
    returning id into v_id;
  end if;
  return coalesce(v_id, private.hold_contact(v_number));
end $$;

-- The script a new call begins with: the active "IVR Principal", else the newest active one.
create or replace function private.current_script()
  returns public.ivr_scripts
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_script public.ivr_scripts;
begin
  select * into v_script from public.ivr_scripts where active
  order by name = 'IVR Principal' desc, updated_at desc, id limit 1;
  return v_script;
end $$;

-- Which of its four ends a call has. Whether anybody was reached decides, not which side hung up.
create or replace function private.final_status(
  p_call public.call_records, p_resolution text, p_leg_status text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case
    when p_call.answered_at is not null or p_resolution in ('voicemail', 'callback', 'transfer')
    then 'completed'
    when p_leg_status = 'failed' then 'failed'
    when p_call.call_direction = 'outbound' then 'no_answer'
    else 'missed' end;
end $$;

-- When the customer of a call was gone, for all that is known: their leg's end, when they left the room for good, or
-- when the room that they were in last ended under somebody else, which only their own leaving does. Each of these may
-- be lost.
create or replace function private.customer_gone_at(p_call_record_id uuid)
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return least(
    (select max(l.ended_at) from private.call_legs l
      where l.call_record_id = p_call_record_id and l.role in ('caller', 'customer')
      having bool_and(l.ended_at is not null)),
    (select max(p.left_at) from private.participants p join private.call_legs l on l.call_sid = p.call_sid
      where p.call_record_id = p_call_record_id and l.role in ('caller', 'customer')
      having bool_and(coalesce(p.left_at >= p.joined_at, p.left_at is not null))),
    (select min(e.occurred_at) from private.call_events e
      where e.call_record_id = p_call_record_id and e.source = 'room' and e.event like 'leave %'
        and e.params ->> 'ReasonParticipantLeft' = 'moderator_ended_conference'
        and e.occurred_at >= coalesce((select max(p.joined_at) from private.participants p
          join private.call_legs l on l.call_sid = p.call_sid and l.role in ('caller', 'customer')
          where p.call_record_id = p_call_record_id), '-infinity')));
end $$;

-- Whether somebody else of the call was with its customer, or on the way to them, when an agent went: they then ended
-- nothing. Twilio's times are whole seconds.
create or replace function private.left_others(p_offer private.call_offers, p_at timestamptz)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (select 1 from private.call_offers o
    where o.call_record_id = p_offer.call_record_id and o.id <> p_offer.id and o.purpose <> 'supervise'
      and (o.ended_at is null
        or p_at < o.ended_at + case when o.outcome in ('caller_left', 'cancelled', 'lapsed', 'lost')
          then interval '0' else interval '1 second' end));
end $$;

-- Who asked for the end of a call: agent or supervisor; null: nobody. Who left asked for it if they had met the
-- customer, and left nobody with them.
create or replace function private.who_asked_for_end(p_call_record_id uuid)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_is_agent boolean;
begin
  select a.agent_id = r.agent_id or exists (select 1 from private.call_offers o
    where o.call_record_id = r.id and o.agent_id = a.agent_id) into v_is_agent
  from private.call_actions a join public.call_records r on r.id = a.call_record_id
  where r.id = p_call_record_id and (a.action = 'end' or (a.action = 'leave' and exists (
    select 1 from private.call_offers o
    where o.call_record_id = r.id and o.agent_id = a.agent_id and o.met_at <= a.at
      and o.ended_at >= a.at and not private.left_others(o, a.at))))
  order by a.id desc limit 1;
  return case when not found then null when v_is_agent then 'agent' else 'supervisor' end;
end $$;

-- Who ended a call whose customer was not rung, or is no person: agent or system; null: it was not so.
create or replace function private.who_gave_up(p_call_record_id uuid)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select case when disposition = 'cancelled' then 'agent'
      when disposition in ('agent_no_answer', 'agent_unreachable', 'machine', 'refused', 'not_placed',
        'callback_expired', 'callback_queue_gone', 'served_meanwhile') then 'system' end
    from public.call_records
    where id = p_call_record_id and call_direction = 'outbound' and answered_at is null
      and disposition_by is null);
end $$;

-- Who ended a call: the agent or supervisor who asked for it last, the system that gave it up, or hung up the
-- customer's leg, or the customer. Who talks on a telephone hangs up without asking, before the customer does. A
-- customer whose leg Twilio finds ended was not hung up.
create or replace function private.who_ended(p_call_record_id uuid)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_gone_at constant timestamptz := coalesce(private.customer_gone_at(p_call_record_id), 'infinity');
begin
  return coalesce(private.who_asked_for_end(p_call_record_id), private.who_gave_up(p_call_record_id), case
    when exists (select 1 from private.call_offers o join private.call_legs l on l.call_sid = o.leg_sid
      where o.call_record_id = p_call_record_id and o.outcome = 'finished' and o.met_at is not null
        and l.address not like 'client:%' and o.ended_at = l.ended_at and l.ended_at < v_gone_at
        and not private.left_others(o, o.ended_at))
    then 'agent'
    when exists (select 1 from private.telephony_commands c
      join private.call_legs l on l.call_sid = c.target and l.role in ('caller', 'customer')
      where c.call_record_id = p_call_record_id and c.kind = 'hang_up'
        and c.created_at < v_gone_at + interval '1 second' and coalesce(c.result ->> 'live', 'true') <> 'false')
    then 'system' else 'customer' end);
end $$;

revoke execute on all functions in schema private from public;
