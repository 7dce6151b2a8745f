-- Waiting: the caller joins a queue, hears where they stand, and leaves it for an agent, for
-- voicemail, or because they had enough.

-- Puts a call into a queue, or the one it overflows to, and answers with the plan to wait there.
-- Where nobody can be waited for, because it is closed, full, or nobody is signed in: voicemail.
create or replace function private.join_queue(
  p_call public.call_records, p_session private.call_sessions, p_queue_name text)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_wanted public.call_queues;
  v_queue public.call_queues;
  v_notice jsonb;
begin
  select * into v_wanted from public.call_queues
  where active and name in (p_queue_name, 'General') order by name = p_queue_name desc limit 1;
  v_queue := private.queue_to_wait_in(v_wanted.id);
  if v_queue.id is null then
    return private.voicemail_plan(p_call, p_session.language, v_wanted.id);
  end if;
  perform private.enter_queue(p_call.id, v_queue, coalesce(p_call.queued_at, private.clock()));
  v_notice := private.recording_notice(v_queue, p_session.language);
  update private.call_sessions set recording_notice = 'said'
  where call_record_id = p_call.id and v_notice <> '[]';
  return private.enqueue_plan(v_queue, v_notice || to_jsonb(private.say(
    p_session.language, 'connecting', jsonb_build_object('queue', private.spoken_name(v_queue)))));
end $$;

-- What is said before anything of a queue is recorded: a list, empty where nothing is. It comes first
-- of all on the way into the queue; whoever was fetched out before it was over, or came another way,
-- hears it before they join the agent.
create or replace function private.recording_notice(p_queue public.call_queues, p_language text)
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select case when p_queue.record_calls and announce_recording
    then jsonb_build_array(private.say(p_language, 'recorded')) else '[]' end
  from private.settings;
$$;

-- A queue as callers hear it: its description, else its name.
create or replace function private.spoken_name(p_queue public.call_queues)
  returns text
  language sql
  immutable
  set search_path = ''
as $$
  select coalesce(nullif(trim(p_queue.description), ''), p_queue.name);
$$;

-- Twilio's queue is only the room to wait in; who is next is decided here. A room holds 100 callers,
-- so a long queue spreads over several, by chance, forty to a room. A room's name has 64 characters
-- at most, a queue's may have more.
create or replace function private.enqueue_plan(p_queue public.call_queues, p_say jsonb)
  returns jsonb
  language sql
  volatile
  set search_path = ''
as $$
  select jsonb_build_object('kind', 'enqueue', 'say', p_say,
    'queue', p_queue.id || ' ' || floor(random() * (1 + count(*) / 40)))
  from private.queue_entries where queue_id = p_queue.id and left_at is null;
$$;

-- A caller whose agent did not come after all: back in the queue, with the time they first joined;
-- where that queue has been deleted since, asked for a message (a callback waits until it expires).
create or replace function private.wait_again(p_call public.call_records)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  -- Taken for answered, but the two never met.
  update private.queue_entries set outcome = 'lost'
  where call_record_id = p_call.id and outcome = 'answered';
  perform private.enter_queue(p_call.id, q, coalesce(p_call.queued_at, private.clock()))
  from public.call_queues q where q.id = p_call.queue_id;
  if not found then
    update private.call_sessions
    set stage = case when private.is_callback(p_call.id) then 'waiting' else 'voicemail' end,
        updated_at = private.clock()
    where call_record_id = p_call.id and stage <> 'ended';
  end if;
end $$;

-- How many wait before this entry in its queue, the entry itself included; counted to 100. Callbacks
-- between attempts are before nobody.
create or replace function private.place_in_queue(p_entry private.queue_entries)
  returns integer
  language sql
  stable
  set search_path = ''
