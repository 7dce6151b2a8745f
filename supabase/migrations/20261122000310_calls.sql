-- Calls: the state machine of a call as everybody sees it (call_records.call_status) and of its place
-- in the flow (call_sessions.stage). Opened by whatever we hear of it first, ended once, never
-- revived. Nothing outside this file writes either column.
--
--   call_status   ringing → queued ⇄ ringing → active; from each → completed, missed, no_answer, failed
--   stage         menu → waiting ⇄ connecting → connected; from each → ended (see call_sessions)

-- → ringing, menu. The call of a Twilio SID, locked; opened if we hear of it for the first time. Two
-- first events at once open one call: the second waits for the first.
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
  values (p_call_sid, coalesce(p_customer, 'anonymous'), private.told_name(p_name), left(p_receiver, 20),
    private.contact_of(p_customer, p_name), 'ringing', p_direction, p_at)
  on conflict (call_id) do nothing
  returning * into v_call;
  if v_call.id is null then
    select * into v_call from public.call_records where call_id = p_call_sid for no key update;
  end if;
  v_script := private.current_script();
  insert into private.call_sessions (call_record_id, stage, script, script_id, script_version, language)
  values (v_call.id, 'menu', coalesce(v_script.script_data, '{}'), v_script.id, v_script.version,
    coalesce(v_script.language, 'es'))
  on conflict do nothing;
  -- A call that a browser placed has its agent on this leg.
  perform private.open_leg(p_call_sid, v_call.id,
    case when v_call.call_direction = 'outbound' and v_call.agent_id is not null then 'agent'
      else 'caller' end,
    case when v_call.call_direction = 'outbound' then v_call.agent_id end, p_customer, p_at);
  return v_call;
end $$;

-- → queued: a call that an agent places, and that their browser did not write before.
create or replace function private.open_placed_call(
  p_agent_id uuid, p_number text, p_caller_id text)
  returns public.call_records
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
begin
  insert into public.call_records (call_id, agent_id, caller_number, receiver_number, contact_id,
    call_status, call_direction, started_at)
  values ('pending-' || gen_random_uuid(), p_agent_id, p_number, left(p_caller_id, 20),
    private.contact_of(p_number, null), 'queued', 'outbound', private.clock())
  returning * into v_call;
  return v_call;
end $$;

