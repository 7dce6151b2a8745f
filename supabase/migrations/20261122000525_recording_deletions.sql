-- Deletions of recordings: the state machine of private.recording_deletions.state. A supervisor wants it, its time
-- is over (retention), or the row of its call or message is deleted; Storage is asked if it has a copy, and then Twilio,
-- a few at a time, and the row says how it stands:
--
--   asked → deleted, or refused after some attempts; refused → asked, where somebody wants it once more
--
-- What is asked for is not played any more. A legal hold keeps everything.

-- A message's recording is about to be deleted, or was, or could not be; its words go with it.
create or replace function private.set_message_status(p_recording_sid text, p_status text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update public.voicemails
  set recording_status = p_status, recording_url = null, transcription = null
  where recording_sid = p_recording_sid and recording_status <> p_status;
  perform private.stop_transcribing(p_recording_sid);
end $$;

-- → asked; one that is asked for already, or gone, stays as it is.
create or replace function private.put_down_deletion(
  p_recording_sid text, p_call_record_id uuid, p_voicemail_id uuid, p_why text, p_user_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
begin
  insert into private.recording_deletions as d
    (recording_sid, call_record_id, voicemail_id, state, why, asked_by, asked_at, due_at, has_words)
  values (p_recording_sid, p_call_record_id, p_voicemail_id, 'asked', p_why, p_user_id, v_now, v_now,
    p_voicemail_id is not null
      and coalesce(private.is_transcribed_by_record((private.session_of(p_call_record_id)).language), false))
  on conflict (recording_sid) do update
  set state = 'asked', why = p_why, asked_by = p_user_id, asked_at = v_now, due_at = v_now,
      refusals = 0, ended_at = null
  where d.state = 'refused';
end $$;

-- → asked, and the rows say so; or that it is gone already.
create or replace function private.ask_deletion(
  p_recording_sid text, p_call_record_id uuid, p_voicemail_id uuid, p_why text, p_user_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_status text;
begin
  perform private.put_down_deletion(p_recording_sid, p_call_record_id, p_voicemail_id, p_why, p_user_id);
  select case state when 'deleted' then 'deleted' else 'deleting' end into v_status
  from private.recording_deletions where recording_sid = p_recording_sid;
  perform private.set_recording_status(p_recording_sid, v_status);
  perform private.set_message_status(p_recording_sid, v_status);
end $$;

-- All that was recorded of a call's conversations is to be deleted.
create or replace function private.ask_deletions_of_call(p_call_record_id uuid, p_why text, p_user_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.ask_deletion(recording_sid, p_call_record_id, null, p_why, p_user_id)
  from private.call_recordings
  where call_record_id = p_call_record_id and status in ('in_progress', 'completed', 'delete_failed');
end $$;

-- Twilio is asked for it, and first for its words, which could not be found any more afterwards.
create or replace function private.delete_at_twilio(p_recording_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.write_command(
    case when has_words then 'delete_words' else 'delete_recording' end, recording_sid, '{}', null)
  from private.recording_deletions where recording_sid = p_recording_sid and state = 'asked';
end $$;

-- It is asked for now: in Storage, and where there is no copy, or none any more, at Twilio. The commands say what came
-- of it; should one be lost, it is asked again.
create or replace function private.begin_deletion(p_recording_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.recording_deletions set due_at = private.clock() + interval '1 hour'
  where recording_sid = p_recording_sid and state = 'asked' and due_at <= private.clock();
  if found and not private.drop_copy(p_recording_sid) then
    perform private.delete_at_twilio(p_recording_sid);
  end if;
end $$;

-- Twilio has its words no more.
create or replace function private.words_deleted(p_command private.telephony_commands)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.write_command('delete_recording', p_command.target, '{}', null);
end $$;

-- Twilio is asked for those that are due, a few at a time, so that no call's command waits behind thousands. Part
-- of the sweep.
create or replace function private.begin_deletions(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_under_way bigint;
  v_recording_sid text;
  v_count integer := 0;
begin
  select count(*) into v_under_way from private.telephony_commands
  where kind in ('delete_copy', 'delete_words', 'delete_recording') and state not in ('done', 'failed');
  for v_recording_sid in
    select recording_sid from private.recording_deletions where due_at <= private.clock()
    order by due_at limit least(p_limit, greatest(0, 20 - v_under_way)) for no key update skip locked
  loop
    perform private.begin_deletion(v_recording_sid);
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

-- asked → deleted or refused; the rows say so.
create or replace function private.end_deletion(p_recording_sid text, p_state text, p_status text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.recording_deletions
  set state = p_state, due_at = null, ended_at = private.clock()
  where recording_sid = p_recording_sid;
  perform private.set_recording_status(p_recording_sid, p_status);
  perform private.set_message_status(p_recording_sid, p_status);
end $$;

-- What Twilio said, or Storage. Twilio has the recording no more: deleted. One refuses: asked again after an hour, and
-- twice as long each time, as often as the settings say.
create or replace function private.deletion_settled(p_command private.telephony_commands)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_deletion private.recording_deletions;
begin
  perform 1 from public.call_records where id = (select call_record_id from private.recording_deletions
    where recording_sid = p_command.target) for no key update;
  update private.recording_deletions
  set refusals = refusals + (p_command.state = 'failed')::integer,
      refusal = case when p_command.state = 'failed' then p_command.result ->> 'reason' end,
      due_at = private.clock() + interval '1 hour' * power(2, least(refusals, 10))
  where recording_sid = p_command.target and state = 'asked'
  returning * into v_deletion;
  if not found then
    return;
  elsif p_command.state = 'done' then
    perform private.end_deletion(p_command.target, 'deleted', 'deleted');
  elsif v_deletion.refusals >= (select recording_deletion_attempts from private.settings) then
    perform private.end_deletion(p_command.target, 'refused', 'delete_failed');
  end if;
end $$;

-- Until when what was recorded in a queue (null: in none) is kept no more; null: all of it is kept for good.
create or replace function private.kept_since(p_keep_days integer)
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_days constant integer := coalesce(p_keep_days, (select keep_recordings_days from private.settings));
begin
  return case when v_days > 0 then private.clock() - make_interval(days => v_days) end;
end $$;

-- Whether a message is kept: itself, or with all else of its call.
create or replace function private.is_message_held(p_voicemail public.voicemails)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return p_voicemail.legal_hold
    or exists (select 1 from public.call_records where id = p_voicemail.call_record_id and legal_hold);
end $$;

-- Retention: what is past the time of its queue is to be deleted, so many calls and messages at most; those that
-- others hold are left to the next time. The words of the indexes, to the letter: with a variable in place of the nil
-- id, which stands for no queue, Postgres would read all calls. Part of the sweep.
create or replace function private.ask_due_deletions(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_queue record;
  v_row record;
  v_count integer := 0;
begin
  for v_queue in
    select q.id, private.kept_since(q.keep_recordings_days) as since from public.call_queues q
    union all select '00000000-0000-0000-0000-000000000000', private.kept_since(null)
  loop
    for v_row in
      select id from public.call_records
      where recording_status = 'completed' and not legal_hold
        and coalesce(queue_id, '00000000-0000-0000-0000-000000000000') = v_queue.id
        and coalesce(ended_at, created_at) < v_queue.since
      order by coalesce(ended_at, created_at) limit p_limit - v_count for no key update skip locked
    loop
      perform private.ask_deletions_of_call(v_row.id, 'retention', null);
      v_count := v_count + 1;
    end loop;
    for v_row in
      select id, call_record_id, recording_sid from public.voicemails m
      where recording_status = 'completed' and not legal_hold
        and coalesce(queue_id, '00000000-0000-0000-0000-000000000000') = v_queue.id
        and created_at < v_queue.since and recording_sid ~ '^RE[0-9a-f]{32}$'
        and not private.is_message_held(m)
      order by created_at limit greatest(0, p_limit - v_count) for no key update skip locked
    loop
      -- Its call may be put under a hold at this moment.
      perform 1 from public.call_records
      where id = v_row.call_record_id and not legal_hold for no key update skip locked;
      continue when not found and v_row.call_record_id is not null;
      perform private.ask_deletion(v_row.recording_sid, v_row.call_record_id, v_row.id, 'retention', null);
      v_count := v_count + 1;
    end loop;
    exit when v_count >= p_limit;
  end loop;
  return v_count;
end $$;

-- Rows under a legal hold are deleted by nobody.
create or replace function private.refuse_to_delete_held()
  returns trigger
  language plpgsql
  security definer  -- supervisors delete rows
  set search_path = ''
as $$
begin
  if tg_table_name = 'voicemails' then
    if not private.is_message_held(old) then
      return old;
    end if;
  end if;
  raise exception 'row % is under a legal hold', old.id using errcode = 'PT409', hint = 'Lift the hold first.';
end $$;

create or replace trigger call_records_held before delete on public.call_records
  for each row when (old.legal_hold) execute function private.refuse_to_delete_held();
create or replace trigger voicemails_held before delete on public.voicemails
  for each row execute function private.refuse_to_delete_held();

-- What was recorded of a call or message goes with the row that somebody deletes, for nobody would know of it.
create or replace function private.delete_recordings_of_row()
  returns trigger
  language plpgsql
  security definer  -- private tables; whoever may deletes rows
  set search_path = ''
as $$
begin
  if tg_table_name = 'call_records' then
    perform private.put_down_deletion(recording_sid, old.id, null, 'row_deleted', auth.uid())
    from private.call_recordings where call_record_id = old.id and status <> 'deleted';
  elsif old.recording_sid ~ '^RE[0-9a-f]{32}$' then
    perform private.put_down_deletion(
      old.recording_sid, old.call_record_id, old.id, 'row_deleted', auth.uid());
  end if;
  return old;
end $$;

create or replace trigger call_records_recordings before delete on public.call_records
  for each row execute function private.delete_recordings_of_row();
create or replace trigger voicemails_recordings before delete on public.voicemails
  for each row execute function private.delete_recordings_of_row();

-- What was deleted, or is to be, and why; refused: Twilio's words. Read as their reader, with the table's indexes.
alter table private.recording_deletions enable row level security;
drop policy if exists "supervisors see what is deleted" on private.recording_deletions;
create policy "supervisors see what is deleted" on private.recording_deletions
  for select to authenticated using ((select private.sees_everything()));
grant select on private.recording_deletions to authenticated, service_role;

create or replace view public.recording_deletions
  with (security_invoker = true)  -- rows for supervisors and the service, none for others
as
select d.recording_sid, d.call_record_id, d.voicemail_id, d.state, d.why, d.asked_by, d.asked_at,
  d.refusals, d.refusal, d.ended_at
from private.recording_deletions d;
comment on view public.recording_deletions is 'Recordings that were deleted at Twilio, or are to be.';

revoke all on public.recording_deletions from public, anon, authenticated, service_role;
grant select on public.recording_deletions to authenticated, service_role;

revoke execute on all functions in schema private from public;
