-- What Twilio knows and we may have missed: callbacks get lost, and while the database is away
-- nobody takes them in. The sweep says what to ask about; the worker asks and tells it here.

-- Ended calls whose recordings Twilio is to be asked for. A row goes once all that was expected is
-- here, or tries_left has run out.
create table if not exists private.recording_checks (
  call_record_id uuid primary key references public.call_records (id) on delete cascade,
  due_at timestamptz not null,
  tries_left integer not null constraint tries_left_not_negative check (tries_left >= 0),
  tries integer not null default 0
);
create index if not exists recording_checks_due_idx on private.recording_checks (due_at);

-- One row: up to when Twilio's list of calls has been taken in (null before the first sweep, from which
-- on it is), when it is asked for next, and when the list of live calls may be.
create table if not exists private.calls_listing (
  only_row boolean primary key default true constraint calls_listing_one_row check (only_row),
  complete_until timestamptz,
  due_at timestamptz not null,
  live_due_at timestamptz not null
);
insert into private.calls_listing (due_at, live_due_at)
values (private.clock(), private.clock()) on conflict do nothing;

-- Live legs not heard of for half a minute, of those that wait for their turn at Twilio for ten
-- seconds: their SIDs, to be asked for one by one. Each is not due again before that time is over.
create or replace function private.claim_silent_legs()
  returns jsonb
  language sql
  volatile
  set search_path = ''
as $$
  with silent as (
    update private.call_legs set last_heard_at = private.clock()
    where call_sid in (select call_sid from private.call_legs
      where ended_at is null and last_heard_at < private.clock() - interval '10 seconds'
        and (last_heard_at < private.clock() - interval '30 seconds'
          or (role = 'agent' and status = 'queued'))
      order by last_heard_at limit 50 for no key update skip locked)
    returning call_sid
  )
  select coalesce(jsonb_agg(call_sid), '[]') from silent;
$$;

-- Whether so many legs are silent that one list of Twilio's live calls is asked for first; those it
-- doesn't hold are then asked for one by one.
create or replace function private.claim_live_listing()
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.calls_listing set live_due_at = private.clock() + interval '30 seconds'
  where only_row in (select only_row from private.calls_listing
      where live_due_at <= private.clock() for update skip locked)
    and 20 < (select count(*) from (select 1 from private.call_legs
      where ended_at is null and last_heard_at < private.clock() - interval '30 seconds'
      limit 21) as silent);
  return found;
end $$;

-- The calls that are in progress, says Twilio: nothing was missed of a caller on the line, nor of an
-- agent we know to have answered.
create or replace function public.receive_live_calls(p_call_sids text[])
  returns void
  language sql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
  update private.call_legs set last_heard_at = private.clock()
  where call_sid in (select call_sid from private.call_legs
    where call_sid = any (p_call_sids) and ended_at is null
      and (role = 'caller' or status = 'in_progress')
    for no key update skip locked);
$$;

revoke execute on function public.receive_live_calls(text[]) from public, anon, authenticated;
grant execute on function public.receive_live_calls(text[]) to service_role;

-- Whether Twilio is likely to have recorded something of a call that ends in this stage: a message
-- was asked for, agent and caller talked, or the call began without us, with an apology and a tape.
create or replace function private.expects_recording(p_call public.call_records, p_stage text)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select p_stage = 'voicemail' or coalesce(p_call.recording_status = 'in_progress', false)
    or (p_call.answered_at is not null and exists (
      select 1 from public.call_queues where id = p_call.queue_id and record_calls))
    or not exists (select 1 from private.call_events
      where call_record_id = p_call.id and source = 'incoming-call');
$$;

-- Whether something that may have been recorded is not here: a room for each agent who took the call,
-- or else a message.
create or replace function private.lacks_recording(p_call_record_id uuid)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select case when rooms = 0
    then not exists (select 1 from public.voicemails where call_record_id = p_call_record_id)
    else rooms > (select count(*) from private.call_recordings
      where call_record_id = p_call_record_id and status <> 'in_progress') end
  from (select count(*) from private.call_offers
    where call_record_id = p_call_record_id and connected_at is not null) as taken (rooms);
$$;

