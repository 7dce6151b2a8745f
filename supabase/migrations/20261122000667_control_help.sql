-- Call control: an agent asks for a supervisor (private.help_requests).
--
--   asked → answered: a supervisor came into the call; or over with the agent's part in it

-- Supervisors see that this call needs one, and the customer does not notice (p_request: user_id, call, reason).
-- Asked already: the reason is the last that was given.
create or replace function public.ask_for_help(p_request jsonb, p_process text)
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
begin
  perform private.require_action(v_call, v_asker, 'help');
  perform private.note_action(v_call.id, v_asker, 'help', jsonb_build_object('reason', v_request.reason));
  insert into private.help_requests as h (call_record_id, agent_id, reason, asked_at)
  values (v_call.id, v_asker.agent_id, v_request.reason, private.clock())
  on conflict (call_record_id, agent_id) where answered_at is null do update
  set reason = coalesce(excluded.reason, h.reason);
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.ask_for_help from public, anon, authenticated;
grant execute on function public.ask_for_help to service_role;

-- When nobody needed to come any more: the agent had left the call, or it was over. Null: that is not so.
create or replace function private.help_ended_at(p_help private.help_requests)
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return least(
    (select ended_at from public.call_records where id = p_help.call_record_id),
    (select case when bool_and(state = 'ended') then max(ended_at) end from private.call_offers
     where call_record_id = p_help.call_record_id and agent_id = p_help.agent_id));
end $$;

-- → answered: a supervisor is in the call.
create or replace function private.answer_help(p_call_record_id uuid, p_user_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.help_requests h set answered_by = p_user_id, answered_at = private.clock()
  where call_record_id = p_call_record_id and answered_at is null and private.help_ended_at(h) is null;
end $$;

-- Whoever was rung to hear the call, or to take it over, is there. Who is only being rung may not come.
create or replace function private.answer_help_by_coming()
  returns trigger
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.answer_help(new.call_record_id, coalesce(new.supervised_by,
    (select user_id from public.call_center_agents where id = new.agent_id)));
  return null;
end $$;
create or replace trigger call_offers_answer_help
  after update of state on private.call_offers
  for each row when (new.state = 'connected' and old.state <> 'connected'
    and (new.purpose = 'supervise' or (new.purpose = 'transfer' and new.invited_by = new.agent_id)))
  execute function private.answer_help_by_coming();

-- Whom agents asked for, and who came; ended_at: when that was over, answered or not.
create or replace function private.help_rows()
  returns table (id bigint, call_record_id uuid, agent_id uuid, reason text, asked_at timestamptz,
    answered_by uuid, answered_at timestamptz, ended_at timestamptz)
  language sql
  stable
  security definer  -- private table; the view admits its readers
  set search_path = ''
as $$
  select h.id, h.call_record_id, h.agent_id, h.reason, h.asked_at, h.answered_by, h.answered_at,
    case when h.answered_at is null then private.help_ended_at(h) else r.ended_at end
  from private.help_requests h join public.call_records r on r.id = h.call_record_id;
$$;

create or replace view public.help_requests
  with (security_invoker = true)  -- all rows for supervisors and the service, an agent their own
as
select h.id, h.call_record_id, h.agent_id, h.reason, h.asked_at, h.answered_by, h.answered_at, h.ended_at
from private.help_rows() h
where (select private.sees_everything()) or h.agent_id = (select private.my_agent_id());
comment on view public.help_requests is 'Agents who asked for a supervisor: open while neither answered_at nor ended_at is set.';

revoke all on public.help_requests from public, anon, authenticated, service_role;
grant select on public.help_requests to authenticated, service_role;

revoke execute on all functions in schema private from public;
grant execute on function private.help_rows to authenticated, service_role;
