-- What a row of the seven tables may be: checks with names, keys between tables, and the indexes
-- that the frontend's queries, the policies and the router use.

select set_config('lock_timeout', '10s', true), set_config('statement_timeout', '0', true);

alter table public.call_center_agents
  add constraint agent_status_known
    check (agent_status in ('available', 'busy', 'break', 'offline')),
  -- What the agent wants; agent_status is busy as well while telephony or wrap-up holds them.
  add constraint chosen_status_known check (chosen_status in ('available', 'break', 'offline')),
  add constraint capacity_at_least_one check (max_concurrent_calls >= 1),
  add constraint current_call_count_not_negative check (current_call_count >= 0),
  add constraint missed_offers_not_negative check (missed_offers >= 0),
  add constraint skills_are_an_object check (jsonb_typeof(skills) = 'object'),
  add constraint call_center_agents_user_id_fkey
    foreign key (user_id) references auth.users (id) on delete cascade;

alter table public.crm_contacts
  add constraint contact_type_known
    check (contact_type in ('client', 'prospect', 'lead', 'customer')),
  add constraint crm_contacts_last_agent_id_fkey
    foreign key (last_agent_id) references public.call_center_agents (id) on delete set null;

alter table public.call_records
  -- queued (waiting) · ringing (in the menu, or an agent is being rung) · active (talking) · ends.
  add constraint call_status_known check (call_status in
    ('queued', 'ringing', 'active', 'completed', 'failed', 'no_answer', 'missed')),
  add constraint call_direction_known check (call_direction in ('inbound', 'outbound')),
  add constraint durations_not_negative check (
    duration_seconds >= 0 and hold_duration_seconds >= 0 and wait_seconds >= 0 and talk_seconds >= 0),
  add constraint recording_status_known
    check (recording_status in ('in_progress', 'completed', 'absent', 'failed')),
  add constraint call_records_agent_id_fkey
    foreign key (agent_id) references public.call_center_agents (id) on delete set null,
  add constraint call_records_contact_id_fkey
    foreign key (contact_id) references public.crm_contacts (id) on delete set null,
  add constraint call_records_transferred_to_agent_id_fkey
    foreign key (transferred_to_agent_id) references public.call_center_agents (id)
    on delete set null,
  add constraint call_records_queue_id_fkey
    foreign key (queue_id) references public.call_queues (id) on delete set null;

alter table public.ivr_scripts
  add constraint script_data_is_an_object check (jsonb_typeof(script_data) = 'object'),
  add constraint ivr_scripts_created_by_fkey
    foreign key (created_by) references auth.users (id) on delete set null;

alter table public.call_queues
  add constraint routing_strategy_known check
    (routing_strategy in ('round_robin', 'least_busy', 'skills_based', 'longest_idle')),
  add constraint max_wait_seconds_positive check (max_wait_seconds > 0),
  -- Twilio rings five seconds longer than it is asked to, and at least ten in all.
  add constraint ring_timeout_seconds_possible check (ring_timeout_seconds between 10 and 600),
  add constraint wrap_up_seconds_not_negative check (wrap_up_seconds >= 0),
  add constraint service_level_seconds_positive check (service_level_seconds > 0),
  add constraint short_abandon_seconds_not_negative check (short_abandon_seconds >= 0),
  add constraint required_skills_are_an_object check (jsonb_typeof(required_skills) = 'object'),
  add constraint skill_relax_seconds_positive check (skill_relax_seconds > 0);

alter table public.voicemails
  add constraint transcription_status_known
    check (transcription_status in ('none', 'pending', 'completed', 'failed')),
  add constraint voicemails_queue_id_fkey
    foreign key (queue_id) references public.call_queues (id) on delete cascade,
  add constraint voicemails_call_record_id_fkey
    foreign key (call_record_id) references public.call_records (id) on delete set null,
  add constraint voicemails_listened_by_agent_id_fkey
    foreign key (listened_by_agent_id) references public.call_center_agents (id) on delete set null;

alter table public.call_notes
  add constraint note_type_known
    check (note_type in ('agent_note', 'system', 'callback_reminder')),
  add constraint call_notes_call_record_id_fkey
    foreign key (call_record_id) references public.call_records (id) on delete cascade,
  add constraint call_notes_agent_id_fkey
    foreign key (agent_id) references public.call_center_agents (id) on delete set null;

-- Live calls: few, whatever the history holds.
create index call_records_live_idx on public.call_records (call_status, started_at)
  where call_status in ('queued', 'ringing', 'active');
create index call_records_agent_idx on public.call_records (agent_id, started_at desc);
create index crm_contacts_last_agent_idx on public.crm_contacts (last_agent_id)
  where last_agent_id is not null;
create index call_records_transferred_to_idx on public.call_records (transferred_to_agent_id)
  where transferred_to_agent_id is not null;
create index call_records_contact_idx on public.call_records (contact_id, started_at desc);
create index call_records_queue_idx on public.call_records (queue_id, started_at desc);
create index ivr_scripts_active_idx on public.ivr_scripts (name, updated_at desc) where active;
create index ivr_scripts_created_by_idx on public.ivr_scripts (created_by);
create index voicemails_queue_idx on public.voicemails (queue_id, created_at desc);
create index voicemails_call_idx on public.voicemails (call_record_id);
create unique index voicemails_recording_sid_key on public.voicemails (recording_sid);
create index voicemails_listened_by_idx on public.voicemails (listened_by_agent_id)
  where listened_by_agent_id is not null;
create index call_notes_call_idx on public.call_notes (call_record_id, created_at);
create index call_notes_agent_idx on public.call_notes (agent_id);

comment on table public.call_center_agents is 'Somebody who takes calls, one row a user.';
comment on table public.crm_contacts is 'Everybody the company talks to, one row a phone number.';
comment on table public.call_records is 'One row a call, whatever its legs; telephony owns the state.';
comment on table public.ivr_scripts is 'What callers hear first: the menus, as JSON.';
comment on table public.call_queues is 'Where callers wait, and whom for.';
comment on table public.voicemails is 'Messages left by callers, one row a recording.';
comment on table public.call_notes is 'What agents and the system wrote about a call.';
comment on column public.call_records.caller_number is
  'The customer''s number, E.164, in both directions; ''anonymous'' where withheld.';
comment on column public.call_records.wait_seconds is
  'From joining the queue to the agent''s answer, or to leaving.';
comment on column public.call_center_agents.aside_reason is
  'Why telephony set the agent aside (no_answer); choosing a status clears it.';
