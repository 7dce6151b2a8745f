-- Agent and customer meet in a conference: the agent answers and takes the call, then the customer is
-- redirected into it. They have met when Twilio says that both have entered.

-- What whoever is rung hears when they answer; null: nothing, for a number outside.
create or replace function private.whisper_for(
  p_call public.call_records, p_offer private.call_offers, p_language text)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  if p_offer.agent_id is null and p_offer.purpose <> 'supervise' then
    return null;
  end if;
  return private.whisper(p_call, p_language, case
    when p_offer.purpose <> 'queue' then p_offer.purpose || '_whisper'
    when private.is_callback(p_call.id) then 'callback_whisper'
    else 'agent_whisper' end);
end $$;

-- Whoever answered hears what it is about, then enters the room: a supervisor muted, unless they barge in. Who is
-- to whisper is heard by the agent alone once Twilio was told so, for it lets nobody in whose agent just left.
create or replace function private.agent_plan(
  p_call public.call_records, p_offer private.call_offers, p_language text)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_wish private.leg_wishes;
begin
  select * into v_wish from private.leg_wishes where call_sid = p_offer.leg_sid and p_offer.purpose = 'supervise';
  return private.conference_plan(p_call, private.offer_role(p_offer.purpose, p_offer.agent_id),
    'agent-' || p_offer.id, false,
    to_jsonb(array_remove(array[private.whisper_for(p_call, p_offer, p_language)], null)))
    || jsonb_build_object('muted', coalesce(v_wish.muted or v_wish.coaches is not null, false));
end $$;

