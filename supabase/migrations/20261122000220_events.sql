-- What Twilio tells us, as types. A webhook's function takes the event as JSON, for that is what
-- the API hands over, and reads it into one of these in its first line; the service makes it from a
-- dataclass of the same fields. Numbers are in E.164, null where withheld; times are ISO 8601;
-- durations are whole seconds; params is all that Twilio sent, as it came.

-- Recreated whole: nothing is stored in these types.
drop type if exists private.voice_request, private.leg_event, private.room_event,
  private.recording_event, private.transcription_event, private.message_event,
  private.incoming_message, private.command_result, private.control_request cascade;

-- Twilio asks for a document, or tells the answer to one.
create type private.voice_request as (
  call_sid text,
  "from" text,
  "to" text,
  caller_name text,
  -- Of the leg that asks, Twilio's word with underscores: some are asked for when it is over.
  call_status text,
  -- From our own addresses: whose leg asks, for which offer, for which call.
  role text,
  offer_id uuid,
  call_record_id uuid,
  -- A menu's answer: which menu, at which attempt, keys or words. Of a callback's customer, attempt is
  -- which of the attempts to reach them.
  menu text,
  attempt integer,
  digits text,
  speech text,
  -- The number to call back, as keyed.
  number text,
  -- The agent was asked for the key that takes the call.
  confirming boolean,
  -- Why the caller left Twilio's queue.
  result text,
  -- What became of a number outside that was dialled.
  dial_status text,
  -- Of a customer whom we rang, whether a person answered: human, machine_start, fax, unknown.
  answered_by text,
  -- A message that was left.
  recording_sid text,
  duration integer,
  params jsonb
);

-- A leg's status: a callback, or what Twilio's REST API answered when asked about it (source
-- reconcile). status is Twilio's word with underscores.
create type private.leg_event as (
  call_sid text,
  source text,
  status text,
  sequence integer,
  occurred_at timestamptz,
  duration integer,
  sip_code integer,
  direction text,
  "from" text,
  "to" text,
  caller_name text,
  parent_call_sid text,
  role text,
  offer_id uuid,
  call_record_id uuid,
  -- Of a callback's customer: which of the attempts to reach them.
  attempt integer,
  -- Of a listed call: somebody at the fallback number took it without us.
  reached_fallback boolean,
  params jsonb
);

-- What happened in a call's room. event: join, leave, hold, unhold, mute, unmute or modify of somebody, or
-- start and end; conference_sid: which room, for a call may have several, one after the other. held, muted:
-- how they are now.
create type private.room_event as (
  call_sid text,
  conference_sid text,
  event text,
  sequence integer,
  occurred_at timestamptz,
  call_record_id uuid,
  held boolean,
  muted boolean,
  params jsonb
);

-- What became of a recording. status: in_progress, completed, absent, failed; source: Twilio's
-- RecordingSource; call_sid: the parent leg, null for a conference's, whose call our own callback
-- address names.
create type private.recording_event as (
  recording_sid text,
  status text,
  source text,
  duration integer,
  call_sid text,
  call_record_id uuid,
  params jsonb
);

-- A transcription is over. status: completed, failed; job_id: Twilio's id of the attempt.
create type private.transcription_event as (
  recording_sid text,
  job_id text,
  status text,
  text text
);

-- How a text message of ours stands: Twilio's word. message_id: ours, from our own callback address; error_code:
-- Twilio's.
create type private.message_event as (
  message_sid text,
  message_id uuid,
  status text,
  error_code text
);

-- Somebody wrote to a number of ours (called). opt_out_type: what Twilio did because of it (STOP, START, HELP).
create type private.incoming_message as (
  message_sid text,
  number text,
  called text,
  words text,
  opt_out_type text
);

-- What came of a command. outcome: done, failed (Twilio refused), retry (not processed; again after
-- retry_seconds), unknown (Twilio may have acted).
create type private.command_result as (
  id bigint,
  outcome text,
  result jsonb,
  retry_seconds double precision
);

-- What an agent or a supervisor asks for at their screen; each operation reads the fields that it needs.
-- user_id: who asks. call: a call's id, the pending one it had before, its row's, or the SID of any of its
-- legs. party: customer, or a leg's SID. "to", number: as typed. recording: a recording's SID.
create type private.control_request as (
  user_id uuid,
  call text,
  idempotency_key text,
  agent_id uuid,
  number text,
  "to" text,
  party text,
  "on" boolean,
  record boolean,
  detect_machine boolean,
  caller_id text,
  digits text,
  mode text,
  seconds integer,
  status text,
  reason text,
  disposition text,
  notes text,
  at timestamptz,
  recording text,
  contact uuid,
  text text,
  device text
);
