-- Telephony's own state of a call: what Twilio told us, where the call is in its flow, who waits,
-- who is being rung, and what is to be done at Twilio. Each state is a checked word with its
-- transitions beside it; each has one file that writes it (300 to 360). Nobody has a grant on these
-- tables: only security definer functions touch them.
--
-- Lock order, everywhere: call_records → crm_contacts → call_center_agents (by id) → the tables below
-- → the routing locks. Routing comes last in every transaction and waits for no row: it skips what
-- another transaction holds.

-- Membership of queues, kept from call_queues.agent_ids; the router reads this.
create table if not exists private.queue_members (
  queue_id uuid not null references public.call_queues (id) on delete cascade,
  agent_id uuid not null references public.call_center_agents (id) on delete cascade,
  -- The agent's turn, for round_robin: when a call of this queue was last offered to them.
  last_offered_at timestamptz,
  primary key (queue_id, agent_id)
);
create index if not exists queue_members_agent_idx on private.queue_members (agent_id);

-- A call's place in its flow, and the script it began with.
create table if not exists private.call_sessions (
  call_record_id uuid primary key references public.call_records (id) on delete cascade,
  -- menu → waiting → connecting (an agent took the call, the two are on their way to the room)
  -- → connected → ended; back from connecting to waiting where the agent left before they met.
  -- On the way: voicemail, callback (asked which number to ring), dialing (a number outside).
  stage text not null constraint stage_known check
    (stage in ('menu', 'waiting', 'connecting', 'connected', 'voicemail', 'callback', 'dialing',
      'ended')),
  script jsonb not null,
  script_id uuid,
  script_version integer,
  language text not null,
  -- The caller was asked which number to call back.
  asked_for_number boolean not null default false,
  -- What became of the call without an agent; null: nothing (yet). Not call_records.disposition, which
  -- is people's to write.
  resolution text constraint resolution_known check
    (resolution in ('voicemail', 'callback', 'transfer', 'rejected')),
  voicemail_queue_id uuid references public.call_queues (id) on delete set null,
  -- The notice that the call is recorded. said: it stood in a document that Twilio was given; heard:
  -- Twilio asked for a later document, so the caller heard it to its end.
  recording_notice text constraint recording_notice_known check (recording_notice in ('said', 'heard')),
  -- When the customer was first sent to the room that they are in or on their way to.
  sent_to_room_at timestamptz,
  -- Since when the customer may be alone in the room, for the agent's softphone was perhaps lost.
  alone_since timestamptz,
  updated_at timestamptz not null default now()
);
create index if not exists call_sessions_voicemail_queue_idx
  on private.call_sessions (voicemail_queue_id) where voicemail_queue_id is not null;
create index if not exists call_sessions_connecting_idx
  on private.call_sessions (sent_to_room_at) where stage = 'connecting';

create index if not exists call_sessions_alone_idx
  on private.call_sessions (alone_since) where alone_since is not null and stage = 'connected';

