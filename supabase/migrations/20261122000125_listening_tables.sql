-- Who listened to what. As in the files before, nobody has a grant on this.

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
