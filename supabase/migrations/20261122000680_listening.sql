-- Listening to recordings, of conversations and of messages: who may, and who did.

-- Recreated whole: nothing is stored in it.
drop type if exists private.audible cascade;

-- A recording that somebody may hear: of a call, or of a message that was left in one.
create type private.audible as (
  recording_sid text,
  call_record_id uuid,
  voicemail_id uuid,
  duration_seconds integer,
  -- As call_records.recording_status has it.
  status text,
  legal_hold boolean
);

-- A recording, for who asks; refused (404) where it is none of theirs, as if there were none. Whoever sees the row
-- in the browser may hear it (policies.sql): an agent their calls and those transferred to them, and the messages
-- of their queues; supervisors all.
create or replace function private.recording_for(p_recording_sid text, p_asker private.asker)
  returns private.audible
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_audible private.audible;
begin
  select r.recording_sid, c.id, null, r.duration_seconds, r.status, c.legal_hold into v_audible
  from private.call_recordings r join public.call_records c on c.id = r.call_record_id
  where r.recording_sid = p_recording_sid
    and (p_asker.is_supervisor or p_asker.agent_id in (c.agent_id, c.transferred_to_agent_id));
  if v_audible.recording_sid is null then
    select v.recording_sid, v.call_record_id, v.id, v.duration_seconds, v.recording_status,
      private.is_message_held(v)
    into v_audible
    from public.voicemails v
    where v.recording_sid = p_recording_sid
      and (p_asker.is_supervisor or exists (select 1 from private.queue_members m
        where m.queue_id = v.queue_id and m.agent_id = p_asker.agent_id));
  end if;
  if v_audible.recording_sid is null then
    perform private.refuse(404, 'no_such_recording', 'There is no such recording of yours.',
      '{"field": "recording"}');
  end if;
  return v_audible;
end $$;

-- The same, to hear it: refused (404) too where it is deleted, or is about to be.
create or replace function private.audible_for(p_recording_sid text, p_asker private.asker)
  returns private.audible
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_audible constant private.audible := private.recording_for(p_recording_sid, p_asker);
begin
  if v_audible.status in ('deleting', 'deleted', 'delete_failed') then
    perform private.refuse(404, 'recording_deleted', 'The recording is deleted.',
      jsonb_build_object('state', v_audible.status));
  end if;
  return v_audible;
end $$;

