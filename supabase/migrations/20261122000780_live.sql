-- Live: what agents must see now. Rows that change are noted; at the transaction's end each agent whom it concerns
-- is told once, on the topic agent:<id>, how their desk stands: the newest message alone is enough.
-- Figures, which may wait a moment, are told from the same notes (wallboard.sql).

-- Notes once a transaction that something changed. Past some hundred things a transaction is bulk work, of which
-- only that much is said.
create or replace function private.note_change(p_kind text, p_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_noted constant text := coalesce(current_setting('callcenter.noted', true), '');
  v_note constant text := p_kind || ':' || p_id || ' ';
begin
  if p_id is null or v_noted = 'everything' or strpos(v_noted, v_note) > 0 then
    return;
  end if;
  if length(v_noted) > 20000 then
    perform set_config('callcenter.noted', 'everything', true);
    insert into private.live_changes (kind) values ('everything');
    return;
  end if;
  perform set_config('callcenter.noted', v_noted || v_note, true);
  insert into private.live_changes (kind, row_id) values (p_kind, p_id);
end $$;

-- An agent came, went, or what is shown of them changed.
create or replace function private.note_agent()
  returns trigger
  language plpgsql
  security definer  -- browsers' changes and deletions end here, and they may not write what is noted
  set search_path = ''
as $$
begin
  perform private.note_change('agent', coalesce(new.id, old.id));
  return null;
end $$;

-- Whether a call is before anybody: it goes on, or somebody wraps it up or is still in its room. Past calls, which one
-- deletion of a contact or user may change by the thousand, are not.
create or replace function private.is_on_a_screen(p_call public.call_records)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return p_call.ended_at is null
    or exists (select 1 from public.call_center_agents where wrap_up_call_id = p_call.id)
    or exists (select 1 from private.call_offers where call_record_id = p_call.id and state <> 'ended');
end $$;

-- A live call began, changed or is over. Whose it was is told, too: nothing else says that it is theirs no more.
create or replace function private.note_call()
  returns trigger
  language plpgsql
  security definer  -- browsers' changes and deletions end here, and they may not write what is noted
  set search_path = ''
as $$
begin
  if old.ended_at is not null and not private.is_on_a_screen(new) then
    return null;
  end if;
  perform private.note_change('call', coalesce(new.id, old.id));
  if old.agent_id is distinct from new.agent_id then
    perform private.note_change('agent', old.agent_id);
  end if;
  return null;
end $$;

-- A customer's name is another.
create or replace function private.note_name()
  returns trigger
  language plpgsql
  security definer  -- browsers' changes end here, and they may not write what is noted
  set search_path = ''
as $$
begin
  perform private.note_change('call', r.id) from public.call_records r
  where r.contact_id = new.id and private.is_on_a_screen(r);
  return null;
end $$;

-- Something of a call that has rows of its own: who is in its room, how they are to be, a call for help.
create or replace function private.note_part_of_call()
  returns trigger
  language plpgsql
  security definer  -- browsers' changes and deletions end here, and they may not write what is noted
  set search_path = ''
as $$
begin
  perform private.note_change('call', coalesce(new.call_record_id, old.call_record_id));
  return null;
end $$;

-- Somebody is rung, answered, or has left: theirs may be no part of the call any more, so they are noted themselves.
create or replace function private.note_offer()
  returns trigger
  language plpgsql
  security definer  -- browsers' changes and deletions end here, and they may not write what is noted
  set search_path = ''
as $$
declare
  v_offer constant private.call_offers := case when tg_op = 'DELETE' then old else new end;
begin
  perform private.note_change('call', v_offer.call_record_id);
  perform private.note_change('agent', coalesce(v_offer.agent_id,
    (select id from public.call_center_agents where user_id = v_offer.supervised_by)));
  return null;
end $$;

-- How a leg is to be in its room has changed.
create or replace function private.note_wish()
  returns trigger
  language plpgsql
  security definer  -- browsers' changes and deletions end here, and they may not write what is noted
  set search_path = ''
as $$
begin
  perform private.note_change('call', (select call_record_id from private.call_legs where call_sid = new.call_sid));
  return null;
end $$;

-- An agent does something else now.
create or replace function private.note_time()
  returns trigger
  language plpgsql
  security definer  -- browsers' changes and deletions end here, and they may not write what is noted
  set search_path = ''
as $$
begin
  perform private.note_change('agent', new.agent_id);
  return null;
end $$;

-- Another page is an agent's softphone now.
create or replace function private.note_softphone()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  perform private.note_change('agent', a.id) from public.call_center_agents a where a.user_id = new.user_id;
  return null;
end $$;

-- Somebody waits, or no longer does.
create or replace function private.note_entry()
  returns trigger
  language plpgsql
  security definer  -- browsers' changes and deletions end here, and they may not write what is noted
  set search_path = ''
as $$
begin
  perform private.note_change('queue', coalesce(new.queue_id, old.queue_id));
  perform private.note_change('call', coalesce(new.call_record_id, old.call_record_id));
  return null;
end $$;

-- A queue was made, changed or closed. Its members' desks say its name.
create or replace function private.note_queue()
  returns trigger
  language plpgsql
  security definer  -- browsers' changes and deletions end here, and they may not write what is noted
  set search_path = ''
as $$
begin
  perform private.note_change('queue', coalesce(new.id, old.id));
  if old.name <> new.name then
    perform private.note_change('agent', m.agent_id) from private.queue_members m where m.queue_id = new.id;
  end if;
  return null;
end $$;

-- An agent became a member of a queue, or is one no more.
create or replace function private.note_member()
  returns trigger
  language plpgsql
  security definer  -- browsers' changes and deletions end here, and they may not write what is noted
  set search_path = ''
as $$
begin
  perform private.note_change('queue', coalesce(new.queue_id, old.queue_id));
  perform private.note_change('agent', coalesce(new.agent_id, old.agent_id));
  return null;
end $$;

create or replace trigger call_center_agents_note_new
  after insert or delete on public.call_center_agents
  for each row execute function private.note_agent();
create or replace trigger call_center_agents_note
  after update on public.call_center_agents
  for each row when ((old.agent_status, old.chosen_status, old.next_status, old.next_reason, old.wrap_up_until,
      old.wrap_up_call_id, old.disposition_owed, old.missed_offers, old.aside_reason, old.rest_until, old.extension,
      old.archived_at)
    is distinct from (new.agent_status, new.chosen_status, new.next_status, new.next_reason, new.wrap_up_until,
      new.wrap_up_call_id, new.disposition_owed, new.missed_offers, new.aside_reason, new.rest_until, new.extension,
      new.archived_at))
  execute function private.note_agent();

create or replace trigger call_records_note_new
  after insert on public.call_records
  for each row when (new.ended_at is null) execute function private.note_call();
create or replace trigger call_records_note_gone
  after delete on public.call_records
  for each row when (old.ended_at is null) execute function private.note_call();
create or replace trigger call_records_note
  after update on public.call_records
  for each row when ((old.call_id, old.call_status, old.agent_id, old.queue_id, old.contact_id, old.caller_name,
      old.answered_at, old.ended_at, old.ended_by, old.disposition, old.recording_paused, old.transferred)
    is distinct from (new.call_id, new.call_status, new.agent_id, new.queue_id, new.contact_id, new.caller_name,
      new.answered_at, new.ended_at, new.ended_by, new.disposition, new.recording_paused, new.transferred))
  execute function private.note_call();
create or replace trigger crm_contacts_note
  after update of first_name, last_name on public.crm_contacts
  for each row when ((old.first_name, old.last_name) is distinct from (new.first_name, new.last_name))
  execute function private.note_name();

create or replace trigger call_offers_note_new
  after insert or delete on private.call_offers
  for each row execute function private.note_offer();
create or replace trigger call_offers_note
  after update on private.call_offers
  -- That Twilio rings an agent of the queue, as it was asked to, is no news to them.
  for each row when ((new.purpose <> 'queue' or new.state in ('connected', 'ended'))
    and (old.state, old.purpose, old.mode, old.leg_sid, old.met_at, old.invited_by)
      is distinct from (new.state, new.purpose, new.mode, new.leg_sid, new.met_at, new.invited_by))
  execute function private.note_offer();

create or replace trigger participants_note
  after insert or update or delete on private.participants
  for each row execute function private.note_part_of_call();
create or replace trigger leg_wishes_note
  after insert or update on private.leg_wishes
  for each row execute function private.note_wish();
-- Agents' legs are their offers' matter, and a caller's is the call's; but one whose offer ended before is a party until
-- it is hung up.
create or replace trigger call_legs_note
  after insert or update of status on private.call_legs
  for each row when (new.role not in ('caller', 'agent') or new.ended_at is not null)
  execute function private.note_part_of_call();
create or replace trigger call_sessions_note
  after update of stage on private.call_sessions
  for each row when (new.stage is distinct from old.stage and new.stage <> 'ended')
  execute function private.note_part_of_call();
create or replace trigger help_requests_note
  after insert or update or delete on private.help_requests
  for each row execute function private.note_part_of_call();

create or replace trigger softphones_note_new
  after insert on private.softphones
  for each row execute function private.note_softphone();
create or replace trigger softphones_note
  after update on private.softphones
  for each row when (old.device is distinct from new.device)
  execute function private.note_softphone();
create or replace trigger agent_times_note
  after insert or update of state, reason on private.agent_times
  for each row execute function private.note_time();

create or replace trigger queue_entries_note_new
  after insert or delete on private.queue_entries
  for each row execute function private.note_entry();
create or replace trigger queue_entries_note
  after update on private.queue_entries
  for each row when ((old.left_at, old.on_line, old.offered, old.outcome)
    is distinct from (new.left_at, new.on_line, new.offered, new.outcome))
  execute function private.note_entry();
create or replace trigger call_queues_note_new
  after insert or delete on public.call_queues
  for each row execute function private.note_queue();
create or replace trigger call_queues_note
  after update on public.call_queues
  for each row when ((old.name, old.active, old.archived_at, old.service_level_seconds)
    is distinct from (new.name, new.active, new.archived_at, new.service_level_seconds))
  execute function private.note_queue();
create or replace trigger queue_members_note
  after insert or delete on private.queue_members
  for each row execute function private.note_member();

-- Whose desks the noted changes concern, in the order in which their topics are taken: those noted, and whoever has
-- a noted call before them. Of everything: all.
create or replace function private.agents_concerned(p_noted text)
  returns setof uuid
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  if p_noted = 'everything' then
    return query select id from public.call_center_agents where archived_at is null order by id;
    return;
  end if;
  return query
  with noted as materialized (
    select split_part(n, ':', 1) as kind, split_part(n, ':', 2)::uuid as id
    from regexp_split_to_table(rtrim(p_noted), ' ') n
  )
  select a.id from (
    select n.id from noted n where n.kind = 'agent'
    union
    select o.agent_id from noted n join private.call_offers o on o.call_record_id = n.id
    where n.kind = 'call' and o.state <> 'ended'
    union
    select s.id from noted n
    join private.call_offers o on o.call_record_id = n.id and o.purpose = 'supervise' and o.state <> 'ended'
    join public.call_center_agents s on s.user_id = o.supervised_by
    where n.kind = 'call'
    union
    select w.id from noted n join public.call_center_agents w on w.wrap_up_call_id = n.id
    where n.kind = 'call'
    union
    select r.agent_id from noted n join public.call_records r on r.id = n.id
    where n.kind = 'call' and r.call_id like 'pending-%') a
  where a.id is not null order by a.id;
end $$;

-- Tells an agent how their desk stands; p_whole false: only that it changed.
create or replace function private.tell_desk(p_agent_id uuid, p_whole boolean)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_topic constant text := 'agent:' || p_agent_id;
  v_message jsonb := jsonb_build_object('kind', 'desk', 'id', p_agent_id,
    'version', private.next_version(v_topic));
  v_agent public.call_center_agents;
begin
  select * into v_agent from public.call_center_agents where id = p_agent_id and archived_at is null;
  if p_whole and v_agent.id is not null then
    v_message := private.state_document(v_agent.id, private.asker_of(v_agent.user_id, v_agent.id)) || v_message;
  end if;
  perform private.broadcast(v_topic, 'desk', v_message);
end $$;

-- Tells whom the noted changes concern. Of many, the first are told how their desks stand, the others to look.
-- Whatever goes wrong here, the call goes on.
create or replace function private.tell_agents_concerned(p_noted text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_agent_id uuid;
  v_told integer := 0;
begin
  for v_agent_id in select private.agents_concerned(p_noted) loop
    v_told := v_told + 1;
    perform private.tell_desk(v_agent_id, v_told <= 16);
  end loop;
exception
  when others then
    raise warning 'desks were not told: %', sqlerrm;
end $$;

-- At the end of a transaction: tells whom its changes concern, once. The router goes first: whoever waited for its
-- locks with desks in their hands would wait for somebody who has them and waits for a desk. A commit that has begun
-- with this trigger runs the router's after it, come what may, and what these do has its own; so this one asks to
-- come again after those, a few times at most.
create or replace function private.tell_desks()
  returns trigger
  language plpgsql
  security definer  -- fired by whoever commits; private tables, and realtime.messages has policies
  set search_path = ''
as $$
declare
  v_again constant text := coalesce(current_setting('callcenter.tells_again', true), '');
  v_noted text;
begin
  perform private.route_now();
  if private.routing_due() > 0 and length(v_again) < 5 then
    if v_again = '' or new.kind = 'again' then
      perform set_config('callcenter.tells_again', v_again || '.', true);
      insert into private.live_changes (kind) values ('again');
    end if;
    return null;
  end if;
  perform set_config('callcenter.tells_again', '', true);
  v_noted := coalesce(current_setting('callcenter.noted', true), '');
  if v_noted <> '' then
    perform set_config('callcenter.noted', '', true);
    perform private.tell_agents_concerned(v_noted);
  end if;
  return null;
end $$;

drop trigger if exists live_changes_tell on private.live_changes;
create constraint trigger live_changes_tell
  after insert on private.live_changes
  deferrable initially deferred for each row
  execute function private.tell_desks();

revoke execute on all functions in schema private from public;
