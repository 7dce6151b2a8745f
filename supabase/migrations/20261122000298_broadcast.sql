-- Telling Supabase Realtime. This is the one place that does, and no transaction fails for want of it: the
-- messages say what the tables say, and whoever missed one reads those.

-- Sends a message to whoever listens to a private topic, once the transaction commits. Where there is no Realtime,
-- nothing. Realtime makes and drops partitions of its table, which wait for whoever reads it for long, such as a
-- dump; whoever wants to write waits behind them, and no time limit ends a commit. So the table is asked for with
-- little patience, once a transaction.
create or replace function private.broadcast(p_topic text, p_event text, p_payload jsonb)
  returns void
  language plpgsql
  volatile
  set search_path = ''
  set lock_timeout = '100ms'
as $$
begin
  if coalesce(current_setting('callcenter.realtime_locked', true), '') = '' then
    lock table only realtime.messages in row exclusive mode;
    perform realtime.send(p_payload, p_event, p_topic);
  end if;
exception
  when invalid_schema_name or undefined_function then
    null;
  when lock_not_available then
    perform set_config('callcenter.realtime_locked', 'yes', true);
    raise warning 'screens were not told: somebody has realtime.messages locked';
  when others then
    raise warning 'topic % was not told: %', p_topic, sqlerrm;
end $$;

-- The number of a topic's last message; 0: there was none.
create or replace function private.topic_version(p_topic text)
  returns bigint
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce((select version from private.live_topics where topic = p_topic), 0);
end $$;

-- The number of a topic's next message. Whoever has taken one holds the topic until they commit: so numbers follow
-- the order of commits, and what is read after this is at least as new as every message before. Several topics are
-- taken in the order of their names.
create or replace function private.next_version(p_topic text)
  returns bigint
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_version bigint;
begin
  insert into private.live_topics as t (topic, version) values (p_topic, 1)
  on conflict (topic) do update set version = t.version + 1
  returning version into v_version;
  return v_version;
end $$;

revoke execute on all functions in schema private from public;
