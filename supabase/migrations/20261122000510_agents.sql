-- An agent's state: what they chose plus what is true. agent_status is derived from both, whoever
-- writes the row; writing it is how an agent says what they choose.

-- What everyone sees of an agent.
create or replace function private.shown_status(p_agent public.call_center_agents)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select case
    when p_agent.current_call_count > 0 or p_agent.wrap_up_until > private.clock()
      or p_agent.busy_until > private.clock() then 'busy'
    else p_agent.chosen_status end;
$$;

-- Reads a written agent_status as an intent, then derives what is shown. "busy" is a browser about
-- to place a call: it holds for a minute, and lapses if no call comes of it.
create or replace function private.derive_agent_status()
  returns trigger
  language plpgsql
  security definer  -- reads the clock in private; browsers update this table
  set search_path = ''
as $$
begin
  if tg_op = 'INSERT' or new.agent_status is distinct from old.agent_status then
    if new.agent_status = 'busy' then
      new.busy_until := private.clock() + interval '1 minute';
    elsif new.agent_status in ('available', 'break', 'offline') then
      new.chosen_status := new.agent_status;
      new.busy_until := null;
      new.rest_until := null;
      new.missed_offers := 0;
      new.aside_reason := null;
      new.skip_wrap_up := new.current_call_count > 0 and new.agent_status = 'available';
      new.wrap_up_until := null;
      new.idle_since := private.clock();
    else
      return new;  -- no status at all: the check refuses it by name
    end if;
  end if;
  new.agent_status := private.shown_status(new);
  if tg_op = 'INSERT' or new.agent_status <> old.agent_status then
    new.last_status_change := private.clock();
  end if;
  new.updated_at := private.clock();
  return new;
end $$;

create or replace trigger call_center_agents_status
  before insert or update on public.call_center_agents
  for each row execute function private.derive_agent_status();

-- current_call_count is the agent's live legs, in the transaction that changes them.
create or replace function private.count_agent_legs()
  returns trigger
  language plpgsql
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

create or replace trigger call_legs_count
  after insert or update of ended_at, agent_id or delete on private.call_legs
  for each row execute function private.count_agent_legs();

-- Whether an offer that ended so counts against the agent. One that lapsed does not: nobody told us
-- what the agent did, and after an outage of ours everybody would be set aside.
create or replace function private.counts_as_missed(p_outcome text)
  returns boolean
  language sql
  immutable
  set search_path = ''
as $$
  select p_outcome in ('no_answer', 'unreachable');
$$;

-- How long an agent is left alone after an offer that came to nothing.
create or replace function private.rest_after(p_outcome text)
  returns interval
  language sql
  immutable
  set search_path = ''
as $$
  select case p_outcome
    when 'no_answer' then interval '5 seconds'
    when 'rejected' then interval '15 seconds'
    when 'declined' then interval '15 seconds'
    when 'busy' then interval '30 seconds'
    when 'unreachable' then interval '60 seconds'
    when 'lapsed' then interval '15 seconds'
    when 'lost' then interval '5 seconds' end;
$$;

-- Ends an offer, whatever its state, and gives the agent's seat back: after a conversation with
-- wrap-up, after an offer that came to nothing with a rest, and aside once too many were missed.
create or replace function private.end_offer(p_offer_id uuid, p_outcome text, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer private.call_offers;
  v_missed constant boolean := private.counts_as_missed(p_outcome);
  v_wrap_up_seconds integer;
begin
  select * into v_offer from private.call_offers
  where id = p_offer_id and state <> 'ended';
  if not found then
    return;
  end if;
  select q.wrap_up_seconds into v_wrap_up_seconds from public.call_queues q
  where q.id = v_offer.queue_id and v_offer.connected_at is not null;
  update public.call_center_agents a
  set idle_since = private.clock(),
      rest_until = private.clock() + private.rest_after(p_outcome),
      missed_offers = case when v_missed then a.missed_offers + 1
        when v_offer.connected_at is not null then 0 else a.missed_offers end
  where a.id = v_offer.agent_id;
  -- With the customer of a callback who did not answer there was no conversation.
  perform private.count_handled(v_offer.agent_id, v_offer.connected_at, p_at,
    coalesce(v_wrap_up_seconds, 0))
  from public.call_records
  where id = v_offer.call_record_id and answered_at is not null and v_offer.connected_at is not null;
  update private.call_offers set state = 'ended', ended_at = p_at, outcome = p_outcome
  where id = p_offer_id;
  update private.queue_entries set offered = false
  where call_record_id = v_offer.call_record_id and left_at is null and offered;
  if v_missed then
    perform private.set_aside(v_offer.agent_id);
  end if;
  if v_offer.leg_sid is not null and v_offer.connected_at is null then
    perform private.hang_up_leg(v_offer.leg_sid, v_offer.call_record_id)
    from private.call_legs where call_sid = v_offer.leg_sid and ended_at is null;
  end if;
  perform private.withdraw_ringing(p_offer_id);
end $$;

-- The caller no longer waits: whoever is being rung for them is let go.
create or replace function private.stop_ringing(p_call_record_id uuid, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.end_offer(o.id, 'caller_left', p_at) from private.call_offers o
  where o.call_record_id = p_call_record_id and o.state in ('reserved', 'ringing');
  if found then
    update public.call_records set call_status = 'queued'
    where id = p_call_record_id and ended_at is null;
  end if;
end $$;

-- A conversation is over: the agent's figures, and the wrap-up that begins, unless the agent said
-- during the call that they want none.
create or replace function private.count_handled(
  p_agent_id uuid, p_from timestamptz, p_to timestamptz, p_wrap_up_seconds integer)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update public.call_center_agents a
  set total_calls_handled = a.total_calls_handled + 1,
      handling_seconds = a.handling_seconds + h.seconds,
      average_handling_time_seconds =
        round((a.handling_seconds + h.seconds) / (a.total_calls_handled + 1.0)),
      wrap_up_until = case when h.wrap_up = 0 then a.wrap_up_until
        else greatest(a.wrap_up_until, p_to + make_interval(secs => h.wrap_up)) end,
      skip_wrap_up = false
  from (
    select w.wrap_up, private.seconds_between(p_from, p_to) + w.wrap_up as seconds
    from (select case when skip_wrap_up then 0 else p_wrap_up_seconds end as wrap_up
      from public.call_center_agents where id = p_agent_id) w
  ) h
  where a.id = p_agent_id;
$$;

-- Redirection on no answer: an agent who let too many offers ring goes on break, and the
-- supervisor sees why.
create or replace function private.set_aside(p_agent_id uuid)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update public.call_center_agents
  set chosen_status = 'break', aside_reason = 'no_answer'
  where id = p_agent_id and chosen_status = 'available'
    and missed_offers >= (select missed_offers_limit from private.settings);
$$;

-- Takes back an offer's request to Twilio if nobody has carried it out yet.
create or replace function private.withdraw_ringing(p_offer_id uuid)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  update private.telephony_commands
  set state = 'failed', settled_at = private.clock(), result = '{"reason": "withdrawn"}'
  where kind = 'ring_agent' and target = p_offer_id::text and state = 'pending';
$$;
