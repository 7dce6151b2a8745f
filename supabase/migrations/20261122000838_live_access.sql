-- Who hears what, live. Topics (live.sql, wallboard.sql) are private channels of Realtime; nobody who signs in may
-- send on one. The published table is for pages that follow their calls by Postgres Changes: with the default replica
-- identity a row that is deleted tells its key, and nothing else of it, to whoever follows.

-- Whether who asks may listen to a topic.
create or replace function private.may_listen(p_topic text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce(case
    when p_topic = 'supervisors' then private.is_admin()
    when p_topic like 'agent:%' then
      substr(p_topic, 7) = private.my_agent_id()::text or private.is_admin()
    when p_topic like 'queue:%' then
      exists (select 1 from private.my_queue_ids() q where q::text = substr(p_topic, 7)) or private.is_admin()
    end, false);
end $$;

revoke execute on all functions in schema private from public;
grant execute on function private.may_listen to authenticated;

do $$
begin
  if to_regclass('realtime.messages') is null or to_regprocedure('realtime.topic()') is null then
    raise notice 'there is no Supabase Realtime here: screens are not told, all else works';
    return;
  end if;
  drop policy if exists "agents hear their desk and queues, supervisors all" on realtime.messages;
  create policy "agents hear their desk and queues, supervisors all" on realtime.messages
    for select to authenticated
    using (extension = 'broadcast' and (select private.may_listen((select realtime.topic()))));
end $$;

do $$
begin
  if exists (select 1 from pg_publication where pubname = 'supabase_realtime' and not puballtables)
    and not exists (select 1 from pg_publication_tables where pubname = 'supabase_realtime'
      and schemaname = 'public' and tablename = 'call_records') then
    alter publication supabase_realtime add table public.call_records;
  end if;
end $$;