-- Has Twilio asked for the recordings of a call that ends, a while later, if they aren't here by
-- then. Once or twice of every call that nobody answered: an apology's tape may run in any, and we
-- would not know.
create or replace function private.check_recordings_later(p_call public.call_records)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  insert into private.recording_checks (call_record_id, due_at, tries_left)
  select p_call.id, private.clock() + interval '30 seconds',
    case when private.expects_recording(p_call, s.stage) then 6 else 2 end
  from private.call_sessions s
  where s.call_record_id = p_call.id and private.lacks_recording(p_call.id)
    and p_call.disposition is distinct from 'rejected'
    and (p_call.answered_at is null or private.expects_recording(p_call, s.stage))
  on conflict do nothing;
$$;

-- A recording's end is told. Where it was all, nobody asks any more; a silent tape is all of a call
-- that nobody answered.
create or replace function private.settle_recording_check(
  p_call public.call_records, p_status text, p_source text)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  delete from private.recording_checks
  where call_record_id = p_call.id and p_status <> 'in_progress'
    and (not private.lacks_recording(p_call.id)
      or (p_call.answered_at is null and p_source = 'RecordVerb'));
$$;

-- The calls whose recordings are to be asked for now: [{call_record_id, call_sid, conference}]; each
-- again after twice the time, until it is settled or tried often enough.
create or replace function private.claim_recording_checks()
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_asked jsonb;
begin
  delete from private.recording_checks where tries_left = 0 and due_at <= private.clock();
  with due as (
    select call_record_id from private.recording_checks where due_at <= private.clock()
    order by due_at limit 20 for update skip locked
  ), asked as (
    update private.recording_checks c
    set tries_left = c.tries_left - 1, tries = c.tries + 1,
        due_at = private.clock() + interval '1 minute' * power(2, c.tries)
    from due where c.call_record_id = due.call_record_id
    returning c.call_record_id
  )
  select coalesce(jsonb_agg(jsonb_build_object('call_record_id', r.id,
    'call_sid', (select call_sid from private.call_legs
      where call_record_id = r.id and role = 'caller' order by started_at desc limit 1),
    'conference', case when exists (select 1 from private.call_offers
      where call_record_id = r.id and connected_at is not null) then 'call-' || r.id end)), '[]')
  into v_asked from asked join public.call_records r on r.id = asked.call_record_id;
  return v_asked;
end $$;

-- The list of calls to ask Twilio for, once a minute: {since, until}; null while it is not due. A
-- quarter of an hour is asked for again, for calls that Twilio lists late; a day at most.
create or replace function private.claim_calls_listing()
  returns jsonb
  language sql
  volatile
  set search_path = ''
as $$
  update private.calls_listing
  set due_at = private.clock() + interval '1 minute',
      complete_until = coalesce(complete_until, private.clock())
  where only_row in (select only_row from private.calls_listing
    where due_at <= private.clock() for update skip locked)
  returning jsonb_build_object(
    'since', greatest(complete_until - interval '15 minutes', private.clock() - interval '1 day'),
    'until', private.clock());
$$;

-- Takes in Twilio's list of calls to our numbers: those we never heard of, and the ends that we
-- missed. p_calls: events as record_call_event takes them, with reached_fallback where somebody at the
-- fallback number took the call without us; p_until: up to when the list goes.
create or replace function public.receive_listed_calls(
  p_calls jsonb, p_until timestamptz, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_call jsonb;
begin
  for v_call in
    select c from jsonb_array_elements(p_calls) c
    where not exists (select 1 from private.call_legs l where l.call_sid = c ->> 'call_sid'
      and (l.ended_at is not null or private.leg_rank(c ->> 'status') < 4))
    order by c ->> 'call_sid'
  loop
    perform private.take_in_call_event(v_call);
  end loop;
  update public.call_records r
  set disposition = 'transferred',
      call_status = case when r.ended_at is null then r.call_status else 'completed' end
  from jsonb_array_elements(p_calls) c
  where r.call_id = c ->> 'call_sid' and (c ->> 'reached_fallback')::boolean
    and r.answered_at is null and coalesce(r.disposition, 'abandoned') = 'abandoned';
  update private.calls_listing set complete_until = greatest(complete_until, p_until);
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;

revoke execute on function public.receive_listed_calls(jsonb, timestamptz, text)
  from public, anon, authenticated;
grant execute on function public.receive_listed_calls(jsonb, timestamptz, text) to service_role;
