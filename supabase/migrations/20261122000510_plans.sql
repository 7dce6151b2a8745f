-- Plans: what is said and done at each step of a call but the menu, as JSON for the service to render
-- as TwiML. Nothing here changes anything.

-- Words, and the end of the call.
create or replace function private.hang_up_plan(p_language text, p_key text default 'goodbye')
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return jsonb_build_object('kind', 'hang_up',
    'say', jsonb_build_array(private.say(p_language, p_key)));
end $$;

-- A queue as callers hear it: its description, else its name.
create or replace function private.spoken_name(p_queue public.call_queues)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return coalesce(nullif(trim(p_queue.description), ''), p_queue.name);
end $$;

-- What is said before anything of a queue is recorded: a list, empty where nothing is. It comes first
-- of all on the way into the queue; whoever was fetched out before it was over, or came another way,
-- hears it before they join the agent.
create or replace function private.recording_notice(p_queue public.call_queues, p_language text)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  if p_queue.record_calls and (select announce_recording from private.settings) then
    return jsonb_build_array(private.say(p_language, 'recorded'));
  end if;
  return '[]';
end $$;

-- To wait in a queue. Twilio's queue only holds the caller; who is next is decided here. One of Twilio's
-- holds a thousand callers, so a queue of ours may have several (p_room): who finds one full tries another.
create or replace function private.enqueue_plan(
  p_queue public.call_queues, p_say jsonb, p_room integer default 0)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return jsonb_build_object('kind', 'enqueue', 'say', p_say, 'queue', p_queue.id || ' ' || p_room);
end $$;

-- The wait that is announced, in minutes {from, to}: place × average handling time ÷ agents who chose to
-- be available, as a range. Null, and nothing is announced, where that is unknown, under a minute or over an
-- hour.
create or replace function private.expected_wait(p_entry private.queue_entries, p_place integer)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_minutes double precision;
begin
  select p_place * avg(nullif(a.average_handling_time_seconds, 0)) / count(*) / 60.0 into v_minutes
  from private.queue_members m join public.call_center_agents a on a.id = m.agent_id
  where m.queue_id = p_entry.queue_id and a.chosen_status = 'available';
  if v_minutes between 1 and 60 then
    return jsonb_build_object('from', floor(v_minutes * 0.8), 'to', ceil(v_minutes * 1.3));
  end if;
  return null;
end $$;

-- What a waiting caller hears: their place, the wait, what they may choose instead, music.
create or replace function private.wait_plan(
  p_language text, p_queue public.call_queues, p_entry private.queue_entries)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_place constant integer := private.place_in_queue(p_entry);
  v_wait constant jsonb := private.expected_wait(p_entry, v_place);
begin
  return jsonb_build_object(
    'kind', 'wait',
    'music_url', p_queue.wait_music_url,
    'say', to_jsonb(array_remove(array[
      case when v_place < 100
        then private.say(p_language, 'position', jsonb_build_object('position', v_place))
        else private.say(p_language, 'still_waiting') end,
      case when v_wait is not null then private.say(p_language, 'wait_range', v_wait) end,
      case when p_queue.offer_callback and private.can_call_back(p_queue) then
        private.say(p_language, 'callback_key', '{"key": "1"}') end,
      case when p_queue.offer_voicemail then
        private.say(p_language, 'voicemail_key', '{"key": "2"}') end], null)));
end $$;

-- Whether the conversation is recorded: as whoever placed the call asked, or as its queue says.
create or replace function private.is_recorded(p_call public.call_records)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce((select record from private.placed_calls where call_record_id = p_call.id),
    (select record_calls from public.call_queues where id = p_call.queue_id), false);
end $$;

-- To enter the call's room. p_label names the participant there, once in its life; p_end_on_exit: the
-- room ends when they leave, as it does with its customer. Whoever is there first hears music, or nothing
-- where the customer, on the line already, comes at once.
create or replace function private.conference_plan(
  p_call public.call_records, p_role text, p_label text, p_end_on_exit boolean, p_say jsonb)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return jsonb_build_object('kind', 'conference', 'role', p_role, 'label', p_label,
    'end_on_exit', p_end_on_exit, 'say', p_say, 'name', private.room_name(p_call.id),
    'call_record_id', p_call.id, 'record', private.is_recorded(p_call),
    'silent', p_role <> 'caller' and private.caller_sid(p_call.id) is not null);
end $$;

-- Who calls, as it is told to the agent: the contact's name, else what the network says, else the
-- number, else that it is withheld.
create or replace function private.whisper(
  p_call public.call_records, p_language text, p_key text)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return private.say(p_language,
    p_key,
    jsonb_build_object(
      'queue', (select private.spoken_name(q) from public.call_queues q where q.id = p_call.queue_id),
      'contact', coalesce((select private.full_name(c)
        from public.crm_contacts c where c.id = p_call.contact_id), p_call.caller_name,
        private.spelled(p_call.caller_number), private.say(p_language, 'withheld_number'))));
end $$;

-- Whether <Record> itself is to transcribe a message in this language: it knows American English only.
create or replace function private.is_transcribed_by_record(p_language text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select transcribe from private.settings)
    and private.speech(p_language) ->> 'language' = 'en-US';
end $$;

-- What is heard before the tone, of a closed queue that it is closed: {play_url} or {say}.
create or replace function private.voicemail_greeting(p_queue_id uuid, p_language text)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_queue public.call_queues;
begin
  select * into v_queue from public.call_queues where id = p_queue_id;
  return case
    when btrim(v_queue.closed_message) <> '' and not private.is_open(v_queue, private.clock()) then
      jsonb_build_object('say', jsonb_build_array(v_queue.closed_message))
    when v_queue.voicemail_greeting_url is not null then
      jsonb_build_object('play_url', v_queue.voicemail_greeting_url)
    when trim(v_queue.voicemail_greeting) <> '' then
      jsonb_build_object('say', jsonb_build_array(v_queue.voicemail_greeting))
    else jsonb_build_object('say', jsonb_build_array(private.say(p_language, 'voicemail'))) end;
end $$;

-- To leave a message.
create or replace function private.voicemail_plan(p_language text, p_queue_id uuid)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  -- <Record> transcribes what is shorter than two minutes.
  return private.voicemail_greeting(p_queue_id, p_language) || case
    when private.is_transcribed_by_record(p_language)
    then '{"kind": "voicemail", "max_seconds": 119, "transcribe": true}'::jsonb
    else '{"kind": "voicemail", "max_seconds": 120, "transcribe": false}' end;
end $$;

-- Asks which number to ring: the one they call from, or another that they key in. Who hangs up
-- instead is rung at theirs.
create or replace function private.callback_plan(
  p_call public.call_records, p_language text, p_attempt integer)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return jsonb_build_object('kind', 'callback', 'attempt', p_attempt, 'say', to_jsonb(array_remove(array[
    case when p_attempt > 1 then private.say(p_language, 'not_understood') end,
    case when p_call.caller_number ~ '^\+' then private.say(p_language, 'callback_confirm',
      jsonb_build_object('number', private.spelled(p_call.caller_number)))
    else private.say(p_language, 'callback_number') end], null)));
end $$;

-- An answer to a webhook: the plan, with how it sounds, and this transaction's commands.
create or replace function private.answer(p_plan jsonb, p_language text, p_process text)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  return jsonb_build_object(
    'plan', p_plan || jsonb_build_object('speech', private.speech(p_language)),
    'commands', private.hand_over_commands(p_process));
end $$;

revoke execute on all functions in schema private from public;
