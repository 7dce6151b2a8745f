-- What is the same for every offer of a kind: who has the customer, what a leg is in its call, and for how
-- long it may ring. Nothing here changes anything.

-- Whether somebody who is rung for this purpose talks with the customer, and has the call.
create or replace function private.has_customer(p_purpose text)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return p_purpose in ('queue', 'placed', 'return', 'transfer');
end $$;

-- What the leg is in its call (call_legs.role) that is rung for a purpose.
create or replace function private.offer_role(p_purpose text, p_agent_id uuid)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case when p_purpose = 'supervise' then 'supervisor' when p_agent_id is null then 'consult'
    else 'agent' end;
end $$;

-- How long an offer may ring before it is taken for lost: what Twilio was asked, and a little more.
create or replace function private.ring_lease(p_queue_id uuid)
  returns interval
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return make_interval(secs => coalesce(
    (select ring_timeout_seconds from public.call_queues where id = p_queue_id), 20) + 10);
end $$;

-- How long an agent who answered has to hear who calls and press the key.
create or replace function private.confirm_lease()
  returns interval
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return interval '45 seconds';
end $$;

revoke execute on all functions in schema private from public;
