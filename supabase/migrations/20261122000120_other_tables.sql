-- What surrounds a call: settings and words, recordings and their transcription, what Twilio is to be
-- asked about, and the statistics. As in the file before, nobody has a grant on these.

-- One row. What ops may tune; queues have their own where it differs by queue.
create table if not exists private.settings (
  only_row boolean primary key default true constraint settings_one_row check (only_row),
  -- "Today" in statistics, and opening hours.
  time_zone text not null default 'America/Bogota',
  -- The country that a number without a country's code is of. DEFAULT_REGION of the environment says
  -- the same to the service.
  default_region text not null default 'CO'
    constraint default_region_known references private.countries (region),
  -- Say that the call is recorded, to callers of queues that record.
  announce_recording boolean not null default true,
  incoming_calls_per_minute integer not null default 10,
  -- That one agent may place.
  outgoing_calls_per_minute integer not null default 5,
  -- Missed offers in a row after which an agent is set on break (RONA, redirection on no answer).
  missed_offers_limit integer not null default 3,
  -- Of a call: how many may be in its room, the customer among them and supervisors apart; how long its customer may be
  -- on hold before the agent is reminded.
  max_parties integer not null default 8 constraint max_parties_few check (max_parties between 3 and 50),
  hold_reminder_seconds integer not null default 120
    constraint hold_reminder_positive check (hold_reminder_seconds > 0),
  -- How long Twilio may take from our request to ring an agent to its first callback about the leg: it
  -- starts an account's calls at one a second, unless that was raised, and queues the others.
  offer_start_seconds integer not null default 30,
  -- Callbacks: how often, how far apart, and until when a customer is rung.
  callback_attempts integer not null default 3,
  callback_spacing_seconds integer not null default 300,
  callback_expiry_seconds integer not null default 14400,
  -- Voicemails as text: whether at all, how often it is tried again, after how long at first (twice
  -- as long each time), and how long an attempt is waited for.
  transcribe boolean not null default true,
  transcription_retries integer not null default 3,
  transcription_spacing_seconds integer not null default 60,
  transcription_patience_seconds integer not null default 900,
  -- What is kept how long. The ledger of what Twilio told us: long enough for every dispute about a
  -- call, and for repeats, which are known by their event: Twilio repeats for minutes, people replay
  -- for days.
  keep_events_days integer not null default 90 constraint keep_events_a_week check (keep_events_days >= 7),
  keep_decisions_days integer not null default 7
    constraint keep_decisions_a_day check (keep_decisions_days >= 1),
  keep_commands_days integer not null default 7
    constraint keep_commands_a_day check (keep_commands_days >= 1),
  -- Agents' days, moment by moment; their sums stay.
  keep_agent_times_days integer not null default 90
    constraint keep_agent_times_a_week check (keep_agent_times_days >= 7),
  -- Recordings of calls and messages of queues that don't say how long they keep theirs, and of none; 0: for good.
  keep_recordings_days integer not null default 0
    constraint keep_recordings_not_negative check (keep_recordings_days >= 0),
  -- Of each IVR script, how many versions.
  keep_script_versions integer not null default 50
    constraint keep_script_versions_some check (keep_script_versions between 2 and 1000),
  -- How often Twilio is asked for a deletion that it refuses.
  recording_deletion_attempts integer not null default 5
    constraint recording_deletion_attempts_positive check (recording_deletion_attempts > 0),
  -- By how much an agent may extend a wrap-up in all.
  wrap_up_extension_seconds integer not null default 120
    constraint wrap_up_extension_not_negative check (wrap_up_extension_seconds >= 0),
  -- What the figures of a wall are to be: callers who wait and callbacks at most, agents free at least; service level
  -- and abandoned calls in percent of a quarter of an hour, each with the bound at which it is alarming. How long
  -- somebody may wait is each queue's own (call_queues.service_level_seconds).
  target_waiting integer not null default 0 constraint target_waiting_not_negative check (target_waiting >= 0),
  target_service_level integer not null default 90
    constraint target_service_level_percent check (target_service_level between 0 and 100),
  alarm_service_level integer not null default 60 constraint alarm_service_level_below_target
    check (alarm_service_level between 0 and target_service_level),
  target_abandoned integer not null default 5
    constraint target_abandoned_percent check (target_abandoned between 0 and 100),
  alarm_abandoned integer not null default 10 constraint alarm_abandoned_above_target
    check (alarm_abandoned between target_abandoned and 100),
  target_available integer not null default 1 constraint target_available_not_negative check (target_available >= 0),
  target_callbacks integer not null default 0 constraint target_callbacks_not_negative check (target_callbacks >= 0)
);
create index if not exists settings_region_idx on private.settings (default_region);
insert into private.settings default values on conflict do nothing;

