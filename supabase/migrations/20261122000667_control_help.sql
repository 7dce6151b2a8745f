-- Call control: an agent asks for a supervisor (private.help_requests).
--
--   asked → answered: a supervisor came into the call; or over with the call

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
  on conflict (call_record_id) where answered_at is null do update
  set reason = coalesce(excluded.reason, h.reason);
  return private.control_answer(v_call.id, v_asker, p_process);
end $$;
revoke execute on function public.ask_for_help from public, anon, authenticated;
grant execute on function public.ask_for_help to service_role;

-- → answered: a supervisor came.
create or replace function private.answer_help(p_call_record_id uuid, p_asker private.asker)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.help_requests set answered_by = p_asker.user_id, answered_at = private.clock()
  where call_record_id = p_call_record_id and answered_at is null;
end $$;

-- Whom agents asked for, and who came; ended_at: the call's end, which is that of its request.
create or replace function private.help_rows()
  returns table (id bigint, call_record_id uuid, agent_id uuid, reason text, asked_at timestamptz,
    answered_by uuid, answered_at timestamptz, ended_at timestamptz)
  language sql
  stable
  security definer  -- private table; the view admits its readers
  set search_path = ''
as $$
  select h.id, h.call_record_id, h.agent_id, h.reason, h.asked_at, h.answered_by, h.answered_at, r.ended_at
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
