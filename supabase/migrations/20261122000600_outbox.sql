-- What came of commands: carried to the offer, the callback or the transcription that asked for them.

-- Whether Twilio refuses a call for the number it goes to: no number, or none it reaches. Everything
-- else, such as a token that was changed, an account on trial (21219) or one that may not ring a country
-- (21215), is nothing that the agent could help.
create or replace function private.is_of_the_address(p_code text)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return coalesce(p_code in
    ('13223', '13224', '21211', '21214', '21216', '21217'), false);
end $$;

-- A caller for whom Twilio rings nobody waits before the next agent is tried: five seconds, and twice
-- as long each time, up to a minute.
create or replace function private.back_off(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_lost integer;
begin
  select count(*) into v_lost
  from private.call_offers o join private.queue_entries e
    on e.call_record_id = o.call_record_id and e.left_at is null
  where o.call_record_id = p_call_record_id and o.outcome = 'lost' and o.created_at >= e.joined_at;
  perform private.put_off(p_call_record_id, private.clock()
    + least(interval '1 minute', interval '5 seconds' * power(2, least(10, greatest(0, v_lost - 1)))));
end $$;

-- An agent whom Twilio does not ring, or nobody knows whether it does: the caller goes on waiting.
create or replace function private.agent_leg_refused(
  p_call_record_id uuid, p_offer_id uuid, p_result jsonb)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_of_the_address constant boolean := private.is_of_the_address(p_result ->> 'code');
  v_offer private.call_offers;
begin
  if not exists (select 1 from private.call_offers where id = p_offer_id and state = 'reserved') then
    return;
  end if;
  perform private.end_offer(p_offer_id,
    case when v_of_the_address then 'unreachable' else 'lost' end, private.clock());
  select * into v_offer from private.call_offers where id = p_offer_id;
  if v_offer.purpose <> 'queue' then
    perform private.after_offer(
      (select r from public.call_records r where id = p_call_record_id), v_offer);
  elsif not v_of_the_address and p_result ->> 'uncertain' is distinct from 'true' then
    -- The agent rests for longer than the caller waits, so that it may be another who is tried next.
    perform private.rest_after_refusal(v_offer.agent_id);
    perform private.back_off(p_call_record_id);
  end if;
end $$;

-- Twilio took our request to ring somebody at an address. The offer may be over: then the leg is not wanted any
-- more.
create or replace function private.agent_leg_placed(
  p_call_record_id uuid, p_offer_id uuid, p_leg_sid text, p_address text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer private.call_offers;
begin
  v_offer := private.name_leg(p_offer_id, p_leg_sid);
  perform private.ensure_leg(p_leg_sid, p_call_record_id,
    private.offer_role(v_offer.purpose, v_offer.agent_id), p_offer_id, p_address, private.clock());
  if v_offer.state = 'ended' and exists (select 1 from private.call_legs
      where call_sid = p_leg_sid and ended_at is null) then
    perform private.hang_up_leg(p_leg_sid, p_call_record_id);
  end if;
end $$;

-- Keys that were pressed may be a card's number or a PIN: they are kept no longer than they are needed.
create or replace function private.forget_keys(p_command_id bigint)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.telephony_commands set payload = payload #- '{query,digits}' where id = p_command_id;
end $$;

-- What a settled command means for whoever asked for it.
create or replace function private.follow_settled(p_command private.telephony_commands)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_call public.call_records;
  v_sid constant text := p_command.result ->> 'sid';
  v_attempt constant integer := p_command.payload ->> 'attempt';
begin
  select * into v_call from public.call_records where id = p_command.call_record_id;
  case p_command.kind || ' ' || p_command.state
    when 'ring_agent done', 'ring_party done' then
      perform private.agent_leg_placed(v_call.id, p_command.target::uuid, v_sid,
        coalesce(p_command.payload ->> 'phone', 'client:' || (p_command.payload ->> 'client')));
    when 'ring_agent failed', 'ring_party failed' then
      perform private.agent_leg_refused(v_call.id, p_command.target::uuid, p_command.result);
    when 'ring_customer done' then
      if not private.customer_leg_placed(v_call, v_attempt, v_sid, p_command.payload ->> 'number') then
        perform private.customer_not_rung(v_call, v_attempt);
      end if;
    when 'ring_customer failed' then
      perform private.customer_not_rung(v_call, v_attempt);
    when 'set_participant done' then
      perform private.wish_told(p_command);
    when 'set_participant failed' then
      perform private.wish_told(p_command);
      perform private.hold_refused(v_call.id, p_command.target);
    when 'hang_up done' then
      perform private.doubt_queued_leg(p_command.target);
      perform private.tell_wishes(v_call.id);
    when 'hang_up failed' then
      perform private.tell_wishes(v_call.id);
    when 'set_recording done', 'set_recording failed' then
      perform private.recording_told(p_command);
    when 'announce done', 'announce failed' then
      perform private.forget_keys(p_command.id);
    when 'send_sms done', 'send_sms failed' then
      perform private.text_settled(p_command);
    when 'copy_recording done', 'copy_recording failed' then
      perform private.copy_settled(p_command);
    when 'release_recording done', 'release_recording failed' then
      perform private.release_settled(p_command);
    when 'delete_copy done' then
      perform private.copy_deleted(p_command);
      perform private.delete_at_twilio(p_command.target);
    when 'delete_words done' then
      perform private.words_deleted(p_command);
    when 'delete_copy failed', 'delete_words failed', 'delete_recording done', 'delete_recording failed' then
      perform private.deletion_settled(p_command);
    when 'transcribe done', 'transcribe failed' then
      perform private.transcription_asked(p_command.target, p_command.state, v_sid);
    else
      null;
  end case;
end $$;

-- Takes in what came of commands (p_results: a list of command_results).
create or replace function public.settle_commands(p_process text, p_results jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_result private.command_result;
  v_command private.telephony_commands;
begin
  -- All calls before any agent, in one order.
  perform 1 from public.call_records where id in (
    select c.call_record_id from private.telephony_commands c
    join jsonb_array_elements(p_results) r on c.id = (r ->> 'id')::bigint)
  order by id for no key update;
  for v_result in select * from jsonb_populate_recordset(null::private.command_result, p_results) loop
    v_command := private.settle_claimed(p_process, v_result);
    if v_command.settled_at is not null then
      perform private.follow_settled(v_command);
    end if;
  end loop;
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.settle_commands from public, anon, authenticated;
grant execute on function public.settle_commands to service_role;

-- Commands that could not begin in time are not wanted any more: whoever asked goes on without. Part of
-- the sweep.
create or replace function private.end_late_commands(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_late private.telephony_commands;
  v_count integer := 0;
begin
  for v_late in
    select c.* from private.telephony_commands c
    join private.command_kinds k on k.kind = c.kind
    where c.state = 'pending'
      and c.created_at < private.clock() - make_interval(secs => k.begin_within_seconds)
    order by c.created_at limit p_limit for no key update of c skip locked
  loop
    -- Some are of no call; a call that somebody holds is not waited for, and its commands are left to the next sweep.
    perform 1 from public.call_records where id = v_late.call_record_id for no key update skip locked;
    continue when not found and v_late.call_record_id is not null;
    v_late := private.fail_late_command(v_late.id);
    perform private.follow_settled(v_late);
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

revoke execute on all functions in schema private from public;
