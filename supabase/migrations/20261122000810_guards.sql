-- What a signed-in user may write in a row they may write: their own words. What telephony owns
-- keeps its value without an error, for the database owns the state and browsers send intents.
-- On update a guard starts from the old row and takes the user's columns over, so that a new column
-- is telephony's until a guard says otherwise.
--
-- The triggers fire for browsers only: the service role and our own functions, which run as their
-- owner, are not "authenticated". "a_" sorts them before all others, which see the guarded row.

-- An agent says only what they do (agent_status, read by derive_agent_status, and break_reason); their profile is the
-- supervisors' to write, and says so; what telephony counts is nobody's.
create or replace function private.guard_agent_row()
  returns trigger
  language plpgsql
  security definer  -- the clock is private
  set search_path = ''
as $$
declare
  v_written constant public.call_center_agents := new;
begin
  if tg_op = 'INSERT' then
    new.chosen_status := 'offline';
    new.busy_until := null;
    new.wrap_up_until := null;
    new.wrap_up_since := null;
    new.rest_until := null;
    new.skip_wrap_up := false;
    new.missed_offers := 0;
    new.unreached_offers := 0;
    new.aside_reason := null;
    new.idle_since := private.clock();
    new.seats_taken := 0;
    new.archived_at := null;
    new.current_call_count := 0;
    new.total_calls_handled := 0;
    new.average_handling_time_seconds := 0;
    new.handling_seconds := 0;
    new.next_status := null;
    new.next_reason := null;
    new.wrap_up_call_id := null;
    new.disposition_owed := false;
    new.wrap_up_extended_seconds := 0;
    new.created_at := private.clock();
    return new;
  end if;
  new := old;
  new.agent_status := v_written.agent_status;
  new.break_reason := v_written.break_reason;
  if (select private.is_admin()) then
    new.user_id := v_written.user_id;
    new.extension := v_written.extension;
    new.max_concurrent_calls := v_written.max_concurrent_calls;
    new.skills := v_written.skills;
    new.phone_number := v_written.phone_number;
  elsif (v_written.id, v_written.user_id, v_written.extension, v_written.max_concurrent_calls,
      v_written.skills, v_written.phone_number) is distinct from (old.id, old.user_id,
      old.extension, old.max_concurrent_calls, old.skills, old.phone_number) then
    raise exception 'an agent may change only agent_status and break_reason of their own row'
      using errcode = '42501', hint = 'Ask a supervisor to change the rest.';
  end if;
  return new;
end $$;

create or replace trigger call_center_agents_a_guard
  before insert or update on public.call_center_agents
  for each row when (current_user = 'authenticated')
  execute function private.guard_agent_row();

-- A call that a browser starts waits to be placed, whatever the browser says of it. Each is told to its agent's desk and
-- to supervisors, so an agent has 20 at most.
create or replace function private.guard_new_call()
  returns trigger
  language plpgsql
  security definer  -- the clock is private
  set search_path = ''
as $$
begin
  if not private.is_admin() and (
      select count(*) from public.call_records where agent_id = new.agent_id and call_id like 'pending-%'
        and ended_at is null and started_at > private.clock() - interval '1 hour') >= 20 then
    raise exception 'agent % is about to place 20 calls already', new.agent_id
      using errcode = 'PT409', hint = 'Place or end them first.';
  end if;
  new.call_status := 'queued';
  new.call_direction := 'outbound';
  new.started_at := private.clock();
  new.queued_at := null;
  new.answered_at := null;
  new.ended_at := null;
  new.duration_seconds := 0;
  new.hold_duration_seconds := 0;
  new.wait_seconds := null;
  new.talk_seconds := null;
  new.queue_id := null;
  new.queue_name := null;
  new.ivr_path := '{}';
  new.transferred_to_agent_id := null;
  new.recording_url := null;
  new.recording_sid := null;
  new.recording_status := null;
  new.ended_by := null;
  new.recording_paused := false;
  new.legal_hold := false;
  new.cost_cents := null;
  new.disposition_by := case when new.disposition is not null then auth.uid() end;
  new.created_at := private.clock();
  return new;
end $$;

create or replace trigger call_records_a_guard_new
  before insert on public.call_records
  for each row when (current_user = 'authenticated')
  execute function private.guard_new_call();

-- A browser that placed a call gives its row the SID it was told, in place of its own pending id; one that is
-- another call's is not taken.
create or replace function private.guard_call_row()
  returns trigger
  language plpgsql
  security definer  -- looks for the SID among all calls, not only the user's
  set search_path = ''
as $$
declare
  v_written constant public.call_records := new;
