-- Agents: the state machine of who can take a call. What an agent chose (available, break, offline)
-- plus what is true (calls, wrap-up, a moment's rest). agent_status, free_from and idle_since are
-- derived from both, whoever writes the row; writing agent_status is how an agent says what they
-- choose.
--
--   agent_status   available ⇄ busy (on a call, wrapping up, about to place one); break, offline by
--                  choice, or break after too many missed offers (RONA: redirection on no answer)

-- Reads a written agent_status as an intent. "busy" is a browser about to place a call: it holds for
-- a minute, and lapses if no call comes of it.
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
    v_agent.aside_reason := null;
    v_agent.skip_wrap_up := v_agent.current_call_count > 0 and v_agent.agent_status = 'available';
    v_agent.wrap_up_until := null;
    v_agent.idle_since := p_now;
  end if;
  return v_agent;
end $$;

-- Whether an agent whose row says busy is available again, for time alone ended their wrap-up or the
-- call they had announced.
create or replace function private.is_over(p_agent public.call_center_agents, p_now timestamptz)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return p_agent.agent_status = 'busy' and p_agent.chosen_status = 'available'
    and p_agent.current_call_count = 0
    and greatest(p_agent.wrap_up_until, p_agent.busy_until) <= p_now;
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
  v_held_until timestamptz;
begin
  if tg_op = 'INSERT' or new.agent_status is distinct from old.agent_status then
    if new.agent_status not in ('available', 'busy', 'break', 'offline')
      or new.agent_status is null then
      return new;  -- no status at all: the check refuses it by name
    end if;
    new := private.read_chosen_status(new, v_now);
  end if;
  if new.archived_at is not null then
    new.chosen_status := 'offline';
  end if;
  v_held_until := greatest(new.wrap_up_until, new.busy_until);
  new.agent_status := case
    when new.current_call_count > 0 or v_held_until > v_now then 'busy'
    else new.chosen_status end;
  if tg_op = 'INSERT' then
    new.last_status_change := v_now;
  elsif new.agent_status <> old.agent_status or private.is_over(old, v_now) then
    new.last_status_change := case
      when old.agent_status = 'busy' and old.current_call_count = 0
        and new.agent_status <> 'busy' and new.chosen_status = old.chosen_status
        and greatest(old.wrap_up_until, old.busy_until) <= v_now
      then greatest(old.wrap_up_until, old.busy_until, old.last_status_change)
      else v_now end;
  end if;
  new.free_from := case
    when new.chosen_status = 'available'
      and new.seats_taken + private.legs_without_seat(new) < new.max_concurrent_calls
    then coalesce(greatest(v_held_until, new.rest_until), new.last_status_change) end;
  new.updated_at := v_now;
  return new;
end $$;

create or replace trigger call_center_agents_status
  before insert or update on public.call_center_agents
  for each row execute function private.derive_agent_status();

-- Keeps wrap_up_since, whoever writes the row, and once a wrap-up ends takes the seconds that the
-- agent did not use out of their handling time: they were granted in full when the call ended.
create or replace function private.follow_wrap_up()
  returns trigger
  language plpgsql
  security definer  -- reads the clock in private; browsers update this table
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_over constant boolean := old.wrap_up_since is not null
    and (new.wrap_up_until is null or old.wrap_up_until <= v_now);
begin
  new.wrap_up_since := case
    when new.wrap_up_until is null or new.wrap_up_until <= v_now then null
    when old.wrap_up_since is null or v_over then v_now
    else old.wrap_up_since end;
  if v_over and old.wrap_up_until > v_now then
    new.handling_seconds := greatest(0,
      new.handling_seconds - private.seconds_between(v_now, old.wrap_up_until));
    new.average_handling_time_seconds :=
      coalesce(round(new.handling_seconds::numeric / nullif(new.total_calls_handled, 0)), 0);
  end if;
  return new;
end $$;

create or replace trigger call_center_agents_wrap_up
  before update on public.call_center_agents
  for each row when (old.wrap_up_since is not null or new.wrap_up_since is not null
    or new.wrap_up_until is not null)
  execute function private.follow_wrap_up();

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
      busy_until = null, wrap_up_until = null,
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

-- Whether an offer that ended so counts against the agent. One that lapsed does not: nobody told us
-- what the agent did, and after an outage of ours every agent would be set on break.
create or replace function private.counts_as_missed(p_outcome text)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return p_outcome in ('no_answer', 'unreachable');
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

-- Gives a seat back after an offer that came to nothing. An agent who let it ring or turned it down goes
-- to the back of longest_idle's order; a caller who hung up, or a fault of ours, costs them no place. Too
-- many misses in a row set the agent on break, with the reason for their supervisor (RONA, redirection on
-- no answer).
create or replace function private.leave_seat_unanswered(p_agent_id uuid, p_outcome text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_missed constant integer := private.counts_as_missed(p_outcome)::integer;
  v_limit integer;
begin
  select missed_offers_limit into v_limit from private.settings;
  update public.call_center_agents a
  set seats_taken = a.seats_taken - 1,
      rest_until = greatest(a.rest_until, v_now + private.rest_after(p_outcome)),
      idle_since = case when p_outcome in ('caller_left', 'lapsed', 'lost', 'cancelled') then a.idle_since
        else v_now end,
      missed_offers = a.missed_offers + v_missed,
      chosen_status = case when v_missed = 1 and a.chosen_status = 'available'
        and a.missed_offers + 1 >= v_limit then 'break' else a.chosen_status end,
      aside_reason = case when v_missed = 1 and a.chosen_status = 'available'
        and a.missed_offers + 1 >= v_limit then 'no_answer' else a.aside_reason end
  where a.id = p_agent_id;
end $$;

-- A conversation is over: it counts in the agent's statistics, and their wrap-up begins, unless they said
-- during the call that they want none; from its end on they are idle. p_seats: how many seats are given
-- back, 1; or 0 where that was done before we learnt that there was a conversation. Of two wrap-ups at
-- once each second counts once.
create or replace function private.leave_seat_after_talk(
  p_agent_id uuid, p_from timestamptz, p_to timestamptz, p_wrap_up_seconds integer,
  p_seats integer default 1)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_talked constant integer := private.seconds_between(p_from, p_to);
begin
  update public.call_center_agents a
  set seats_taken = a.seats_taken - p_seats,
      rest_until = null,
      missed_offers = 0,
      total_calls_handled = a.total_calls_handled + 1,
      handling_seconds = a.handling_seconds + v_talked + w.granted,
      average_handling_time_seconds =
        round((a.handling_seconds + v_talked + w.granted) / (a.total_calls_handled + 1.0)),
      wrap_up_until = greatest(a.wrap_up_until, w.until),
      idle_since = greatest(private.clock(), w.until),
      skip_wrap_up = false
  from (
    select u.until, coalesce(
      private.seconds_between(greatest(p_to, g.wrap_up_until), u.until), 0) as granted
    from public.call_center_agents g cross join lateral (select case
      when p_wrap_up_seconds > 0 and not g.skip_wrap_up
      then p_to + make_interval(secs => p_wrap_up_seconds) end as until) u
    where g.id = p_agent_id) w
  where a.id = p_agent_id;
end $$;

-- Clears agents' wrap-ups, rests and announced calls whose time is over, so that their rows show it. Part
-- of the sweep. Routing does not need it: who is free is known from free_from.
create or replace function private.end_agents_holds(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_count integer;
begin
  update public.call_center_agents
  set wrap_up_until = case when wrap_up_until > v_now then wrap_up_until end,
      busy_until = case when busy_until > v_now then busy_until end,
      rest_until = case when rest_until > v_now then rest_until end
  where id in (select id from public.call_center_agents
    where least(wrap_up_until, busy_until, rest_until) <= v_now
    order by id limit p_limit for no key update skip locked);
  get diagnostics v_count = row_count;
  return v_count;
end $$;

revoke execute on all functions in schema private from public;
