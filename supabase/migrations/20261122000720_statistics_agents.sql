-- What agents' time went into, a quarter of an hour at a time: conversations (hold included), which are the
-- offers', and wrapping up and being available, which are agent_times'. A stretch of time counts in every
-- quarter it touches, to the second, so that occupancy = handling ÷ (handling + available) is right for
-- any period.

-- Folds the oldest differences of agents into the sums; p_limit null: all. Returns how many.
create or replace function private.fold_agent_deltas(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_upto bigint;
  v_count integer;
begin
  select max(id), count(*) into v_upto, v_count
  from (select id from private.agent_deltas order by id limit p_limit) d;
  with gone as (
    delete from private.agent_deltas where id <= v_upto returning *
  )
  insert into private.agent_sums as s (interval_start, agent_id, offered, missed, handled,
    talk_seconds, wrap_up_seconds, available_seconds)
  select interval_start, agent_id, sum(offered), sum(missed), sum(handled), sum(talk_seconds),
    sum(wrap_up_seconds), sum(available_seconds)
  from gone group by 1, 2
  on conflict (interval_start, agent_id) do update
  set offered = s.offered + excluded.offered, missed = s.missed + excluded.missed,
      handled = s.handled + excluded.handled, talk_seconds = s.talk_seconds + excluded.talk_seconds,
      wrap_up_seconds = s.wrap_up_seconds + excluded.wrap_up_seconds,
      available_seconds = s.available_seconds + excluded.available_seconds;
  return v_count;
end $$;

-- A stretch of time by quarters of an hour, in whole seconds that add up however it is cut.
create or replace function private.slices(p_from timestamptz, p_to timestamptz)
  returns table (interval_start timestamptz, seconds bigint)
  language plpgsql
  immutable
  rows 2
  set search_path = ''
as $$
begin
  if p_to > p_from then
    return query
    select i, floor(extract(epoch from least(p_to, i + interval '15 minutes')))::bigint
      - floor(extract(epoch from greatest(p_from, i)))::bigint
    from generate_series(private.interval_of(p_from), p_to, interval '15 minutes') i;
  end if;
end $$;

-- What an offer counts as: offered and missed where it began, handled where the conversation did, which
-- is from the moment when agent and customer met. Missed: the agent let it ring; that they
-- declined, could not be reached or the caller was gone is not missing. Offered are a queue's callers and those whom
-- others transfer; who comes back to their customer handles the same conversation.
create or replace function private.offer_counts(p_offer private.call_offers)
  returns table (interval_start timestamptz, offered integer, missed integer, handled integer,
    talk_seconds bigint)
  language plpgsql
  stable
  rows 3
  set search_path = ''
as $$
begin
  if p_offer.purpose = 'queue'
    or (p_offer.purpose = 'transfer' and p_offer.invited_by is distinct from p_offer.agent_id) then
    return query select private.interval_of(p_offer.created_at), 1,
      coalesce(private.counts_as_missed(p_offer.outcome), false)::integer, 0, 0::bigint;
  end if;
  if p_offer.met_at is not null and p_offer.ended_at is not null then
    return query select private.interval_of(p_offer.met_at), 0, 0, (p_offer.purpose <> 'return')::integer, 0::bigint;
    return query select s.interval_start, 0, 0, 0, s.seconds
    from private.slices(p_offer.met_at, p_offer.ended_at) s;
  end if;
end $$;

-- Counts an offer, once more (1) or no more (-1), for its agent and its queue.
create or replace function private.add_offer(p_offer private.call_offers, p_sign integer)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.agent_deltas (interval_start, agent_id, offered, missed, handled, talk_seconds)
  select c.interval_start, p_offer.agent_id, p_sign * c.offered, p_sign * c.missed, p_sign * c.handled,
    p_sign * c.talk_seconds
  from private.offer_counts(p_offer) c where p_offer.agent_id is not null;
  if p_offer.met_at is not null and p_offer.ended_at is not null then
    insert into private.stat_deltas (interval_start, queue_id, handled, talk_seconds)
    select c.interval_start, p_offer.queue_id, p_sign * c.handled, p_sign * c.talk_seconds
    from private.offer_counts(p_offer) c where c.handled > 0 or c.talk_seconds > 0;
  end if;
end $$;

-- An offer began, ended, was corrected, or went with its call.
create or replace function private.count_offer()
  returns trigger
  language plpgsql
  security definer  -- private tables; supervisors delete calls
  set search_path = ''
as $$
begin
  if tg_op <> 'INSERT' then
    perform private.add_offer(old, -1);
  end if;
  if tg_op <> 'DELETE' then
    perform private.add_offer(new, 1);
  end if;
  return null;
end $$;

create or replace trigger call_offers_count_new
  after insert or delete on private.call_offers
  for each row execute function private.count_offer();
create or replace trigger call_offers_count
  after update on private.call_offers
  for each row when (
    (old.outcome, old.queue_id, old.created_at, old.ended_at, old.purpose)
      is distinct from (new.outcome, new.queue_id, new.created_at, new.ended_at, new.purpose)
    or (new.ended_at is not null and new.met_at is distinct from old.met_at))
  execute function private.count_offer();

-- Counts a stretch of an agent's time that is over. More than a week at once was no shift.
create or replace function private.count_agent_time()
  returns trigger
  language plpgsql
  security definer  -- private tables; browsers change what an agent does
  set search_path = ''
as $$
begin
  with counted as (
    insert into private.agent_deltas (interval_start, agent_id, wrap_up_seconds, available_seconds)
    select i.interval_start, new.agent_id, case new.state when 'wrap_up' then i.seconds else 0 end,
      case new.state when 'available' then i.seconds else 0 end
    from private.slices(greatest(new.started_at, new.ended_at - interval '7 days'), new.ended_at) i
    where i.seconds > 0
    returning interval_start, wrap_up_seconds, available_seconds
  )
  insert into private.stat_deltas (interval_start, wrap_up_seconds, available_seconds)
  select interval_start, wrap_up_seconds, available_seconds from counted;
  return null;
end $$;

create or replace trigger agent_times_count
  after insert or update of ended_at on private.agent_times
  for each row when (new.ended_at is not null and new.state in ('wrap_up', 'available'))
  execute function private.count_agent_time();

-- Folds differences into the sums, of each kind p_limit at most (null: all), and says how many of the
-- kind that had more. One process at a time; a second caller does nothing.
create or replace function private.fold_stats(p_limit integer default null)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if pg_try_advisory_xact_lock(hashtext('callcenter.fold_stats')) then
    return greatest(private.fold_queue_deltas(p_limit), private.fold_agent_deltas(p_limit));
  end if;
  return 0;
end $$;

-- Counts everything the tables hold, from nothing: for a database that has calls already.
create or replace function private.count_everything()
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  insert into private.stat_deltas
    (interval_start, queue_id, calls, completed, missed, duration_seconds, hold_seconds)
  select private.interval_of(coalesce(started_at, created_at)), queue_id, count(*),
    count(*) filter (where call_status = 'completed'),
    count(*) filter (where call_status in ('failed', 'no_answer', 'missed')),
    coalesce(sum(duration_seconds) filter (where call_status = 'completed'), 0),
    coalesce(sum(hold_duration_seconds) filter (where call_status = 'completed'), 0)
  from public.call_records group by 1, 2;
  insert into private.stat_deltas (interval_start, contacts)
  select private.interval_of(created_at), count(*) from public.crm_contacts group by 1;
  insert into private.stat_deltas (interval_start, queue_id, offered, answered, answered_in_time,
    abandoned, abandoned_in_time, short_abandoned, callbacks, overflowed, wait_seconds)
  select private.interval_of(private.stay_began(e)), queue_id,
    count(*) filter (where outcome not in ('callback', 'served') and not short_abandon),
    count(*) filter (where outcome = 'answered'),
    count(*) filter (where outcome = 'answered' and in_time),
    count(*) filter (where outcome = 'abandoned' and not short_abandon),
    count(*) filter (where outcome = 'abandoned' and not short_abandon and in_time),
    count(*) filter (where short_abandon), count(*) filter (where outcome = 'callback'),
    count(*) filter (where outcome in ('overflowed', 'moved')),
    coalesce(sum(waited_seconds) filter (where outcome = 'answered'), 0)
  from private.queue_entries e where e.left_at is not null and e.counts group by 1, 2;
  select private.add_offer(o, 1) from private.call_offers o;
$$;

select private.count_everything()
where not exists (select 1 from private.stat_sums) and not exists (select 1 from private.stat_deltas);

revoke execute on all functions in schema private from public;
