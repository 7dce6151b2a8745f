-- Deleting a row at any moment of a call. What has a past is archived instead, so that yesterday's calls
-- and figures stay; what somebody is on the line for is refused, with the reason (PT409: PostgREST
-- answers 409); and whoever is being rung or waits goes on as if the agent had left, or the queue closed.
--
-- A row that is deleted is locked before its triggers run, and so before its calls: against the lock
-- order. Calls are therefore never waited for here.

-- Locks calls that a deletion will change; refuses where one of them is changing at this moment.
create or replace function private.lock_calls_or_refuse(p_what text, p_call_record_ids uuid[])
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform 1 from public.call_records where id = any (p_call_record_ids)
  order by id for no key update nowait;
exception
  when lock_not_available then
    raise exception '% has a call that is changing at this moment', p_what
      using errcode = 'PT409', hint = 'Try again.';
end $$;

-- Calls: not while somebody is on the line or being rung for it.
create or replace function private.refuse_to_delete_live_call()
  returns trigger
  language plpgsql
  security definer  -- private tables; supervisors delete calls
  set search_path = ''
as $$
begin
  if exists (select 1 from private.call_legs where call_record_id = old.id and ended_at is null)
    or exists (select 1 from private.call_offers where call_record_id = old.id and state <> 'ended')
    or private.attempt_may_live(old.id) then
    raise exception 'call % is live', old.call_id using errcode = 'PT409', hint = 'End it first.';
  end if;
  return old;
end $$;

create or replace trigger call_records_delete
  before delete on public.call_records
  for each row execute function private.refuse_to_delete_live_call();

-- Contacts: at any time; their calls stay, and lose them.
create or replace function private.lock_calls_of_contact()
  returns trigger
  language plpgsql
  security definer  -- locks calls, whoever may change them
  set search_path = ''
as $$
begin
  perform private.lock_calls_or_refuse('contact ' || old.phone_number, array(
    select id from public.call_records where contact_id = old.id));
  return old;
end $$;

create or replace trigger crm_contacts_delete
  before delete on public.crm_contacts
  for each row execute function private.lock_calls_of_contact();