-- → connecting: a call that an agent places, whose customer is rung once the agent is on the line.
create or replace function private.open_placed_session(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.call_sessions (call_record_id, stage, script, language)
  values (p_call_record_id, 'connecting', '{}', coalesce((private.current_script()).language, 'es'));
end $$;

-- → queued, waiting: a wish to be called back, which is a call of its own. Its customer is rung once
-- an agent is there for them.
create or replace function private.open_callback_call(
  p_id uuid, p_for public.call_records, p_number text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into public.call_records (id, call_id, caller_number, caller_name, receiver_number,
    contact_id, call_status, call_direction, started_at, custom_data)
  values (p_id, 'callback-' || p_id, p_number, p_for.caller_name, p_for.receiver_number,
    private.contact_of(p_number, p_for.caller_name), 'queued', 'outbound', private.clock(),
    jsonb_build_object('callback_of', p_for.call_id));
  insert into private.call_sessions (call_record_id, stage, script, language)
  values (p_id, 'waiting', '{}', coalesce(
    (select language from private.call_sessions where call_record_id = p_for.id),
    (private.current_script()).language, 'es'));
end $$;

-- Where the call is in its flow; an ended one stays ended. p_voicemail_queue_id: whose voicemail a message would be.
create or replace function private.set_stage(
  p_call_record_id uuid, p_stage text, p_voicemail_queue_id uuid default null)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_sessions
  set stage = p_stage, updated_at = private.clock(),
      voicemail_queue_id = coalesce(p_voicemail_queue_id, voicemail_queue_id),
      asked_for_number = asked_for_number or p_stage = 'callback',
      script = case p_stage when 'ended' then '{}' else script end,
      sent_to_room_at = case when p_stage in ('connecting', 'connected') then sent_to_room_at end
  where call_record_id = p_call_record_id and stage <> 'ended';
end $$;

-- The customer is sent to the room; the first time counts.
create or replace function private.note_sent_to_room(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_sessions set sent_to_room_at = private.clock()
  where call_record_id = p_call_record_id and sent_to_room_at is null
    and stage in ('connecting', 'connected');
end $$;

-- Since when the customer may be alone in the room; null: they are looked after.
create or replace function private.set_alone(p_call_record_id uuid, p_since timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_sessions set alone_since = p_since
  where call_record_id = p_call_record_id and alone_since is distinct from p_since;
end $$;

-- What is known of the notice that the call is recorded: said, heard, or null (see call_sessions).
create or replace function private.set_recording_notice(p_call_record_id uuid, p_notice text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_sessions set recording_notice = p_notice
  where call_record_id = p_call_record_id;
end $$;

-- → queued: in a queue, the first or the next one; false: it is over. agent_id keeps whoever was rung last (hand_on).
create or replace function private.set_queued(
  p_call_record_id uuid, p_queue public.call_queues, p_joined_at timestamptz)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_records
  set call_status = 'queued', wait_seconds = case when answered_at is not null then wait_seconds end,
      queue_name = left(p_queue.name, 50), queue_id = p_queue.id,
      queued_at = coalesce(queued_at, p_joined_at)
  where id = p_call_record_id and ended_at is null;
  return found;
end $$;

-- → queued again: whoever was being rung did not take the call.
create or replace function private.set_waiting_again(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_records set call_status = 'queued'
  where id = p_call_record_id and ended_at is null and call_status = 'ringing';
end $$;

-- The call is about to be another agent's: its row says queued first. Whoever follows the rows with their agent's id
-- hears that, and nothing of what comes after.
create or replace function private.hand_on(p_call_record_id uuid, p_to_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_records set call_status = 'queued'
  where id = p_call_record_id and ended_at is null and call_status <> 'queued' and agent_id <> p_to_agent_id;
end $$;

-- → ringing: an agent is being rung for the call.
create or replace function private.set_ringing(p_call_record_id uuid, p_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.hand_on(p_call_record_id, p_agent_id);
  update public.call_records set call_status = 'ringing', agent_id = p_agent_id
  where id = p_call_record_id and ended_at is null;
end $$;

-- → active: customer and agent met; the first agent's meeting dates the answer. If the call's end was told
-- before, how it ended is corrected to completed, for the two did talk, and who ended it is judged anew. p_has_it:
-- nobody took the call over since.
create or replace function private.set_answered(
  p_call_record_id uuid, p_agent_id uuid, p_at timestamptz, p_wait_seconds integer, p_has_it boolean default true)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.hand_on(p_call_record_id, case when p_has_it then p_agent_id end);
  update public.call_records
  set answered_at = least(answered_at, p_at),
      agent_id = case when p_has_it then coalesce(p_agent_id, agent_id) else agent_id end,
      wait_seconds = case when answered_at < p_at and wait_seconds is not null then wait_seconds
        else coalesce(p_wait_seconds, wait_seconds) end,
      call_status = case when ended_at is not null then 'completed'
        when p_has_it then 'active' else call_status end,
      talk_seconds = private.seconds_between(least(answered_at, p_at), ended_at),
      disposition = case when ended_at is not null and disposition_by is null
          and disposition in ('abandoned', 'no_answer', 'failed', 'cancelled')
        then 'completed' else disposition end
  where id = p_call_record_id and (answered_at is distinct from least(answered_at, p_at)
    or (p_has_it and ended_at is null
      and (call_status <> 'active' or agent_id is distinct from coalesce(p_agent_id, agent_id))));
  update public.call_records set ended_by = private.who_ended(id)
  where id = p_call_record_id and ended_at is not null and ended_by is distinct from private.who_ended(id);
end $$;

-- What of the call the customer was on hold.
create or replace function private.set_hold_seconds(p_call_record_id uuid, p_seconds integer)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_records set hold_duration_seconds = p_seconds
  where id = p_call_record_id and hold_duration_seconds <> p_seconds;
end $$;

-- The customer goes to somebody else; to which agent, null of a number outside.
create or replace function private.set_transferred(p_call_record_id uuid, p_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_records
  set transferred = true, transfer_timestamp = private.clock(),
      transferred_to_agent_id = coalesce(p_agent_id, transferred_to_agent_id)
  where id = p_call_record_id;
end $$;

-- → completed, missed, no_answer or failed; ended. p_leg_status: how Twilio says the customer's leg
-- ended. False where the call was over already: ending again changes nothing.
create or replace function private.set_ended(
  p_call_record_id uuid, p_leg_status text, p_duration integer, p_at timestamptz,
  p_wait_seconds integer)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_resolution text;
begin
  select resolution into v_resolution from private.call_sessions
  where call_record_id = p_call_record_id;
  update public.call_records c
  set call_status = private.final_status(c, v_resolution, p_leg_status),
      ended_at = p_at,
      duration_seconds = coalesce(greatest(p_duration, 0), private.seconds_between(started_at, p_at)),
      wait_seconds = case when answered_at is not null and wait_seconds is not null then wait_seconds
        else coalesce(p_wait_seconds, wait_seconds) end,
      talk_seconds = private.seconds_between(answered_at, p_at),
      ended_by = private.who_ended(c.id),
      disposition = coalesce(disposition, case
        when c.call_direction = 'outbound' and c.answered_at is null and p_leg_status = 'busy' then 'busy'
        else replace(private.final_status(c, v_resolution, p_leg_status), 'missed', 'abandoned') end)
  where id = p_call_record_id and ended_at is null;
  if not found then
    return false;
  end if;
  perform private.set_stage(p_call_record_id, 'ended');
  return true;
end $$;

-- → failed: calls that a browser began and that were never placed, after five minutes. Part of the sweep.
create or replace function private.end_unplaced_calls(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
  v_count integer := 0;
begin
  for v_call in
    select * from public.call_records r
    where r.call_status = 'queued' and r.started_at < private.clock() - interval '5 minutes'
      and r.call_direction = 'outbound'
      and not exists (select 1 from private.call_sessions s where s.call_record_id = r.id)
      and not exists (select 1 from private.call_legs l where l.call_record_id = r.id)
    order by r.started_at limit p_limit for no key update skip locked
  loop
    update public.call_records set disposition = coalesce(disposition, 'not_placed')
    where id = v_call.id;
    perform private.set_ended(v_call.id, 'failed', 0, private.clock(), null);
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

-- What became of a call without an agent (call_sessions.resolution). A message, a callback or a number
-- outside that is only told after the call's end makes it a completed one.
create or replace function private.set_resolution(p_call_record_id uuid, p_resolution text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_sessions set resolution = p_resolution where call_record_id = p_call_record_id;
  update public.call_records
  set disposition = case when disposition_by is not null then disposition
        when p_resolution = 'callback' then 'callback_requested'
        when p_resolution = 'transfer' then 'transferred' else p_resolution end,
      transferred = transferred or p_resolution = 'transfer',
      call_status = case when ended_at is null or p_resolution = 'rejected' then call_status
        else 'completed' end
  where id = p_call_record_id and answered_at is null;
end $$;

-- The message that a call was to have left was none: it is what it would have been without. A disposition
-- that was given since stays. Whoever was recorded was connected, so their leg did not fail.
create or replace function private.take_back_voicemail(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.call_sessions set resolution = null
  where call_record_id = p_call_record_id and resolution = 'voicemail';
  if not found then
    return;
  end if;
  update public.call_records c
  set call_status = case when ended_at is null then call_status
        else private.final_status(c, null, 'completed') end,
      disposition = case when disposition is distinct from 'voicemail' then disposition
        when ended_at is not null
        then replace(private.final_status(c, null, 'completed'), 'missed', 'abandoned') end
  where id = p_call_record_id and answered_at is null;
end $$;

revoke execute on all functions in schema private from public;
