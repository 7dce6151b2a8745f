-- Wrap-ups: the time after a conversation in which an agent takes no call. It begins when they leave the
-- conversation and ends with its time, when they say so, or, where the queue asks for a disposition, once
-- a person gave one.

-- Keeps wrap_up_since, whoever writes the row, and once a wrap-up ends makes the agent's handling time
-- that which they used: up to wrap_up_until it was granted when the call ended; owing a disposition, it
-- may have lasted longer.
create or replace function private.follow_wrap_up()
  returns trigger
  language plpgsql
  security definer  -- reads the clock in private; browsers update this table
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_was_until constant timestamptz := private.wraps_up_until(old);
  v_until constant timestamptz := private.wraps_up_until(new);
  v_over constant boolean := old.wrap_up_since is not null
    and (coalesce(v_until <= v_now, true) or v_was_until <= v_now);
begin
  new.wrap_up_since := case
    when coalesce(v_until <= v_now, true) then null
    when old.wrap_up_since is null or v_over then v_now
    else old.wrap_up_since end;
  if v_over then
    new.handling_seconds := greatest(0, new.handling_seconds
      - round(extract(epoch from old.wrap_up_until - least(v_was_until, v_now))));
    new.average_handling_time_seconds :=
      coalesce(round(new.handling_seconds::numeric / nullif(new.total_calls_handled, 0)), 0);
  end if;
  if new.wrap_up_since = v_now and new.disposition_owed then
    new.wrap_up_until := greatest(new.wrap_up_until, v_now);
  elsif new.wrap_up_since is null and not new.disposition_owed then
    new.wrap_up_call_id := null;
  end if;
  if new.wrap_up_since is null then
    new.wrap_up_extended_seconds := 0;
  end if;
  return new;
end $$;

create or replace trigger call_center_agents_wrap_up
  before update on public.call_center_agents
  for each row when (old.wrap_up_since is not null or new.wrap_up_since is not null
    or new.wrap_up_until is not null or new.wrap_up_call_id is not null)
  execute function private.follow_wrap_up();

-- The oldest conversation of an agent's wrap-up for which a disposition is owed: its queue asks for one,
-- and no person gave any.
create or replace function private.owed_call(p_agent_id uuid, p_since timestamptz)
  returns uuid
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (
    select o.call_record_id from private.call_offers o
    join public.call_queues q on q.id = o.queue_id and q.disposition_required
    join public.call_records r on r.id = o.call_record_id and r.disposition_by is null
    where o.agent_id = p_agent_id and o.met_at is not null and o.ended_at >= p_since
      and o.created_at > p_since - interval '1 day'
    order by o.ended_at limit 1);
end $$;

-- A conversation is over: it counts in the agent's statistics, and their wrap-up begins, unless they said
-- during the call that they want none; from its end on they are idle. p_seats: how many seats are given
-- back, 1; or 0 where that was done before we learnt that there was a conversation. p_owed: the queue asks
-- for a disposition. Of two wrap-ups at once each second counts once; the call that is owed one goes first. Who
-- was lost and came back handled one call.
create or replace function private.leave_seat_after_talk(
  p_agent_id uuid, p_call_record_id uuid, p_from timestamptz, p_to timestamptz,
  p_wrap_up_seconds integer, p_owed boolean, p_seats integer default 1)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_talked constant integer := private.seconds_between(p_from, p_to);
  v_owed constant boolean := p_owed and exists (select 1 from public.call_records
    where id = p_call_record_id and disposition_by is null);
  v_handled constant integer := (not exists (select 1 from private.call_offers
    where call_record_id = p_call_record_id and agent_id = p_agent_id and purpose = 'return'
      and met_at = p_from))::integer;
begin
  update public.call_center_agents a
  set seats_taken = a.seats_taken - p_seats,
      rest_until = null,
      total_calls_handled = a.total_calls_handled + v_handled,
      handling_seconds = a.handling_seconds + v_talked + w.granted,
      average_handling_time_seconds =
        round((a.handling_seconds + v_talked + w.granted)
          / greatest(1.0, a.total_calls_handled + v_handled)),
      wrap_up_until = greatest(a.wrap_up_until, w.until),
      wrap_up_call_id = case when a.disposition_owed or w.until is null then a.wrap_up_call_id
        else p_call_record_id end,
      disposition_owed = a.disposition_owed or v_owed,
      idle_since = greatest(private.clock(), w.until),
      skip_wrap_up = false
  from (
    select u.until, coalesce(
      private.seconds_between(greatest(p_to, g.wrap_up_until), u.until), 0) as granted
    from public.call_center_agents g cross join lateral (select case
      when p_wrap_up_seconds > 0 and not g.skip_wrap_up
      then p_to + make_interval(secs => p_wrap_up_seconds)
      when v_owed then p_to end as until) u
    where g.id = p_agent_id) w
  where a.id = p_agent_id;
end $$;

-- The agent is back in the conversation that they wrap up: that is over, as far as they used it.
create or replace function private.stop_wrap_up(p_agent_id uuid, p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_center_agents
  set wrap_up_until = least(wrap_up_until, private.clock()), disposition_owed = false
  where id = p_agent_id and wrap_up_call_id = p_call_record_id;
end $$;

-- The dispositions that people may give a call: its queue's words. Empty: any word.
create or replace function private.dispositions_of(p_call public.call_records)
  returns text[]
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce((select dispositions from public.call_queues where id = p_call.queue_id), '{}');
end $$;

-- A person gave a call's disposition: agents who owed it owe the next, or none; then their wrap-up is over
-- at once if its time is.
create or replace function private.settle_disposition()
  returns trigger
  language plpgsql
  security definer  -- fired by browsers too; an agent's wrap-up is not theirs to write
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
begin
  update public.call_center_agents a
  set disposition_owed = n.owed is not null,
      wrap_up_call_id = coalesce(n.owed, a.wrap_up_call_id),
      wrap_up_until = case when n.owed is not null or a.wrap_up_until > v_now then a.wrap_up_until end,
      idle_since = greatest(a.wrap_up_until, v_now)
  from (select id, private.owed_call(id, wrap_up_since) as owed
    from public.call_center_agents where wrap_up_call_id = new.id and disposition_owed) n
  where a.id = n.id;
  return null;
end $$;

create or replace trigger call_records_settle_disposition
  after update on public.call_records
  for each row when (old.disposition_by is null and new.disposition_by is not null)
  execute function private.settle_disposition();

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
  set wrap_up_until = case when wrap_up_until > v_now or disposition_owed then wrap_up_until end,
      busy_until = case when busy_until > v_now then busy_until end,
      rest_until = case when rest_until > v_now then rest_until end
  where id in (select id from public.call_center_agents
    where least(wrap_up_until, busy_until, rest_until) <= v_now
      and (not disposition_owed or least(busy_until, rest_until) <= v_now)
    order by id limit p_limit for no key update skip locked);
  get diagnostics v_count = row_count;
  return v_count;
end $$;

revoke execute on all functions in schema private from public;
