-- The seven tables, one after the other, each in one place: which columns may be empty and what
-- they are by default (the same on a fresh and on an existing database), the columns that are new,
-- what a row may be, its keys to other tables, and its indexes. The checks and keys have names, so
-- that an error says what was wrong; an existing database lost its own in the file before.
select set_config('lock_timeout', '10s', true);
select set_config('statement_timeout', '0', true);

-- One column: its default, and whether it may be null. Where it may not, a null in an old row
-- becomes the default.
create or replace function pg_temp.set_shape(p_table text, p_column text, p_default text, p_required boolean)
  returns void
  language plpgsql
as $$
begin
  if p_required and p_default is not null then
    execute format('update public.%I set %I = %s where %I is null',
      p_table, p_column, p_default, p_column);
  end if;
  execute format('alter table public.%I alter column %I %s, alter column %I %s not null',
    p_table, p_column, coalesce('set default ' || p_default, 'drop default'),
    p_column, case when p_required then 'set' else 'drop' end);
end $$;

-- Agents -----------------------------------------------------------------------------------------

select pg_temp.set_shape('call_center_agents', c, preset, required) from (values
  ('id', 'gen_random_uuid()', true),
  ('user_id', null, true),
  ('extension', null, true),
  ('agent_status', '''offline''', true),
  ('max_concurrent_calls', '1', true),
  ('skills', '''{"general": true}''', true),
  ('phone_number', null, false),
  ('current_call_count', '0', true),
  ('total_calls_handled', '0', true),
  ('average_handling_time_seconds', '0', true),
  ('last_status_change', 'now()', true),
  ('created_at', 'now()', true),
  ('updated_at', 'now()', true)) as s (c, preset, required);

-- What an agent chose, once: on an existing database busy was somebody at work on a call, unless it
-- is long ago. They stay busy for a minute more, and are then what they chose.
do $$
begin
  if exists (select 1 from pg_attribute where attname = 'chosen_status'
    and attrelid = 'public.call_center_agents'::regclass) then
    return;
  end if;
  alter table public.call_center_agents
    add column chosen_status text not null default 'offline',
    add column busy_until timestamptz,
    add column wrap_up_until timestamptz,
    add column handling_seconds bigint not null default 0;
  update public.call_center_agents
  set chosen_status = case when agent_status <> 'busy' then agent_status
        when last_status_change > now() - interval '12 hours' then 'available'
        else 'offline' end,
      busy_until = case when agent_status = 'busy' then now() + interval '1 minute' end,
      handling_seconds = total_calls_handled::bigint * average_handling_time_seconds;
end $$;

-- Telephony's own view of an agent, which the frontend may read. agents.sql writes it.
alter table public.call_center_agents
  -- The agent said during a call that they want no wrap-up after it.
  add column if not exists skip_wrap_up boolean not null default false,
  -- Since when the agent wraps up; wrap_up_until says until when they may.
  add column if not exists wrap_up_since timestamptz,
  -- No call is offered until then, after an offer that came to nothing.
  add column if not exists rest_until timestamptz,
  -- Offers in a row that they let ring, and that did not reach them.
  add column if not exists missed_offers integer not null default 0,
  add column if not exists unreached_offers integer not null default 0,
  add column if not exists aside_reason text,
  -- What longest_idle goes by: since when they have been available for a call.
  add column if not exists idle_since timestamptz not null default now(),
  -- How many calls the agent is held for, rung or talking: at most max_concurrent_calls.
  add column if not exists seats_taken integer not null default 0,
  -- From when on a call may be offered to them, by what is known now; null while they chose otherwise
  -- or have no seat left. Time alone makes them free, and an index finds who is.
  add column if not exists free_from timestamptz,
  -- Since when they take no calls any more and are shown to nobody: deleted, with a past to be kept.
  add column if not exists archived_at timestamptz;

