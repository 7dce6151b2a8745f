-- Where a caller may wait at all: queues have opening hours and holidays in their own time zone, may
-- be full or without anybody signed in, and may send callers on to another queue.

alter table public.call_queues
  -- {"mon": [["08:00", "12:00"], ["14:00", "18:00"]], …}; null is always open, a day left out closed.
  add column if not exists opening_hours jsonb,
  add column if not exists holidays date[] not null default '{}',
  -- Null: the call centre's own.
  add column if not exists time_zone text,
  add column if not exists closed_message text,
  add column if not exists max_waiting integer,
  add column if not exists overflow_queue_id uuid,
  add column if not exists overflow_after_seconds integer,
  -- What a waiting caller may choose instead.
  add column if not exists offer_callback boolean not null default true,
  add column if not exists offer_voicemail boolean not null default true,
  -- Dropped with all other keys when the migrations run again, so not said with its column.
  add constraint call_queues_overflow_queue_id_fkey
    foreign key (overflow_queue_id) references public.call_queues (id) on delete set null;

create index if not exists call_queues_overflow_idx on public.call_queues (overflow_queue_id)
  where overflow_queue_id is not null;

-- Refuses hours that can't be read, with the place named.
create or replace function private.check_opening_hours()
  returns trigger
  language plpgsql
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
  for v_span in
    select day, span from jsonb_each(coalesce(new.opening_hours, '{}')) as d (day, spans)
    cross join lateral jsonb_array_elements(
      case jsonb_typeof(spans) when 'array' then spans else '[null]' end) as span
  loop
    if v_span.day not in ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')
      or jsonb_typeof(v_span.span) <> 'array' or jsonb_array_length(v_span.span) <> 2
      or (v_span.span ->> 0) !~ '^([01]\d|2[0-4]):[0-5]\d$'
      or (v_span.span ->> 1) !~ '^([01]\d|2[0-4]):[0-5]\d$'
      or (v_span.span ->> 0) >= (v_span.span ->> 1) then
      raise exception 'opening_hours.%: % is not a span of the day', v_span.day, v_span.span
        using errcode = '22023', hint = 'Such as {"mon": [["08:00", "18:00"]]}, days mon to sun.';
    end if;
  end loop;
  return new;
end $$;

create or replace trigger call_queues_hours
  before insert or update of opening_hours, time_zone on public.call_queues
  for each row execute function private.check_opening_hours();

-- Whether a queue takes calls at a moment, by its own clock.
create or replace function private.is_open(p_queue public.call_queues, p_at timestamptz)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select p_queue.active
    and not here::date = any (p_queue.holidays)
    and (p_queue.opening_hours is null or exists (
      select 1 from jsonb_array_elements(p_queue.opening_hours -> lower(to_char(here, 'dy'))) span
      where to_char(here, 'HH24:MI') >= span ->> 0 and to_char(here, 'HH24:MI') < span ->> 1))
  from (select p_at at time zone coalesce(p_queue.time_zone, s.time_zone)
    from private.settings s) as local (here);
$$;

-- Why nobody is served in a queue now, however few wait; null where somebody is.
create or replace function private.why_not_served(p_queue public.call_queues)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select case
    when not private.is_open(p_queue, private.clock()) then 'closed'
    when not exists (
      select 1 from private.queue_members m join public.call_center_agents a on a.id = m.agent_id
      where m.queue_id = p_queue.id and a.chosen_status <> 'offline') then 'nobody' end;
$$;

-- Why nobody can begin to wait in a queue now; null where they can. Callbacks, which are outbound,
-- wait without a line.
create or replace function private.why_not_wait(p_queue public.call_queues)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select coalesce(private.why_not_served(p_queue), case
    when p_queue.max_waiting <= (select count(*)
      from private.queue_entries e join public.call_records r on r.id = e.call_record_id
      where e.queue_id = p_queue.id and e.left_at is null and r.call_direction = 'inbound')
    then 'full' end);
$$;

-- The queue to wait in for a caller who wants p_queue: itself, or along its overflow, the first that
-- can be waited in; null where there is none.
create or replace function private.queue_to_wait_in(p_queue_id uuid)
  returns public.call_queues
  language sql
  stable
  set search_path = ''
as $$
  with recursive tried as (
    select q.id, q.overflow_queue_id, 1 as step from public.call_queues q where q.id = p_queue_id
    union all
    select q.id, q.overflow_queue_id, t.step + 1
    from tried t join public.call_queues q on q.id = t.overflow_queue_id
    where t.step < 4
  )
  select q.* from tried t join public.call_queues q on q.id = t.id
  where private.why_not_wait(q) is null
  order by t.step limit 1;
$$;

-- The queue that a caller goes on to from the one they wait in; null where there is none. Nobody
-- comes back to a queue they have been in: two that overflow to each other would never keep them.
create or replace function private.next_queue(p_entry private.queue_entries)
  returns public.call_queues
  language sql
  stable
  set search_path = ''
as $$
  select n.* from public.call_queues q, private.queue_to_wait_in(q.overflow_queue_id) n
  where q.id = p_entry.queue_id and not exists (select 1 from private.queue_entries
    where call_record_id = p_entry.call_record_id and queue_id = n.id);
$$;

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
  if v_next.id is null then
    return false;
  end if;
  perform private.leave_queue(p_entry.call_record_id, 'overflowed', private.clock());
  perform private.enter_queue(p_entry.call_record_id, v_next, p_entry.joined_at);
  return true;
end $$;

-- Callers who waited overflow_after_seconds in a queue go on to the next; those being rung stay, and
-- callbacks between attempts. Part of the sweep.
create or replace function private.overflow_callers()
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
    select e.* from public.call_queues q
    cross join lateral private.queue_to_wait_in(q.overflow_queue_id) n
    join private.queue_entries e on e.queue_id = q.id and e.left_at is null and not e.offered
      and e.entered_at < private.clock() - make_interval(secs => q.overflow_after_seconds)
      and (e.not_before is null or e.not_before <= private.clock())
    where q.overflow_queue_id is not null and n.id is not null
      and not exists (select 1 from private.queue_entries been
        where been.call_record_id = e.call_record_id and been.queue_id = n.id)
    order by e.joined_at limit 100
  loop
    perform 1 from public.call_records where id = v_entry.call_record_id
    for no key update skip locked;
    continue when not found;
    select * into v_entry from private.queue_entries
    where id = v_entry.id and left_at is null and not offered;
    continue when not found;
    v_count := v_count + private.move_on(v_entry)::integer;
  end loop;
  return v_count;
end $$;

-- Begins a stay in a queue; one that goes on already goes on. agent_id stays whoever was rung last:
-- their screen follows rows of theirs, and learns that the call is no longer ringing.
create or replace function private.enter_queue(
  p_call_record_id uuid, p_queue public.call_queues, p_joined_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.call_records
  set call_status = 'queued', answered_at = null, wait_seconds = null,
      queue_name = left(p_queue.name, 50), queue_id = p_queue.id,
      queued_at = coalesce(queued_at, p_joined_at)
  where id = p_call_record_id;
  update private.call_sessions
  set stage = 'waiting', voicemail_queue_id = p_queue.id, updated_at = private.clock()
  where call_record_id = p_call_record_id;
  insert into private.queue_entries (call_record_id, queue_id, priority, joined_at, entered_at)
  values (p_call_record_id, p_queue.id, p_queue.priority, p_joined_at, private.clock())
  on conflict (call_record_id) where left_at is null do nothing;
end $$;