-- Whether an agent is on the line: with a customer, or on the way to one; being rung is not.
create or replace function private.is_on_a_call(p_agent_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (select 1 from private.call_offers where agent_id = p_agent_id and state = 'connected')
    or exists (
      select 1 from private.call_legs l where l.agent_id = p_agent_id and l.ended_at is null
        and not exists (select 1 from private.call_offers o
          where o.leg_sid = l.call_sid and o.state in ('reserved', 'ringing')));
end $$;

-- Whether anything of the past refers to an agent.
create or replace function private.agent_has_past(p_agent_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (select 1 from public.call_records where agent_id = p_agent_id)
    or exists (select 1 from private.call_offers where agent_id = p_agent_id)
    or exists (select 1 from public.call_records where transferred_to_agent_id = p_agent_id)
    or exists (select 1 from public.call_notes where agent_id = p_agent_id)
    or exists (select 1 from public.voicemails where listened_by_agent_id = p_agent_id)
    or exists (select 1 from private.call_legs where agent_id = p_agent_id);
end $$;

-- An agent goes while being rung: their callers wait on, and the next agents are rung; what follows for a customer
-- in a room is decided as of anybody who did not come. The row that goes may not be changed any more, so the offers
-- are nobody's before they end.
create or replace function private.leave_offers_of_agent(p_agent_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_offer_id uuid;
begin
  for v_offer_id in
    update private.call_offers set agent_id = null
    where agent_id = p_agent_id and state <> 'ended' returning id
  loop
    perform private.end_offer(v_offer_id, 'lost', private.clock());
    perform private.after_offer(r, o) from private.call_offers o
    join public.call_records r on r.id = o.call_record_id where o.id = v_offer_id;
  end loop;
end $$;

-- Agents: not while they are on a call; one with a past is archived. With their user they do go, for
-- nothing may outlive it, and calls then say nobody. What is archived stays.
create or replace function private.keep_agent()
  returns trigger
  language plpgsql
  security definer  -- private tables; supervisors delete agents, and the auth server users
  set search_path = ''
as $$
declare
  v_user_goes constant boolean := not exists (select 1 from auth.users where id = old.user_id);
begin
  if v_user_goes then
    perform private.lock_calls_or_refuse('agent ' || old.extension, array(
      select id from public.call_records where agent_id = old.id
      union select id from public.call_records where transferred_to_agent_id = old.id
      union select call_record_id from private.call_offers where agent_id = old.id
      union select call_record_id from private.call_legs where agent_id = old.id));
  end if;
  if private.is_on_a_call(old.id) then
    raise exception 'agent % is on a call', old.extension
      using errcode = 'PT409', hint = 'End the call first.';
  elsif v_user_goes then
    perform private.leave_offers_of_agent(old.id);
    return old;
  elsif old.archived_at is null and not private.agent_has_past(old.id) then
    return old;
  elsif old.archived_at is null then
    perform private.archive_agent(old.id);
  end if;
  return null;
end $$;

create or replace trigger call_center_agents_delete
  before delete on public.call_center_agents
  for each row execute function private.keep_agent();

-- Users: their agent's row is locked with them, or they stay. Whoever changes an agent twice in one
-- transaction has Postgres look for the user in between, and would wait for the deletion that waits for
-- them.
create or replace function private.lock_agent_of_user()
  returns trigger
  language plpgsql
  security definer  -- the auth server has no grant on agents
  set search_path = ''
as $$
begin
  perform 1 from public.call_center_agents where user_id = old.id for update nowait;
  return old;
exception
  when lock_not_available then
    raise exception 'the agent of user % is changing at this moment', old.id
      using errcode = 'PT409', hint = 'Try again.';
end $$;

create or replace trigger callcenter_lock_agent
  before delete on auth.users
  for each row execute function private.lock_agent_of_user();

-- Whether anything of the past refers to a queue.
create or replace function private.queue_has_past(p_queue_id uuid)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (select 1 from public.call_records where queue_id = p_queue_id)
    or exists (select 1 from public.voicemails where queue_id = p_queue_id)
    or exists (select 1 from private.call_offers where queue_id = p_queue_id)
    or exists (select 1 from private.queue_entries where queue_id = p_queue_id);
end $$;

-- Queues: one with a past is archived, which is closed for good, with nobody in it and its name free for
-- another. Who waits on the line goes on as from every queue that closes, when their document is next
-- asked for; who waits for a callback, with the next sweep. What is archived stays.
create or replace function private.keep_queue()
  returns trigger
  language plpgsql
  security definer  -- private tables; supervisors delete queues
  set search_path = ''
as $$
begin
  if old.archived_at is null and not private.queue_has_past(old.id) then
    return old;
  elsif old.archived_at is null then
    update public.call_queues
    set archived_at = private.clock(), active = false, agent_ids = '{}',
        name = left(name, 80) || ' (archived ' || left(id::text, 8) || ')'
    where id = old.id;
    update public.call_queues set overflow_queue_id = null where overflow_queue_id = old.id;
  end if;
  return null;
end $$;

-- Its name sorts it behind the trigger that refuses to delete a queue that a script names.
create or replace trigger call_queues_keep_past
  before delete on public.call_queues
  for each row execute function private.keep_queue();

-- Who the archived were: {kind: agent or queue, id, name, archived_at}.
create or replace function private.archived_rows()
  returns table (kind text, id uuid, name text, archived_at timestamptz)
  language sql
  stable
  security definer  -- policies show archived rows to nobody; the view admits its readers
  set search_path = ''
as $$
  select 'agent', a.id, a.extension, a.archived_at
  from public.call_center_agents a where a.archived_at is not null
  union all
  select 'queue', q.id, q.name, q.archived_at
  from public.call_queues q where q.archived_at is not null;
$$;

-- For lists of past calls, which name agents and queues by id.
create or replace view public.archived
  with (security_invoker = true)  -- rows for supervisors and the service, none for others
as
select r.kind, r.id, r.name, r.archived_at from private.archived_rows() r
where (select private.sees_everything());
comment on view public.archived is 'Agents and queues that were deleted and whose calls and figures stay.';

revoke all on public.archived from public, anon, authenticated, service_role;
grant select on public.archived to authenticated, service_role;

revoke execute on all functions in schema private from public;
grant execute on function private.archived_rows to authenticated, service_role;
