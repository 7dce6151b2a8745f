-- What Twilio knows and we may have missed: callbacks get lost, and none is taken in while the database
-- does not answer. The functions claim_… say what Twilio is to be asked about now, the worker asks, and
-- the functions receive_… take in what it answered.

-- The SIDs of live legs not heard of for half a minute (ten seconds, while an agent's leg waits to be started
-- by Twilio), to be asked about one by one. Each is then not due again for as long.
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

-- Takes in which calls Twilio says are in progress. Callers among them, and agents who we know answered,
-- count as heard of: nothing was missed of them. Other agents' legs are asked about one by one.
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
      and (role in ('caller', 'customer') or status = 'in_progress')
    for no key update skip locked);
$$;
revoke execute on function public.receive_live_calls from public, anon, authenticated;
grant execute on function public.receive_live_calls to service_role;

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
      where call_record_id = r.id and role in ('caller', 'customer') order by started_at desc limit 1),
    'conference', case when exists (select 1 from private.call_offers
      where call_record_id = r.id and connected_at is not null) then private.room_name(r.id) end)), '[]')
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

-- Takes in one call of Twilio's list. One that can't be taken in, for what Twilio says of it, stands in the
-- way of no other and is named in Postgres's log.
create or replace function private.take_in_listed_call(p_event private.leg_event)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.take_in_leg_event(p_event);
exception
  when deadlock_detected or serialization_failure or lock_not_available then
    raise;
  when others then
    raise warning 'call % of the list was not taken in: % %', p_event.call_sid, sqlstate, sqlerrm;
end $$;

-- Takes in Twilio's list of calls to our numbers: those we never heard of, and the ends that we
-- missed; p_limit of them at most. p_calls: leg_events; p_until: up to when the list goes. Returns
-- {commands, left}: how many are still to be taken in. Each is better taken in by a transaction of its
-- own, for what one holds another may wait for; those of one transaction are locked in one order.
create or replace function public.receive_listed_calls(
  p_calls jsonb, p_until timestamptz, p_process text, p_limit integer default null)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_news private.leg_event[];
  v_call private.leg_event;
  v_left integer;
begin
  select coalesce(array_agg(c order by c.call_sid), '{}') into v_news
  from jsonb_populate_recordset(null::private.leg_event, p_calls) c
  where not exists (select 1 from private.call_legs l where l.call_sid = c.call_sid
    and (l.ended_at is not null or private.leg_rank(c.status) < 4));
  v_left := greatest(0, cardinality(v_news) - p_limit);
  v_news := v_news[1:coalesce(p_limit, cardinality(v_news))];
  perform 1 from public.call_records where id in (select l.call_record_id
    from private.call_legs l join unnest(v_news) n on n.call_sid = l.call_sid)
  order by id for no key update;
  foreach v_call in array v_news loop
    perform private.take_in_listed_call(v_call);
  end loop;
  if coalesce(v_left, 0) = 0 then
    perform private.set_resolution(r.id, 'transfer')
    from jsonb_populate_recordset(null::private.leg_event, p_calls) c
    join public.call_records r on r.call_id = c.call_sid
    join private.call_sessions s on s.call_record_id = r.id and s.resolution is null
    where c.reached_fallback and r.answered_at is null;
    update private.calls_listing set complete_until = greatest(complete_until, p_until)
    where only_row;
  end if;
  return jsonb_build_object('left', coalesce(v_left, 0),
    'commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.receive_listed_calls from public, anon, authenticated;
grant execute on function public.receive_listed_calls to service_role;

revoke execute on all functions in schema private from public;
