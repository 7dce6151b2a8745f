-- Who listened to what, what was deleted and what is kept. As in the files before, nobody has a grant on the
-- private tables, but to read what a view shows as its reader, under a policy.
select set_config('lock_timeout', '10s', true);
select set_config('statement_timeout', '0', true);

-- One row a time that somebody listened to a recording, however often their player asked for parts of it. No
-- keys to calls, messages and agents: who heard a customer is told when those are gone, too.
create table if not exists private.recording_listens (
  id bigint generated always as identity primary key,
  recording_sid text not null,
  call_record_id uuid,
  voicemail_id uuid,
  user_id uuid not null,
  agent_id uuid,
  -- mp3 or wav: bytes of the one are not those of the other.
  format text not null,
  duration_seconds integer not null,
  opened_at timestamptz not null,
  last_at timestamptz not null,
  -- Null until the first part was delivered.
  total_bytes bigint,
  -- The parts that were delivered.
  delivered int8multirange not null default '{}'
);
create index if not exists recording_listens_recording_idx
  on private.recording_listens (recording_sid, user_id, last_at desc);
create index if not exists recording_listens_call_idx on private.recording_listens (call_record_id);
create index if not exists recording_listens_last_idx on private.recording_listens (last_at);

-- Recordings that are to be deleted at Twilio, were, or could not be. As above no keys: that something was deleted
-- is told for good.
create table if not exists private.recording_deletions (
  recording_sid text primary key,
  call_record_id uuid,
  voicemail_id uuid,
  -- asked → deleted | refused, and from refused asked again.
  state text not null constraint state_known check (state in ('asked', 'deleted', 'refused')),
  -- A supervisor wanted it; its time was over; the row of its call or message was deleted; there is nothing to hear.
  why text not null constraint why_known check
    (why in ('person', 'retention', 'row_deleted', 'nothing_to_hear')),
  asked_by uuid,
  asked_at timestamptz not null,
  -- Whether Twilio made words of it while it was recorded, which are a thing of their own there.
  has_words boolean not null default false,
  -- How often Twilio refused, what it said last, and when it is asked (again); null once it is over.
  refusals integer not null default 0,
  refusal text,
  due_at timestamptz,
  ended_at timestamptz,
  constraint over_or_due check ((state = 'asked') = (due_at is not null) and (state = 'asked') = (ended_at is null))
);
create index if not exists recording_deletions_due_idx on private.recording_deletions (due_at)
  where due_at is not null;

-- Recordings' copies in Supabase Storage, as they are to be there and are. As above no keys.
create table if not exists private.recording_copies (
  recording_sid text primary key,
  bucket text not null,
  path text not null,
  -- As Storage has it, whole; null before.
  bytes bigint,
  -- wanted → kept → moved, or given_up; any → gone.
  state text not null constraint state_known check (state in ('wanted', 'kept', 'moved', 'given_up', 'gone')),
  -- How often its present step was refused, and what was said last.
  refusals integer not null default 0,
  refusal text,
  -- When the next step is due; null: there is none.
  due_at timestamptz,
  ended_at timestamptz,
  constraint whole_where_kept check (state not in ('kept', 'moved') or bytes is not null)
);
create index if not exists recording_copies_due_idx on private.recording_copies (due_at)
  where due_at is not null;

-- Who had something kept (held), and who allowed it to go again; only ever added to. As above no keys.
create table if not exists private.hold_decisions (
  id bigint generated always as identity primary key,
  recording_sid text not null,
  call_record_id uuid,
  voicemail_id uuid,
  held boolean not null,
  reason text,
  user_id uuid not null,
  decided_at timestamptz not null
);

-- Who listened is kept for so long; 0: for good.
alter table private.settings add column if not exists keep_listens_days integer not null default 0
  constraint keep_listens_not_negative check (keep_listens_days >= 0);

-- The private bucket that recordings are copied to; null: none is. And for how many hours after that Twilio's is kept.
alter table private.settings
  add column if not exists recordings_bucket text,
  add column if not exists keep_at_twilio_hours integer not null default 24
    constraint keep_at_twilio_not_negative check (keep_at_twilio_hours >= 0);

insert into private.command_kinds (kind, when_unknown, begin_within_seconds) values
  ('delete_words', 'repeat', null),
  ('delete_recording', 'repeat', null),
  -- Begun anew by the copy's row, so that others have their turn.
  ('copy_recording', 'give_up', null),
  ('release_recording', 'give_up', null),
  ('delete_copy', 'repeat', null)
on conflict (kind) do update
set when_unknown = excluded.when_unknown, begin_within_seconds = excluded.begin_within_seconds;

-- Queues: how long their recordings are kept; null: as private.settings says; 0: for good.
alter table public.call_queues add column if not exists keep_recordings_days integer;
alter table public.call_queues
  add constraint keep_recordings_days_not_negative check (keep_recordings_days >= 0);

-- Calls and messages: a legal hold, under which nothing of them is deleted.
alter table public.call_records add column if not exists legal_hold boolean not null default false;
alter table public.voicemails
  add column if not exists legal_hold boolean not null default false,
  add column if not exists recording_status text not null default 'completed';
alter table public.voicemails
  add constraint recording_status_known
    check (recording_status in ('completed', 'deleting', 'deleted', 'delete_failed'));

-- What retention looks for: the oldest of a queue, or of none.
create index if not exists call_records_recorded_idx on public.call_records
  (coalesce(queue_id, '00000000-0000-0000-0000-000000000000'), coalesce(ended_at, created_at))
  where recording_status = 'completed' and not legal_hold;
create index if not exists voicemails_recorded_idx on public.voicemails
  (coalesce(queue_id, '00000000-0000-0000-0000-000000000000'), created_at)
  where recording_status = 'completed' and not legal_hold;
