-- For ops: whether what screens are told can reach them. Nothing that stands in its way raises an error, so somebody
-- has to look (`callcenter doctor`).

-- Whether messages of today have a place: Realtime makes one a day, while clients are connected.
create or replace function private.has_message_partition()
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (
    select 1 from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
    where i.inhparent = to_regclass('realtime.messages')
      and c.relname = to_char(localtimestamp, '"messages_"YYYY_MM_DD'));
end $$;

-- Tells the topic callcenter:doctor something, which no policy opens to users, and says how all is set up:
-- {realtime, policies, unpublished, partition, stored}.
create or replace function public.try_broadcast()
  returns jsonb
  language plpgsql
  volatile
  security definer  -- realtime.messages has policies; only service_role may execute
  set search_path = ''
as $$
declare
  v_id constant uuid := gen_random_uuid();
  v_stored boolean := false;
begin
  if to_regclass('realtime.messages') is null then
    return '{"realtime": false, "policies": false, "unpublished": [], "partition": false, "stored": false}';
  end if;
  perform private.broadcast('callcenter:doctor', 'tried', jsonb_build_object('id', v_id));
  execute 'select exists (select 1 from realtime.messages'
    ' where topic = ''callcenter:doctor'' and inserted_at >= localtimestamp and payload ->> ''id'' = $1)'
    into v_stored using v_id::text;
  return jsonb_build_object('realtime', true,
    'policies', exists (select 1 from pg_catalog.pg_policies
      where schemaname = 'realtime' and tablename = 'messages' and qual like '%private.may_listen(%'),
    'unpublished', (select coalesce(jsonb_agg(t), '[]') from unnest(array['call_records']) t
      where not exists (select 1 from pg_catalog.pg_publication_tables
        where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = t)),
    'partition', private.has_message_partition(),
    'stored', v_stored);
end $$;
revoke execute on function public.try_broadcast from public, anon, authenticated;
grant execute on function public.try_broadcast to service_role;

revoke execute on all functions in schema private from public;