alter table public.call_center_agents
  add constraint agent_status_known
    check (agent_status in ('available', 'busy', 'break', 'offline')),
  -- What the agent wants; agent_status is busy as well while telephony or wrap-up holds them.
  add constraint chosen_status_known check (chosen_status in ('available', 'break', 'offline')),
  -- A seat is looked for among all of them.
  add constraint capacity_possible check (max_concurrent_calls between 1 and 1000),
  add constraint current_call_count_not_negative check (current_call_count >= 0),
  add constraint seats_taken_not_negative check (seats_taken >= 0),
  add constraint missed_offers_not_negative check (missed_offers >= 0),
  add constraint unreached_offers_not_negative check (unreached_offers >= 0),
  add constraint skills_are_an_object check (jsonb_typeof(skills) = 'object'),
  add constraint call_center_agents_user_id_fkey
    foreign key (user_id) references auth.users (id) on delete cascade;

update public.call_center_agents
set free_from = coalesce(greatest(busy_until, wrap_up_until, rest_until), last_status_change)
where chosen_status = 'available' and greatest(seats_taken, current_call_count) < max_concurrent_calls;

create index if not exists call_center_agents_free_idx on public.call_center_agents (free_from)
  where free_from is not null;
create index if not exists call_center_agents_held_idx on public.call_center_agents (
  least(wrap_up_until, busy_until, rest_until))
  where least(wrap_up_until, busy_until, rest_until) is not null;

comment on table public.call_center_agents is 'Somebody who takes calls, one row a user.';
comment on column public.call_center_agents.aside_reason is
  'Why telephony set the agent on break (no_answer: RONA, redirection on no answer; unreachable: their telephone or softphone was not there); choosing a status clears it.';

-- Contacts ---------------------------------------------------------------------------------------

select pg_temp.set_shape('crm_contacts', c, preset, required) from (values
  ('id', 'gen_random_uuid()', true),
  ('phone_number', null, true),
  ('email', null, false),
  ('first_name', null, false),
  ('last_name', null, false),
  ('company_name', null, false),
  ('company_phone', null, false),
  ('contact_type', '''lead''', false),
  ('source', null, false),
  ('tags', '''[]''', true),
  ('notes', null, false),
  ('custom_fields', '''{}''', true),
  ('last_call_date', null, false),
  ('last_call_duration_seconds', null, false),
  ('total_call_count', '0', true),
  ('call_history_ids', '''{}''', true),
  ('created_at', 'now()', true),
  ('updated_at', 'now()', true)) as s (c, preset, required);

alter table public.crm_contacts
  -- Who talked to them last, and is preferred for their next call.
  add column if not exists last_agent_id uuid,
  -- They asked not to be called: nobody places a call to them.
  add column if not exists do_not_call boolean not null default false;

alter table public.crm_contacts
  add constraint contact_type_known
    check (contact_type in ('client', 'prospect', 'lead', 'customer')),
  add constraint crm_contacts_last_agent_id_fkey
    foreign key (last_agent_id) references public.call_center_agents (id) on delete set null;

create index crm_contacts_last_agent_idx on public.crm_contacts (last_agent_id)
  where last_agent_id is not null;
comment on table public.crm_contacts is 'Everybody the company talks to, one row a phone number.';

-- Queues -----------------------------------------------------------------------------------------

select pg_temp.set_shape('call_queues', c, preset, required) from (values
  ('id', 'gen_random_uuid()', true),
  ('name', null, true),
  ('description', null, false),
  ('agent_ids', '''{}''', true),
  ('routing_strategy', '''round_robin''', true),
  ('wait_music_url', null, false),
  ('max_wait_seconds', '600', true),
  ('priority', '0', true),
  ('active', 'true', true),
  ('created_at', 'now()', true),
  ('updated_at', 'now()', true)) as s (c, preset, required);