-- An agent asked for a supervisor in a call. What nobody answered is over with their part in it.
create table if not exists private.help_requests (
  id bigint generated always as identity primary key,
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  agent_id uuid references public.call_center_agents (id) on delete set null,
  reason text,
  asked_at timestamptz not null,
  -- The supervisor's user who came.
  answered_by uuid,
  answered_at timestamptz,
  constraint answered_by_somebody check ((answered_by is null) = (answered_at is null))
);
create unique index if not exists help_requests_one_open_an_agent
  on private.help_requests (call_record_id, agent_id) where answered_at is null;
create index if not exists help_requests_call_idx on private.help_requests (call_record_id);
create index if not exists help_requests_agent_idx on private.help_requests (agent_id);

-- What callers and agents hear, by language; {name} is filled in. Edit freely.
create table if not exists private.prompts (
  language text not null,
  key text not null,
  words text not null,
  primary key (language, key)
);

-- What callers say for a key, folded (private.fold_words); words that say nothing of one have an empty
-- key. Edit freely.
create table if not exists private.spoken_keys (
  language text not null,
  word text not null,
  key text not null constraint key_known check (key ~ '^[0-9*#]?$'),
  primary key (language, word)
);

create table if not exists private.voices (
  language text primary key,
  twilio_language text not null,
  voice text
);

-- Calls a number has made lately, for the limit a caller.
create table if not exists private.rate_counters (
  subject text not null,
  minute timestamptz not null,
  used integer not null default 1,
  primary key (subject, minute)
);
create index if not exists rate_counters_minute_idx on private.rate_counters (minute);

-- Recordings of conversations, every one: a caller whose first agent was gone before the two met has
-- one of each room. The call shows the longest.
create table if not exists private.call_recordings (
  recording_sid text primary key,
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  status text not null constraint status_known
    check (status in ('in_progress', 'completed', 'absent', 'failed', 'deleting', 'deleted', 'delete_failed')),
  duration_seconds integer not null
);
create index if not exists call_recordings_call_idx on private.call_recordings (call_record_id);

-- Ended calls of which a recording is missing that Twilio may have: it is asked for them at due_at. A row
-- goes once all that was expected is here, or tries_left has run out.
create table if not exists private.recording_checks (
  call_record_id uuid primary key references public.call_records (id) on delete cascade,
  due_at timestamptz not null,
  tries_left integer not null constraint tries_left_not_negative check (tries_left >= 0),
  tries integer not null default 0
);
create index if not exists recording_checks_due_idx on private.recording_checks (due_at);

-- One row: up to when Twilio's list of calls has been taken in (null before the first sweep, from which
-- on it is), when it is asked for next, and when the list of live calls may be.
create table if not exists private.calls_listing (
  only_row boolean primary key default true constraint calls_listing_one_row check (only_row),
  complete_until timestamptz,
  due_at timestamptz not null,
  live_due_at timestamptz not null
);
insert into private.calls_listing (due_at, live_due_at)
values (now(), now()) on conflict do nothing;

-- A voicemail's words, while they are waited for. voicemails.transcription_status is the state.
create table if not exists private.transcriptions (
  voicemail_id uuid primary key references public.voicemails (id) on delete cascade,
  attempts integer not null,
  -- Twilio's id of the running attempt, as soon as anybody told us.
  job_id text,
  -- Twilio's ids of earlier attempts: that one failed is known, and its words are taken if they come
  -- after all.
  past_job_ids text[] not null default '{}',
  -- When to try (again); null once it is over.
  due_at timestamptz
);
create index if not exists transcriptions_due_idx on private.transcriptions (due_at)
  where due_at is not null;

