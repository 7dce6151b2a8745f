-- Who asks for an operation of call control, what is answered where it is refused, and the account of
-- what was asked. An operation comes over HTTP, from a user whom the service knows by their token.

-- Recreated whole: nothing is stored in it.
drop type if exists private.asker cascade;

-- Somebody who asks: an agent (agent_id), a supervisor or gerente, or both.
create type private.asker as (
  user_id uuid,
  agent_id uuid,
  is_supervisor boolean
);

-- Refuses an operation, which then changed nothing. PostgREST answers with the status; the details are
-- {code, field?, state?, allowed_actions?, retry_after?}.
create or replace function private.refuse(
  p_status integer, p_code text, p_message text, p_more jsonb default '{}')
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  raise exception '%', p_message using
    errcode = 'PT' || p_status,
    detail = (jsonb_build_object('code', p_code) || coalesce(p_more, '{}'))::text;
end $$;

-- A signed-in user is refused (403) who is no supervisor.
create or replace function private.require_admin()
  returns void
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  if not private.is_admin() then
    perform private.refuse(403, 'not_a_supervisor', 'Only supervisors may do this.');
  end if;
end $$;

-- Somebody as who asks: a user, and the agent that they are, if they are one.
create or replace function private.asker_of(p_user_id uuid, p_agent_id uuid)
  returns private.asker
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (p_user_id, p_agent_id, exists (select 1 from public.profiles
    where id = p_user_id and role in ('supervisor', 'gerente')))::private.asker;
end $$;

-- Who asks; refused (403) where they are neither an agent nor a supervisor.
create or replace function private.asking(p_request private.control_request)
  returns private.asker
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_asker constant private.asker := private.asker_of(p_request.user_id, (
    select id from public.call_center_agents
    where user_id = p_request.user_id and archived_at is null));
begin
  if v_asker.agent_id is null and not v_asker.is_supervisor then
    perform private.refuse(403, 'not_an_agent', 'Only agents and supervisors may do this.');
  end if;
  return v_asker;
end $$;

-- The softphone of who asks, as Twilio knows it: the agent's, or a supervisor's who takes no calls.
create or replace function private.softphone_of(p_asker private.asker)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return coalesce(private.client_identity(p_asker.agent_id),
    'supervisor_' || replace(p_asker.user_id::text, '-', ''));
end $$;

-- Writes down what somebody asked of a call, in the transaction that did it.
create or replace function private.note_action(
  p_call_record_id uuid, p_asker private.asker, p_action text, p_detail jsonb default '{}')
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.call_actions (call_record_id, user_id, agent_id, action, detail, at)
  values (p_call_record_id, p_asker.user_id, p_asker.agent_id, p_action, p_detail, private.clock());
end $$;

revoke execute on all functions in schema private from public;
