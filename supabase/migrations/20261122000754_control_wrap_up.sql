-- Call control: what an agent is now and after this call, the time to write down what came of a call, and the
-- disposition that says it. A supervisor does each for any agent.

-- The agent whom an operation is about, locked: who asks, or for supervisors the one named.
create or replace function private.agent_for(p_request private.control_request, p_asker private.asker)
  returns public.call_center_agents
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_agent public.call_center_agents;
begin
  if coalesce(p_request.agent_id, p_asker.agent_id) is null then
    perform private.refuse(403, 'not_an_agent', 'Only an agent has a status and wrap-ups.');
  elsif not p_asker.is_supervisor
    and coalesce(p_request.agent_id <> p_asker.agent_id, false) then
    perform private.refuse(403, 'not_a_supervisor', 'Only supervisors do this for somebody else.');
  end if;
  select * into v_agent from public.call_center_agents
  where id = coalesce(p_request.agent_id, p_asker.agent_id) and archived_at is null for no key update;
  if v_agent.id is null then
    perform private.refuse(404, 'no_such_agent', 'There is no such agent.', '{"field": "agent_id"}');
  end if;
  return v_agent;
end $$;

-- Refuses (422) what is no status to choose, and a reason that is too long.
create or replace function private.check_status(p_request private.control_request)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if coalesce(p_request.status not in ('available', 'break', 'offline'), true) then
    perform private.refuse(422, 'unknown_status', 'The status is available, break or offline.',
      '{"field": "status"}');
  elsif length(p_request.reason) > 100 then
    perform private.refuse(422, 'too_long', 'The reason has at most 100 characters.',
      '{"field": "reason"}');
  end if;
end $$;

-- What an operation on an agent answers: their state, and what this process is to do at Twilio.
create or replace function private.state_answer(
  p_agent_id uuid, p_asker private.asker, p_process text)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_commands jsonb;
begin
  -- Who goes on break or offline is rung no more: at the end of the transaction, and here already, for the
  -- commands to be among those handed over.
  perform private.end_left_offers(100, p_agent_id);
  v_commands := private.hand_over_commands(p_process);
  return private.state_document(p_agent_id, p_asker) || jsonb_build_object('commands', v_commands);
end $$;