begin
  new := old;
  new.caller_name := v_written.caller_name;
  new.contact_id := v_written.contact_id;
  new.transferred := v_written.transferred;
  new.transfer_timestamp := v_written.transfer_timestamp;
  new.notes := v_written.notes;
  new.disposition := v_written.disposition;
  if new.disposition is distinct from old.disposition then
    new.disposition_by := case when new.disposition is not null then auth.uid() end;
    if new.disposition <> all (nullif(private.dispositions_of(old), '{}')) then
      perform private.refuse_value('disposition',
        'one of ' || array_to_string(private.dispositions_of(old), ', '));
    end if;
  end if;
  new.custom_data := v_written.custom_data;
  if old.call_id like 'pending-%' and v_written.call_id ~ '^CA[0-9a-f]{32}$'
    and not exists (select 1 from public.call_records where call_id = v_written.call_id)
    and not exists (select 1 from private.call_legs
      where call_sid = v_written.call_id and call_record_id <> old.id) then
    new.call_id := v_written.call_id;
  end if;
  return new;
end $$;

create or replace trigger call_records_a_guard
  before update on public.call_records
  for each row when (current_user = 'authenticated')
  execute function private.guard_call_row();

-- What a contact's calls add up to is counted, not written.
create or replace function private.guard_contact_row()
  returns trigger
  language plpgsql
  security definer  -- the clock is private
  set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    new.last_call_date := null;
    new.last_call_duration_seconds := null;
    new.total_call_count := 0;
    new.call_history_ids := '{}';
    new.last_agent_id := null;
    new.created_at := private.clock();
    return new;
  end if;
  new.id := old.id;
  new.last_call_date := old.last_call_date;
  new.last_call_duration_seconds := old.last_call_duration_seconds;
  new.total_call_count := old.total_call_count;
  new.call_history_ids := old.call_history_ids;
  new.last_agent_id := old.last_agent_id;
  new.created_at := old.created_at;
  return new;
end $$;

create or replace trigger crm_contacts_a_guard
  before insert or update on public.crm_contacts
  for each row when (current_user = 'authenticated')
  execute function private.guard_contact_row();

-- What a browser adds has no recording: one that it could name would be another's, to be heard and deleted by it.
create or replace function private.guard_new_voicemail()
  returns trigger
  language plpgsql
  security definer  -- the clock is private
  set search_path = ''
as $$
begin
  new.recording_sid := null;
  new.recording_url := null;
  new.recording_status := 'completed';
  new.legal_hold := false;
  new.created_at := private.clock();
  return new;
end $$;

create or replace trigger voicemails_a_guard_new
  before insert on public.voicemails
  for each row when (current_user = 'authenticated')
  execute function private.guard_new_voicemail();

-- An agent marks a voicemail as listened to, by themselves; a supervisor may also put it right.
create or replace function private.guard_voicemail_row()
  returns trigger
  language plpgsql
  security definer  -- asks who is signed in
  set search_path = ''
as $$
declare
  v_written constant public.voicemails := new;
begin
  new := old;
  new.is_listened := v_written.is_listened;
  new.listened_at := v_written.listened_at;
  new.listened_by_agent_id := v_written.listened_by_agent_id;
  if (select private.is_admin()) then
    new.queue_id := v_written.queue_id;
    new.caller_name := v_written.caller_name;
    new.transcription := v_written.transcription;
  elsif v_written.listened_by_agent_id is distinct from old.listened_by_agent_id
    and v_written.listened_by_agent_id is not null then
    new.listened_by_agent_id := private.my_agent_id();
  end if;
  return new;
end $$;

create or replace trigger voicemails_a_guard
  before update on public.voicemails
  for each row when (current_user = 'authenticated')
  execute function private.guard_voicemail_row();

-- A note stays with its call, its author and its time; its text may be put right. What the system notes
-- is nobody's to say.
create or replace function private.guard_note_row()
  returns trigger
  language plpgsql
  security definer  -- the clock is private
  set search_path = ''
as $$
begin
  if new.note_type = 'system' and (tg_op = 'INSERT' or old.note_type <> 'system')
    and not (select private.is_admin()) then
    raise exception 'note_type: a system note is the system''s to write'
      using errcode = '42501', hint = 'agent_note or callback_reminder.';
  end if;
  if tg_op = 'INSERT' then
    new.created_at := private.clock();
    return new;
  end if;
  new.id := old.id;
  new.call_record_id := old.call_record_id;
  new.agent_id := old.agent_id;
  new.created_at := old.created_at;
  return new;
end $$;

create or replace trigger call_notes_a_guard
  before insert or update on public.call_notes
  for each row when (current_user = 'authenticated')
  execute function private.guard_note_row();

-- updated_at, whoever writes.
create or replace function private.touch()
  returns trigger
  language plpgsql
  security definer  -- the clock is private
  set search_path = ''
as $$
begin
  new.updated_at := private.clock();
  return new;
end $$;

create or replace trigger crm_contacts_touch before update on public.crm_contacts
  for each row execute function private.touch();
create or replace trigger call_records_touch before update on public.call_records
  for each row execute function private.touch();
create or replace trigger ivr_scripts_touch before update on public.ivr_scripts
  for each row execute function private.touch();
create or replace trigger call_queues_touch before update on public.call_queues
  for each row execute function private.touch();
create or replace trigger call_notes_touch before update on public.call_notes
  for each row execute function private.touch();

revoke execute on all functions in schema private from public;