-- Whether somebody may hand a recording to their player (p_request: user_id, recording); refused where not.
create or replace function public.share_recording(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
begin
  perform private.audible_for(v_request.recording, private.asking(v_request));
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.share_recording from public, anon, authenticated;
grant execute on function public.share_recording to service_role;

-- The row of a time that somebody listens. A player asks for one part after the other: within half an hour of the
-- last it is the same time, unless they are so many parts that each would cost more than the one before.
create or replace function private.listen_of(
  p_audible private.audible, p_asker private.asker, p_format text)
  returns bigint
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_id bigint;
begin
  update private.recording_listens set last_at = v_now
  where id = (select id from private.recording_listens
    where recording_sid = p_audible.recording_sid and user_id = p_asker.user_id and format = p_format
      and last_at > v_now - interval '30 minutes'
      and (select count(*) from unnest(delivered)) < 200
    order by last_at desc limit 1)
  returning id into v_id;
  if v_id is null then
    insert into private.recording_listens (recording_sid, call_record_id, voicemail_id, user_id, agent_id,
      format, duration_seconds, opened_at, last_at)
    values (p_audible.recording_sid, p_audible.call_record_id, p_audible.voicemail_id, p_asker.user_id,
      p_asker.agent_id, p_format, coalesce(p_audible.duration_seconds, 0), v_now, v_now)
    returning id into v_id;
  end if;
  return v_id;
end $$;

-- Where a recording's sound is in this format: {bucket, path, bytes} in Storage, or null, at Twilio. Copies are MP3, and
-- once Twilio has it no more, there is no other; refused (404) where that is asked for.
create or replace function private.place_of_sound(p_recording_sid text, p_format text)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_copy private.recording_copies;
begin
  select * into v_copy from private.recording_copies
  where recording_sid = p_recording_sid and state in ('kept', 'moved');
  if v_copy.state = 'moved' and p_format <> 'mp3' then
    perform private.refuse(404, 'only_mp3', 'The recording is kept as MP3 alone.', '{"field": "recording"}');
  end if;
  return case when v_copy.recording_sid is not null and p_format = 'mp3' then
    jsonb_build_object('bucket', v_copy.bucket, 'path', v_copy.path, 'bytes', v_copy.bytes) end;
end $$;

-- Somebody opens a recording; refused where they may not hear it. That they did is kept before they hear anything,
-- so that no process can die in between; p_hears false: they hear nothing, but ask how long it is. Returns {listen:
-- the id of the time that they listen, by which note_delivered tells how far, copy: where it is, null: at Twilio}.
create or replace function public.open_recording(
  p_user_id uuid, p_recording_sid text, p_format text, p_hears boolean)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request private.control_request;
  v_asker private.asker;
  v_audible private.audible;
  v_copy jsonb;
begin
  v_request.user_id := p_user_id;
  v_asker := private.asking(v_request);
  v_audible := private.audible_for(p_recording_sid, v_asker);
  v_copy := private.place_of_sound(p_recording_sid, p_format);
  return jsonb_build_object('copy', v_copy,
    'listen', case when p_hears then private.listen_of(v_audible, v_asker, p_format) end);
end $$;
revoke execute on function public.open_recording from public, anon, authenticated;
grant execute on function public.open_recording to service_role;

-- Bytes of a recording, from the first up to and without another, were handed to whoever listens.
create or replace function public.note_delivered(
  p_listen_id bigint, p_from bigint, p_to bigint, p_total bigint)
  returns void
  language plpgsql
  volatile
  security definer  -- private table; only service_role may execute
  set search_path = ''
as $$
begin
  update private.recording_listens
  set delivered = delivered + int8multirange(int8range(p_from, greatest(p_from, p_to))),
      total_bytes = coalesce(p_total, total_bytes), last_at = private.clock()
  where id = p_listen_id;
end $$;
revoke execute on function public.note_delivered from public, anon, authenticated;
grant execute on function public.note_delivered to service_role;

-- Where in a recording, in seconds, a byte is: both formats have as many a second.
create or replace function private.second_at(p_byte bigint, p_seconds integer, p_total_bytes bigint)
  returns numeric
  language sql
  immutable
  set search_path = ''
as $$
  select round(p_byte::numeric * p_seconds / nullif(p_total_bytes, 0), 1);
$$;

-- Who listened to what, and how far. Read as their reader, with the table's indexes.
alter table private.recording_listens enable row level security;
drop policy if exists "supervisors see who listened" on private.recording_listens;
create policy "supervisors see who listened" on private.recording_listens
  for select to authenticated using ((select private.sees_everything()));
grant select on private.recording_listens to authenticated, service_role;

create or replace view public.recording_listens
  with (security_invoker = true)  -- rows for supervisors and the service, none for others
as
select l.id, l.recording_sid, l.call_record_id, l.voicemail_id, l.user_id, l.agent_id, l.opened_at, l.last_at,
  l.duration_seconds, private.second_at(lower(l.delivered), l.duration_seconds, l.total_bytes) as from_second,
  private.second_at(upper(l.delivered), l.duration_seconds, l.total_bytes) as to_second,
  private.second_at((select sum(upper(part) - lower(part))::bigint from unnest(l.delivered) as part),
    l.duration_seconds, l.total_bytes) as seconds
from private.recording_listens l;
comment on view public.recording_listens is
  'Who listened to a recording, when, and how much of it their player was given.';

revoke all on public.recording_listens from public, anon, authenticated, service_role;
grant select on public.recording_listens to authenticated, service_role;

revoke execute on all functions in schema private from public;
grant execute on function private.second_at to authenticated, service_role;
