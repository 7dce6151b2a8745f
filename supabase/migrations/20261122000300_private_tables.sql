-- Telephony's own tables: what Twilio told us, what the calls and agents are doing, and what is to
-- be done at Twilio. Nobody has a grant on them: only security definer functions touch them.
--
-- Lock order, everywhere: call_records → crm_contacts → call_center_agents (by id) → the private
-- tables below → the routing lock (private.route_call). Routing comes last in every transaction,
-- from deferred triggers, and waits for no row: it skips what is locked.

-- One row. What ops may tune; queues have their own where it differs by queue.
create table if not exists private.settings (
  only_row boolean primary key default true constraint settings_one_row check (only_row),
  -- "Today" in statistics, and opening hours.
  time_zone text not null default 'America/Bogota',
  -- Say that the call is recorded, to callers of queues that record.
  announce_recording boolean not null default true,
  incoming_calls_per_minute integer not null default 10,
  -- Offers in a row that an agent lets ring before being set aside.
  missed_offers_limit integer not null default 3,
  -- From our asking Twilio for a leg to its first word of it; Twilio starts one a second.
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
  transcription_patience_seconds integer not null default 900
);
insert into private.settings default values on conflict do nothing;

-- What callers and agents hear, by language; {name} is filled in. Edit freely.
create table if not exists private.prompts (
  language text not null,
  key text not null,
  words text not null,
  primary key (language, key)
);

create table if not exists private.voices (
  language text primary key,
  twilio_language text not null,
  voice text
);

-- Membership of queues, kept from call_queues.agent_ids; the router reads this.
create table if not exists private.queue_members (
  queue_id uuid not null references public.call_queues (id) on delete cascade,
  agent_id uuid not null references public.call_center_agents (id) on delete cascade,
  primary key (queue_id, agent_id)
);
create index if not exists queue_members_agent_idx on private.queue_members (agent_id);

-- A call's place in its flow, and the script it began with.
create table if not exists private.call_sessions (
  call_record_id uuid primary key references public.call_records (id) on delete cascade,
  stage text not null constraint stage_known check
    -- menu → waiting → connecting → connected → ended, or voicemail, callback, dialing on the way.
    (stage in ('menu', 'waiting', 'connecting', 'connected', 'voicemail', 'callback', 'dialing',
      'ended')),
  script jsonb not null,
  script_id uuid,
  script_version integer,
  language text not null,
  voicemail_queue_id uuid references public.call_queues (id) on delete set null,
  -- That the call is recorded was said in a document; and heard to its end, as a later one was
  -- asked for.
  recording_notice text constraint recording_notice_known check (recording_notice in ('said', 'heard')),
  updated_at timestamptz not null default now()
);
create index if not exists call_sessions_voicemail_queue_idx
  on private.call_sessions (voicemail_queue_id) where voicemail_queue_id is not null;

-- One row a Twilio call SID.
create table if not exists private.call_legs (
  call_sid text primary key,
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  role text not null constraint role_known check (role in ('caller', 'agent', 'target')),
  agent_id uuid references public.call_center_agents (id) on delete set null,
  address text,
  -- Twilio's words with underscores; each only ever moves right, the last five are ends.
  status text not null constraint status_known check (status in (
    'queued', 'initiated', 'ringing', 'in_progress',
    'completed', 'busy', 'failed', 'no_answer', 'canceled')),
  last_sequence integer,
  started_at timestamptz not null,
  answered_at timestamptz,
  ended_at timestamptz,
  duration_seconds integer,
  sip_code integer,
  last_heard_at timestamptz not null,
  constraint ended_at_iff_ended check ((ended_at is not null) =
    (status in ('completed', 'busy', 'failed', 'no_answer', 'canceled')))
);
create index if not exists call_legs_call_idx on private.call_legs (call_record_id);
create index if not exists call_legs_agent_idx on private.call_legs (agent_id) where ended_at is null;
create index if not exists call_legs_live_idx on private.call_legs (last_heard_at)
  where ended_at is null;

-- Everything Twilio told us, once each; nothing here is ever updated.
create table if not exists private.call_events (
  call_sid text not null,
  source text not null,
  event text not null,
  sequence integer not null default -1,
  call_record_id uuid references public.call_records (id) on delete cascade,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  params jsonb not null,
  primary key (call_sid, source, event, sequence)
);
create index if not exists call_events_call_idx on private.call_events (call_record_id, occurred_at);
create index if not exists call_events_received_idx on private.call_events (received_at);

-- A call's stay in a queue.
create table if not exists private.queue_entries (
  id bigint generated always as identity primary key,
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  queue_id uuid not null references public.call_queues (id) on delete cascade,
  priority integer not null,
  -- What their place goes by; kept from queue to queue.
  joined_at timestamptz not null,
  -- This queue: what its longest wait and its overflow go by.
  entered_at timestamptz not null,
  -- An agent is being rung for this call right now.
  offered boolean not null default false,
  -- Not to be offered earlier: a callback between attempts.
  not_before timestamptz,
  left_at timestamptz,
  outcome text,
  constraint outcome_iff_left check ((left_at is null) = (outcome is null)),
  constraint outcome_known check (outcome in
    ('answered', 'abandoned', 'voicemail', 'callback', 'overflowed', 'lost'))
);
create unique index if not exists queue_entries_one_live_a_call
  on private.queue_entries (call_record_id) where left_at is null;
