-- Participants: who is in a call's room, and how (private.participants), as the conference's callbacks tell
-- it in any order; and how people want them to be (private.leg_wishes), which Twilio is told.
--
--   not there → in the room ⇄ held, in the room ⇄ muted; → left, and perhaps there again

-- Folds what a callback said of somebody. Coming and going have times of their own; how somebody is comes from
-- the callback with the highest number.
create or replace function private.fold_participant(
  p_event private.room_event, p_call_record_id uuid, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.participants (call_sid, conference_sid, call_record_id)
  values (p_event.call_sid, p_event.conference_sid, p_call_record_id)
  on conflict do nothing;
  update private.participants p
  set joined_at = case p_event.event when 'join' then p_at else p.joined_at end,
      left_at = case p_event.event when 'leave' then p_at else p.left_at end,
      held_since = case when p_event.sequence <= p.told_sequence then p.held_since
        when p_event.held then coalesce(p.held_since, p_at) end,
      muted = case when p_event.sequence <= p.told_sequence then p.muted
        else coalesce(p_event.muted, p.muted) end,
      told_sequence = greatest(p.told_sequence, p_event.sequence)
  where p.call_sid = p_event.call_sid and p.conference_sid = p_event.conference_sid;
end $$;

-- The room of a call: the conference that everybody of it meets in.
create or replace function private.room_name(p_call_record_id uuid)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return 'call-' || p_call_record_id;
end $$;

-- The room that a leg is in; null where it is in none, or nobody told us.
create or replace function private.room_of(p_call_sid text)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select conference_sid from private.participants
    where call_sid = p_call_sid and (left_at is null or left_at < joined_at) and joined_at is not null
    order by joined_at desc limit 1);
end $$;

-- One leg of a call's room hears something of its own: p_query says what (keys, or words and how they sound).
create or replace function private.announce(p_call_record_id uuid, p_call_sid text, p_query jsonb)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.write_command('announce', p_call_sid || ' ' || (select count(*) + 1
    from private.telephony_commands where call_record_id = p_call_record_id and kind = 'announce'),
    jsonb_build_object('room', private.room_name(p_call_record_id),
      'conference_sid', private.room_of(p_call_sid), 'leg', p_call_sid,
      'path', 'announce', 'query', p_query), p_call_record_id);
end $$;

-- Seconds that the customer of a call was held, from the ledger: from each hold to the next word that they are
-- held no more, have left, or entered another room, or to a moment.
create or replace function private.held_seconds(p_call_record_id uuid, p_until timestamptz)
  returns integer
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce((
    select sum(private.seconds_between(h.occurred_at, least(p_until, (
      select min(u.occurred_at) from private.call_events u
      where u.call_sid = h.call_sid and u.source = 'room' and ((u.sequence > h.sequence
          and u.event in (replace(h.event, 'hold', 'unhold'), replace(h.event, 'hold', 'leave')))
        or (u.event like 'join %' and u.event <> replace(h.event, 'hold', 'join')
          and u.occurred_at > h.occurred_at))))))
    from private.call_events h
    join private.call_legs l on l.call_sid = h.call_sid and l.role in ('caller', 'customer')
    where l.call_record_id = p_call_record_id and h.source = 'room' and h.event like 'hold %'
      and h.occurred_at < p_until), 0);
end $$;

-- Whether others of a leg's call are on their way out of the conversation, by hold or for good, and Twilio has
-- not answered yet.
create or replace function private.others_are_leaving(p_leg private.call_legs)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (
    select 1 from private.call_legs l left join private.leg_wishes w on w.call_sid = l.call_sid
    where l.call_record_id = p_leg.call_record_id and l.call_sid <> p_leg.call_sid and l.ended_at is null
      and (private.is_under_way('hang_up', l.call_sid)
        or (w.held and w.version > w.told and private.is_under_way('set_participant', l.call_sid))));
end $$;

