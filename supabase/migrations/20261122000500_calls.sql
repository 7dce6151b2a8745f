-- A call's life: opened by whatever we hear of it first, ended once, never revived.

-- The contact of a number, made where there is none; null for a withheld number.
create or replace function private.contact_of(p_number text, p_name text)
  returns uuid
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_id uuid;
begin
  if p_number is null or p_number !~ '^\+[0-9]+$' then
    return null;
  end if;
  insert into public.crm_contacts (phone_number, contact_type, source, first_name)
  values (p_number, 'lead', 'call', left(p_name, 100))
  on conflict (phone_number) do nothing
  returning id into v_id;
  if v_id is null then
    select id into v_id from public.crm_contacts where phone_number = p_number;
  end if;
  return v_id;
end $$;

-- The script a new call begins with: the active "IVR Principal", else the newest active one.
create or replace function private.current_script()
  returns public.ivr_scripts
  language sql
  stable
  set search_path = ''
as $$
  select * from public.ivr_scripts where active
  order by name = 'IVR Principal' desc, updated_at desc, id limit 1;
$$;

-- The call of a Twilio SID, locked; opened if we hear of it for the first time. Two first events at
-- once open one call: the second waits for the first.
create or replace function private.open_call(
  p_call_sid text, p_direction text, p_customer text, p_receiver text, p_name text,
  p_at timestamptz)
  returns public.call_records
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
  v_script public.ivr_scripts;
begin
  insert into public.call_records (call_id, caller_number, caller_name, receiver_number,
    contact_id, call_status, call_direction, started_at)
  values (p_call_sid, coalesce(p_customer, 'anonymous'), left(p_name, 255), left(p_receiver, 20),
    private.contact_of(p_customer, p_name), 'ringing', p_direction, p_at)
  on conflict (call_id) do nothing;
  select * into v_call from public.call_records where call_id = p_call_sid for no key update;
  v_script := private.current_script();
  insert into private.call_sessions (call_record_id, stage, script, script_id, script_version, language)
  values (v_call.id, 'menu', coalesce(v_script.script_data, '{}'), v_script.id, v_script.version,
    coalesce(v_script.language, 'es'))
  on conflict do nothing;
  insert into private.call_legs
    (call_sid, call_record_id, role, address, status, started_at, last_heard_at)
  values (p_call_sid, v_call.id, 'caller', p_customer, 'queued', p_at, private.clock())
  on conflict do nothing;
  return v_call;
end $$;

-- A call that was opened by an event without its number, a recording's say, learns it from a later
-- one, and so do its messages.
create or replace function private.learn_caller(p_call public.call_records, p_event jsonb)
  returns public.call_records
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records := p_call;
begin
  if p_call.caller_number = 'anonymous' and p_event ->> 'from' is not null
    and p_call.call_id = p_event ->> 'call_sid' and p_call.call_direction = 'inbound' then
    update public.call_records
    set caller_number = p_event ->> 'from', receiver_number = left(p_event ->> 'to', 20),
        caller_name = coalesce(caller_name, left(p_event ->> 'caller_name', 255)),
        contact_id = private.contact_of(p_event ->> 'from', p_event ->> 'caller_name')
    where id = p_call.id returning * into v_call;
    update public.voicemails set caller_number = v_call.caller_number
    where call_record_id = p_call.id and caller_number = 'anonymous';
  end if;
  return v_call;
end $$;

-- How a call that is over is told: what was reached decides, not how the line was cut.
create or replace function private.final_status(p_call public.call_records, p_leg_status text)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select case
    when p_call.answered_at is not null then 'completed'
    when p_call.disposition in ('voicemail', 'callback_requested', 'transferred') then 'completed'
    when p_leg_status = 'failed' then 'failed'
    when p_call.call_direction = 'outbound' then 'no_answer'
    else 'missed' end;
$$;

-- Ends a call whose lock the caller holds: the record, its place in the queue, whoever is being
-- rung or still on the line. Ending again changes nothing.
create or replace function private.end_call(
  p_call public.call_records, p_leg_status text, p_duration integer, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_status constant text := private.final_status(p_call, p_leg_status);
begin
  if p_call.ended_at is not null then
    return;
  end if;
  update public.call_records
  set call_status = v_status,
      ended_at = p_at,
      duration_seconds = coalesce(p_duration, private.seconds_between(started_at, p_at)),
      talk_seconds = private.seconds_between(answered_at, p_at),
      disposition = coalesce(disposition, case when v_status = 'completed' then 'completed'
        when v_status = 'missed' then 'abandoned' else v_status end)
  where id = p_call.id;
  perform private.leave_queue(p_call.id, 'abandoned', p_at);
  perform private.check_recordings_later(p_call);
  update private.call_sessions set stage = 'ended', script = '{}', updated_at = private.clock()
  where call_record_id = p_call.id;
  perform private.stop_ringing(p_call.id, p_at);
  perform private.hang_up_leg(l.call_sid, l.call_record_id) from private.call_legs l
  where l.call_record_id = p_call.id and l.ended_at is null and l.role <> 'caller';
end $$;

-- Ends a call's stay in its queue, if it is in one.
create or replace function private.leave_queue(
  p_call_record_id uuid, p_outcome text, p_at timestamptz)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update public.call_records set wait_seconds = private.seconds_between(queued_at, p_at)
  where id = p_call_record_id and exists (select 1 from private.queue_entries
    where call_record_id = p_call_record_id and left_at is null);
  update private.queue_entries
  set left_at = greatest(p_at, joined_at), outcome = p_outcome
  where call_record_id = p_call_record_id and left_at is null;
$$;

create or replace function private.hang_up_leg(p_call_sid text, p_call_record_id uuid)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  select private.command('hang_up', p_call_sid, '{}', p_call_record_id);
$$;

-- The leg that the customer is on, while it lives.
create or replace function private.caller_sid(p_call_record_id uuid)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select call_sid from private.call_legs
  where call_record_id = p_call_record_id and role = 'caller' and ended_at is null
  limit 1;
$$;
