-- The sweep: what time alone makes due, in parts. Each part is a transaction of its own, does a little
-- and says how much; a worker asks for it again while it did as much as it may. So no part grows with
-- agents or callers, holds anybody up, or takes the others with it when it fails.

-- Ends offers whose lease ran out; their calls go on waiting. Rows that others hold are left to the next
-- sweep: many calls and agents are locked here, in no order, and to wait for them could end in a deadlock.
create or replace function private.end_lapsed_offers(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer_id uuid;
  v_count integer := 0;
begin
  for v_offer_id in
    select o.id from private.call_offers o
    join public.call_records r on r.id = o.call_record_id
    where o.state in ('reserved', 'ringing') and o.expires_at < private.clock()
    order by o.expires_at limit p_limit for no key update of r skip locked
  loop
    perform 1 from public.call_center_agents
    where id = (select agent_id from private.call_offers where id = v_offer_id) for no key update skip locked;
    -- Looked at again, now that call and agent are locked; of a number outside there is no agent.
    if (found or exists (select 1 from private.call_offers where id = v_offer_id and agent_id is null))
      and exists (select 1 from private.call_offers where id = v_offer_id
        and state in ('reserved', 'ringing') and expires_at < private.clock()) then
      v_count := v_count + 1;
      begin
        perform private.end_offer(v_offer_id, 'lapsed', private.clock());
        perform private.after_offer(r, o) from private.call_offers o
        join public.call_records r on r.id = o.call_record_id where o.id = v_offer_id and o.purpose <> 'queue';
      exception when data_exception or integrity_constraint_violation then
        -- One bad row stops no other, and is tried again later.
        raise warning 'offer % did not lapse: % %', v_offer_id, sqlstate, sqlerrm;
        update private.call_offers set expires_at = private.clock() + interval '1 minute'
        where id = v_offer_id;
      end;
    end if;
  end loop;
  return v_count;
end $$;

-- Ends the offers that agents went on break or offline from, of one agent or of all: they are rung no
-- more, nothing is held against them, and their callers go on waiting. An agent's row may be locked
-- before the calls here, so no call is waited for: the sweep ends what was skipped.
create or replace function private.end_left_offers(p_limit integer, p_agent_id uuid default null)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer_id uuid;
  v_count integer := 0;
begin
  for v_offer_id in
    select o.id from private.call_offers o
    join public.call_center_agents a on a.id = o.agent_id and a.chosen_status <> 'available'
    join public.call_records r on r.id = o.call_record_id
    where o.state in ('reserved', 'ringing') and (p_agent_id is null or a.id = p_agent_id)
      and (o.purpose = 'queue' or (o.purpose = 'transfer' and o.invited_by is distinct from o.agent_id))
    limit p_limit for no key update of r, a skip locked
  loop
    if exists (select 1 from private.call_offers where id = v_offer_id
        and state in ('reserved', 'ringing')) then
      perform private.end_offer(v_offer_id, 'declined', private.clock());
      perform private.after_offer(r, o) from private.call_offers o
      join public.call_records r on r.id = o.call_record_id where o.id = v_offer_id;
      v_count := v_count + 1;
    end if;
  end loop;
  return v_count;
end $$;

-- An agent went on break or offline: at the end of that transaction nobody rings them any more.
create or replace function private.agent_stopped()
  returns trigger
  language plpgsql
  security definer  -- fired by a browser changing its status; touches private tables
  set search_path = ''
as $$
begin
  perform private.count_routing_due(-1);
  perform private.end_left_offers(100, new.id);
  return null;
end $$;

drop trigger if exists call_center_agents_stopped on public.call_center_agents;
create constraint trigger call_center_agents_stopped
  after update on public.call_center_agents
  deferrable initially deferred for each row
  when (old.chosen_status = 'available' and new.chosen_status <> 'available')
  execute function private.agent_stopped();
-- The router is due after it.
create or replace trigger call_center_agents_stopped_due
  after update on public.call_center_agents
  for each row when (old.chosen_status = 'available' and new.chosen_status <> 'available')
  execute function private.note_routing_due();

-- The parts, in their order: what makes agents and callers ready comes before their match.
create or replace function private.sweep_parts()
  returns text[]
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return array['lapsed_offers', 'left_offers', 'meetings', 'holds', 'overflow',
    'callbacks', 'unplaced_calls', 'transcriptions', 'recordings', 'late_commands', 'matches', 'statistics'];
end $$;

-- How much a part may do at once: what takes some 30 ms at the most. A callback's end is one a transaction, for it
-- touches its contact.
create or replace function private.sweep_limit(p_part text)
  returns integer
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case p_part
    when 'callbacks' then 1 when 'matches' then 5 when 'overflow' then 5 when 'statistics' then 500 else 10 end;
end $$;

-- Does one part; returns how much there was to do.
create or replace function private.sweep_part(p_part text)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_limit constant integer := private.sweep_limit(p_part);
begin
  case p_part
    when 'lapsed_offers' then return private.end_lapsed_offers(v_limit);
    when 'left_offers' then return private.end_left_offers(v_limit);
    when 'meetings' then return private.assume_meetings(v_limit) + private.tend_rooms(v_limit);
    -- Agents' wrap-ups and rests, callers who were put off: asked for all the time, so in one part.
    when 'holds' then return private.end_agents_holds(v_limit) + private.end_put_off(v_limit)
        + private.remind_of_holds(v_limit);
    when 'overflow' then return private.overflow_callers(v_limit);
    when 'callbacks' then return private.end_callbacks(v_limit);
    when 'unplaced_calls' then return private.end_unplaced_calls(v_limit) + private.name_placed_calls(v_limit);
    when 'transcriptions' then return private.chase_transcriptions(v_limit);
    when 'recordings' then return greatest(private.ask_due_deletions(v_limit), private.begin_deletions(v_limit),
      private.tend_copies(v_limit));
    when 'late_commands' then return private.end_late_commands(v_limit);
    when 'matches' then return private.match_free_agents(v_limit);
    when 'statistics' then return private.fold_stats(v_limit);
    else
      raise exception 'part: % is not a part of the sweep', p_part
        using errcode = '22023', hint = array_to_string(private.sweep_parts(), ', ');
  end case;
end $$;

-- Sweeps: one part, or all of them in one transaction (by hand, and in tests). Returns {done: how much
-- there was to do, by part; more: the parts that did as much as they may; commands}.
create or replace function public.sweep(p_process text, p_part text default null)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_part text;
  v_done integer;
  v_all jsonb := '{}';
  v_more jsonb := '[]';
begin
  foreach v_part in array case when p_part is null then private.sweep_parts() else array[p_part] end loop
    v_done := private.sweep_part(v_part);
    v_all := v_all || jsonb_build_object(v_part, v_done);
    if v_done >= private.sweep_limit(v_part) then
      v_more := v_more || to_jsonb(v_part);
    end if;
    perform private.route_now();
  end loop;
  return jsonb_build_object('done', v_all, 'more', v_more,
    'commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.sweep from public, anon, authenticated;
grant execute on function public.sweep to service_role;

-- What to ask Twilio about: {list_live_calls, silent_legs, unheard_recordings, calls_to_list}: live legs
-- not heard of for a while, or all live calls; recordings that should be here; now and then the list of
-- calls. Each is then not due again for a while.
create or replace function public.claim_questions()
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_list_live constant boolean := private.claim_live_listing();
begin
  return jsonb_build_object('list_live_calls', v_list_live,
    'silent_legs', case when v_list_live then '[]' else private.claim_silent_legs() end,
    'unheard_recordings', private.claim_recording_checks(),
    'calls_to_list', private.claim_calls_listing());
end $$;
revoke execute on function public.claim_questions from public, anon, authenticated;
grant execute on function public.claim_questions to service_role;

revoke execute on all functions in schema private from public;