alter table public.call_queues
  add column if not exists ring_timeout_seconds integer not null default 20,
  add column if not exists wrap_up_seconds integer not null default 15,
  add column if not exists service_level_seconds integer not null default 20,
  add column if not exists short_abandon_seconds integer not null default 5,
  add column if not exists record_calls boolean not null default true,
  -- A caller counts for one priority more for each so many seconds of waiting; null: never.
  add column if not exists ageing_seconds integer,
  -- Skill → the level asked for, which falls by one every skill_relax_seconds that a caller waits.
  add column if not exists required_skills jsonb not null default '{}',
  add column if not exists skill_relax_seconds integer not null default 30,
  -- {"mon": [["08:00", "12:00"], ["14:00", "18:00"]], …}; null is always open, a day left out closed.
  add column if not exists opening_hours jsonb,
  add column if not exists holidays date[] not null default '{}',
  -- Null: the call centre's own.
  add column if not exists time_zone text,
  add column if not exists closed_message text,
  -- How many may wait on the line; null: any number.
  add column if not exists max_waiting integer,
  add column if not exists overflow_queue_id uuid,
  add column if not exists overflow_after_seconds integer,
  -- What a waiting caller may choose instead.
  add column if not exists offer_callback boolean not null default true,
  -- Callbacks that nobody got to before closing time are kept for the next opening.
  add column if not exists callbacks_overnight boolean not null default false,
  add column if not exists offer_voicemail boolean not null default true,
  -- What callers hear before the tone, said or played; with neither, their language's own words.
  add column if not exists voicemail_greeting text,
  add column if not exists voicemail_greeting_url text,
  -- Who gets a text message for each voicemail (E.164).
  add column if not exists voicemail_notify text[] not null default '{}',
  -- Since when it takes no callers any more and is shown to nobody: deleted, with a past to be kept.
  add column if not exists archived_at timestamptz;

alter table public.call_queues
  add constraint routing_strategy_known check
    (routing_strategy in ('round_robin', 'least_busy', 'skills_based', 'longest_idle')),
  add constraint max_wait_seconds_positive check (max_wait_seconds > 0),
  -- Twilio rings five seconds longer than it is asked to, and at least ten in all.
  add constraint ring_timeout_seconds_possible check (ring_timeout_seconds between 10 and 600),
  add constraint wrap_up_seconds_not_negative check (wrap_up_seconds >= 0),
  add constraint archived_is_closed check (archived_at is null or not active),
  add constraint service_level_seconds_positive check (service_level_seconds > 0),
  add constraint short_abandon_seconds_not_negative check (short_abandon_seconds >= 0),
  add constraint ageing_seconds_positive check (ageing_seconds > 0),
  add constraint max_waiting_not_negative check (max_waiting >= 0),
  add constraint overflow_after_seconds_not_negative check (overflow_after_seconds >= 0),
  add constraint holidays_are_dates check (array_position(holidays, null) is null),
  add constraint required_skills_are_an_object check (jsonb_typeof(required_skills) = 'object'),
  add constraint skill_relax_seconds_positive check (skill_relax_seconds > 0),
  add constraint voicemail_greeting_url_is_http check (voicemail_greeting_url ~ '^https?://'),
  add constraint voicemail_notify_are_numbers check (cardinality(voicemail_notify) <= 10
    and array_position(voicemail_notify, null) is null
    and array_to_string(voicemail_notify, ',') ~ '^((\+[1-9][0-9]{6,14})(,(?=\+)|$))*$'),
  add constraint call_queues_overflow_queue_id_fkey
    foreign key (overflow_queue_id) references public.call_queues (id) on delete set null;

create index if not exists call_queues_overflow_idx on public.call_queues (overflow_queue_id)
  where overflow_queue_id is not null;
comment on table public.call_queues is 'Where callers wait, and whom for.';

-- Calls ------------------------------------------------------------------------------------------