-- Is available, on break or offline at once (p_request: user_id, agent_id?, status, reason?). Calls that go on,
-- go on; what was to come after them is forgotten.
create or replace function public.set_my_status(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
  v_asker constant private.asker := private.asking(v_request);
  v_agent constant public.call_center_agents := private.agent_for(v_request, v_asker);
begin
  perform private.check_status(v_request);
  update public.call_center_agents
  set agent_status = v_request.status, aside_reason = null,
      break_reason = case v_request.status when 'break' then nullif(btrim(v_request.reason), '') end
  where id = v_agent.id;
  return private.state_answer(v_agent.id, v_asker, p_process);
end $$;
revoke execute on function public.set_my_status from public, anon, authenticated;
grant execute on function public.set_my_status to service_role;

-- Is it once this call and its wrap-up are over, at once where there is none (p_request: user_id, agent_id?,
-- status, reason?); status null takes that back.
create or replace function public.set_next_status(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
  v_asker constant private.asker := private.asking(v_request);
  v_agent constant public.call_center_agents := private.agent_for(v_request, v_asker);
begin
  if v_request.status is not null then
    perform private.check_status(v_request);
  end if;
  update public.call_center_agents
  set next_status = nullif(v_request.status, case when v_request.status <> 'break' then chosen_status end),
      next_reason = case v_request.status when 'break' then nullif(btrim(v_request.reason), '') end
  where id = v_agent.id;
  return private.state_answer(v_agent.id, v_asker, p_process);
end $$;
revoke execute on function public.set_next_status from public, anon, authenticated;
grant execute on function public.set_next_status to service_role;

-- Takes longer to wrap up (p_request: user_id, agent_id?, seconds), by wrap_up_extension_seconds in all.
create or replace function public.extend_wrap_up(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
  v_asker constant private.asker := private.asking(v_request);
  v_agent constant public.call_center_agents := private.agent_for(v_request, v_asker);
  v_now constant timestamptz := private.clock();
  v_until constant timestamptz := greatest(v_agent.wrap_up_until, v_now)
    + make_interval(secs => v_request.seconds);
  v_left constant integer := (select wrap_up_extension_seconds from private.settings)
    - v_agent.wrap_up_extended_seconds;
begin
  if not coalesce(private.wraps_up_until(v_agent) > v_now, false) then
    perform private.refuse(409, 'not_wrapping_up', 'There is no wrap-up to be extended.',
      jsonb_build_object('state', (private.time_of_agent(v_agent)).state));
  elsif coalesce(v_request.seconds, 0) < 1 then
    perform private.refuse(422, 'not_positive', 'At least one second.', '{"field": "seconds"}');
  elsif v_request.seconds > v_left then
    perform private.refuse(409, 'too_long', format('A wrap-up is extended by %s seconds more at most.',
      greatest(v_left, 0)), '{"field": "seconds", "state": "wrap_up"}');
  end if;
  update public.call_center_agents a
  set wrap_up_until = v_until,
      wrap_up_extended_seconds = a.wrap_up_extended_seconds + v_request.seconds,
      handling_seconds = a.handling_seconds + private.seconds_between(a.wrap_up_until, v_until),
      idle_since = v_until
  where a.id = v_agent.id;
  if v_agent.wrap_up_call_id is not null then
    perform private.note_action(v_agent.wrap_up_call_id, v_asker, 'extend_wrap_up',
      jsonb_build_object('seconds', v_request.seconds));
  end if;
  return private.state_answer(v_agent.id, v_asker, p_process);
end $$;
revoke execute on function public.extend_wrap_up from public, anon, authenticated;
grant execute on function public.extend_wrap_up to service_role;

-- Is done with wrap-up (p_request: user_id, agent_id?). Without one nothing changes. While a disposition is
-- owed only a supervisor ends it (409).
create or replace function public.finish_wrap_up(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
  v_asker constant private.asker := private.asking(v_request);
  v_agent constant public.call_center_agents := private.agent_for(v_request, v_asker);
begin
  if coalesce(private.wraps_up_until(v_agent) > private.clock(), false) then
    if v_agent.disposition_owed and not v_asker.is_supervisor then
      perform private.refuse(409, 'disposition_required', 'This call needs a disposition first.',
        '{"state": "wrap_up", "allowed_actions": ["disposition"]}');
    end if;
    update public.call_center_agents
    set wrap_up_until = null, disposition_owed = false, idle_since = private.clock()
    where id = v_agent.id;
    if v_agent.wrap_up_call_id is not null then
      perform private.note_action(v_agent.wrap_up_call_id, v_asker, 'finish_wrap_up');
    end if;
  end if;
  return private.state_answer(v_agent.id, v_asker, p_process);
end $$;
revoke execute on function public.finish_wrap_up from public, anon, authenticated;
grant execute on function public.finish_wrap_up to service_role;

-- Says what came of a call (p_request: user_id, call, disposition, notes?), as often as somebody likes; the last
-- word counts. Refused (422) where its queue has words of its own and this is none of them.
create or replace function public.set_disposition(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
  v_asker constant private.asker := private.asking(v_request);
  v_call constant public.call_records := private.call_for(v_request, v_asker);
  v_words constant text[] := private.dispositions_of(v_call);
  v_word constant text := btrim(coalesce(v_request.disposition, ''));
begin
  if length(v_word) not between 1 and 50 then
    perform private.refuse(422, 'bad_length', 'A disposition has 1 to 50 characters.',
      '{"field": "disposition"}');
  elsif length(v_request.notes) > 20000 then
    perform private.refuse(422, 'too_long', 'Notes have at most 20000 characters.',
      '{"field": "notes"}');
  elsif v_words <> '{}' and v_word <> all (v_words) then
    perform private.refuse(422, 'unknown_disposition',
      'The disposition is one of: ' || array_to_string(v_words, ', ') || '.',
      jsonb_build_object('field', 'disposition', 'allowed', v_words));
  end if;
  update public.call_records
  set disposition = v_word, disposition_by = v_asker.user_id,
      notes = coalesce(nullif(btrim(v_request.notes), ''), notes)
  where id = v_call.id;
  perform private.note_action(v_call.id, v_asker, 'disposition',
    jsonb_build_object('disposition', v_word));
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.set_disposition from public, anon, authenticated;
grant execute on function public.set_disposition to service_role;

revoke execute on all functions in schema private from public;