-- Statistics. Every change writes a small difference, the sweep folds differences into 15-minute sums
-- and one sum of all time, and readers add both up. Sums are integers; percentages are made where
-- they are shown, never stored. Differences are only ever inserted, so counting makes no two calls
-- wait for each other.
create table if not exists private.stat_deltas (
  id bigint generated always as identity primary key,
  interval_start timestamptz not null,
  queue_id uuid,
  calls integer not null default 0,
  completed integer not null default 0,
  missed integer not null default 0,
  duration_seconds bigint not null default 0,
  hold_seconds bigint not null default 0,
  contacts integer not null default 0,
  offered integer not null default 0,
  answered integer not null default 0,
  answered_in_time integer not null default 0,
  abandoned integer not null default 0,
  abandoned_in_time integer not null default 0,
  short_abandoned integer not null default 0,
  callbacks integer not null default 0,
  overflowed integer not null default 0,
  wait_seconds bigint not null default 0,
  handled integer not null default 0,
  talk_seconds bigint not null default 0,
  wrap_up_seconds bigint not null default 0,
  available_seconds bigint not null default 0
);
comment on table private.stat_deltas is 'What changed in the statistics since they were last folded.';
-- Read whole by every dashboard, and emptied all the time.
alter table private.stat_deltas set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- The same columns summed; interval_start is -infinity for the sum of all time. queue_id is the nil
-- uuid for what belongs to no queue, and private.every_queue() for the sum of all of them.
create table if not exists private.stat_sums (
  interval_start timestamptz not null,
  queue_id uuid not null,
  calls bigint not null,
  completed bigint not null,
  missed bigint not null,
  duration_seconds bigint not null,
  hold_seconds bigint not null,
  contacts bigint not null,
  offered bigint not null,
  answered bigint not null,
  answered_in_time bigint not null,
  abandoned bigint not null,
  abandoned_in_time bigint not null,
  short_abandoned bigint not null,
  callbacks bigint not null,
  overflowed bigint not null,
  wait_seconds bigint not null,
  handled bigint not null,
  talk_seconds bigint not null,
  wrap_up_seconds bigint not null,
  available_seconds bigint not null,
  primary key (interval_start, queue_id)
);
comment on table private.stat_sums is 'Statistics a quarter of an hour and queue, and of all time.';

create index if not exists stat_sums_every_queue_idx on private.stat_sums (interval_start)
  where queue_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

create table if not exists private.agent_deltas (
  id bigint generated always as identity primary key,
  interval_start timestamptz not null,
  agent_id uuid not null,
  offered integer not null default 0,
  missed integer not null default 0,
  handled integer not null default 0,
  talk_seconds bigint not null default 0,
  wrap_up_seconds bigint not null default 0,
  available_seconds bigint not null default 0
);
comment on table private.agent_deltas is 'What changed in agents'' statistics since the last folding.';
alter table private.agent_deltas set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- No key to the agents: the statistics of somebody who left are history, not theirs.
create table if not exists private.agent_sums (
  interval_start timestamptz not null,
  agent_id uuid not null,
  offered bigint not null,
  missed bigint not null,
  handled bigint not null,
  talk_seconds bigint not null,
  wrap_up_seconds bigint not null,
  available_seconds bigint not null,
  primary key (interval_start, agent_id)
);
comment on table private.agent_sums is 'Statistics a quarter of an hour and agent.';

-- What an agent's time went into: every moment in exactly one row. No key to the agents, as above.
create table if not exists private.agent_times (
  agent_id uuid not null,
  -- available · ringing · on_call, on_hold (the customer is held) · wrap_up · busy (about to place a
  -- call) · break · offline.
  state text not null constraint state_known check (state in
    ('available', 'ringing', 'on_call', 'on_hold', 'wrap_up', 'busy', 'break', 'offline')),
  -- Of a break: the agent's word for it, or no_answer (RONA), or unreachable.
  reason text,
  started_at timestamptz not null,
  -- Null: it goes on, unless time alone has ended it since.
  ended_at timestamptz,
  primary key (agent_id, started_at),
  constraint ends_after_its_start check (ended_at > started_at)
);
create unique index if not exists agent_times_one_open_an_agent
  on private.agent_times (agent_id) where ended_at is null;
-- For housekeeping; rows come in the order of time.
create index if not exists agent_times_started_idx on private.agent_times using brin (started_at);

-- Whose softphone which page is: the one that took it last. seen_at: its last heartbeat.
create table if not exists private.softphones (
  user_id uuid primary key references auth.users (id) on delete cascade,
  device text not null constraint device_is_short check (length(device) between 8 and 64),
  taken_at timestamptz not null,
  seen_at timestamptz not null
) with (fillfactor = 50);

-- The topics on which screens are told what happens (live.sql): a topic's messages are numbered without a gap. told_at:
-- when the wall was last told, by the world's clock, since deliveries are counted by it; told_interval: of which
-- quarter of an hour.
create table if not exists private.live_topics (
  topic text primary key,
  version bigint not null,
  told_at timestamptz,
  told_interval timestamptz
) with (fillfactor = 50);
insert into private.live_topics values ('supervisors', 0, '-infinity', '-infinity') on conflict do nothing;

-- What changed since the wall was last told: a row a thing and transaction. kind everything: more changed than a
-- message can say; again: nothing did, desks are told once the router is through (live.sql).
create table if not exists private.live_changes (
  id bigint generated always as identity primary key,
  kind text not null constraint kind_known check (kind in ('agent', 'call', 'queue', 'everything', 'again')),
  row_id uuid
);
-- Emptied every second.
alter table private.live_changes set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