-- Tells Twilio how a leg is to be, where that is news and the leg is on the line. One command a leg is under
-- way at a time: what is wished meanwhile is told when that one is settled, so the last wish wins. Where we
-- were not told which room the leg is in, Twilio is asked for the room of the call's name. Whoever is to hear
-- the others again waits for those who leave: a customer and whom the agent asks are not to hear each other.
create or replace function private.tell_wish(p_call_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_wish private.leg_wishes;
  v_leg private.call_legs;
  v_call public.call_records;
begin
  select * into v_wish from private.leg_wishes where call_sid = p_call_sid and version > told;
  select * into v_leg from private.call_legs where call_sid = p_call_sid and ended_at is null;
  if v_wish.call_sid is null or v_leg.call_sid is null
    or private.is_under_way('set_participant', p_call_sid)
    or (not v_wish.held and v_leg.role <> 'supervisor' and private.others_are_leaving(v_leg)) then
    return;
  end if;
  select * into v_call from public.call_records where id = v_leg.call_record_id;
  perform private.write_command('set_participant', p_call_sid, jsonb_build_object(
    'version', v_wish.version,
    'room', private.room_name(v_call.id),
    'conference_sid', private.room_of(p_call_sid),
    'changes', jsonb_strip_nulls(jsonb_build_object(
      'hold', v_wish.held,
      'hold_url', (select wait_music_url from public.call_queues where id = v_call.queue_id),
      'muted', v_wish.muted or v_wish.muted_by is not null,
      'coaching', case when v_leg.role = 'supervisor' then v_wish.coaches is not null end,
      'call_sid_to_coach', v_wish.coaches))), v_leg.call_record_id);
end $$;

-- What is wished of a call's legs and was not told yet is told, where nothing is in its way any more.
create or replace function private.tell_wishes(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.tell_wish(w.call_sid)
  from private.leg_wishes w join private.call_legs l on l.call_sid = w.call_sid
  where l.call_record_id = p_call_record_id and w.version > w.told;
end $$;

-- Twilio took a wish, found nobody there, or would not. Found nobody who has entered since: it is told again.
-- Refused: they are as the conference's callbacks say, and so is the wish, unless there is a newer one. What was
-- wished since is told now, first of this leg: others may wait for it.
create or replace function private.wish_told(p_command private.telephony_commands)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_version constant integer := (p_command.payload ->> 'version')::integer;
  v_room private.participants;
begin
  select * into v_room from private.participants
  where call_sid = p_command.target and conference_sid = private.room_of(p_command.target);
  if p_command.state = 'failed' then
    update private.leg_wishes
    set held = v_room.held_since is not null, held_at = v_room.held_since,
        muted = coalesce(v_room.muted, false), muted_by = null
    where call_sid = p_command.target and version = v_version;
  end if;
  update private.leg_wishes
  set told = greatest(told, v_version), version = version + coalesce((p_command.result ->> 'live' = 'false'
    and v_room.joined_at > p_command.created_at - interval '2 seconds')::integer, 0)
  where call_sid = p_command.target;
  perform private.tell_wish(p_command.target);
  if p_command.target = private.agent_sid(p_command.call_record_id) then
    perform private.place_supervisors(p_command.call_record_id);
  end if;
  perform private.tell_wishes(p_command.call_record_id);
end $$;

-- Twilio tells that somebody is as a request under way wants them (p_at: since when), so it was carried out, though
-- its answer is lost or late: whoever waits for it need not. Older words are of an earlier request. Whom somebody
-- coaches no word tells.
create or replace function private.wish_came_true(p_call_sid text, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_command private.telephony_commands;
begin
  select c.* into v_command
  from private.telephony_commands c join private.participants p
    on p.call_sid = c.target and p.conference_sid = private.room_of(p_call_sid)
  where c.kind = 'set_participant' and c.target = p_call_sid and c.state in ('pending', 'claimed', 'unknown')
    and not c.payload -> 'changes' ? 'coaching' and p_at >= date_trunc('second', c.created_at)
    and (p.held_since is not null, p.muted) = (
      (c.payload -> 'changes' ->> 'hold')::boolean, (c.payload -> 'changes' ->> 'muted')::boolean);
  if found then
    perform private.finish_command('set_participant', p_call_sid, 'they are so');
    perform private.wish_told(v_command);
  end if;
end $$;

-- Somebody is not as they were wished to be, though Twilio was told and nothing is under way: an older word came
-- through late, or in another room. They are told anew.
create or replace function private.compare_wish(p_call_sid text, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.wish_came_true(p_call_sid, p_at);
  if private.is_under_way('set_participant', p_call_sid) then
    return;
  end if;
  update private.leg_wishes w set version = w.version + 1
  from private.participants p
  where w.call_sid = p_call_sid and w.version = w.told and p.call_sid = w.call_sid
    and p.conference_sid = private.room_of(p_call_sid)
    and (p.held_since is not null, p.muted)
      is distinct from (w.held, w.muted or w.muted_by is not null);
  perform private.tell_wish(p_call_sid);
end $$;

-- Who enters a room is as their document said: not held, nor whispering. A wish that Twilio took too early, or
-- for another room, is told again; also one that is under way, for Twilio may have answered that nobody is there.
create or replace function private.repeat_wish(p_call_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.leg_wishes set version = version + 1
  where call_sid = p_call_sid and (held or muted or muted_by is not null or coaches is not null);
  perform private.tell_wish(p_call_sid);
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

-- A leg is to be held, or taken back. What is wished already is not wished again.
create or replace function private.wish_held(p_call_sid text, p_held boolean)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.leg_wishes as w (call_sid, held, held_at)
  select p_call_sid, p_held, case when p_held then private.clock() end
  where p_held or exists (select 1 from private.leg_wishes where call_sid = p_call_sid)
  on conflict (call_sid) do update
  set held = excluded.held, held_at = excluded.held_at, reminded_at = null, version = w.version + 1
  where w.held <> excluded.held;
  perform private.tell_wish(p_call_sid);
end $$;

-- A leg mutes itself, or ends that; what somebody else forced on it stays.
create or replace function private.wish_muted(p_call_sid text, p_muted boolean)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.leg_wishes as w (call_sid, muted) values (p_call_sid, p_muted)
  on conflict (call_sid) do update set muted = excluded.muted, version = w.version + 1
  where w.muted <> excluded.muted;
  perform private.tell_wish(p_call_sid);
end $$;

-- A leg is muted by an agent, or, null, no more; what it wished itself stays.
create or replace function private.force_muted(p_call_sid text, p_by uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.leg_wishes as w (call_sid, muted_by) values (p_call_sid, p_by)
  on conflict (call_sid) do update set muted_by = excluded.muted_by, version = w.version + 1
  where w.muted_by is distinct from excluded.muted_by;
  perform private.tell_wish(p_call_sid);
end $$;

-- How a supervisor's leg is to be: muted (listens), heard by one leg alone (whispers), or by all (barges in).
create or replace function private.wish_help(p_call_sid text, p_muted boolean, p_coaches text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.leg_wishes as w (call_sid, muted, coaches)
  select p_call_sid, p_muted, p_coaches
  where p_muted or p_coaches is not null or exists (select 1 from private.leg_wishes where call_sid = p_call_sid)
  on conflict (call_sid) do update
  set muted = excluded.muted, coaches = excluded.coaches, version = w.version + 1
  where (w.muted, w.coaches) is distinct from (excluded.muted, excluded.coaches);
  perform private.tell_wish(p_call_sid);
end $$;

-- Who hears a supervisor that whispers: whoever has the customer now. Null while nobody has, or they are on hold:
-- Twilio refuses that (16027), until it has taken them back.
create or replace function private.whispered_to(p_call_record_id uuid)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_sid constant text := private.agent_sid(p_call_record_id);
begin
  return case when not exists (select 1 from private.leg_wishes w
      where w.call_sid = v_sid and (w.held or (w.version > w.told and exists (
        select 1 from private.participants p
        where p.call_sid = v_sid and p.held_since is not null and p.left_at is null))))
    then v_sid end;
end $$;

-- Supervisors of a call who are on the line are heard as they chose: whoever whispers, by one alone, and while
-- there is none by nobody.
create or replace function private.place_supervisors(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_agent_sid constant text := private.whispered_to(p_call_record_id);
begin
  perform private.wish_help(leg_sid, mode = 'listen' or (mode = 'whisper' and v_agent_sid is null),
    case mode when 'whisper' then v_agent_sid end)
  from private.call_offers
  where call_record_id = p_call_record_id and purpose = 'supervise' and state = 'connected';
end $$;

-- A leg enters another room, where it is neither held nor muted: what was wished of it there is over, and nobody is
-- told any more. The count goes on, for a word may still be under way.
create or replace function private.forget_wishes(p_call_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.withdraw_command('set_participant', p_call_sid);
  update private.leg_wishes
  set held = false, held_at = null, reminded_at = null, muted = false, muted_by = null, coaches = null,
      version = version + 1, told = version + 1
  where call_sid = p_call_sid;
end $$;

-- Who forced others to be muted is gone: they are heard again.
create or replace function private.end_forced_mutes(p_call_record_id uuid, p_by uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.force_muted(w.call_sid, null)
  from private.leg_wishes w join private.call_legs l on l.call_sid = w.call_sid
  where l.call_record_id = p_call_record_id and w.muted_by = p_by;
end $$;

revoke execute on all functions in schema private from public;
