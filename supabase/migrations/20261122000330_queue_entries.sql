-- Stays in queues: the state machine of who waits (private.queue_entries).
--
--   waiting ⇄ offered (an agent is being rung, or took the call and the two have not met)
--   waiting ⇄ put off (not before a time)
--   each → left: answered, abandoned, voicemail, callback, overflowed, not_reached, served, moved

-- → waiting. A caller enters a queue here, from wherever they come; a stay that goes on already goes
-- on, and a call that is over enters none. p_joined_at: what their place goes by.
create or replace function private.enter_queue(
  p_call_record_id uuid, p_queue public.call_queues, p_joined_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
begin
  if not private.set_queued(p_call_record_id, p_queue, p_joined_at) then
    return;
  end if;
  perform private.set_stage(p_call_record_id, 'waiting', p_queue.id);
  insert into private.queue_entries
    (call_record_id, queue_id, joined_at, entered_at, comes_back, counts, on_line, overflow_at)
  values (p_call_record_id, p_queue.id, p_joined_at, v_now,
    exists (select 1 from public.call_records where id = p_call_record_id and answered_at is not null),
    not exists (select 1 from private.queue_entries
      where call_record_id = p_call_record_id and queue_id = p_queue.id and outcome = 'answered'),
    not exists (select 1 from private.callbacks
      where call_record_id = p_call_record_id and ended_at is null),
    case when p_queue.overflow_queue_id is not null
      then v_now + make_interval(secs => p_queue.overflow_after_seconds) end)
  on conflict (call_record_id) where left_at is null do nothing;
end $$;

-- → left. Returns how long the caller waited, from joining on; null where they were in no queue.
create or replace function private.leave_queue(
  p_call_record_id uuid, p_outcome text, p_at timestamptz)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_waited integer;
begin
  update private.queue_entries
  set left_at = greatest(p_at, joined_at), outcome = p_outcome
  where call_record_id = p_call_record_id and left_at is null
  returning waited_seconds into v_waited;
  return v_waited;
end $$;

-- left as abandoned → left as answered: customer and agent had met, which we learnt after the call's
-- end. Returns how long the caller waited; null where there is no such stay.
create or replace function private.correct_stay(p_call_record_id uuid, p_met_at timestamptz)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_waited integer;
begin
  update private.queue_entries set outcome = 'answered', left_at = greatest(p_met_at, joined_at)
  where id = (select id from private.queue_entries
      where call_record_id = p_call_record_id and entered_at <= greatest(p_met_at, joined_at)
      order by id desc limit 1)
    and outcome in ('abandoned', 'answered') and left_at >= p_met_at
  returning waited_seconds into v_waited;
  return v_waited;
end $$;

-- How a stay counts, judged once, when it ends, by the queue's thresholds of that moment: changing
-- them changes no past statistics.
create or replace function private.judge_stay()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
declare
  -- Who talked to somebody before has waited since then.
  v_since constant timestamptz := case when new.comes_back then new.entered_at else new.joined_at end;
begin
  select private.seconds_between(v_since, new.left_at),
    new.left_at <= v_since + make_interval(secs => service_level_seconds),
    new.outcome = 'abandoned' and new.left_at < v_since + make_interval(secs => short_abandon_seconds)
  into new.waited_seconds, new.in_time, new.short_abandon
  from public.call_queues where id = new.queue_id;
  return new;
end $$;

create or replace trigger queue_entries_judge
  before insert or update of left_at, outcome on private.queue_entries
  for each row when (new.left_at is not null)
  execute function private.judge_stay();

-- waiting → offered.
create or replace function private.mark_offered(p_entry_id bigint)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.queue_entries set offered = true where id = p_entry_id;
end $$;

-- offered → waiting, in their old place: whoever was rung did not take the call, or left before the
-- two met. The entry is changed last, for with it the next agent may be rung.
create or replace function private.wait_again(p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_entry private.queue_entries;
begin
  if exists (select 1 from private.call_offers
      where call_record_id = p_call_record_id and state <> 'ended' and purpose <> 'supervise') then
    return;
  end if;
  select * into v_entry from private.queue_entries
  where call_record_id = p_call_record_id and left_at is null;
  if v_entry.offered then
    perform private.set_waiting_again(p_call_record_id);
    perform private.set_stage(p_call_record_id, 'waiting');
    update private.queue_entries set offered = false where id = v_entry.id;
  end if;
end $$;

-- → put off: not offered to anybody before a time; the later of several holds.
create or replace function private.put_off(p_call_record_id uuid, p_until timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.queue_entries set not_before = greatest(not_before, p_until)
  where call_record_id = p_call_record_id and left_at is null;
end $$;

-- put off → waiting, now that the time has come, or at once for one call. Part of the sweep.
create or replace function private.end_put_off(p_limit integer, p_call_record_id uuid default null)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_count integer;
begin
  if p_call_record_id is not null then
    update private.queue_entries set not_before = null
    where call_record_id = p_call_record_id and left_at is null and not_before is not null;
  else
    update private.queue_entries set not_before = null
    where id in (select id from private.queue_entries
      where left_at is null and not_before <= private.clock()
      order by not_before limit p_limit for no key update skip locked);
  end if;
  get diagnostics v_count = row_count;
  return v_count;
end $$;

-- A queue's overflow was changed: those who wait in it go by the new one.
create or replace function private.follow_overflow()
  returns trigger
  language plpgsql
  security definer  -- private table; supervisors write call_queues
  set search_path = ''
as $$
begin
  update private.queue_entries
  set overflow_at = case when new.overflow_queue_id is not null
    then entered_at + make_interval(secs => new.overflow_after_seconds) end
  where queue_id = new.id and left_at is null;
  return null;
end $$;

create or replace trigger call_queues_overflow
  after update on public.call_queues
  for each row when (old.overflow_queue_id is distinct from new.overflow_queue_id
    or old.overflow_after_seconds is distinct from new.overflow_after_seconds)
  execute function private.follow_overflow();

-- Whether somebody waits on the line and nobody has taken the call, though an agent be rung for it: until
-- then it may go to another queue.
create or replace function private.waits_on_line(p_call_record_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (select 1 from private.queue_entries
      where call_record_id = p_call_record_id and left_at is null and on_line)
    and not exists (select 1 from private.call_offers
      where call_record_id = p_call_record_id and state = 'connected' and purpose <> 'supervise');
end $$;

-- A caller's place in their queue, 1 for who is next; counted to 100. Whoever is put off is not counted.
create or replace function private.place_in_queue(p_entry private.queue_entries)
  returns integer
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select count(*) from (
    select 1 from private.queue_entries
    where queue_id = p_entry.queue_id and left_at is null and not_before is null
      and (joined_at, id) <= (p_entry.joined_at, p_entry.id)
    limit 100) as ahead);
end $$;

revoke execute on all functions in schema private from public;
