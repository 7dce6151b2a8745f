-- Copies of recordings in a private bucket of Supabase Storage: the state machine of private.recording_copies.state.
-- Where private.settings names a bucket, what was recorded is copied there, and some hours later deleted at Twilio:
--
--   wanted → kept (whole in Storage) → moved (Twilio has it no more); wanted → given_up (it stays at Twilio);
--   kept → wanted, where it is not in Storage any more; given_up → wanted, where somebody wants it once more;
--   any → gone, when the recording is deleted: in Storage first, at Twilio after it
--
-- Each row is due for its next step. What fails is due again later, so that no recording holds up the others.

-- → wanted, if there is a bucket and nobody had the recording deleted.
create or replace function private.want_copy(p_recording_sid text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
begin
  insert into private.recording_copies as c (recording_sid, bucket, path, state, due_at)
  select p_recording_sid, recordings_bucket,
    to_char(v_now at time zone 'UTC', 'YYYY-MM') || '/' || p_recording_sid || '.mp3', 'wanted', v_now
  from private.settings
  where recordings_bucket is not null
    and not exists (select 1 from private.recording_deletions where recording_sid = p_recording_sid)
  on conflict (recording_sid) do update
  set state = 'wanted', bucket = excluded.bucket, path = excluded.path, due_at = excluded.due_at, refusals = 0,
      ended_at = null
  where c.state = 'given_up';
end $$;

-- Where recordings are copied to; null: nowhere. For `callcenter doctor`.
create or replace function public.read_recordings_bucket()
  returns text
  language plpgsql
  stable
  security definer  -- private table; only service_role may execute
  set search_path = ''
as $$
begin
  return (select recordings_bucket from private.settings);
end $$;
revoke execute on function public.read_recordings_bucket from public, anon, authenticated;
grant execute on function public.read_recordings_bucket to service_role;

-- Whether a recording may not be deleted anywhere: by its call's hold, or its own, of a message.
create or replace function private.is_recording_held(p_recording_sid text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (
    select 1 from private.call_recordings r join public.call_records c on c.id = r.call_record_id
    where r.recording_sid = p_recording_sid and c.legal_hold
    union all
    select 1 from public.voicemails v left join public.call_records c on c.id = v.call_record_id
    where v.recording_sid = p_recording_sid and (v.legal_hold or c.legal_hold));
end $$;

-- What is to be done now for a copy (null: nothing yet). Of what somebody had deleted, nothing may stay in Storage.
-- What was left by an attempt that was given up is deleted there before it is copied once more. Twilio's is deleted
-- while nobody holds it and no words are made of it there.
create or replace function private.next_step_of(p_copy private.recording_copies)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return case
    when exists (select 1 from private.recording_deletions where recording_sid = p_copy.recording_sid)
      then 'delete_copy'
    when p_copy.state = 'wanted' and not private.is_under_way('delete_copy', p_copy.recording_sid)
      then 'copy_recording'
    when p_copy.state = 'kept' and not private.is_recording_held(p_copy.recording_sid)
      and not exists (select 1 from public.voicemails
        where recording_sid = p_copy.recording_sid and transcription_status = 'pending')
      then 'release_recording'
  end;
end $$;

-- Has a process do something with a copy. words: it is a message, of which Twilio may have made words, which could
-- not be found any more without the recording.
create or replace function private.command_copy(p_kind text, p_copy private.recording_copies)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.write_command(p_kind, p_copy.recording_sid, jsonb_build_object('bucket', p_copy.bucket,
    'path', p_copy.path, 'bytes', p_copy.bytes, 'words',
    exists (select 1 from public.voicemails where recording_sid = p_copy.recording_sid)), null);
end $$;

-- The next step of those that are due. Three are under way at a time: a long recording takes a thread of the worker
-- for minutes, and callers need the others. What is held, or has its words made, is looked at again. Part of the
-- sweep.
create or replace function private.tend_copies(p_limit integer)
  returns integer
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_free bigint;
  v_copy private.recording_copies;
  v_kind text;
  v_count integer := 0;
begin
  select 3 - count(*) into v_free from private.telephony_commands
  where kind in ('copy_recording', 'release_recording') and state not in ('done', 'failed');
  for v_copy in
    select * from private.recording_copies where due_at <= private.clock()
    order by due_at limit p_limit for no key update skip locked
  loop
    exit when v_free <= 0;
    v_kind := private.next_step_of(v_copy);
    -- Should the command be lost, it is written again.
    update private.recording_copies
    set due_at = private.clock() + case when v_kind is null then interval '6 hours' else interval '1 hour' end
    where recording_sid = v_copy.recording_sid;
    v_count := v_count + 1;
    continue when v_kind is null;
    perform private.command_copy(v_kind, v_copy);
    v_free := v_free - 1;
  end loop;
  return v_count;
end $$;

-- When a step that failed is due again; null: never. Nobody knows what came of it, as where Storage is away: soon, and
-- as often as it takes. Refused: after an hour, and twice as long each time, five times in all.
create or replace function private.copy_due_again(p_refusals integer, p_is_refused boolean)
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return case
    when not p_is_refused then private.clock() + interval '5 minutes'
    when p_refusals < 5 then private.clock() + interval '1 hour' * power(2, p_refusals - 1)
  end;
end $$;

-- wanted → kept or given_up, or to be tried again. Whatever came of it, of a recording that somebody had deleted
-- meanwhile nothing stays in Storage; nor of one that is given up, of which an earlier attempt may have left something.
create or replace function private.copy_settled(p_command private.telephony_commands)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_is_done constant boolean := p_command.state = 'done';
  v_is_refused constant boolean := not v_is_done and p_command.result ->> 'uncertain' is distinct from 'true';
  v_copy private.recording_copies;
begin
  select * into v_copy from private.recording_copies where recording_sid = p_command.target for no key update;
  if v_copy.state = 'wanted' then
    v_copy.refusals := v_copy.refusals + v_is_refused::integer;
    v_copy.due_at := private.copy_due_again(v_copy.refusals, v_is_refused);
    update private.recording_copies
    set state = case when v_is_done then 'kept' when v_copy.due_at is null then 'given_up' else 'wanted' end,
        bytes = (p_command.result ->> 'bytes')::bigint,
        refusals = case when v_is_done then 0 else v_copy.refusals end,
        refusal = case when not v_is_done then p_command.result ->> 'reason' end,
        due_at = case when v_is_done
          then v_now + (select make_interval(hours => keep_at_twilio_hours) from private.settings)
          else v_copy.due_at end,
        ended_at = case when not v_is_done and v_copy.due_at is null then v_now end
    where recording_sid = p_command.target
    returning * into v_copy;
  end if;
  if v_copy.state in ('given_up', 'gone') or private.next_step_of(v_copy) = 'delete_copy' then
    perform private.command_copy('delete_copy', v_copy);
  end if;
end $$;

-- kept → moved: Twilio has it no more. Or → wanted, for it was not whole in Storage any more, and so was not deleted at
-- Twilio. Who refuses to the last has it kept in both places.
create or replace function private.release_settled(p_command private.telephony_commands)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_is_done constant boolean := p_command.state = 'done';
  v_is_lost constant boolean := not v_is_done and p_command.result ->> 'code' is not distinct from 'not_whole';
  v_is_refused constant boolean := not v_is_done and p_command.result ->> 'uncertain' is distinct from 'true';
begin
  update private.recording_copies
  set state = case when v_is_done then 'moved' when v_is_lost then 'wanted' else 'kept' end,
      refusals = case when v_is_lost then 0 else refusals + v_is_refused::integer end,
      refusal = case when not v_is_done then p_command.result ->> 'reason' end,
      due_at = case when v_is_lost then v_now
        when not v_is_done then private.copy_due_again(refusals + 1, v_is_refused) end,
      ended_at = case when v_is_done then v_now end
  where recording_sid = p_command.target and state = 'kept';
end $$;

-- A recording is deleted. Whether its copy goes first, and what is asked at Twilio afterwards: a copy that is being
-- made goes when that is settled.
create or replace function private.drop_copy(p_recording_sid text)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_copy private.recording_copies;
begin
  select * into v_copy from private.recording_copies
  where recording_sid = p_recording_sid and state <> 'gone' for no key update;
  if not found then
    return false;
  end if;
  perform private.withdraw_command('copy_recording', p_recording_sid);
  if not private.is_under_way('copy_recording', p_recording_sid) then
    perform private.command_copy('delete_copy', v_copy);
  end if;
  return true;
end $$;

-- → gone: Storage has it no more. Where nobody knows whether the last attempt to copy it came to anything, it may be on
-- its way still, and Storage is asked once more. One that was given up stays so, unless the recording is deleted.
create or replace function private.copy_deleted(p_command private.telephony_commands)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.recording_copies c
  set state = 'gone', ended_at = coalesce(ended_at, private.clock()),
      due_at = case when state = 'wanted' then private.clock() + interval '15 minutes' end
  where recording_sid = p_command.target and private.next_step_of(c) = 'delete_copy';
end $$;

revoke execute on all functions in schema private from public;
