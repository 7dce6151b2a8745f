-- Which call something is about: found by its leg, and locked; and what a later event tells of its numbers.

-- A call that was opened by an event without its number, a recording's say, learns it from a later
-- one, and so do its messages.
create or replace function private.learn_caller(
  p_call public.call_records, p_call_sid text, p_from text, p_to text, p_name text)
  returns public.call_records
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records := p_call;
begin
  if p_call.caller_number = 'anonymous' and p_from is not null
    and p_call.call_id = p_call_sid and p_call.call_direction = 'inbound' then
    update public.call_records
    set caller_number = p_from, receiver_number = left(p_to, 20),
        caller_name = coalesce(caller_name, private.told_name(p_name)),
        contact_id = private.contact_of(p_from, p_name)
    where id = p_call.id returning * into v_call;
    update public.voicemails set caller_number = v_call.caller_number
    where call_record_id = p_call.id and caller_number = 'anonymous';
  end if;
  return v_call;
end $$;

-- Twilio says which number of ours the customer of an outbound call sees.
create or replace function private.learn_shown_number(p_call_record_id uuid, p_number text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_records set receiver_number = left(p_number, 20)
  where id = p_call_record_id and call_direction = 'outbound' and receiver_number is null
    and p_number is not null;
end $$;

-- Locks the call that a leg belongs to and returns its record; null where the SID is unknown.
create or replace function private.lock_call_of(p_call_sid text)
  returns public.call_records
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
begin
  select r.* into v_call from public.call_records r
  where r.id = (select l.call_record_id from private.call_legs l where l.call_sid = p_call_sid)
  for no key update;
  return v_call;
end $$;

-- The call that a document is asked for, locked: by its leg, or the call named in our own address;
-- opened if this is the first we hear of it.
create or replace function private.lock_call_or_open(p_event private.voice_request)
  returns public.call_records
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
begin
  v_call := private.lock_call_of(p_event.call_sid);
  if v_call.id is null and p_event.call_record_id is not null then
    select * into v_call from public.call_records
    where id = p_event.call_record_id for no key update;
    if v_call.id is not null then
      perform private.ensure_leg(p_event.call_sid, v_call.id, coalesce(p_event.role, 'customer'), null,
        p_event."to", private.clock(), p_event.attempt);
    end if;
  end if;
  if v_call.id is null then
    v_call := private.open_call(p_event.call_sid, 'inbound', p_event."from", p_event."to",
      p_event.caller_name, private.clock());
  end if;
  return private.learn_caller(
    v_call, p_event.call_sid, p_event."from", p_event."to", p_event.caller_name);
end $$;

-- A call's session, as it stands; after lock_call_or_open there is one.
create or replace function private.session_of(p_call_record_id uuid)
  returns private.call_sessions
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_session private.call_sessions;
begin
  select * into v_session from private.call_sessions where call_record_id = p_call_record_id;
  return v_session;
end $$;

revoke execute on all functions in schema private from public;