as $$
  select count(*)::integer from (
    select 1 from private.queue_entries
    where queue_id = p_entry.queue_id and left_at is null
      and (not_before is null or not_before <= private.clock())
      and (-priority, joined_at, id) <= (-p_entry.priority, p_entry.joined_at, p_entry.id)
    limit 100) as ahead;
$$;

-- The wait we dare announce, in minutes {from, to}: place × handling time ÷ agents signed in, as a
-- range; null, that is silence, where there is too little to go by.
create or replace function private.expected_wait(p_entry private.queue_entries, p_place integer)
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select jsonb_build_object('from', floor(minutes * 0.8), 'to', ceil(minutes * 1.3))
  from (
    select p_place * avg(nullif(a.average_handling_time_seconds, 0)) / count(*) / 60.0 as minutes
    from private.queue_members m join public.call_center_agents a on a.id = m.agent_id
    where m.queue_id = p_entry.queue_id and a.chosen_status = 'available'
  ) as estimate
  where minutes between 1 and 60;
$$;

-- The document a waiting caller hears, asked for again whenever it has been played. Where the call
-- no longer waits, or has waited too long, it says to leave; where the queue has closed since or its
-- last agent gone, they go on to the next queue, or leave too. p_event: call_sid, seconds, params.
create or replace function public.receive_queue_wait(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_call constant public.call_records := private.lock_call_or_open(p_event);
  v_session private.call_sessions;
  v_entry private.queue_entries;
  v_queue public.call_queues;
  v_too_long boolean;
  v_served boolean;
begin
  select * into v_session from private.call_sessions where call_record_id = v_call.id;
  select * into v_entry from private.queue_entries
  where call_record_id = v_call.id and left_at is null;
  if not found then
    -- One who is being fetched for an agent stays: leaving meanwhile, they would be fetched out of
    -- the room where they just met.
    return private.answer(jsonb_build_object('kind', case
        when private.is_being_fetched(p_event ->> 'call_sid') then 'wait' else 'leave' end),
      v_session.language, p_process);
  end if;
  update private.call_sessions set recording_notice = 'heard'
  where call_record_id = v_call.id and recording_notice = 'said';
  select * into v_queue from public.call_queues where id = v_entry.queue_id;
  v_too_long :=
    v_entry.entered_at < private.clock() - make_interval(secs => v_queue.max_wait_seconds);
  v_served := private.why_not_served(v_queue) is null;
  if not v_entry.offered and (v_too_long or not v_served) then
    if v_too_long or not private.move_on(v_entry) then
      perform private.leave_queue(v_call.id, 'voicemail', private.clock());
      return private.answer('{"kind": "leave"}', v_session.language, p_process);
    end if;
    select * into v_entry from private.queue_entries
    where call_record_id = v_call.id and left_at is null;
    select * into v_queue from public.call_queues where id = v_entry.queue_id;
  end if;
  -- Whoever became free by time alone is found even while no worker sweeps.
  perform private.route_call(v_call.id) where not v_entry.offered and exists (
    select 1 from private.queue_members m join public.call_center_agents a on a.id = m.agent_id
    where m.queue_id = v_queue.id and a.chosen_status = 'available'
      and (a.agent_status = 'available'
        or least(a.busy_until, a.wrap_up_until, a.rest_until) <= private.clock())
      and private.is_free(a.id));
  return private.answer(
    private.wait_plan(v_session, v_queue, private.place_in_queue(v_entry), v_entry),
    v_session.language, p_process);
end $$;

create or replace function private.wait_plan(
  p_session private.call_sessions, p_queue public.call_queues, p_place integer,
  p_entry private.queue_entries)
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select jsonb_build_object(
    'kind', 'wait',
    'music_url', p_queue.wait_music_url,
    'say', to_jsonb(array_remove(array[
      case when p_place < 100
        then private.say(p_session.language, 'position', jsonb_build_object('position', p_place))
        else private.say(p_session.language, 'still_waiting') end,
      (select private.say(p_session.language, 'wait_range', w)
        from private.expected_wait(p_entry, p_place) w where w is not null),
      case when p_queue.offer_callback then
        private.say(p_session.language, 'callback_key', '{"key": "1"}') end,
      case when p_queue.offer_voicemail then
        private.say(p_session.language, 'voicemail_key', '{"key": "2"}') end], null)));
$$;

-- A key pressed while waiting: 1 leaves for a callback, 2 for voicemail, where the queue offers it,
-- though an agent be ringing; any other goes on waiting.
-- p_event: call_sid, digits, params.
create or replace function public.receive_queue_key(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_call constant public.call_records := private.lock_call_or_open(p_event);
  v_language text;
  v_wish text;
begin
  select language into v_language from private.call_sessions where call_record_id = v_call.id;
  select case when p_event ->> 'digits' = '1' and q.offer_callback then 'callback'
    when p_event ->> 'digits' = '2' and q.offer_voicemail then 'voicemail' end into v_wish
  from private.queue_entries e join public.call_queues q on q.id = e.queue_id
  where e.call_record_id = v_call.id and e.left_at is null;
  if v_wish is not null then
    perform private.leave_queue(v_call.id, v_wish, private.clock());
    perform private.stop_ringing(v_call.id, private.clock());
    update private.call_sessions set stage = v_wish, updated_at = private.clock()
    where call_record_id = v_call.id;
    return private.answer('{"kind": "leave"}', v_language, p_process);
  end if;
  return private.answer('{"kind": "keep_waiting"}', v_language, p_process);
end $$;

-- The caller left Twilio's queue: for the agent who took the call (Twilio ignores what we answer
-- then), by hanging up, because we said so, or never got in: then another room is tried. p_event: call_sid, result, params.
create or replace function public.receive_queue_exit(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_call constant public.call_records := private.lock_call_or_open(p_event);
  v_session private.call_sessions;
begin
  select * into v_session from private.call_sessions where call_record_id = v_call.id;
  perform private.keep_event(p_event ->> 'call_sid', 'queue-exit',
    coalesce(p_event ->> 'result', 'unknown'), null, private.clock(), v_call.id,
    p_event -> 'params');
  if p_event ->> 'result' in ('hangup', 'redirected') then
    return private.answer(private.goodbye(v_session.language), v_session.language, p_process);
  elsif v_session.stage = 'waiting' and p_event ->> 'result' <> 'queue-full' then
    return private.answer(
      private.voicemail_plan(v_call, v_session.language, v_session.voicemail_queue_id),
      v_session.language, p_process);
  end if;
  return private.answer(private.next_step(v_call), v_session.language, p_process);
end $$;

-- What a live call should be hearing now, by its stage: the answer to any document asked for twice
-- or out of turn.
create or replace function private.next_step(p_call public.call_records)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_session private.call_sessions;
begin
  -- What a document said that did not arrive was not heard.
  update private.call_sessions set recording_notice = null
  where call_record_id = p_call.id and recording_notice = 'said';
  select * into v_session from private.call_sessions where call_record_id = p_call.id;
  return case v_session.stage
    when 'menu' then
      private.menu_plan(v_session, private.first_menu(v_session.script), 1, '{}')
    when 'waiting' then coalesce(
      (select private.enqueue_plan(q, '[]') from public.call_queues q where q.id = p_call.queue_id),
      private.voicemail_plan(p_call, v_session.language, null))
    when 'connecting' then private.meet_agent(p_call)
    when 'connected' then case when exists (select 1 from private.call_offers
        where call_record_id = p_call.id and state = 'connected')
      then private.meet_agent(p_call) else private.goodbye(v_session.language) end
    when 'callback' then private.callback_plan(p_call, v_session.language, 1)
    when 'voicemail' then
      private.voicemail_plan(p_call, v_session.language, v_session.voicemail_queue_id)
    else private.goodbye(v_session.language) end;
end $$;
