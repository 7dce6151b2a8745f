-- Agents: the state machine of who can take a call. What an agent chose (available, break, offline)
-- plus what is true (calls, wrap-up, a moment's rest). agent_status, free_from and idle_since are
-- derived from both, whoever writes the row; writing agent_status is how an agent says what they
-- choose.
--
--   agent_status   available ⇄ busy (on a call, wrapping up, about to place one); break, offline by
--                  choice, or break after too many missed offers (RONA: redirection on no answer)

-- Until when an agent wraps up: infinity while a disposition is owed, which time does not give. Who went
-- offline owes it when they are back.
create or replace function private.wraps_up_until(p_agent public.call_center_agents)
  returns timestamptz
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case when p_agent.disposition_owed and p_agent.chosen_status <> 'offline' then 'infinity'
    else p_agent.wrap_up_until end;
end $$;

-- Until when an agent is busy without a call: wrapping up, or about to place one. Null: they are not.
create or replace function private.held_until(p_agent public.call_center_agents)
  returns timestamptz
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return greatest(
    case when p_agent.disposition_owed then private.wraps_up_until(p_agent)
      else p_agent.wrap_up_until end, p_agent.busy_until);
end $$;

-- Reads a written agent_status as an intent. "busy" is a browser about to place a call: it holds for
-- a minute, and lapses if no call comes of it. A choice ends a wrap-up, but for one that owes a disposition.
create or replace function private.read_chosen_status(
  p_agent public.call_center_agents, p_now timestamptz)
  returns public.call_center_agents
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_agent public.call_center_agents := p_agent;
begin
  if v_agent.agent_status = 'busy' then
    v_agent.busy_until := p_now + interval '1 minute';
  else
    v_agent.chosen_status := v_agent.agent_status;
    v_agent.busy_until := null;
    v_agent.rest_until := null;
    v_agent.missed_offers := 0;
    v_agent.unreached_offers := 0;
    v_agent.aside_reason := null;
    v_agent.skip_wrap_up := v_agent.current_call_count > 0 and v_agent.agent_status = 'available';
    v_agent.wrap_up_until := case when private.wraps_up_until(v_agent) = 'infinity'
      then v_agent.wrap_up_until end;
    v_agent.idle_since := p_now;
  end if;
  return v_agent;
end $$;

-- Makes an agent whose calls and wrap-up are over what they wanted to be then, as if they had chosen it
-- when that was (p_at).
create or replace function private.take_next_status(
  p_agent public.call_center_agents, p_at timestamptz, p_now timestamptz)
  returns public.call_center_agents
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_agent public.call_center_agents := p_agent;
begin
  if v_agent.current_call_count = 0 and v_agent.seats_taken = 0
    and coalesce(private.held_until(v_agent) <= p_now, true) then
    v_agent.chosen_status := v_agent.next_status;
    v_agent.break_reason := v_agent.next_reason;
    v_agent.next_status := null;
    v_agent.next_reason := null;
    v_agent.missed_offers := 0;
    v_agent.unreached_offers := 0;
    v_agent.aside_reason := null;
    v_agent.idle_since := p_at;
  end if;
  return v_agent;
end $$;

-- Live legs of an agent's that no live offer of theirs holds a seat for: a call that they placed.
create or replace function private.legs_without_seat(p_agent public.call_center_agents)
  returns bigint
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  if p_agent.current_call_count = 0 then
    return 0;
  end if;
  return (select count(*) from private.call_legs l
    where l.agent_id = p_agent.id and l.ended_at is null
      and not exists (select 1 from private.call_offers o
        where o.call_record_id = l.call_record_id and o.agent_id = l.agent_id and o.state <> 'ended'));
end $$;

-- Derives what is shown, and from when on a call may be offered. What time alone ended is dated at
-- the moment it ended, not when we looked.
create or replace function private.derive_agent_status()
  returns trigger
  language plpgsql
  security definer  -- reads the clock in private; browsers update this table
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_was_held_until timestamptz;
  v_held_until timestamptz;
begin
  if tg_op = 'INSERT' or new.agent_status is distinct from old.agent_status then
    if new.agent_status not in ('available', 'busy', 'break', 'offline')
      or new.agent_status is null then
      return new;  -- no status at all: the check refuses it by name
    end if;
    new := private.read_chosen_status(new, v_now);
  end if;
  if tg_op = 'UPDATE' and old.agent_status = 'busy' and old.current_call_count = 0 then
    v_was_held_until := private.held_until(old);
  end if;
  if new.archived_at is not null then
    new.chosen_status := 'offline';
  end if;
  -- A call that was deleted takes what is owed for it along.
  new.disposition_owed := new.disposition_owed and new.wrap_up_call_id is not null;
  if new.next_status is not null then
    new := private.take_next_status(new, least(v_was_held_until, v_now), v_now);
  end if;
  new.break_reason := case new.chosen_status when 'break' then new.break_reason end;
  v_held_until := private.held_until(new);
  new.agent_status := case
    when new.current_call_count > 0 or v_held_until > v_now then 'busy'
    else new.chosen_status end;
  if tg_op = 'INSERT' then
    new.last_status_change := v_now;
  elsif new.agent_status <> old.agent_status or (v_was_held_until <= v_now
      and coalesce(old.next_status, old.chosen_status) = 'available') then
    new.last_status_change := case
      when new.agent_status <> 'busy' and v_was_held_until <= v_now
        and new.chosen_status = coalesce(old.next_status, old.chosen_status)
      then greatest(v_was_held_until, old.last_status_change)
      else v_now end;
  end if;
  -- Who is to be something else after their call takes no other beside it.
  new.free_from := case
    when coalesce(new.next_status, new.chosen_status) = 'available'
      and v_held_until is distinct from 'infinity'
      and (new.next_status is null or new.seats_taken + new.current_call_count = 0)
      and new.seats_taken + private.legs_without_seat(new) < new.max_concurrent_calls
    then coalesce(greatest(v_held_until, new.rest_until), new.last_status_change) end;
  new.updated_at := v_now;
  return new;
end $$;

create or replace trigger call_center_agents_status
  before insert or update on public.call_center_agents
  for each row execute function private.derive_agent_status();

-- A choice, though it be what they are already, replaces what was to come after the call.
create or replace function private.forget_next_status()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  new.next_status := null;
  new.next_reason := null;
  return new;
end $$;

create or replace trigger call_center_agents_chosen_again
  before update of agent_status on public.call_center_agents
  for each row when (old.next_status is not null and new.next_status = old.next_status
    and new.agent_status <> 'busy')
  execute function private.forget_next_status();

-- current_call_count is the agent's live legs, in the transaction that changes them.
create or replace function private.count_agent_legs()
  returns trigger
  language plpgsql
  security definer  -- fired by a supervisor deleting a call; the count is not the browser's to write
  set search_path = ''
as $$
declare
  v_before constant uuid :=
    case when tg_op <> 'INSERT' and old.ended_at is null then old.agent_id end;
  v_after constant uuid :=
    case when tg_op <> 'DELETE' and new.ended_at is null then new.agent_id end;
begin
  if v_before is distinct from v_after then
    update public.call_center_agents
    set current_call_count = current_call_count
      + (id is not distinct from v_after)::integer - (id is not distinct from v_before)::integer
    where id in (v_before, v_after);
  end if;
  return null;
end $$;

create or replace trigger call_legs_count_new
  after insert on private.call_legs
  for each row when (new.agent_id is not null and new.ended_at is null)
  execute function private.count_agent_legs();
create or replace trigger call_legs_count
  after update of ended_at, agent_id on private.call_legs
  for each row when (old.ended_at is distinct from new.ended_at
    or old.agent_id is distinct from new.agent_id)
  execute function private.count_agent_legs();
create or replace trigger call_legs_count_gone
  after delete on private.call_legs
  for each row when (old.agent_id is not null and old.ended_at is null)
  execute function private.count_agent_legs();

-- → archived: offline for good, out of all queues, and their extension free for somebody else. Whoever
-- rings them stops as for every agent who goes offline. Queues that others are changing keep the id in
-- agent_ids, where it is nobody's.
create or replace function private.archive_agent(p_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  delete from private.queue_members where agent_id = p_agent_id;
  update public.call_queues set agent_ids = array_remove(agent_ids, p_agent_id)
  where id in (select id from public.call_queues
    where p_agent_id = any (agent_ids) for no key update skip locked);
  update public.call_center_agents
  set archived_at = private.clock(), chosen_status = 'offline',
      busy_until = null, wrap_up_until = null, disposition_owed = false, next_status = null,
      next_reason = null,
      extension = left(extension, 11) || '-' || left(id::text, 8)
  where id = p_agent_id;
end $$;

-- archived → what they are made: the same user is an agent once more, and has their past again.
create or replace function private.revive_agent()
  returns trigger
  language plpgsql
  security definer  -- archived rows are shown to nobody who is signed in
  set search_path = ''
as $$
begin
  update public.call_center_agents
  set archived_at = null, extension = new.extension, skills = new.skills,
      phone_number = new.phone_number, max_concurrent_calls = new.max_concurrent_calls,
      chosen_status = case when new.agent_status in ('available', 'break') then new.agent_status
        else 'offline' end, idle_since = private.clock()
  where user_id = new.user_id and archived_at is not null;
  if not found then
    return new;
  end if;
  -- Queues that a screen of before went on naming them in.
  insert into private.queue_members (queue_id, agent_id)
  select q.id, a.id from public.call_center_agents a join public.call_queues q on a.id = any (q.agent_ids)
  where a.user_id = new.user_id
  on conflict do nothing;
  return null;
end $$;

create or replace trigger call_center_agents_a_revive
  before insert on public.call_center_agents
  for each row when (current_user <> 'authenticated' or private.is_admin())
  execute function private.revive_agent();

-- Takes a seat of an agent's, whose row the caller holds, for an offer.
create or replace function private.take_seat(p_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_center_agents set seats_taken = seats_taken + 1 where id = p_agent_id;
end $$;

-- The agent took a call, whatever comes of it: those they missed before, or that did not reach them, are no longer
-- the last in a row.
create or replace function private.end_misses(p_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_center_agents set missed_offers = 0, unreached_offers = 0
  where id = p_agent_id and (missed_offers <> 0 or unreached_offers <> 0);
end $$;

-- Whether an offer that ended so was missed: the agent let it ring. One that lapsed was not: nobody told us
-- what the agent did, and after an outage of ours every agent would be set on break. Nor was one that did not
-- reach them, which says nothing of what they want.
create or replace function private.counts_as_missed(p_outcome text)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return p_outcome = 'no_answer';
end $$;

-- How long an agent is left alone after an offer that came to nothing; null: not at all.
create or replace function private.rest_after(p_outcome text)
  returns interval
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case p_outcome
    when 'no_answer' then interval '5 seconds'
    when 'rejected' then interval '15 seconds'
    when 'declined' then interval '15 seconds'
    when 'busy' then interval '30 seconds'
    when 'unreachable' then interval '60 seconds'
    when 'lapsed' then interval '15 seconds'
    when 'lost' then interval '5 seconds' end;
end $$;

-- Whether one more offer that an agent missed, or that did not reach them (1, else 0), is one too many in a row.
create or replace function private.is_set_aside(
  p_agent public.call_center_agents, p_missed integer, p_unreached integer)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return p_agent.chosen_status = 'available' and greatest(
      p_missed * (p_agent.missed_offers + 1), p_unreached * (p_agent.unreached_offers + 1))
    >= (select missed_offers_limit from private.settings);
end $$;

-- Gives a seat back after an offer that came to nothing. An agent who let it ring or turned it down goes
-- to the back of longest_idle's order; a caller who hung up, or a fault of ours, costs them no place. Too
-- many in a row that they missed, or that did not reach them, set the agent on break, with the reason for
-- their supervisor (RONA, redirection on no answer).
create or replace function private.leave_seat_unanswered(p_agent_id uuid, p_outcome text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_missed constant integer := private.counts_as_missed(p_outcome)::integer;
  v_unreached constant integer := (p_outcome = 'unreachable')::integer;
begin
  update public.call_center_agents a
  set seats_taken = a.seats_taken - 1,
      rest_until = greatest(a.rest_until, v_now + private.rest_after(p_outcome)),
      idle_since = case when p_outcome in ('caller_left', 'lapsed', 'lost', 'cancelled') then a.idle_since
        else v_now end,
      missed_offers = a.missed_offers + v_missed,
      unreached_offers = a.unreached_offers + v_unreached,
      chosen_status = case when private.is_set_aside(a, v_missed, v_unreached) then 'break' else a.chosen_status end,
      aside_reason = case when private.is_set_aside(a, v_missed, v_unreached) then p_outcome else a.aside_reason end
  where a.id = p_agent_id;
end $$;

revoke execute on all functions in schema private from public;