select pg_temp.set_shape('call_records', c, preset, required) from (values
  ('id', 'gen_random_uuid()', true),
  ('call_id', null, true),
  ('agent_id', null, false),
  ('contact_id', null, false),
  ('caller_number', null, true),
  ('caller_name', null, false),
  ('receiver_number', null, false),
  ('queue_name', null, false),
  ('call_status', '''queued''', true),
  ('call_direction', '''inbound''', true),
  ('ivr_path', '''{}''', true),
  ('started_at', 'now()', false),
  ('ended_at', null, false),
  ('duration_seconds', '0', true),
  ('hold_duration_seconds', '0', true),
  ('transferred', 'false', true),
  ('transferred_to_agent_id', null, false),
  ('transfer_timestamp', null, false),
  ('recording_url', null, false),
  ('recording_sid', null, false),
  ('cost_cents', null, false),
  ('notes', null, false),
  ('disposition', null, false),
  ('custom_data', '''{}''', true),
  ('created_at', 'now()', true),
  ('updated_at', 'now()', true)) as s (c, preset, required);

alter table public.call_records
  add column if not exists queue_id uuid,
  -- When the caller first joined a queue.
  add column if not exists queued_at timestamptz,
  -- When customer and agent met in the room.
  add column if not exists answered_at timestamptz,
  add column if not exists wait_seconds integer,
  add column if not exists talk_seconds integer,
  add column if not exists recording_status text,
  -- Who hung up: customer, agent, supervisor, or system (nobody was there for the customer any more).
  add column if not exists ended_by text,
  add column if not exists recording_paused boolean not null default false;

alter table public.call_records
  add constraint ended_by_known check (ended_by in ('customer', 'agent', 'supervisor', 'system')),
  -- ringing (in the menu) → queued (waiting) ⇄ ringing (an agent is being rung) → active (talking);
  -- each of them → completed | missed (left before an agent) | no_answer | failed, which are ends.
  add constraint call_status_known check (call_status in
    ('queued', 'ringing', 'active', 'completed', 'failed', 'no_answer', 'missed')),
  add constraint call_direction_known check (call_direction in ('inbound', 'outbound')),
  add constraint durations_not_negative check (
    duration_seconds >= 0 and hold_duration_seconds >= 0 and wait_seconds >= 0 and talk_seconds >= 0),
  add constraint recording_status_known
    check (recording_status in
      ('in_progress', 'completed', 'absent', 'failed', 'deleting', 'deleted', 'delete_failed')),
  add constraint call_records_agent_id_fkey
    foreign key (agent_id) references public.call_center_agents (id) on delete set null,
  add constraint call_records_contact_id_fkey
    foreign key (contact_id) references public.crm_contacts (id) on delete set null,
  add constraint call_records_transferred_to_agent_id_fkey
    foreign key (transferred_to_agent_id) references public.call_center_agents (id)
    on delete set null,
  add constraint call_records_queue_id_fkey
    foreign key (queue_id) references public.call_queues (id) on delete set null;

-- Live calls: few, whatever the history holds.
create index call_records_live_idx on public.call_records (call_status, started_at)
  where call_status in ('queued', 'ringing', 'active');
create index call_records_agent_idx on public.call_records (agent_id, started_at desc);
create index call_records_transferred_to_idx on public.call_records (transferred_to_agent_id)
  where transferred_to_agent_id is not null;
create index call_records_contact_idx on public.call_records (contact_id, started_at desc);
create index call_records_queue_idx on public.call_records (queue_id, started_at desc);
-- Whom nobody served: few of many.
create index call_records_missed_idx on public.call_records (queue_id, started_at desc)
  where call_status = 'missed';

comment on table public.call_records is 'One row a call, whatever its legs; telephony owns the state.';
comment on column public.call_records.caller_number is
  'The customer''s number, E.164, in both directions; ''anonymous'' where withheld.';
comment on column public.call_records.wait_seconds is
  'From joining the queue to the moment customer and agent met, or to leaving.';