create index if not exists queue_entries_waiting_idx
  on private.queue_entries (queue_id, offered, priority desc, joined_at) where left_at is null;
create index if not exists queue_entries_call_idx on private.queue_entries (call_record_id);

-- An agent held for a call: being rung, then talking. A lease until answered, and one seat of the
-- agent's until it ends.
create table if not exists private.call_offers (
  id uuid primary key default gen_random_uuid(),
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  agent_id uuid not null references public.call_center_agents (id) on delete cascade,
  queue_id uuid references public.call_queues (id) on delete set null,
  seat integer not null,
  -- reserved (Twilio is asked) → ringing → connected → ended.
  state text not null default 'reserved',
  leg_sid text,
  created_at timestamptz not null,
  -- Twilio's first word of the leg.
  heard_at timestamptz,
  ringing_at timestamptz,
  connected_at timestamptz,
  expires_at timestamptz,
  ended_at timestamptz,
  outcome text,
  constraint state_known check (state in ('reserved', 'ringing', 'connected', 'ended')),
  constraint seat_positive check (seat >= 1),
  constraint ended_iff_outcome check
    ((state = 'ended') = (ended_at is not null) and (state = 'ended') = (outcome is not null)),
  constraint lease_until_connected check
    ((state in ('reserved', 'ringing')) <= (expires_at is not null)),
  constraint outcome_known check (outcome in ('finished', 'no_answer', 'busy', 'rejected',
    'unreachable', 'caller_left', 'lapsed', 'declined', 'lost'))
);
create unique index if not exists call_offers_one_ringing_a_call
  on private.call_offers (call_record_id) where state in ('reserved', 'ringing');
create unique index if not exists call_offers_one_a_seat
  on private.call_offers (agent_id, seat) where state <> 'ended';
create unique index if not exists call_offers_leg_key on private.call_offers (leg_sid);
create index if not exists call_offers_lapsing_idx
  on private.call_offers (expires_at) where state in ('reserved', 'ringing');
create index if not exists call_offers_call_idx on private.call_offers (call_record_id);
create index if not exists call_offers_queue_idx
  on private.call_offers (queue_id, agent_id, created_at);

-- What is to be done at Twilio: written with the decision, carried out after the commit.
create table if not exists private.telephony_commands (
  id bigint generated always as identity primary key,
  kind text not null,
  -- What it acts on; two live commands of a kind never share one.
  target text not null,
  payload jsonb not null,
  call_record_id uuid references public.call_records (id) on delete cascade,
  -- pending → claimed (a process holds it until lease_until) → done | failed; back to pending to
  -- retry; unknown where Twilio may have acted and must be asked.
  state text not null default 'pending',
  attempts integer not null default 0,
  due_at timestamptz not null,
  claimed_by text,
  lease_until timestamptz,
  created_at timestamptz not null,
  created_in xid8 not null default pg_current_xact_id(),
  settled_at timestamptz,
  result jsonb,
  constraint kind_known check (kind in ('ring_agent', 'ring_customer', 'redirect', 'hang_up', 'send_sms',
    'transcribe')),
  constraint state_known check (state in ('pending', 'claimed', 'unknown', 'done', 'failed')),
  constraint settled_iff_over check ((state in ('done', 'failed')) = (settled_at is not null)),
  constraint lease_iff_claimed check
    ((state = 'claimed') = (lease_until is not null and claimed_by is not null))
);
create unique index if not exists telephony_commands_one_live_a_target
  on private.telephony_commands (kind, target) where state not in ('done', 'failed');
create index if not exists telephony_commands_due_idx
  on private.telephony_commands (due_at) where state in ('pending', 'claimed', 'unknown');
create index if not exists telephony_commands_call_idx
  on private.telephony_commands (call_record_id);
create index if not exists telephony_commands_settled_idx
  on private.telephony_commands (settled_at) where settled_at is not null;

-- Why a call went to whom: every candidate and why it lost.
create table if not exists private.routing_decisions (
  id bigint generated always as identity primary key,
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  queue_id uuid not null references public.call_queues (id) on delete cascade,
  decided_at timestamptz not null,
  agent_id uuid references public.call_center_agents (id) on delete set null,
  candidates jsonb not null
);
create index if not exists routing_decisions_call_idx
  on private.routing_decisions (call_record_id, decided_at desc);
create index if not exists routing_decisions_queue_idx on private.routing_decisions (queue_id);
create index if not exists routing_decisions_agent_idx on private.routing_decisions (agent_id);
create index if not exists routing_decisions_decided_idx on private.routing_decisions (decided_at);

-- Calls a number has made lately, for the limit a caller.
create table if not exists private.rate_counters (
  subject text not null,
  minute timestamptz not null,
  used integer not null default 1,
  primary key (subject, minute)
);
create index if not exists rate_counters_minute_idx on private.rate_counters (minute);
