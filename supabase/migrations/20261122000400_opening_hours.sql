-- Where a caller may wait: a queue has opening hours and holidays in its own time zone, may be full, or
-- without an agent who is signed in, and may send callers on to another queue (overflow).

-- Whether ["08:00", "18:00"] is a span of one day: it may end at 24:00.
create or replace function private.is_span(p_span jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return jsonb_typeof(p_span) = 'array' and jsonb_array_length(p_span) = 2
    and p_span ->> 0 ~ '^([01]\d|2[0-3]):[0-5]\d$'
    and p_span ->> 1 ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$'
    and p_span ->> 0 < p_span ->> 1;
end $$;

-- Refuses hours that can't be read, with the place named.
create or replace function private.check_opening_hours()
  returns trigger
  language plpgsql
  security definer  -- its parts are private; supervisors write this table
  set search_path = ''
as $$
declare
  v_span record;
begin
  if new.time_zone is not null and not exists (
    select 1 from pg_catalog.pg_timezone_names where name = new.time_zone) then
    raise exception 'time_zone: % is not the name of a time zone', new.time_zone
      using errcode = '22023', hint = 'Such as America/Bogota.';
  end if;
  if jsonb_typeof(new.opening_hours) <> 'object' then
    raise exception 'opening_hours: % has no days', new.opening_hours
      using errcode = '22023', hint = 'Such as {"mon": [["08:00", "18:00"]]}, days mon to sun.';
  end if;
  for v_span in
    select day, span from jsonb_each(coalesce(new.opening_hours, '{}')) as d (day, spans)
    cross join lateral jsonb_array_elements(
      case jsonb_typeof(spans) when 'array' then spans else '[null]' end) as span
  loop
    if (v_span.day in ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')
      and private.is_span(v_span.span)) is not true then
      raise exception 'opening_hours.%: % is not a span of the day', v_span.day, v_span.span
        using errcode = '22023', hint = 'Such as {"mon": [["08:00", "18:00"]]}, days mon to sun;'
          ' a span over midnight is one until 24:00 and one from 00:00 of the next day.';
    end if;
  end loop;
  return new;
end $$;

create or replace trigger call_queues_hours
  before insert or update of opening_hours, time_zone on public.call_queues
  for each row execute function private.check_opening_hours();

-- Whether a queue takes calls at a moment, by its own clock. "23:59" is all that a browser's time field
-- can say of midnight: the day's last minute is open too.
create or replace function private.is_open(p_queue public.call_queues, p_at timestamptz)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_here timestamp;
begin
  if not p_queue.active then
    return false;
  elsif p_queue.opening_hours is null and p_queue.holidays = '{}' then
    return true;
  end if;
  v_here := p_at at time zone coalesce(
    p_queue.time_zone, (select time_zone from private.settings));
  return v_here::date <> all (p_queue.holidays)
    and (p_queue.opening_hours is null or exists (
      select 1
      from jsonb_array_elements(p_queue.opening_hours -> lower(to_char(v_here, 'dy'))) span
      where to_char(v_here, 'HH24:MI') >= span ->> 0
        and (to_char(v_here, 'HH24:MI') < span ->> 1 or span ->> 1 = '23:59')));
end $$;

-- The first moment from p_from on at which a queue takes calls; null where none of the next 31 days has
-- one.
create or replace function private.next_opening(p_queue public.call_queues, p_from timestamptz)
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_zone text;
begin
  if not p_queue.active or private.is_open(p_queue, p_from) then
    return case when p_queue.active then p_from end;
  end if;
  v_zone := coalesce(p_queue.time_zone, (select time_zone from private.settings));
  return (
    select min(o.at)
    from generate_series(date_trunc('day', p_from at time zone v_zone),
      date_trunc('day', p_from at time zone v_zone) + interval '31 days', interval '1 day') as d (day)
    cross join lateral jsonb_array_elements(case when p_queue.opening_hours is null
      then '[["00:00", "24:00"]]' else p_queue.opening_hours -> lower(to_char(d.day, 'dy')) end) span
    cross join lateral (select (d.day + (span ->> 0)::interval) at time zone v_zone as at) o
    where d.day::date <> all (p_queue.holidays) and o.at > p_from);
end $$;

-- Why nobody is served in a queue now, however few wait; null where somebody is.
create or replace function private.why_not_served(p_queue public.call_queues)
  returns text
  language plpgsql
  stable
  cost 1000
  set search_path = ''
as $$
begin
  if not private.is_open(p_queue, private.clock()) then
    return 'closed';
  elsif not exists (
    select 1 from private.queue_members m join public.call_center_agents a on a.id = m.agent_id
    where m.queue_id = p_queue.id and a.chosen_status <> 'offline') then
    return 'nobody';
  end if;
  return null;
end $$;

-- Why nobody can begin to wait in a queue now; null where they can. Only those on the line count
-- against its limit, and no further than to it.
create or replace function private.why_not_wait(p_queue public.call_queues)
  returns text
  language plpgsql
  stable
  cost 1000
  set search_path = ''
as $$
declare
  v_reason constant text := private.why_not_served(p_queue);
begin
  if v_reason is null and p_queue.max_waiting is not null and p_queue.max_waiting <= (
    select count(*) from (select 1 from private.queue_entries
      where queue_id = p_queue.id and left_at is null and on_line limit p_queue.max_waiting) w) then
    return 'full';
  end if;
  return v_reason;
end $$;

-- The queue to wait in for a caller who wants this one: itself, or along its overflow, the first that
-- can be waited in, four at most; null where there is none.
create or replace function private.queue_to_wait_in(p_queue_id uuid)
  returns public.call_queues
  language plpgsql
  stable
  cost 5000
  set search_path = ''
as $$
declare
  v_queue public.call_queues;
  v_id uuid := p_queue_id;
begin
  for i in 1 .. 4 loop
    select * into v_queue from public.call_queues where id = v_id;
    if not found or private.why_not_wait(v_queue) is null then
      return v_queue;
    end if;
    v_id := v_queue.overflow_queue_id;
  end loop;
  return null;
end $$;

-- A queue that is about to be entered stays until the transaction ends; null where it is gone. A supervisor
-- who is deleting it is waited for.
create or replace function private.hold_queue(p_queue_id uuid)
  returns uuid
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_id uuid;
begin
  select id into v_id from public.call_queues where id = p_queue_id for key share;
  return v_id;
end $$;

-- The queue that a caller goes on to from the one they wait in; null where there is none. Nobody
-- comes back to a queue that they went on from: two that overflow to each other would never keep them.
-- Where somebody moved them, or an agent sent them, they go on from there anew.
create or replace function private.next_queue(p_entry private.queue_entries)
  returns public.call_queues
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_next public.call_queues;
begin
  v_next := private.queue_to_wait_in(
    (select overflow_queue_id from public.call_queues where id = p_entry.queue_id));
  if v_next.id is null or exists (select 1 from private.queue_entries
      where call_record_id = p_entry.call_record_id and queue_id = v_next.id and id > coalesce((
        select max(id) from private.queue_entries
        where call_record_id = p_entry.call_record_id and outcome <> 'overflowed'), 0)) then
    return null;
  end if;
  return v_next;
end $$;

-- Sends a caller, whose call's lock is held, on to the next queue, keeping the time they joined;
-- false where there is none.
create or replace function private.move_on(p_entry private.queue_entries)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_next constant public.call_queues := private.next_queue(p_entry);
begin
  if v_next.id is null or private.hold_queue(v_next.id) is null then
    return false;
  end if;
  perform private.leave_queue(p_entry.call_record_id, 'overflowed', private.clock());
  perform private.enter_queue(p_entry.call_record_id, v_next, p_entry.joined_at);
  return true;
end $$;

-- Callers who waited overflow_after_seconds in a queue go on to the next, or are looked at again ten
-- seconds later where that can't be waited in; those being rung stay, and who is put off. Part of the
-- sweep.
create or replace function private.overflow_callers(p_limit integer default 20)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_entry private.queue_entries;
  v_count integer := 0;
begin
  for v_entry in
    select * from private.queue_entries
    where left_at is null and overflow_at <= private.clock() and not offered and not_before is null
    order by overflow_at limit p_limit
  loop
    perform 1 from public.call_records where id = v_entry.call_record_id
    for no key update skip locked;
    -- Looked at again, now that the call is locked.
    continue when not found or not exists (select 1 from private.queue_entries
      where id = v_entry.id and left_at is null and not offered);
    v_count := v_count + 1;
    begin
      continue when private.move_on(v_entry);
    exception when data_exception or integrity_constraint_violation then
      -- One bad row stops no other.
      raise warning 'call % was not moved on: % %', v_entry.call_record_id, sqlstate, sqlerrm;
    end;
    update private.queue_entries set overflow_at = private.clock() + interval '10 seconds'
    where id = v_entry.id;
  end loop;
  return v_count;
end $$;

revoke execute on all functions in schema private from public;
