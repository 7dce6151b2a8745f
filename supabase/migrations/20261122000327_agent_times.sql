-- Agents' time: every moment of an agent's day is in exactly one row of private.agent_times, written here
-- and nowhere else, by the transitions themselves. Where several things are true at once, the first of
-- this list is what the agent does:
--
--   on_call     they took a call, or placed one themselves; on_hold while every customer of theirs is held
--   ringing     their telephone rings
--   wrap_up     after a conversation
--   busy        about to place a call
--   available, break (with its reason), offline: what they chose
--
-- An agent who rests after an offer that came to nothing is available: they chose so, and wait.

-- Whether every customer whom an agent talks with is on hold, in the room that they entered last: of one whom they
-- left, nobody may have told. Who is asked for advice, or joined, talks.
create or replace function private.holds_everybody(p_agent_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return not exists (
    select 1 from private.call_offers o
    where o.agent_id = p_agent_id and o.state = 'connected' and (o.met_at is null or not exists (
      select 1 from private.participants p join private.call_legs l on l.call_sid = p.call_sid
      where p.call_record_id = o.call_record_id and p.held_since is not null and (p.left_at is null or p.left_at < p.joined_at)
        and not exists (select 1 from private.participants n where n.call_sid = p.call_sid and n.joined_at > p.joined_at)
        and l.role in ('caller', 'customer'))));
end $$;

-- What the legs are that an agent has, of whom no offer is connected: on_call where one is a call that they
-- placed themselves; ringing while they are rung; and of one whose offer is over, and which is still to be
-- hung up, wrap_up if they do.
create or replace function private.state_of_legs(p_agent_id uuid, p_wraps_up boolean)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (
    select case
      when bool_or(o.id is null) then 'on_call'
      when bool_or(o.state <> 'ended') then 'ringing'
      when p_wraps_up then 'wrap_up'
      when bool_or(l.status = 'in_progress') then 'on_call'
      else 'ringing' end
    from private.call_legs l
    left join private.call_offers o on o.call_record_id = l.call_record_id and o.agent_id = l.agent_id
    where l.agent_id = p_agent_id and l.ended_at is null);
end $$;

-- What an agent does, by their row and their calls; null once archived. p_was: what they did before. One who
-- may have a single call holds its customer only if that is what they did.
create or replace function private.state_of_agent(
  p_agent public.call_center_agents, p_was text, p_now timestamptz)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_wraps_up constant boolean := coalesce(private.wraps_up_until(p_agent) > p_now, false);
begin
  if p_agent.archived_at is not null then
    return null;
  elsif p_agent.seats_taken > 0 and exists (select 1 from private.call_offers
      where agent_id = p_agent.id and state = 'connected') then
    return case when (p_was = 'on_hold' or p_agent.max_concurrent_calls > 1)
      and private.holds_everybody(p_agent.id) then 'on_hold' else 'on_call' end;
  elsif p_agent.current_call_count > 0 then
    return private.state_of_legs(p_agent.id, v_wraps_up);
  end if;
  return case when v_wraps_up then 'wrap_up' when p_agent.busy_until > p_now then 'busy'
    else p_agent.chosen_status end;
end $$;

-- Why they are on break: the agent's word for it or telephony's.
create or replace function private.reason_of_agent(p_agent public.call_center_agents)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return coalesce(p_agent.aside_reason, p_agent.break_reason);
end $$;

-- What an open row has become by now, by time alone, for an agent's row that nobody has changed since: a
-- wrap-up, then an announced call, then what they chose for after it. Each is dated at the moment when it
-- began; the last is open.
create or replace function private.times_by_now(
  p_agent public.call_center_agents, p_open private.agent_times, p_now timestamptz)
  returns setof private.agent_times
  language plpgsql
  stable
  rows 2
  set search_path = ''
as $$
declare
  v_time private.agent_times := p_open;
  v_wrapped_up constant timestamptz := private.wraps_up_until(p_agent);
  v_free constant timestamptz := private.held_until(p_agent);
begin
  if v_time.state = 'wrap_up' and v_wrapped_up <= p_now then
    v_time.ended_at := v_wrapped_up;
    if v_wrapped_up > v_time.started_at then
      return next v_time;
    end if;
    v_time.state := 'busy';
    v_time.started_at := greatest(v_time.started_at, v_wrapped_up);
  end if;
  if v_time.state = 'busy' and v_free <= p_now then
    v_time.ended_at := v_free;
    if v_free > v_time.started_at then
      return next v_time;
    end if;
    v_time.state := case when p_agent.current_call_count > 0 then 'on_call'
      else coalesce(p_agent.next_status, p_agent.chosen_status) end;
    v_time.reason := case when v_time.state <> 'break' then null
      when p_agent.next_status is not null then p_agent.next_reason
      else private.reason_of_agent(p_agent) end;
    v_time.started_at := greatest(v_time.started_at, v_free);
  end if;
  v_time.ended_at := null;
  return next v_time;
end $$;

-- Writes p_time in place of an agent's open row, or after it, which then ends where p_time begins. No state:
-- it only ends. No row lasts for no time: what changed twice at one moment is what it was at last.
create or replace function private.write_time(p_open private.agent_times, p_time private.agent_times)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if p_open.started_at >= p_time.started_at and p_time.state is null then
    delete from private.agent_times
    where agent_id = p_open.agent_id and started_at = p_open.started_at;
    return;
  elsif p_open.started_at >= p_time.started_at then
    update private.agent_times
    set state = p_time.state, reason = p_time.reason, ended_at = p_time.ended_at
    where agent_id = p_open.agent_id and started_at = p_open.started_at;
    return;
  elsif p_open.ended_at is null then
    update private.agent_times set ended_at = p_time.started_at
    where agent_id = p_open.agent_id and started_at = p_open.started_at;
  end if;
  if p_time.state is not null then
    insert into private.agent_times (agent_id, state, reason, started_at, ended_at)
    values (p_time.agent_id, p_time.state, p_time.reason, p_time.started_at, p_time.ended_at);
  end if;
end $$;

-- Writes what an agent does now, after what time alone had made of them before. p_before, p_agent: their row
-- until now, and now; p_was: see state_of_agent. The open row is locked first: two that change one agent wait
-- for each other here.
create or replace function private.follow_agent(
  p_before public.call_center_agents, p_agent public.call_center_agents, p_was text default null)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_open private.agent_times;
  v_time private.agent_times;
begin
  loop  -- the row that was waited for may be closed by then; another is open instead, for which others wait, too
    select * into v_open from private.agent_times
    where agent_id = p_before.id and ended_at is null for no key update;
    exit when found or not exists (
      select 1 from private.agent_times where agent_id = p_before.id and ended_at is null);
  end loop;
  if v_open.state in ('wrap_up', 'busy') and private.held_until(p_before) <= v_now then
    for v_time in select * from private.times_by_now(p_before, v_open, v_now) loop
      perform private.write_time(v_open, v_time);
      v_open := v_time;
    end loop;
  end if;
  v_time := v_open;
  v_time.state := private.state_of_agent(p_agent, coalesce(p_was, v_open.state), v_now);
  v_time.reason := case v_time.state when 'break' then private.reason_of_agent(p_agent) end;
  if v_time.state is distinct from v_open.state or v_time.reason is distinct from v_open.reason then
    v_time.agent_id := p_before.id;
    v_time.started_at := v_now;
    v_time.ended_at := null;
    perform private.write_time(v_open, v_time);
  end if;
end $$;

-- An agent came, went, or changed.
create or replace function private.follow_agent_row()
  returns trigger
  language plpgsql
  security definer  -- private tables; browsers update this table
  set search_path = ''
as $$
begin
  case tg_op
    when 'INSERT' then perform private.follow_agent(new, new);
    when 'DELETE' then perform private.follow_agent(old, null);
    else perform private.follow_agent(old, new);
  end case;
  return null;
end $$;

create or replace trigger call_center_agents_follow_new
  after insert or delete on public.call_center_agents
  for each row execute function private.follow_agent_row();
create or replace trigger call_center_agents_follow
  after update on public.call_center_agents
  for each row when (new.seats_taken < old.seats_taken
    or (old.agent_status, old.chosen_status, old.current_call_count, old.wrap_up_until, old.busy_until,
        old.disposition_owed, old.break_reason, old.aside_reason, old.archived_at)
      is distinct from (new.agent_status, new.chosen_status, new.current_call_count, new.wrap_up_until,
        new.busy_until, new.disposition_owed, new.break_reason, new.aside_reason, new.archived_at))
  execute function private.follow_agent_row();

-- What an agent does has changed, and their row has not: they took a call, or a customer of theirs is held
-- (p_was: on_hold) or taken back.
create or replace function private.note_agent_state(p_agent_id uuid, p_was text default null)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.follow_agent(a, a, p_was) from public.call_center_agents a where a.id = p_agent_id;
end $$;

-- An agent took a call that they were rung for.
create or replace function private.follow_taken_offer()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  perform private.note_agent_state(new.agent_id);
  return null;
end $$;

create or replace trigger call_offers_follow
  after update of state on private.call_offers
  for each row when (new.state = 'connected' and old.state <> 'connected')
  execute function private.follow_taken_offer();

-- A customer is put on hold, taken back, or gone: what the agents do who took their call has changed.
create or replace function private.follow_hold()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  if exists (select 1 from private.call_legs
      where call_sid = new.call_sid and role in ('caller', 'customer')) then
    perform private.note_agent_state(o.agent_id, 'on_hold') from private.call_offers o
    where o.call_record_id = new.call_record_id and o.state = 'connected' and o.agent_id is not null
    order by o.agent_id;
  end if;
  return null;
end $$;

create or replace trigger participants_follow
  after update on private.participants
  for each row when ((old.held_since is not null and old.left_at is null)
    <> (new.held_since is not null and new.left_at is null))
  execute function private.follow_hold();

-- What all agents do at a moment, and what they did since their last change: their open rows, as time alone
-- has made them.
create or replace function private.open_times(p_now timestamptz)
  returns setof private.agent_times
  language sql
  stable
  set search_path = ''
as $$
  select t.* from private.agent_times t
  where t.ended_at is null and t.state not in ('wrap_up', 'busy')
  union all
  select n.* from private.agent_times t join public.call_center_agents a on a.id = t.agent_id
  cross join lateral private.times_by_now(a, t, p_now) n
  where t.ended_at is null and t.state in ('wrap_up', 'busy');
$$;

-- Agents of before begin now.
insert into private.agent_times (agent_id, state, reason, started_at)
select a.id, s.state, case s.state when 'break' then private.reason_of_agent(a) end, private.clock()
from public.call_center_agents a
cross join lateral private.state_of_agent(a, null, private.clock()) s (state)
where s.state is not null
on conflict do nothing;

revoke execute on all functions in schema private from public;
