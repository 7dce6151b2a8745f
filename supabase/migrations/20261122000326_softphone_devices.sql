-- Which page is a user's softphone, and whether it is there. A page takes it, and from then on says every few seconds
-- that it lives: of one that does not, Twilio says nothing for minutes, and rings it.

-- How often a page says so.
create or replace function private.heartbeat_seconds()
  returns integer
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return 10;
end $$;

-- The page that is a user's softphone: {device, since, heartbeat_seconds}; null where none was.
create or replace function private.softphone_document(p_user_id uuid)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select jsonb_build_object('device', device, 'since', taken_at,
      'heartbeat_seconds', private.heartbeat_seconds())
    from private.softphones where user_id = p_user_id);
end $$;

-- A page says that it is a user's softphone, and lives: false where another one is. p_take: it becomes so.
create or replace function private.see_softphone(p_user_id uuid, p_device text, p_take boolean)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
begin
  insert into private.softphones as s (user_id, device, taken_at, seen_at)
  values (p_user_id, p_device, v_now, v_now)
  on conflict (user_id) do update
  set device = excluded.device, seen_at = excluded.seen_at,
      taken_at = case s.device when excluded.device then s.taken_at else excluded.taken_at end
  where s.device = excluded.device or p_take;
  return found;
end $$;

-- When a page was last seen that is dead at a moment: it missed two heartbeats. One that was never seen, or not for a
-- day, is no page that has any.
create or replace function private.dead_pages(p_at timestamptz)
  returns tstzrange
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return tstzrange(p_at - interval '1 day',
    p_at - make_interval(secs => 2 * private.heartbeat_seconds()), '()');
end $$;

-- Whether an agent's softphone was dead at a moment.
create or replace function private.softphone_was_dead(p_agent_id uuid, p_at timestamptz)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (select 1 from private.softphones s
    join public.call_center_agents a on a.user_id = s.user_id
    where a.id = p_agent_id and s.seen_at <@ private.dead_pages(p_at));
end $$;

revoke execute on all functions in schema private from public;