-- One row a Twilio call SID.
create table if not exists private.call_legs (
  call_sid text primary key,
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  -- caller: rang us · customer: rung by us · agent · consult: a colleague or party asked for advice
  -- · supervisor: listens or helps · target: dialled from a menu.
  role text not null constraint role_known check
    (role in ('caller', 'customer', 'agent', 'consult', 'supervisor', 'target')),
  agent_id uuid references public.call_center_agents (id) on delete set null,
  address text,
  -- A callback's customer: which of the attempts to reach them it is.
  attempt integer,
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
create index if not exists call_legs_agent_idx on private.call_legs (agent_id) where agent_id is not null;
create index if not exists call_legs_live_agent_idx on private.call_legs (agent_id)
  where agent_id is not null and ended_at is null;
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
-- Events that we know only because we asked Twilio.
create index if not exists call_events_reconciled_idx on private.call_events (received_at)
  where source = 'reconcile';

-- A call's stay in a queue. It lasts until customer and agent have met, so that whoever loses their
-- agent on the way to the room has never left their place.
create table if not exists private.queue_entries (
  id bigint generated always as identity primary key,
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  -- A queue that somebody waited in is archived, never gone.
  queue_id uuid not null references public.call_queues (id),
  -- Since when they wait, in whatever queue: their place goes by it.
  joined_at timestamptz not null,
  -- Since when in this queue: its longest wait and its overflow go by it.
  entered_at timestamptz not null,
  -- They talked to somebody in this call before: their wait is counted from here.
  comes_back boolean not null default false,
  -- In figures; false where they were answered in this very queue before.
  counts boolean not null default true,
  -- On the line; false for a callback, which waits without one.
  on_line boolean not null,
  -- An agent is being rung for this call, or has taken it and the two have not met yet.
  offered boolean not null default false,
  -- Put off: not to be offered earlier. Null again once that time has come.
  not_before timestamptz,
  -- When to look for the next queue; null where this one does not overflow.
  overflow_at timestamptz,
  left_at timestamptz,
  -- answered: they met · overflowed: on to the next queue, where a new stay begins; moved: the same, as a supervisor
  -- said · callback: they asked for one, whose stay begins · not_reached: a callback whose customer nobody reached ·
  -- served: one whose customer somebody served meanwhile in another call.
  outcome text,
  -- How the stay counts, judged when it ends by the queue's thresholds of that moment: changing them
  -- changes no past statistics.
  waited_seconds integer,
  in_time boolean,
  short_abandon boolean,
  constraint outcome_iff_left check ((left_at is null) = (outcome is null)),
  constraint outcome_known check (outcome in
    ('answered', 'abandoned', 'voicemail', 'callback', 'overflowed', 'not_reached', 'served', 'moved'))
);
create unique index if not exists queue_entries_one_live_a_call
  on private.queue_entries (call_record_id) where left_at is null;
-- Who is next in a queue.
create index if not exists queue_entries_next_idx on private.queue_entries (queue_id, joined_at, id)
  where left_at is null and not offered and not_before is null;
-- Everybody's place.
create index if not exists queue_entries_waiting_idx
  on private.queue_entries (queue_id, joined_at, id) where left_at is null;
create index if not exists queue_entries_put_off_idx on private.queue_entries (not_before)
  where left_at is null and not_before is not null;
create index if not exists queue_entries_overflow_idx on private.queue_entries (overflow_at)
  where left_at is null and overflow_at is not null and not offered;
-- Callbacks: who waits without a line.
create index if not exists queue_entries_off_line_idx on private.queue_entries (queue_id)
  where left_at is null and not on_line;
create index if not exists queue_entries_call_idx on private.queue_entries (call_record_id);
-- Who waits longest on the line, of everybody.
create index if not exists queue_entries_longest_wait_idx on private.queue_entries (joined_at)
  where left_at is null and on_line;

-- Somebody is rung to join a call's room, and is then in it. Of an agent it takes one of their seats until it
-- ends; until it is taken it is a lease, which ends by itself at expires_at.
create table if not exists private.call_offers (
  id uuid primary key default gen_random_uuid(),
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  -- Null for a number outside and for a supervisor, and where the agent's user was deleted since.
  agent_id uuid references public.call_center_agents (id) on delete set null,
  -- queue: the router's choice · placed: of a call that the agent places · return: the agent's softphone was
  -- lost, and they are rung again · transfer: takes the customer over · consult: is asked for advice ·
  -- party: joins them · supervise: listens or helps. The first four have the customer (private.has_customer).
  purpose text not null default 'queue',
  -- The agent who wanted it: of a transfer, consult or party, and the supervisor's own.
  invited_by uuid references public.call_center_agents (id) on delete set null,
  -- Where to ring who is no agent of the call: a number, or a supervisor's telephone.
  address text,
  -- Of supervise: the supervisor's user, and whether they listen, whisper or barge in.
  supervised_by uuid,
  mode text,
  queue_id uuid references public.call_queues (id) on delete set null,
  seat integer not null,
  -- reserved (Twilio is asked) → ringing → connected (the agent took the call) → ended, from each.
  state text not null default 'reserved',
  leg_sid text,
  created_at timestamptz not null,
  -- Twilio's first word of the leg.
  heard_at timestamptz,
  ringing_at timestamptz,
  connected_at timestamptz,
  -- When agent and customer were first in the room together: from here on they talk.
  met_at timestamptz,
  expires_at timestamptz,
  ended_at timestamptz,
  -- finished: after the agent took it · no_answer, busy, rejected, unreachable, declined: what the
  -- agent's telephone did · caller_left · lapsed: nobody told us · lost: Twilio did not ring them ·
  -- cancelled: whoever wanted it does no more.
  outcome text,
  constraint state_known check (state in ('reserved', 'ringing', 'connected', 'ended')),
  constraint seat_positive check (seat >= 1),
  constraint ended_iff_outcome check
    ((state = 'ended') = (ended_at is not null) and (state = 'ended') = (outcome is not null)),
  constraint lease_until_connected check
    (state not in ('reserved', 'ringing') or expires_at is not null),
  constraint met_after_connected check (met_at is null or connected_at is not null),
  constraint outcome_known check (outcome in ('finished', 'no_answer', 'busy', 'rejected',
    'unreachable', 'caller_left', 'lapsed', 'declined', 'lost', 'cancelled')),
  constraint purpose_known check (purpose in
    ('queue', 'placed', 'return', 'transfer', 'consult', 'party', 'supervise')),
  constraint mode_known check (mode in ('listen', 'whisper', 'barge')),
  constraint supervisor_iff_supervises check
    ((purpose = 'supervise') = (supervised_by is not null) and (purpose = 'supervise') = (mode is not null))
);
create unique index if not exists call_offers_one_ringing_a_call
  on private.call_offers (call_record_id)
  where state in ('reserved', 'ringing') and purpose <> 'supervise';
create index if not exists call_offers_invited_by_idx on private.call_offers (invited_by)
  where invited_by is not null;
create unique index if not exists call_offers_one_a_supervisor
  on private.call_offers (call_record_id, supervised_by) where state <> 'ended';
create unique index if not exists call_offers_one_a_seat
  on private.call_offers (agent_id, seat) where state <> 'ended';
create unique index if not exists call_offers_leg_key on private.call_offers (leg_sid);
create index if not exists call_offers_lapsing_idx
  on private.call_offers (expires_at) where state in ('reserved', 'ringing');
create index if not exists call_offers_call_idx on private.call_offers (call_record_id);
create index if not exists call_offers_agent_idx on private.call_offers (agent_id, created_at);
create index if not exists call_offers_queue_idx on private.call_offers (queue_id);
-- Of recent offers, how long it took from reserving the agent to Twilio's first word of their leg.
create index if not exists call_offers_heard_idx on private.call_offers (heard_at);

-- Who is in a room, as the conference's callbacks tell it: one row a leg and room. Every callback about
-- somebody says how they are now, so the one with the highest number is the truth.
create table if not exists private.participants (
  call_sid text not null,
  conference_sid text not null,
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  joined_at timestamptz,
  left_at timestamptz,
  held_since timestamptz,
  muted boolean not null default false,
  -- Twilio's number of the callback that held_since and muted are from.
  told_sequence integer not null default -1,
  primary key (call_sid, conference_sid)
);
create index if not exists participants_call_idx on private.participants (call_record_id);

-- How a leg is to be in its room, as people asked for it; Twilio is told until it is so. version grows with
-- each wish, and told is the one that Twilio took.
create table if not exists private.leg_wishes (
  call_sid text primary key references private.call_legs (call_sid) on delete cascade,
  held boolean not null default false,
  -- Since when, and whether the agent was reminded since.
  held_at timestamptz,
  reminded_at timestamptz,
  -- muted: by themselves; muted_by: by somebody else, until they end it or leave.
  muted boolean not null default false,
  muted_by uuid references public.call_center_agents (id) on delete set null,
  -- Heard by this leg alone: a supervisor who whispers.
  coaches text,
  version integer not null default 1,
  told integer not null default 0
);
create index if not exists leg_wishes_muted_by_idx on private.leg_wishes (muted_by)
  where muted_by is not null;
create index if not exists leg_wishes_held_idx on private.leg_wishes (held_at)
  where held and reminded_at is null;

-- A call that an agent places. Its agent is rung first, then the customer, into the same room.
create table if not exists private.placed_calls (
  call_record_id uuid primary key references public.call_records (id) on delete cascade,
  agent_id uuid references public.call_center_agents (id) on delete set null,
  -- The id that its row had before it had Twilio's: a screen may still hold it.
  pending_id text not null unique,
  idempotency_key text,
  number text not null,
  caller_id text,
  record boolean not null,
  detect_machine boolean not null,
  created_at timestamptz not null
);
create index if not exists placed_calls_created_idx on private.placed_calls (created_at);
create index if not exists placed_calls_agent_idx on private.placed_calls (agent_id, created_at);
create unique index if not exists placed_calls_key
  on private.placed_calls (agent_id, idempotency_key) where idempotency_key is not null;

-- What people did with a call, each once: the intents by which leaving is told from being lost, and who
-- did what. Nothing here is ever updated.
create table if not exists private.call_actions (
  id bigint generated always as identity primary key,
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  user_id uuid not null,
  agent_id uuid references public.call_center_agents (id) on delete set null,
  action text not null,
  detail jsonb not null default '{}',
  at timestamptz not null
);
create index if not exists call_actions_call_idx on private.call_actions (call_record_id, at);
create index if not exists call_actions_agent_idx on private.call_actions (agent_id)
  where agent_id is not null;

-- What may be asked of Twilio, and what becomes of a command of which nobody knows whether Twilio
-- carried it out: repeat it (twice does no harm), look_up (ask Twilio first) or give_up.
create table if not exists private.command_kinds (
  kind text primary key,
  when_unknown text not null constraint when_unknown_known
    check (when_unknown in ('repeat', 'look_up', 'give_up')),
  -- A command that could not begin for so long is not wanted any more; null: it always is.
  begin_within_seconds integer
);
insert into private.command_kinds (kind, when_unknown, begin_within_seconds) values
  ('ring_agent', 'give_up', 30),
  ('ring_party', 'give_up', 30),
  ('ring_customer', 'look_up', 60),
  ('redirect', 'repeat', null),
  ('hang_up', 'repeat', null),
  ('set_participant', 'repeat', null),
  ('set_recording', 'repeat', 60),
  ('announce', 'give_up', 30),
  ('send_sms', 'give_up', 3600),
  ('transcribe', 'repeat', null)
on conflict (kind) do update
set when_unknown = excluded.when_unknown, begin_within_seconds = excluded.begin_within_seconds;

-- What is to be done at Twilio: written with the decision, carried out after the commit.
create table if not exists private.telephony_commands (
  id bigint generated always as identity primary key,
  kind text not null references private.command_kinds (kind),
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
  -- Since when it is wanted: when it was decided, or as much later as it was to wait.
  created_at timestamptz not null,
  settled_at timestamptz,
  result jsonb,
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

-- A caller's wish to be rung. Theirs is a call of its own, outbound, that waits in the queue with the
-- time its caller joined. The wish is written first, for two at once are one, and its call then: the
-- key to it is looked at when the transaction ends.
create table if not exists private.callbacks (
  call_record_id uuid primary key references public.call_records (id) on delete cascade
    deferrable initially deferred,
  -- The call in which it was asked for.
  requested_by uuid references public.call_records (id) on delete set null,
  number text not null,
  -- How often the customer was rung: each an attempt of its own, at most one of which may be at work.
  attempts integer not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- For when an agent promised it; null: as soon as somebody is free.
  scheduled_at timestamptz,
  -- Their customer was reached, or nobody rings them any more.
  ended_at timestamptz
);
-- Never two for one number.
create unique index if not exists callbacks_one_live_a_number
  on private.callbacks (number) where ended_at is null;
-- Never two for one request, though it be repeated when the first is long done.
create unique index if not exists callbacks_one_a_request on private.callbacks (requested_by)
  where scheduled_at is null;
create index if not exists callbacks_expiring_idx on private.callbacks (expires_at)
  where ended_at is null;

-- Why a call went to whom: the best candidates first, and why each lost.
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