-- Old calls know their queue by name only.
update public.call_records r set queue_id = q.id
from public.call_queues q where r.queue_id is null and r.queue_name = q.name;

-- IVR scripts ------------------------------------------------------------------------------------

select pg_temp.set_shape('ivr_scripts', c, preset, required) from (values
  ('id', 'gen_random_uuid()', true),
  ('name', null, true),
  ('description', null, false),
  ('language', '''es''', true),
  ('welcome_message', null, false),
  ('script_data', null, true),
  ('active', 'true', true),
  ('version', '1', true),
  ('created_by', null, false),
  ('created_at', 'now()', true),
  ('updated_at', 'now()', true)) as s (c, preset, required);

alter table public.ivr_scripts
  add constraint script_data_is_an_object check (jsonb_typeof(script_data) = 'object'),
  add constraint ivr_scripts_created_by_fkey
    foreign key (created_by) references auth.users (id) on delete set null;

create index ivr_scripts_active_idx on public.ivr_scripts (name, updated_at desc) where active;
create index ivr_scripts_created_by_idx on public.ivr_scripts (created_by);
comment on table public.ivr_scripts is 'What callers hear first: the menus, as JSON.';

-- Voicemails -------------------------------------------------------------------------------------

select pg_temp.set_shape('voicemails', c, preset, required) from (values
  ('id', 'gen_random_uuid()', true),
  ('queue_id', null, false),
  ('caller_number', null, true),
  ('caller_name', null, false),
  ('duration_seconds', '0', true),
  ('recording_url', null, false),
  ('recording_sid', null, false),
  ('transcription', null, false),
  ('is_listened', 'false', true),
  ('listened_by_agent_id', null, false),
  ('listened_at', null, false),
  ('created_at', 'now()', true)) as s (c, preset, required);

alter table public.voicemails
  add column if not exists call_record_id uuid,
  add column if not exists transcription_status text not null default 'none';

alter table public.voicemails
  -- none → pending → completed | failed, which are ends.
  add constraint transcription_status_known
    check (transcription_status in ('none', 'pending', 'completed', 'failed')),
  add constraint voicemails_queue_id_fkey
    foreign key (queue_id) references public.call_queues (id) on delete cascade,
  add constraint voicemails_call_record_id_fkey
    foreign key (call_record_id) references public.call_records (id) on delete set null,
  add constraint voicemails_listened_by_agent_id_fkey
    foreign key (listened_by_agent_id) references public.call_center_agents (id) on delete set null;

create index voicemails_queue_idx on public.voicemails (queue_id, created_at desc);
create index voicemails_call_idx on public.voicemails (call_record_id);
create unique index voicemails_recording_sid_key on public.voicemails (recording_sid);
create index voicemails_listened_by_idx on public.voicemails (listened_by_agent_id)
  where listened_by_agent_id is not null;
comment on table public.voicemails is 'Messages left by callers, one row a recording.';

-- Notes ------------------------------------------------------------------------------------------

select pg_temp.set_shape('call_notes', c, preset, required) from (values
  ('id', 'gen_random_uuid()', true),
  ('call_record_id', null, true),
  ('agent_id', null, false),
  ('note_text', null, true),
  ('note_type', '''agent_note''', true),
  ('created_at', 'now()', true),
  ('updated_at', 'now()', true)) as s (c, preset, required);

alter table public.call_notes
  add constraint note_type_known
    check (note_type in ('agent_note', 'system', 'callback_reminder')),
  add constraint call_notes_call_record_id_fkey
    foreign key (call_record_id) references public.call_records (id) on delete cascade,
  add constraint call_notes_agent_id_fkey
    foreign key (agent_id) references public.call_center_agents (id) on delete set null;

create index call_notes_call_idx on public.call_notes (call_record_id, created_at);
create index call_notes_agent_idx on public.call_notes (agent_id);
comment on table public.call_notes is 'What agents and the system wrote about a call.';