-- Whoever is rung takes the call: a caller is fetched from where they wait, and the wait goes on until the two
-- meet; of a callback, or a call that an agent places, the customer is rung now. Who is rung for a customer in
-- the room, or for the agent, just enters it.
create or replace function private.connect_agent(
  p_call public.call_records, p_offer private.call_offers, p_leg_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.take_offer(p_offer.id, p_leg_sid);
  if p_offer.purpose not in ('queue', 'placed') then
    perform private.place_supervisors(p_call.id);
    if p_offer.purpose = 'return' then
      perform private.stop_wrap_up(p_offer.agent_id, p_call.id);
    end if;
    -- Whoever is asked for advice does not enter a conversation that the agent took up again meanwhile.
    if p_offer.purpose = 'consult' and not private.is_held(private.caller_sid(p_call.id)) then
      perform private.wish_held(p_leg_sid, true);
    end if;
    return;
  end if;
  perform private.set_stage(p_call.id, 'connecting');
  if p_offer.purpose = 'placed' then
    perform private.ring_placed_customer(p_call);
  elsif private.is_callback(p_call.id) then
    perform private.ring_customer(p_call);
  else
    perform private.redirect_customer(p_call.id);
  end if;
end $$;

-- Whether a telephone that answered must be confirmed with 1, so that a mobile's own voicemail takes no
-- customer. A softphone need not, nor a number outside, nor an agent who just asked to be rung.
create or replace function private.needs_key(p_offer private.call_offers, p_to text)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return p_to not like 'client:%' and p_offer.agent_id is not null
    and p_offer.invited_by is distinct from p_offer.agent_id;
end $$;

-- What an agent who answered hears. No key at all is no answer, another key a refusal.
create or replace function private.answer_agent(
  p_event private.voice_request, p_call public.call_records, p_offer private.call_offers,
  p_language text)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.ensure_leg(p_event.call_sid, p_call.id,
    private.offer_role(p_offer.purpose, p_offer.agent_id), p_offer.id, p_event."to", private.clock());
  perform private.fold_leg(p_event.call_sid, 'in_progress', null, null, null, private.clock());
  if p_offer.state = 'connected' then
    return private.agent_plan(p_call, p_offer, p_language);
  elsif not private.needs_key(p_offer, p_event."to") or p_event.digits = '1' then
    perform private.connect_agent(p_call, p_offer, p_event.call_sid);
    p_offer.leg_sid := p_event.call_sid;
    return private.agent_plan(p_call, p_offer, p_language);
  elsif p_event.confirming then
    perform private.end_offer(p_offer.id,
      case when coalesce(p_event.digits, '') = '' then 'no_answer' else 'declined' end,
      private.clock());
    perform private.after_offer(p_call, p_offer);
    return '{"kind": "hang_up", "say": []}';
  end if;
  perform private.await_key(p_offer.id);
  return jsonb_build_object('kind', 'confirm', 'offer_id', p_offer.id, 'say', jsonb_build_array(
    private.whisper_for(p_call, p_offer, p_language), private.say(p_language, 'agent_confirm')));
end $$;

-- Whether whoever is rung for an offer was made an agent no more: held, so that it is so until the end of this
-- transaction.
create or replace function private.is_dismissed(p_offer private.call_offers)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform 1 from public.call_center_agents where id = p_offer.agent_id and archived_at is null for no key update;
  return p_offer.agent_id is not null and not found;
end $$;

-- The agent's leg was answered, or the agent pressed a key. The offer is checked again: the caller may
-- be gone, or the agent. p_event: a voice_request with offer_id, confirming and digits.
create or replace function public.receive_agent_answer(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event constant private.voice_request :=
    jsonb_populate_record(null::private.voice_request, p_event);
  v_call public.call_records;
  v_offer private.call_offers;
  v_language text;
begin
  select r.* into v_call from public.call_records r join private.call_offers o
    on o.call_record_id = r.id and o.id = v_event.offer_id for no key update of r;
  select * into v_offer from private.call_offers where id = v_event.offer_id;
  v_language := coalesce((private.session_of(v_call.id)).language, 'es');
  if v_offer.state is null or v_offer.state = 'ended' or v_offer.leg_sid <> v_event.call_sid
    or private.is_dismissed(v_offer)
    or (private.caller_sid(v_call.id) is null
      and not private.is_callback(v_call.id) and not private.is_placed(v_call.id)) then
    return private.answer(private.hang_up_plan(v_language, case when v_offer.purpose = 'placed'
      then private.words_of_failure(v_call.disposition) else 'call_gone' end), v_language, p_process);
  end if;
  return private.answer(
    private.answer_agent(v_event, v_call, v_offer, v_language), v_language, p_process);
end $$;
revoke execute on function public.receive_agent_answer from public, anon, authenticated;
grant execute on function public.receive_agent_answer to service_role;

-- The caller, fetched out of the queue, asks what to do: join the agent, or wait again if the agent
-- is gone. A callback's customer, who answered, comes the same way. p_event: a voice_request with
-- call_record_id (a callback's).
create or replace function public.receive_caller_connect(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event constant private.voice_request :=
    jsonb_populate_record(null::private.voice_request, p_event);
  v_call constant public.call_records := private.lock_call_or_open(v_event);
  v_session constant private.call_sessions := private.session_of(v_call.id);
begin
  if private.is_callback(v_call.id) then
    perform private.callback_reached(v_call.id, v_event.call_sid);
  elsif private.is_placed(v_call.id) and v_event.answered_by ~ '^(machine|fax)' then
    perform private.end_placed_call(v_call, 'machine', 'no_answer', private.clock());
    return private.answer('{"kind": "hang_up", "say": []}', v_session.language, p_process);
  end if;
  return private.answer(
    case when v_session.stage in ('connecting', 'connected') then private.send_to_room(v_call)
      else private.next_step(v_call) end, v_session.language, p_process);
end $$;
revoke execute on function public.receive_caller_connect from public, anon, authenticated;
grant execute on function public.receive_caller_connect to service_role;

-- Somebody entered or left the room, or is held or muted there (p_event: a room_event), in any order and any
-- number of times.
create or replace function public.record_room_event(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event constant private.room_event := jsonb_populate_record(null::private.room_event, p_event);
  v_at constant timestamptz := private.plausible_moment(v_event.occurred_at);
  v_call_record_id uuid;
begin
  select id into v_call_record_id from public.call_records
  where id = v_event.call_record_id for no key update;
  if not found or v_event.call_sid is null then
    return '{"commands": []}';  -- the room of a call that has been deleted, or of nobody in it
  end if;
  if private.keep_room_event(v_event.call_sid, v_event.event, v_event.conference_sid,
      v_event.sequence, v_at, v_call_record_id, v_event.params) then
    if v_event.conference_sid is not null then
      perform private.fold_participant(v_event, v_call_record_id, v_at);
    end if;
    if v_event.event = 'join' then
      perform private.note_meeting(v_call_record_id);
      perform private.repeat_wish(v_event.call_sid);
    elsif v_event.event in ('hold', 'unhold', 'mute', 'unmute') then
      perform private.compare_wish(v_event.call_sid, v_at);
    end if;
    if v_event.event = 'unhold' and v_event.call_sid = private.caller_sid(v_call_record_id) then
      perform private.set_hold_seconds(
        v_call_record_id, private.held_seconds(v_call_record_id, v_at));
    end if;
  end if;
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.record_room_event from public, anon, authenticated;
grant execute on function public.record_room_event to service_role;

revoke execute on all functions in schema private from public;
