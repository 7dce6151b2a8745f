-- The schema as the migrations make it, for reading and for review. Not run by anything.
-- Written by `make schema`; a test compares it with the database. Functions without their bodies.

schema private
  grant authenticated=U/postgres
  grant service_role=U/postgres

table public.call_center_agents row level security
  -- Somebody who takes calls, one row a user.
  id uuid default gen_random_uuid() not null
  user_id uuid not null
  extension text not null
  agent_status text default 'offline'::text not null
  max_concurrent_calls integer default 1 not null
  skills jsonb default '{"general": true}'::jsonb not null
  phone_number text
  current_call_count integer default 0 not null
  total_calls_handled integer default 0 not null
  average_handling_time_seconds integer default 0 not null
  last_status_change timestamp with time zone default now() not null
  created_at timestamp with time zone default now() not null
  updated_at timestamp with time zone default now() not null
  chosen_status text default 'offline'::text not null
  busy_until timestamp with time zone
  wrap_up_until timestamp with time zone
  handling_seconds bigint default 0 not null
  skip_wrap_up boolean default false not null
  wrap_up_since timestamp with time zone
  rest_until timestamp with time zone
  missed_offers integer default 0 not null
  unreached_offers integer default 0 not null
  aside_reason text -- Why telephony set the agent on break (no_answer: RONA, redirection on no answer; unreachable: their telephone or softphone was not there); choosing a status clears it.
  idle_since timestamp with time zone default now() not null
  seats_taken integer default 0 not null
  free_from timestamp with time zone
  archived_at timestamp with time zone
  break_reason text
  next_status text
  next_reason text
  wrap_up_call_id uuid
  disposition_owed boolean default false not null
  wrap_up_extended_seconds integer default 0 not null
  constraint agent_status_known CHECK ((agent_status = ANY (ARRAY['available'::text, 'busy'::text, 'break'::text, 'offline'::text])))
  constraint break_reason_of_a_break CHECK (((break_reason IS NULL) OR (chosen_status = 'break'::text)))
  constraint capacity_possible CHECK (((max_concurrent_calls >= 1) AND (max_concurrent_calls <= 1000)))
  constraint chosen_status_known CHECK ((chosen_status = ANY (ARRAY['available'::text, 'break'::text, 'offline'::text])))
  constraint current_call_count_not_negative CHECK ((current_call_count >= 0))
  constraint disposition_owed_for_a_call CHECK (((NOT disposition_owed) OR (wrap_up_call_id IS NOT NULL)))
  constraint missed_offers_not_negative CHECK ((missed_offers >= 0))
  constraint next_status_known CHECK ((next_status = ANY (ARRAY['available'::text, 'break'::text, 'offline'::text])))
  constraint seats_taken_not_negative CHECK ((seats_taken >= 0))
  constraint skills_are_an_object CHECK ((jsonb_typeof(skills) = 'object'::text))
  constraint unreached_offers_not_negative CHECK ((unreached_offers >= 0))
  constraint wrap_up_extended_seconds_not_negative CHECK ((wrap_up_extended_seconds >= 0))
  constraint call_center_agents_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  constraint call_center_agents_wrap_up_call_id_fkey FOREIGN KEY (wrap_up_call_id) REFERENCES call_records(id) ON DELETE SET NULL
  constraint call_center_agents_pkey PRIMARY KEY (id)
  constraint call_center_agents_extension_key UNIQUE (extension)
  constraint call_center_agents_user_id_key UNIQUE (user_id)
  CREATE INDEX call_center_agents_free_idx ON public.call_center_agents USING btree (free_from) WHERE (free_from IS NOT NULL)
  CREATE INDEX call_center_agents_held_idx ON public.call_center_agents USING btree (LEAST(wrap_up_until, busy_until, rest_until)) WHERE (LEAST(wrap_up_until, busy_until, rest_until) IS NOT NULL)
  CREATE INDEX call_center_agents_wrap_up_call_idx ON public.call_center_agents USING btree (wrap_up_call_id) WHERE (wrap_up_call_id IS NOT NULL)
  CREATE TRIGGER call_center_agents_a_guard BEFORE INSERT OR UPDATE ON public.call_center_agents FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.guard_agent_row()
  CREATE TRIGGER call_center_agents_a_revive BEFORE INSERT ON public.call_center_agents FOR EACH ROW WHEN (((CURRENT_USER <> 'authenticated'::name) OR private.is_admin())) EXECUTE FUNCTION private.revive_agent()
  CREATE TRIGGER call_center_agents_b_written BEFORE INSERT OR UPDATE OF extension, phone_number, skills, break_reason, next_reason ON public.call_center_agents FOR EACH ROW EXECUTE FUNCTION private.check_written('extension', '20', 'phone_number', 'number', 'skills', 'skills', 'break_reason', '100', 'next_reason', '100')
  CREATE TRIGGER call_center_agents_chosen_again BEFORE UPDATE OF agent_status ON public.call_center_agents FOR EACH ROW WHEN (((old.next_status IS NOT NULL) AND (new.next_status = old.next_status) AND (new.agent_status <> 'busy'::text))) EXECUTE FUNCTION private.forget_next_status()
  CREATE TRIGGER call_center_agents_delete BEFORE DELETE ON public.call_center_agents FOR EACH ROW EXECUTE FUNCTION private.keep_agent()
  CREATE TRIGGER call_center_agents_follow AFTER UPDATE ON public.call_center_agents FOR EACH ROW WHEN (((new.seats_taken < old.seats_taken) OR (((((((((old.agent_status IS DISTINCT FROM new.agent_status) OR (old.chosen_status IS DISTINCT FROM new.chosen_status)) OR (old.current_call_count IS DISTINCT FROM new.current_call_count)) OR (old.wrap_up_until IS DISTINCT FROM new.wrap_up_until)) OR (old.busy_until IS DISTINCT FROM new.busy_until)) OR (old.disposition_owed IS DISTINCT FROM new.disposition_owed)) OR (old.break_reason IS DISTINCT FROM new.break_reason)) OR (old.aside_reason IS DISTINCT FROM new.aside_reason)) OR (old.archived_at IS DISTINCT FROM new.archived_at)))) EXECUTE FUNCTION private.follow_agent_row()
  CREATE TRIGGER call_center_agents_follow_new AFTER INSERT OR DELETE ON public.call_center_agents FOR EACH ROW EXECUTE FUNCTION private.follow_agent_row()
  CREATE TRIGGER call_center_agents_note AFTER UPDATE ON public.call_center_agents FOR EACH ROW WHEN (((((((((((((old.agent_status IS DISTINCT FROM new.agent_status) OR (old.chosen_status IS DISTINCT FROM new.chosen_status)) OR (old.next_status IS DISTINCT FROM new.next_status)) OR (old.next_reason IS DISTINCT FROM new.next_reason)) OR (old.wrap_up_until IS DISTINCT FROM new.wrap_up_until)) OR (old.wrap_up_call_id IS DISTINCT FROM new.wrap_up_call_id)) OR (old.disposition_owed IS DISTINCT FROM new.disposition_owed)) OR (old.missed_offers IS DISTINCT FROM new.missed_offers)) OR (old.aside_reason IS DISTINCT FROM new.aside_reason)) OR (old.rest_until IS DISTINCT FROM new.rest_until)) OR (old.extension IS DISTINCT FROM new.extension)) OR (old.archived_at IS DISTINCT FROM new.archived_at))) EXECUTE FUNCTION private.note_agent()
  CREATE TRIGGER call_center_agents_note_new AFTER INSERT OR DELETE ON public.call_center_agents FOR EACH ROW EXECUTE FUNCTION private.note_agent()
  CREATE CONSTRAINT TRIGGER call_center_agents_route AFTER UPDATE ON public.call_center_agents DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.free_from IS NOT NULL) AND ((old.free_from IS DISTINCT FROM new.free_from) OR (old.wrap_up_until IS DISTINCT FROM new.wrap_up_until) OR (old.busy_until IS DISTINCT FROM new.busy_until) OR (old.rest_until IS DISTINCT FROM new.rest_until) OR (old.skills <> new.skills)))) EXECUTE FUNCTION private.route_on_agent()
  CREATE TRIGGER call_center_agents_route_due AFTER UPDATE ON public.call_center_agents FOR EACH ROW WHEN (((new.free_from IS NOT NULL) AND ((old.free_from IS DISTINCT FROM new.free_from) OR (old.wrap_up_until IS DISTINCT FROM new.wrap_up_until) OR (old.busy_until IS DISTINCT FROM new.busy_until) OR (old.rest_until IS DISTINCT FROM new.rest_until) OR (old.skills <> new.skills)))) EXECUTE FUNCTION private.note_routing_due()
  CREATE TRIGGER call_center_agents_status BEFORE INSERT OR UPDATE ON public.call_center_agents FOR EACH ROW EXECUTE FUNCTION private.derive_agent_status()
  CREATE CONSTRAINT TRIGGER call_center_agents_stopped AFTER UPDATE ON public.call_center_agents DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.chosen_status = 'available'::text) AND (new.chosen_status <> 'available'::text))) EXECUTE FUNCTION private.agent_stopped()
  CREATE TRIGGER call_center_agents_stopped_due AFTER UPDATE ON public.call_center_agents FOR EACH ROW WHEN (((old.chosen_status = 'available'::text) AND (new.chosen_status <> 'available'::text))) EXECUTE FUNCTION private.note_routing_due()
  CREATE TRIGGER call_center_agents_wrap_up BEFORE UPDATE ON public.call_center_agents FOR EACH ROW WHEN (((old.wrap_up_since IS NOT NULL) OR (new.wrap_up_since IS NOT NULL) OR (new.wrap_up_until IS NOT NULL) OR (new.wrap_up_call_id IS NOT NULL))) EXECUTE FUNCTION private.follow_wrap_up()
  policy "agents change their own row, supervisors any" for w to authenticated
  using ((user_id = ( SELECT auth.uid() AS uid)) OR ( SELECT private.is_admin() AS is_admin))
  with check ((user_id = ( SELECT auth.uid() AS uid)) OR ( SELECT private.is_admin() AS is_admin))
  policy "agents see themselves, supervisors everyone" for r to authenticated
  using ((archived_at IS NULL) AND ((user_id = ( SELECT auth.uid() AS uid)) OR ( SELECT private.is_admin() AS is_admin)))
  policy "supervisors add agents" for a to authenticated
  with check ( SELECT private.is_admin() AS is_admin)
  policy "supervisors remove agents" for d to authenticated
  using ( SELECT private.is_admin() AS is_admin)
  grant authenticated=arwd/postgres
  grant service_role=arwd/postgres

table public.call_notes row level security
  -- What agents and the system wrote about a call.
  id uuid default gen_random_uuid() not null
  call_record_id uuid not null
  agent_id uuid
  note_text text not null
  note_type text default 'agent_note'::text not null
  created_at timestamp with time zone default now() not null
  updated_at timestamp with time zone default now() not null
  constraint note_type_known CHECK ((note_type = ANY (ARRAY['agent_note'::text, 'system'::text, 'callback_reminder'::text])))
  constraint call_notes_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint call_notes_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint call_notes_pkey PRIMARY KEY (id)
  CREATE INDEX call_notes_agent_idx ON public.call_notes USING btree (agent_id)
  CREATE INDEX call_notes_call_idx ON public.call_notes USING btree (call_record_id, created_at)
  CREATE TRIGGER call_notes_a_guard BEFORE INSERT OR UPDATE ON public.call_notes FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.guard_note_row()
  CREATE TRIGGER call_notes_b_written BEFORE INSERT OR UPDATE OF note_text ON public.call_notes FOR EACH ROW EXECUTE FUNCTION private.check_written('note_text', '20000')
  CREATE TRIGGER call_notes_touch BEFORE UPDATE ON public.call_notes FOR EACH ROW EXECUTE FUNCTION private.touch()
  policy "notes are added to calls one sees, as oneself" for a to authenticated
  with check (( SELECT private.is_admin() AS is_admin) OR ((agent_id = ( SELECT private.my_agent_id() AS my_agent_id)) AND (EXISTS ( SELECT 1
   FROM call_records r
  WHERE (r.id = call_notes.call_record_id)))))
  policy "notes are changed by their author" for w to authenticated
  using (( SELECT private.is_admin() AS is_admin) OR (agent_id = ( SELECT private.my_agent_id() AS my_agent_id)))
  with check (( SELECT private.is_admin() AS is_admin) OR (agent_id = ( SELECT private.my_agent_id() AS my_agent_id)))
  policy "notes are read with their call" for r to authenticated
  using (( SELECT private.is_admin() AS is_admin) OR (EXISTS ( SELECT 1
   FROM call_records r
  WHERE (r.id = call_notes.call_record_id))))
  policy "notes are removed by supervisors" for d to authenticated
  using ( SELECT private.is_admin() AS is_admin)
  grant authenticated=arwd/postgres
  grant service_role=arwd/postgres

table public.call_queues row level security
  -- Where callers wait, and whom for.
  id uuid default gen_random_uuid() not null
  name text not null
  description text
  agent_ids uuid[] default '{}'::uuid[] not null
  routing_strategy text default 'round_robin'::text not null
  wait_music_url text
  max_wait_seconds integer default 600 not null
  priority integer default 0 not null
  active boolean default true not null
  created_at timestamp with time zone default now() not null
  updated_at timestamp with time zone default now() not null
  ring_timeout_seconds integer default 20 not null
  wrap_up_seconds integer default 15 not null
  service_level_seconds integer default 20 not null
  short_abandon_seconds integer default 5 not null
  record_calls boolean default true not null
  ageing_seconds integer
  required_skills jsonb default '{}'::jsonb not null
  skill_relax_seconds integer default 30 not null
  opening_hours jsonb
  holidays date[] default '{}'::date[] not null
  time_zone text
  closed_message text
  max_waiting integer
  overflow_queue_id uuid
  overflow_after_seconds integer
  offer_callback boolean default true not null
  callbacks_overnight boolean default false not null
  offer_voicemail boolean default true not null
  voicemail_greeting text
  voicemail_greeting_url text
  voicemail_notify text[] default '{}'::text[] not null
  archived_at timestamp with time zone
  dispositions text[] default '{}'::text[] not null
  disposition_required boolean default false not null
  keep_recordings_days integer
  text_rules text[] default '{}'::text[] not null
  constraint ageing_seconds_positive CHECK ((ageing_seconds > 0))
  constraint archived_is_closed CHECK (((archived_at IS NULL) OR (NOT active)))
  constraint dispositions_are_words CHECK (((cardinality(dispositions) <= 100) AND (array_position(dispositions, NULL::text) IS NULL) AND (array_position(dispositions, ''::text) IS NULL)))
  constraint holidays_are_dates CHECK ((array_position(holidays, NULL::date) IS NULL))
  constraint keep_recordings_days_not_negative CHECK ((keep_recordings_days >= 0))
  constraint max_wait_seconds_positive CHECK ((max_wait_seconds > 0))
  constraint max_waiting_not_negative CHECK ((max_waiting >= 0))
  constraint overflow_after_seconds_not_negative CHECK ((overflow_after_seconds >= 0))
  constraint required_skills_are_an_object CHECK ((jsonb_typeof(required_skills) = 'object'::text))
  constraint ring_timeout_seconds_possible CHECK (((ring_timeout_seconds >= 10) AND (ring_timeout_seconds <= 600)))
  constraint routing_strategy_known CHECK ((routing_strategy = ANY (ARRAY['round_robin'::text, 'least_busy'::text, 'skills_based'::text, 'longest_idle'::text])))
  constraint service_level_seconds_positive CHECK ((service_level_seconds > 0))
  constraint short_abandon_seconds_not_negative CHECK ((short_abandon_seconds >= 0))
  constraint skill_relax_seconds_positive CHECK ((skill_relax_seconds > 0))
  constraint text_rules_known CHECK (((array_position(text_rules, NULL::text) IS NULL) AND (text_rules <@ '{missed_call,voicemail_received,callback_promised,callback_missed}'::text[])))
  constraint voicemail_greeting_url_is_http CHECK ((voicemail_greeting_url ~ '^https?://'::text))
  constraint voicemail_notify_are_numbers CHECK (((cardinality(voicemail_notify) <= 10) AND (array_position(voicemail_notify, NULL::text) IS NULL) AND (array_to_string(voicemail_notify, ','::text) ~ '^((\+[1-9][0-9]{6,14})(,(?=\+)|$))*$'::text)))
  constraint wrap_up_seconds_not_negative CHECK ((wrap_up_seconds >= 0))
  constraint call_queues_overflow_queue_id_fkey FOREIGN KEY (overflow_queue_id) REFERENCES call_queues(id) ON DELETE SET NULL
  constraint call_queues_pkey PRIMARY KEY (id)
  constraint call_queues_name_key UNIQUE (name)
  CREATE INDEX call_queues_overflow_idx ON public.call_queues USING btree (overflow_queue_id) WHERE (overflow_queue_id IS NOT NULL)
  CREATE TRIGGER call_queues_b_written BEFORE INSERT OR UPDATE OF name, description, wait_music_url, closed_message, voicemail_greeting, voicemail_greeting_url, voicemail_notify, required_skills ON public.call_queues FOR EACH ROW EXECUTE FUNCTION private.check_written('name', '100', 'description', '1000', 'wait_music_url', '2000', 'closed_message', '4000', 'voicemail_greeting', '4000', 'voicemail_greeting_url', '2000', 'voicemail_notify', 'numbers', 'required_skills', 'skills')
  CREATE TRIGGER call_queues_follow_name AFTER UPDATE OF name ON public.call_queues FOR EACH ROW WHEN (((new.name <> old.name) AND (new.archived_at IS NULL))) EXECUTE FUNCTION private.follow_queue_name()
  CREATE TRIGGER call_queues_hours BEFORE INSERT OR UPDATE OF opening_hours, time_zone ON public.call_queues FOR EACH ROW EXECUTE FUNCTION private.check_opening_hours()
  CREATE TRIGGER call_queues_keep_named BEFORE DELETE ON public.call_queues FOR EACH ROW EXECUTE FUNCTION private.keep_named_queue()
  CREATE TRIGGER call_queues_keep_past BEFORE DELETE ON public.call_queues FOR EACH ROW EXECUTE FUNCTION private.keep_queue()
  CREATE TRIGGER call_queues_members AFTER INSERT OR UPDATE OF agent_ids ON public.call_queues FOR EACH ROW EXECUTE FUNCTION private.follow_agent_ids()
  CREATE TRIGGER call_queues_note AFTER UPDATE ON public.call_queues FOR EACH ROW WHEN (((((old.name IS DISTINCT FROM new.name) OR (old.active IS DISTINCT FROM new.active)) OR (old.archived_at IS DISTINCT FROM new.archived_at)) OR (old.service_level_seconds IS DISTINCT FROM new.service_level_seconds))) EXECUTE FUNCTION private.note_queue()
  CREATE TRIGGER call_queues_note_new AFTER INSERT OR DELETE ON public.call_queues FOR EACH ROW EXECUTE FUNCTION private.note_queue()
  CREATE TRIGGER call_queues_overflow AFTER UPDATE ON public.call_queues FOR EACH ROW WHEN (((old.overflow_queue_id IS DISTINCT FROM new.overflow_queue_id) OR (old.overflow_after_seconds IS DISTINCT FROM new.overflow_after_seconds))) EXECUTE FUNCTION private.follow_overflow()
  CREATE TRIGGER call_queues_touch BEFORE UPDATE ON public.call_queues FOR EACH ROW EXECUTE FUNCTION private.touch()
  policy "agents see their queues, supervisors all" for r to authenticated
  using ((archived_at IS NULL) AND ((id = ANY (ARRAY( SELECT private.my_queue_ids() AS my_queue_ids))) OR ( SELECT private.is_admin() AS is_admin)))
  policy "supervisors add queues" for a to authenticated
  with check ( SELECT private.is_admin() AS is_admin)
  policy "supervisors change queues" for w to authenticated
  using ( SELECT private.is_admin() AS is_admin)
  with check ( SELECT private.is_admin() AS is_admin)
  policy "supervisors remove queues" for d to authenticated
  using ( SELECT private.is_admin() AS is_admin)
  grant authenticated=arwd/postgres
  grant service_role=arwd/postgres

table public.call_records row level security
  -- One row a call, whatever its legs; telephony owns the state.
  id uuid default gen_random_uuid() not null
  call_id text not null
  agent_id uuid
  contact_id uuid
  caller_number text not null -- The customer's number, E.164, in both directions; 'anonymous' where withheld.
  caller_name text
  receiver_number text
  queue_name text
  call_status text default 'queued'::text not null
  call_direction text default 'inbound'::text not null
  ivr_path jsonb default '{}'::jsonb not null
  started_at timestamp with time zone default now()
  ended_at timestamp with time zone
  duration_seconds integer default 0 not null
  hold_duration_seconds integer default 0 not null
  transferred boolean default false not null
  transferred_to_agent_id uuid
  transfer_timestamp timestamp with time zone
  recording_url text
  recording_sid text
  cost_cents integer
  notes text
  disposition text
  custom_data jsonb default '{}'::jsonb not null
  created_at timestamp with time zone default now() not null
  updated_at timestamp with time zone default now() not null
  queue_id uuid
  queued_at timestamp with time zone
  answered_at timestamp with time zone
  wait_seconds integer -- From joining the queue to the moment customer and agent met, or to leaving.
  talk_seconds integer
  recording_status text
  ended_by text
  recording_paused boolean default false not null
  disposition_by uuid
  legal_hold boolean default false not null
  constraint call_direction_known CHECK ((call_direction = ANY (ARRAY['inbound'::text, 'outbound'::text])))
  constraint call_status_known CHECK ((call_status = ANY (ARRAY['queued'::text, 'ringing'::text, 'active'::text, 'completed'::text, 'failed'::text, 'no_answer'::text, 'missed'::text])))
  constraint durations_not_negative CHECK (((duration_seconds >= 0) AND (hold_duration_seconds >= 0) AND (wait_seconds >= 0) AND (talk_seconds >= 0)))
  constraint ended_by_known CHECK ((ended_by = ANY (ARRAY['customer'::text, 'agent'::text, 'supervisor'::text, 'system'::text])))
  constraint recording_status_known CHECK ((recording_status = ANY (ARRAY['in_progress'::text, 'completed'::text, 'absent'::text, 'failed'::text, 'deleting'::text, 'deleted'::text, 'delete_failed'::text])))
  constraint call_records_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint call_records_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES crm_contacts(id) ON DELETE SET NULL
  constraint call_records_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES call_queues(id) ON DELETE SET NULL
  constraint call_records_transferred_to_agent_id_fkey FOREIGN KEY (transferred_to_agent_id) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint call_records_pkey PRIMARY KEY (id)
  constraint call_records_call_id_key UNIQUE (call_id)
  CREATE INDEX call_records_agent_idx ON public.call_records USING btree (agent_id, started_at DESC)
  CREATE INDEX call_records_contact_idx ON public.call_records USING btree (contact_id, started_at DESC)
  CREATE INDEX call_records_live_idx ON public.call_records USING btree (call_status, started_at) WHERE (call_status = ANY (ARRAY['queued'::text, 'ringing'::text, 'active'::text]))
  CREATE INDEX call_records_missed_idx ON public.call_records USING btree (queue_id, started_at DESC) WHERE (call_status = 'missed'::text)
  CREATE INDEX call_records_queue_idx ON public.call_records USING btree (queue_id, started_at DESC)
  CREATE INDEX call_records_recorded_idx ON public.call_records USING btree (COALESCE(queue_id, '00000000-0000-0000-0000-000000000000'::uuid), COALESCE(ended_at, created_at)) WHERE ((recording_status = 'completed'::text) AND (NOT legal_hold))
  CREATE INDEX call_records_transferred_to_idx ON public.call_records USING btree (transferred_to_agent_id) WHERE (transferred_to_agent_id IS NOT NULL)
  CREATE TRIGGER call_records_a_guard BEFORE UPDATE ON public.call_records FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.guard_call_row()
  CREATE TRIGGER call_records_a_guard_new BEFORE INSERT ON public.call_records FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.guard_new_call()
  CREATE TRIGGER call_records_b_written BEFORE UPDATE OF caller_name, notes, disposition, custom_data ON public.call_records FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.check_written('caller_name', '255', 'notes', '20000', 'disposition', '50', 'custom_data', 'object')
  CREATE TRIGGER call_records_b_written_new BEFORE INSERT ON public.call_records FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.check_written('call_id', '100', 'caller_number', 'number', 'caller_name', '255', 'receiver_number', 'number', 'notes', '20000', 'disposition', '50', 'custom_data', 'object')
  CREATE TRIGGER call_records_contact AFTER UPDATE ON public.call_records FOR EACH ROW WHEN (((old.contact_id IS DISTINCT FROM new.contact_id) OR ((old.ended_at IS NULL) <> (new.ended_at IS NULL)))) EXECUTE FUNCTION private.count_contact_call()
  CREATE TRIGGER call_records_contact_gone AFTER DELETE ON public.call_records FOR EACH ROW WHEN (((old.ended_at IS NOT NULL) AND (old.contact_id IS NOT NULL))) EXECUTE FUNCTION private.count_contact_call()
  CREATE TRIGGER call_records_contact_new AFTER INSERT ON public.call_records FOR EACH ROW WHEN (((new.ended_at IS NOT NULL) AND (new.contact_id IS NOT NULL))) EXECUTE FUNCTION private.count_contact_call()
  CREATE TRIGGER call_records_count AFTER UPDATE ON public.call_records FOR EACH ROW WHEN (((old.queue_id IS DISTINCT FROM new.queue_id) OR (old.started_at IS DISTINCT FROM new.started_at) OR ((new.call_status = ANY (ARRAY['completed'::text, 'failed'::text, 'no_answer'::text, 'missed'::text])) AND ((old.call_status <> new.call_status) OR (old.duration_seconds <> new.duration_seconds) OR (old.hold_duration_seconds <> new.hold_duration_seconds))) OR ((old.call_status = ANY (ARRAY['completed'::text, 'failed'::text, 'no_answer'::text, 'missed'::text])) AND (old.call_status <> new.call_status)))) EXECUTE FUNCTION private.count_call()
  CREATE TRIGGER call_records_count_new AFTER INSERT OR DELETE ON public.call_records FOR EACH ROW EXECUTE FUNCTION private.count_call()
  CREATE TRIGGER call_records_delete BEFORE DELETE ON public.call_records FOR EACH ROW EXECUTE FUNCTION private.refuse_to_delete_live_call()
  CREATE TRIGGER call_records_held BEFORE DELETE ON public.call_records FOR EACH ROW WHEN (old.legal_hold) EXECUTE FUNCTION private.refuse_to_delete_held()
  CREATE TRIGGER call_records_note AFTER UPDATE ON public.call_records FOR EACH ROW WHEN (((((((((((((old.call_id IS DISTINCT FROM new.call_id) OR (old.call_status IS DISTINCT FROM new.call_status)) OR (old.agent_id IS DISTINCT FROM new.agent_id)) OR (old.queue_id IS DISTINCT FROM new.queue_id)) OR (old.contact_id IS DISTINCT FROM new.contact_id)) OR (old.caller_name IS DISTINCT FROM new.caller_name)) OR (old.answered_at IS DISTINCT FROM new.answered_at)) OR (old.ended_at IS DISTINCT FROM new.ended_at)) OR (old.ended_by IS DISTINCT FROM new.ended_by)) OR (old.disposition IS DISTINCT FROM new.disposition)) OR (old.recording_paused IS DISTINCT FROM new.recording_paused)) OR (old.transferred IS DISTINCT FROM new.transferred))) EXECUTE FUNCTION private.note_call()
  CREATE TRIGGER call_records_note_gone AFTER DELETE ON public.call_records FOR EACH ROW WHEN ((old.ended_at IS NULL)) EXECUTE FUNCTION private.note_call()
  CREATE TRIGGER call_records_note_new AFTER INSERT ON public.call_records FOR EACH ROW WHEN ((new.ended_at IS NULL)) EXECUTE FUNCTION private.note_call()
  CREATE TRIGGER call_records_recordings BEFORE DELETE ON public.call_records FOR EACH ROW EXECUTE FUNCTION private.delete_recordings_of_row()
  CREATE TRIGGER call_records_settle_disposition AFTER UPDATE ON public.call_records FOR EACH ROW WHEN (((old.disposition_by IS NULL) AND (new.disposition_by IS NOT NULL))) EXECUTE FUNCTION private.settle_disposition()
  CREATE TRIGGER call_records_text AFTER UPDATE OF call_status ON public.call_records FOR EACH ROW WHEN ((((new.call_status = 'missed'::text) <> (old.call_status = 'missed'::text)) AND (new.call_direction = 'inbound'::text) AND (new.queue_id IS NOT NULL))) EXECUTE FUNCTION private.text_of_missed_call()
  CREATE TRIGGER call_records_touch BEFORE UPDATE ON public.call_records FOR EACH ROW EXECUTE FUNCTION private.touch()
  policy "agents see their calls, supervisors all" for r to authenticated
  using ((agent_id = ( SELECT private.my_agent_id() AS my_agent_id)) OR (transferred_to_agent_id = ( SELECT private.my_agent_id() AS my_agent_id)) OR (id = ANY (ARRAY( SELECT private.my_recent_calls() AS my_recent_calls))) OR ((id >= ( SELECT private.lowest_id_as_admin() AS lowest_id_as_admin)) AND (id <= ( SELECT private.highest_id_as_admin() AS highest_id_as_admin))))
  policy "agents start their own calls" for a to authenticated
  with check (((agent_id = ( SELECT private.my_agent_id() AS my_agent_id)) AND (call_id ~~ 'pending-%'::text)) OR ( SELECT private.is_admin() AS is_admin))
  policy "agents write on their calls, supervisors on all" for w to authenticated
  using ((agent_id = ( SELECT private.my_agent_id() AS my_agent_id)) OR (transferred_to_agent_id = ( SELECT private.my_agent_id() AS my_agent_id)) OR ((id >= ( SELECT private.lowest_id_as_admin() AS lowest_id_as_admin)) AND (id <= ( SELECT private.highest_id_as_admin() AS highest_id_as_admin))))
  with check ((agent_id = ( SELECT private.my_agent_id() AS my_agent_id)) OR (transferred_to_agent_id = ( SELECT private.my_agent_id() AS my_agent_id)) OR ( SELECT private.is_admin() AS is_admin))
  policy "supervisors remove calls" for d to authenticated
  using ( SELECT private.is_admin() AS is_admin)
  grant authenticated=arwd/postgres
  grant service_role=arwd/postgres

table public.crm_contacts row level security
  -- Everybody the company talks to, one row a phone number.
  id uuid default gen_random_uuid() not null
  phone_number text not null
  email text
  first_name text
  last_name text
  company_name text
  company_phone text
  contact_type text default 'lead'::text
  source text
  tags jsonb default '[]'::jsonb not null
  notes text
  custom_fields jsonb default '{}'::jsonb not null
  last_call_date timestamp with time zone
  last_call_duration_seconds integer
  total_call_count integer default 0 not null
  call_history_ids uuid[] default '{}'::uuid[] not null
  created_at timestamp with time zone default now() not null
  updated_at timestamp with time zone default now() not null
  last_agent_id uuid
  do_not_call boolean default false not null
  other_numbers text[] default '{}'::text[] not null
  constraint contact_type_known CHECK ((contact_type = ANY (ARRAY['client'::text, 'prospect'::text, 'lead'::text, 'customer'::text])))
  constraint crm_contacts_last_agent_id_fkey FOREIGN KEY (last_agent_id) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint crm_contacts_pkey PRIMARY KEY (id)
  constraint crm_contacts_phone_number_key UNIQUE (phone_number)
  CREATE INDEX crm_contacts_created_idx ON public.crm_contacts USING btree (created_at, id)
  CREATE INDEX crm_contacts_last_agent_idx ON public.crm_contacts USING btree (last_agent_id) WHERE (last_agent_id IS NOT NULL)
  CREATE INDEX crm_contacts_other_numbers_idx ON public.crm_contacts USING gin (other_numbers) WHERE (other_numbers <> '{}'::text[])
  CREATE INDEX crm_contacts_search_idx ON public.crm_contacts USING gin (private.contact_words(phone_number, email, first_name, last_name, other_numbers) gin_trgm_ops)
  CREATE INDEX crm_contacts_type_created_idx ON public.crm_contacts USING btree (contact_type, created_at, id)
  CREATE TRIGGER crm_contacts_a_guard BEFORE INSERT OR UPDATE ON public.crm_contacts FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.guard_contact_row()
  CREATE TRIGGER crm_contacts_b_written BEFORE INSERT OR UPDATE OF phone_number, other_numbers, company_phone, email, first_name, last_name, company_name, source, notes, tags, custom_fields ON public.crm_contacts FOR EACH ROW EXECUTE FUNCTION private.check_written('phone_number', 'number', 'other_numbers', 'numbers', 'company_phone', 'number', 'email', 'address', 'first_name', '100', 'last_name', '100', 'company_name', '255', 'source', '50', 'notes', '20000', 'tags', 'words', 'custom_fields', 'object')
  CREATE TRIGGER crm_contacts_c_numbers BEFORE INSERT OR UPDATE OF phone_number, other_numbers ON public.crm_contacts FOR EACH ROW WHEN ((new.other_numbers <> '{}'::text[])) EXECUTE FUNCTION private.check_other_numbers()
  CREATE TRIGGER crm_contacts_count_gone AFTER DELETE ON public.crm_contacts REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.count_contacts()
  CREATE TRIGGER crm_contacts_count_new AFTER INSERT ON public.crm_contacts REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION private.count_contacts()
  CREATE TRIGGER crm_contacts_created_at BEFORE UPDATE OF created_at ON public.crm_contacts FOR EACH ROW EXECUTE FUNCTION private.keep_created_at()
  CREATE TRIGGER crm_contacts_delete BEFORE DELETE ON public.crm_contacts FOR EACH ROW EXECUTE FUNCTION private.lock_calls_of_contact()
  CREATE TRIGGER crm_contacts_note AFTER UPDATE OF first_name, last_name ON public.crm_contacts FOR EACH ROW WHEN (((old.first_name IS DISTINCT FROM new.first_name) OR (old.last_name IS DISTINCT FROM new.last_name))) EXECUTE FUNCTION private.note_name()
  CREATE TRIGGER crm_contacts_take_number AFTER INSERT OR UPDATE OF phone_number ON public.crm_contacts FOR EACH ROW EXECUTE FUNCTION private.take_number()
  CREATE TRIGGER crm_contacts_touch BEFORE UPDATE ON public.crm_contacts FOR EACH ROW EXECUTE FUNCTION private.touch()
  policy "agents and supervisors add contacts" for a to authenticated
  with check ((( SELECT private.my_agent_id() AS my_agent_id) IS NOT NULL) OR ( SELECT private.is_admin() AS is_admin))
  policy "agents and supervisors change contacts" for w to authenticated
  using ((( SELECT private.my_agent_id() AS my_agent_id) IS NOT NULL) OR ( SELECT private.is_admin() AS is_admin))
  with check ((( SELECT private.my_agent_id() AS my_agent_id) IS NOT NULL) OR ( SELECT private.is_admin() AS is_admin))
  policy "agents and supervisors see contacts" for r to authenticated
  using ((( SELECT private.my_agent_id() AS my_agent_id) IS NOT NULL) OR ( SELECT private.is_admin() AS is_admin))
  policy "supervisors remove contacts" for d to authenticated
  using ( SELECT private.is_admin() AS is_admin)
  grant authenticated=arwd/postgres
  grant service_role=arwd/postgres

table public.ivr_scripts row level security
  -- What callers hear first: the menus, as JSON.
  id uuid default gen_random_uuid() not null
  name text not null
  description text
  language text default 'es'::text not null
  welcome_message text
  script_data jsonb not null
  active boolean default true not null
  version integer default 1 not null
  created_by uuid
  created_at timestamp with time zone default now() not null
  updated_at timestamp with time zone default now() not null
  constraint script_data_is_an_object CHECK ((jsonb_typeof(script_data) = 'object'::text))
  constraint ivr_scripts_created_by_fkey FOREIGN KEY (created_by) REFERENCES auth.users(id) ON DELETE SET NULL
  constraint ivr_scripts_pkey PRIMARY KEY (id)
  CREATE INDEX ivr_scripts_active_idx ON public.ivr_scripts USING btree (name, updated_at DESC) WHERE active
  CREATE INDEX ivr_scripts_created_by_idx ON public.ivr_scripts USING btree (created_by)
  CREATE TRIGGER ivr_scripts_b_written BEFORE INSERT OR UPDATE OF name, description, language, welcome_message, script_data ON public.ivr_scripts FOR EACH ROW EXECUTE FUNCTION private.check_written('name', '100', 'description', '1000', 'language', '10', 'welcome_message', '4000', 'script_data', 'script')
  CREATE TRIGGER ivr_scripts_check BEFORE INSERT OR UPDATE OF script_data, welcome_message ON public.ivr_scripts FOR EACH ROW WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION private.check_script()
  CREATE TRIGGER ivr_scripts_check_active BEFORE UPDATE OF active ON public.ivr_scripts FOR EACH ROW WHEN ((new.active AND (old.active IS NOT TRUE))) EXECUTE FUNCTION private.check_script()
  CREATE TRIGGER ivr_scripts_keep_first AFTER INSERT ON public.ivr_scripts FOR EACH ROW EXECUTE FUNCTION private.keep_script_version()
  CREATE TRIGGER ivr_scripts_keep_version AFTER UPDATE ON public.ivr_scripts FOR EACH ROW WHEN ((((new.language IS DISTINCT FROM old.language) OR (new.welcome_message IS DISTINCT FROM old.welcome_message)) OR (new.script_data IS DISTINCT FROM old.script_data))) EXECUTE FUNCTION private.keep_script_version()
  CREATE TRIGGER ivr_scripts_touch BEFORE UPDATE ON public.ivr_scripts FOR EACH ROW EXECUTE FUNCTION private.touch()
  policy "agents read active scripts, supervisors all" for r to authenticated
  using ((active AND (( SELECT private.my_agent_id() AS my_agent_id) IS NOT NULL)) OR ( SELECT private.is_admin() AS is_admin))
  policy "supervisors add scripts" for a to authenticated
  with check ( SELECT private.is_admin() AS is_admin)
  policy "supervisors change scripts" for w to authenticated
  using ( SELECT private.is_admin() AS is_admin)
  with check ( SELECT private.is_admin() AS is_admin)
  policy "supervisors remove scripts" for d to authenticated
  using ( SELECT private.is_admin() AS is_admin)
  grant authenticated=arwd/postgres
  grant service_role=arwd/postgres

table public.voicemails row level security
  -- Messages left by callers, one row a recording.
  id uuid default gen_random_uuid() not null
  queue_id uuid
  caller_number text not null
  caller_name text
  duration_seconds integer default 0 not null
  recording_url text
  recording_sid text
  transcription text
  is_listened boolean default false not null
  listened_by_agent_id uuid
  listened_at timestamp with time zone
  created_at timestamp with time zone default now() not null
  call_record_id uuid
  transcription_status text default 'none'::text not null
  legal_hold boolean default false not null
  recording_status text default 'completed'::text not null
  constraint recording_status_known CHECK ((recording_status = ANY (ARRAY['completed'::text, 'deleting'::text, 'deleted'::text, 'delete_failed'::text])))
  constraint transcription_status_known CHECK ((transcription_status = ANY (ARRAY['none'::text, 'pending'::text, 'completed'::text, 'failed'::text])))
  constraint voicemails_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE SET NULL
  constraint voicemails_listened_by_agent_id_fkey FOREIGN KEY (listened_by_agent_id) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint voicemails_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES call_queues(id) ON DELETE CASCADE
  constraint voicemails_pkey PRIMARY KEY (id)
  CREATE INDEX voicemails_call_idx ON public.voicemails USING btree (call_record_id)
  CREATE INDEX voicemails_caller_idx ON public.voicemails USING btree (caller_number, created_at DESC)
  CREATE INDEX voicemails_listened_by_idx ON public.voicemails USING btree (listened_by_agent_id) WHERE (listened_by_agent_id IS NOT NULL)
  CREATE INDEX voicemails_queue_idx ON public.voicemails USING btree (queue_id, created_at DESC)
  CREATE INDEX voicemails_recorded_idx ON public.voicemails USING btree (COALESCE(queue_id, '00000000-0000-0000-0000-000000000000'::uuid), created_at) WHERE ((recording_status = 'completed'::text) AND (NOT legal_hold))
  CREATE UNIQUE INDEX voicemails_recording_sid_key ON public.voicemails USING btree (recording_sid)
  CREATE TRIGGER voicemails_a_guard BEFORE UPDATE ON public.voicemails FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.guard_voicemail_row()
  CREATE TRIGGER voicemails_a_guard_new BEFORE INSERT ON public.voicemails FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.guard_new_voicemail()
  CREATE TRIGGER voicemails_b_written BEFORE UPDATE OF caller_name, transcription ON public.voicemails FOR EACH ROW WHEN ((CURRENT_USER = 'authenticated'::name)) EXECUTE FUNCTION private.check_written('caller_name', '255', 'transcription', '20000')
  CREATE TRIGGER voicemails_held BEFORE DELETE ON public.voicemails FOR EACH ROW EXECUTE FUNCTION private.refuse_to_delete_held()
  CREATE TRIGGER voicemails_recordings BEFORE DELETE ON public.voicemails FOR EACH ROW EXECUTE FUNCTION private.delete_recordings_of_row()
  CREATE TRIGGER voicemails_text AFTER INSERT ON public.voicemails FOR EACH ROW WHEN (((new.call_record_id IS NOT NULL) AND (new.recording_sid IS NOT NULL))) EXECUTE FUNCTION private.text_of_voicemail()
  CREATE TRIGGER voicemails_text_gone AFTER DELETE ON public.voicemails FOR EACH ROW WHEN ((old.call_record_id IS NOT NULL)) EXECUTE FUNCTION private.text_of_voicemail()
  policy "agents hear voicemails of their queues, supervisors all" for r to authenticated
  using ((queue_id = ANY (ARRAY( SELECT private.my_queue_ids() AS my_queue_ids))) OR ((id >= ( SELECT private.lowest_id_as_admin() AS lowest_id_as_admin)) AND (id <= ( SELECT private.highest_id_as_admin() AS highest_id_as_admin))))
  policy "agents mark voicemails of their queues" for w to authenticated
  using ((queue_id = ANY (ARRAY( SELECT private.my_queue_ids() AS my_queue_ids))) OR ((id >= ( SELECT private.lowest_id_as_admin() AS lowest_id_as_admin)) AND (id <= ( SELECT private.highest_id_as_admin() AS highest_id_as_admin))))
  with check ((queue_id = ANY (ARRAY( SELECT private.my_queue_ids() AS my_queue_ids))) OR ( SELECT private.is_admin() AS is_admin))
  policy "supervisors add voicemails" for a to authenticated
  with check ( SELECT private.is_admin() AS is_admin)
  policy "supervisors remove voicemails" for d to authenticated
  using ( SELECT private.is_admin() AS is_admin)
  grant authenticated=arwd/postgres
  grant service_role=arwd/postgres

view public.agent_stats security_invoker=true
  -- Each agent today (the centre's own day): talk includes hold. Occupancy: handling ÷ (handling + available).
  agent_id uuid
  extension text
  agent_status text
  last_status_change timestamp with time zone
  calls_handled_today bigint
  talk_seconds_today bigint
  wrap_up_seconds_today bigint
  average_handling_seconds_today numeric
  offers_today bigint
  missed_offers_today bigint
  available_seconds_today bigint
  occupancy_percent numeric
 SELECT a.id AS agent_id,
    a.extension,
    a.agent_status,
    a.last_status_change,
    COALESCE(f.handled, (0)::bigint) AS calls_handled_today,
    COALESCE(f.talk_seconds, (0)::bigint) AS talk_seconds_today,
    COALESCE(f.wrap_up_seconds, (0)::bigint) AS wrap_up_seconds_today,
    round((((f.talk_seconds + f.wrap_up_seconds))::numeric / (NULLIF(f.handled, 0))::numeric), 1) AS average_handling_seconds_today,
    COALESCE(f.offered, (0)::bigint) AS offers_today,
    COALESCE(f.missed, (0)::bigint) AS missed_offers_today,
    COALESCE(f.available_seconds, (0)::bigint) AS available_seconds_today,
    private.percent(f.handling_seconds, (f.handling_seconds + f.available_seconds)) AS occupancy_percent
   FROM (call_center_agents a
     LEFT JOIN private.agent_statistics_since(private.today_for_view()) f(agent_id, offered, missed, handled, talk_seconds, wrap_up_seconds, handling_seconds, available_seconds) ON ((f.agent_id = a.id)))
  WHERE (a.archived_at IS NULL);
  grant authenticated=r/postgres
  grant service_role=r/postgres

view public.archived security_invoker=true
  -- Agents and queues that were deleted and whose calls and figures stay.
  kind text
  id uuid
  name text
  archived_at timestamp with time zone
 SELECT kind,
    id,
    name,
    archived_at
   FROM private.archived_rows() r(kind, id, name, archived_at)
  WHERE ( SELECT private.sees_everything() AS sees_everything);
  grant authenticated=r/postgres
  grant service_role=r/postgres

view public.call_center_stats security_invoker=true
  -- The call centre now and today (its own day), one row. Service level: abandons ignored.
  agents_available bigint
  agents_busy bigint
  agents_on_break bigint
  agents_offline bigint
  total_agents bigint
  calls_active bigint
  calls_queued bigint
  calls_completed_today bigint
  calls_missed_today bigint
  total_calls_today bigint
  avg_call_duration_today numeric
  avg_call_duration numeric
  avg_handling_time numeric
  total_contacts bigint
  new_contacts_today bigint
  agents_in_queues bigint
  service_level_percent_abandons_ignored numeric
  average_speed_of_answer_seconds numeric
  abandonment_percent numeric
  longest_wait_seconds integer
  calls_offered_today bigint
  calls_answered_today bigint
  calls_abandoned_today bigint
  short_abandons_today bigint
  callbacks_requested_today bigint
  occupancy_percent numeric
  callbacks_waiting bigint
  last_updated timestamp with time zone
 SELECT a.available AS agents_available,
    a.busy AS agents_busy,
    a.on_break AS agents_on_break,
    a.offline AS agents_offline,
    a.total AS total_agents,
    c.active AS calls_active,
    c.queued AS calls_queued,
    today.completed AS calls_completed_today,
    today.missed AS calls_missed_today,
    today.calls AS total_calls_today,
    round(((today.duration_seconds)::numeric / (NULLIF(today.completed, 0))::numeric), 1) AS avg_call_duration_today,
    round(((ever.duration_seconds)::numeric / (NULLIF(ever.completed, 0))::numeric), 1) AS avg_call_duration,
    a.handling_time AS avg_handling_time,
    ever.contacts AS total_contacts,
    today.contacts AS new_contacts_today,
    private.agents_in_queues() AS agents_in_queues,
    private.percent(today.answered_in_time, (today.offered - today.abandoned_in_time)) AS service_level_percent_abandons_ignored,
    round(((today.wait_seconds)::numeric / (NULLIF(today.answered, 0))::numeric), 1) AS average_speed_of_answer_seconds,
    private.percent(today.abandoned, today.offered) AS abandonment_percent,
    c.longest_wait_seconds,
    today.offered AS calls_offered_today,
    today.answered AS calls_answered_today,
    today.abandoned AS calls_abandoned_today,
    today.short_abandoned AS short_abandons_today,
    today.callbacks AS callbacks_requested_today,
    private.percent(((today.talk_seconds + today.wrap_up_seconds) + doing.handling), ((((today.talk_seconds + today.wrap_up_seconds) + doing.handling) + today.available_seconds) + doing.available)) AS occupancy_percent,
    c.callbacks AS callbacks_waiting,
    private.clock_for_view() AS last_updated
   FROM ((((( SELECT count(*) FILTER (WHERE (call_center_agents.agent_status = 'available'::text)) AS available,
            count(*) FILTER (WHERE (call_center_agents.agent_status = 'busy'::text)) AS busy,
            count(*) FILTER (WHERE (call_center_agents.agent_status = 'break'::text)) AS on_break,
            count(*) FILTER (WHERE (call_center_agents.agent_status = 'offline'::text)) AS offline,
            count(*) AS total,
            round((sum(call_center_agents.handling_seconds) / (NULLIF(sum(call_center_agents.total_calls_handled), 0))::numeric), 1) AS handling_time
           FROM call_center_agents
          WHERE (call_center_agents.archived_at IS NULL)) a
     CROSS JOIN private.calls_now() c(active, queued, callbacks, longest_wait_seconds))
     CROSS JOIN private.stats_since('-infinity'::timestamp with time zone) ever(interval_start, queue_id, calls, completed, missed, duration_seconds, hold_seconds, contacts, offered, answered, answered_in_time, abandoned, abandoned_in_time, short_abandoned, callbacks, overflowed, wait_seconds, handled, talk_seconds, wrap_up_seconds, available_seconds))
     CROSS JOIN private.stats_since(private.today_for_view()) today(interval_start, queue_id, calls, completed, missed, duration_seconds, hold_seconds, contacts, offered, answered, answered_in_time, abandoned, abandoned_in_time, short_abandoned, callbacks, overflowed, wait_seconds, handled, talk_seconds, wrap_up_seconds, available_seconds))
     CROSS JOIN ( SELECT (COALESCE(sum(agents_doing_since.handling_seconds), (0)::numeric))::bigint AS handling,
            (COALESCE(sum(agents_doing_since.available_seconds), (0)::numeric))::bigint AS available
           FROM private.agents_doing_since(private.today_for_view()) agents_doing_since(agent_id, handling_seconds, available_seconds)) doing)
  WHERE ( SELECT private.sees_everything() AS sees_everything);
  grant authenticated=r/postgres
  grant service_role=r/postgres

view public.call_queue_stats security_invoker=true
  -- Each queue now and today (the centre's own day). Service level: abandons ignored.
  queue_id uuid
  queue_name text
  active boolean
  callers_waiting bigint
  longest_wait_seconds integer
  agents_available bigint
  agents_busy bigint
  agents_total bigint
  offered_today bigint
  answered_today bigint
  abandoned_today bigint
  short_abandons_today bigint
  callbacks_requested_today bigint
  overflowed_today bigint
  service_level_seconds integer
  service_level_percent_abandons_ignored numeric
  abandonment_percent numeric
  average_speed_of_answer_seconds numeric
  average_talk_seconds numeric
  callbacks_waiting bigint
 SELECT q.id AS queue_id,
    q.name AS queue_name,
    q.active,
    n.callers_waiting,
    n.longest_wait_seconds,
    n.agents_available,
    n.agents_busy,
    n.agents_total,
    COALESCE(s.offered, (0)::bigint) AS offered_today,
    COALESCE(s.answered, (0)::bigint) AS answered_today,
    COALESCE(s.abandoned, (0)::bigint) AS abandoned_today,
    COALESCE(s.short_abandoned, (0)::bigint) AS short_abandons_today,
    COALESCE(s.callbacks, (0)::bigint) AS callbacks_requested_today,
    COALESCE(s.overflowed, (0)::bigint) AS overflowed_today,
    q.service_level_seconds,
    private.percent(s.answered_in_time, (s.offered - s.abandoned_in_time)) AS service_level_percent_abandons_ignored,
    private.percent(s.abandoned, s.offered) AS abandonment_percent,
    round(((s.wait_seconds)::numeric / (NULLIF(s.answered, 0))::numeric), 1) AS average_speed_of_answer_seconds,
    round(((s.talk_seconds)::numeric / (NULLIF(s.handled, 0))::numeric), 1) AS average_talk_seconds,
    n.callbacks_waiting
   FROM ((call_queues q
     JOIN private.queues_now() n(queue_id, callers_waiting, callbacks_waiting, longest_wait_seconds, agents_available, agents_busy, agents_total) ON ((n.queue_id = q.id)))
     LEFT JOIN private.queue_sums_today() s(interval_start, queue_id, calls, completed, missed, duration_seconds, hold_seconds, contacts, offered, answered, answered_in_time, abandoned, abandoned_in_time, short_abandoned, callbacks, overflowed, wait_seconds, handled, talk_seconds, wrap_up_seconds, available_seconds) ON ((s.queue_id = q.id)))
  WHERE (q.archived_at IS NULL);
  grant authenticated=r/postgres
  grant service_role=r/postgres

view public.help_requests security_invoker=true
  -- Agents who asked for a supervisor: open while neither answered_at nor ended_at is set.
  id bigint
  call_record_id uuid
  agent_id uuid
  reason text
  asked_at timestamp with time zone
  answered_by uuid
  answered_at timestamp with time zone
  ended_at timestamp with time zone
 SELECT id,
    call_record_id,
    agent_id,
    reason,
    asked_at,
    answered_by,
    answered_at,
    ended_at
   FROM private.help_rows() h(id, call_record_id, agent_id, reason, asked_at, answered_by, answered_at, ended_at)
  WHERE (( SELECT private.sees_everything() AS sees_everything) OR (agent_id = ( SELECT private.my_agent_id() AS my_agent_id)));
  grant authenticated=r/postgres
  grant service_role=r/postgres

view public.ivr_script_versions security_invoker=true
  -- What an IVR script was each time that it was saved, by whom and when.
  id bigint
  script_id uuid
  version integer
  language text
  welcome_message text
  script_data jsonb
  saved_at timestamp with time zone
  saved_by uuid
  saved_by_name text
 SELECT v.id,
    v.script_id,
    v.version,
    v.language,
    v.welcome_message,
    v.script_data,
    v.saved_at,
    v.saved_by,
    p.full_name AS saved_by_name
   FROM (private.ivr_script_versions v
     LEFT JOIN profiles p ON ((p.id = v.saved_by)));
  grant authenticated=r/postgres
  grant service_role=r/postgres

view public.recording_deletions security_invoker=true
  -- Recordings that were deleted at Twilio, or are to be.
  recording_sid text
  call_record_id uuid
  voicemail_id uuid
  state text
  why text
  asked_by uuid
  asked_at timestamp with time zone
  refusals integer
  refusal text
  ended_at timestamp with time zone
 SELECT recording_sid,
    call_record_id,
    voicemail_id,
    state,
    why,
    asked_by,
    asked_at,
    refusals,
    refusal,
    ended_at
   FROM private.recording_deletions d;
  grant authenticated=r/postgres
  grant service_role=r/postgres

view public.recording_listens security_invoker=true
  -- Who listened to a recording, when, and how much of it their player was given.
  id bigint
  recording_sid text
  call_record_id uuid
  voicemail_id uuid
  user_id uuid
  agent_id uuid
  opened_at timestamp with time zone
  last_at timestamp with time zone
  duration_seconds integer
  from_second numeric
  to_second numeric
  seconds numeric
 SELECT id,
    recording_sid,
    call_record_id,
    voicemail_id,
    user_id,
    agent_id,
    opened_at,
    last_at,
    duration_seconds,
    private.second_at(lower(delivered), duration_seconds, total_bytes) AS from_second,
    private.second_at(upper(delivered), duration_seconds, total_bytes) AS to_second,
    private.second_at(( SELECT (sum((upper(part.part) - lower(part.part))))::bigint AS sum
           FROM unnest(l.delivered) part(part)), duration_seconds, total_bytes) AS seconds
   FROM private.recording_listens l;
  grant authenticated=r/postgres
  grant service_role=r/postgres

view public.text_messages security_invoker=true
  -- Text messages to customers, and what became of each.
  id uuid
  number text
  rule text
  call_record_id uuid
  queue_id uuid
  contact_id uuid
  words text
  state text
  sid text
  error_code text
  error text
  agent_id uuid
  user_id uuid
  created_at timestamp with time zone
  sent_at timestamp with time zone
  ended_at timestamp with time zone
 SELECT id,
    number,
    rule,
    call_record_id,
    queue_id,
    contact_id,
    words,
    state,
    sid,
    error_code,
    error,
    agent_id,
    user_id,
    created_at,
    sent_at,
    ended_at
   FROM private.text_messages m;
  grant authenticated=r/postgres
  grant service_role=r/postgres

sequence private.agent_deltas_id_seq
  last_value bigint not null
  log_cnt bigint not null
  is_called boolean not null

sequence private.call_actions_id_seq
  last_value bigint not null
  log_cnt bigint not null
  is_called boolean not null

sequence private.help_requests_id_seq
  last_value bigint not null
  log_cnt bigint not null
  is_called boolean not null

sequence private.hold_decisions_id_seq
  last_value bigint not null
  log_cnt bigint not null
  is_called boolean not null

sequence private.ivr_script_versions_id_seq
  last_value bigint not null
  log_cnt bigint not null
  is_called boolean not null

sequence private.live_changes_id_seq
  last_value bigint not null
  log_cnt bigint not null
  is_called boolean not null

sequence private.queue_entries_id_seq
  last_value bigint not null
  log_cnt bigint not null
  is_called boolean not null

sequence private.recording_listens_id_seq
  last_value bigint not null
  log_cnt bigint not null
  is_called boolean not null

sequence private.routing_decisions_id_seq
  last_value bigint not null
  log_cnt bigint not null
  is_called boolean not null

sequence private.stat_deltas_id_seq
  last_value bigint not null
  log_cnt bigint not null
  is_called boolean not null

sequence private.telephony_commands_id_seq
  last_value bigint not null
  log_cnt bigint not null
  is_called boolean not null

table private.agent_deltas autovacuum_vacuum_scale_factor=0 autovacuum_vacuum_threshold=1000
  -- What changed in agents' statistics since the last folding.
  id bigint identity a not null
  interval_start timestamp with time zone not null
  agent_id uuid not null
  offered integer default 0 not null
  missed integer default 0 not null
  handled integer default 0 not null
  talk_seconds bigint default 0 not null
  wrap_up_seconds bigint default 0 not null
  available_seconds bigint default 0 not null
  constraint agent_deltas_pkey PRIMARY KEY (id)

table private.agent_sums
  -- Statistics a quarter of an hour and agent.
  interval_start timestamp with time zone not null
  agent_id uuid not null
  offered bigint not null
  missed bigint not null
  handled bigint not null
  talk_seconds bigint not null
  wrap_up_seconds bigint not null
  available_seconds bigint not null
  constraint agent_sums_pkey PRIMARY KEY (interval_start, agent_id)

table private.agent_times
  agent_id uuid not null
  state text not null
  reason text
  started_at timestamp with time zone not null
  ended_at timestamp with time zone
  constraint ends_after_its_start CHECK ((ended_at > started_at))
  constraint state_known CHECK ((state = ANY (ARRAY['available'::text, 'ringing'::text, 'on_call'::text, 'on_hold'::text, 'wrap_up'::text, 'busy'::text, 'break'::text, 'offline'::text])))
  constraint agent_times_pkey PRIMARY KEY (agent_id, started_at)
  CREATE UNIQUE INDEX agent_times_one_open_an_agent ON private.agent_times USING btree (agent_id) WHERE (ended_at IS NULL)
  CREATE INDEX agent_times_started_idx ON private.agent_times USING brin (started_at)
  CREATE TRIGGER agent_times_count AFTER INSERT OR UPDATE OF ended_at ON private.agent_times FOR EACH ROW WHEN (((new.ended_at IS NOT NULL) AND (new.state = ANY (ARRAY['wrap_up'::text, 'available'::text])))) EXECUTE FUNCTION private.count_agent_time()
  CREATE TRIGGER agent_times_note AFTER INSERT OR UPDATE OF state, reason ON private.agent_times FOR EACH ROW EXECUTE FUNCTION private.note_time()

table private.call_actions
  id bigint identity a not null
  call_record_id uuid not null
  user_id uuid not null
  agent_id uuid
  action text not null
  detail jsonb default '{}'::jsonb not null
  at timestamp with time zone not null
  constraint call_actions_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint call_actions_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint call_actions_pkey PRIMARY KEY (id)
  CREATE INDEX call_actions_agent_idx ON private.call_actions USING btree (agent_id) WHERE (agent_id IS NOT NULL)
  CREATE INDEX call_actions_call_idx ON private.call_actions USING btree (call_record_id, at)

table private.call_events
  call_sid text not null
  source text not null
  event text not null
  sequence integer default '-1'::integer not null
  call_record_id uuid
  occurred_at timestamp with time zone not null
  received_at timestamp with time zone not null
  params jsonb not null
  constraint call_events_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint call_events_pkey PRIMARY KEY (call_sid, source, event, sequence)
  CREATE INDEX call_events_call_idx ON private.call_events USING btree (call_record_id, occurred_at)
  CREATE INDEX call_events_received_idx ON private.call_events USING btree (received_at)
  CREATE INDEX call_events_reconciled_idx ON private.call_events USING btree (received_at) WHERE (source = 'reconcile'::text)

table private.call_legs
  call_sid text not null
  call_record_id uuid not null
  role text not null
  agent_id uuid
  address text
  attempt integer
  status text not null
  last_sequence integer
  started_at timestamp with time zone not null
  answered_at timestamp with time zone
  ended_at timestamp with time zone
  duration_seconds integer
  sip_code integer
  last_heard_at timestamp with time zone not null
  constraint ended_at_iff_ended CHECK (((ended_at IS NOT NULL) = (status = ANY (ARRAY['completed'::text, 'busy'::text, 'failed'::text, 'no_answer'::text, 'canceled'::text]))))
  constraint role_known CHECK ((role = ANY (ARRAY['caller'::text, 'customer'::text, 'agent'::text, 'consult'::text, 'supervisor'::text, 'target'::text])))
  constraint status_known CHECK ((status = ANY (ARRAY['queued'::text, 'initiated'::text, 'ringing'::text, 'in_progress'::text, 'completed'::text, 'busy'::text, 'failed'::text, 'no_answer'::text, 'canceled'::text])))
  constraint call_legs_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint call_legs_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint call_legs_pkey PRIMARY KEY (call_sid)
  CREATE INDEX call_legs_agent_idx ON private.call_legs USING btree (agent_id) WHERE (agent_id IS NOT NULL)
  CREATE INDEX call_legs_call_idx ON private.call_legs USING btree (call_record_id)
  CREATE INDEX call_legs_live_agent_idx ON private.call_legs USING btree (agent_id) WHERE ((agent_id IS NOT NULL) AND (ended_at IS NULL))
  CREATE INDEX call_legs_live_idx ON private.call_legs USING btree (last_heard_at) WHERE (ended_at IS NULL)
  CREATE TRIGGER call_legs_count AFTER UPDATE OF ended_at, agent_id ON private.call_legs FOR EACH ROW WHEN (((old.ended_at IS DISTINCT FROM new.ended_at) OR (old.agent_id IS DISTINCT FROM new.agent_id))) EXECUTE FUNCTION private.count_agent_legs()
  CREATE TRIGGER call_legs_count_gone AFTER DELETE ON private.call_legs FOR EACH ROW WHEN (((old.agent_id IS NOT NULL) AND (old.ended_at IS NULL))) EXECUTE FUNCTION private.count_agent_legs()
  CREATE TRIGGER call_legs_count_new AFTER INSERT ON private.call_legs FOR EACH ROW WHEN (((new.agent_id IS NOT NULL) AND (new.ended_at IS NULL))) EXECUTE FUNCTION private.count_agent_legs()
  CREATE TRIGGER call_legs_note AFTER INSERT OR UPDATE OF status ON private.call_legs FOR EACH ROW WHEN (((new.role <> ALL (ARRAY['caller'::text, 'agent'::text])) OR (new.ended_at IS NOT NULL))) EXECUTE FUNCTION private.note_part_of_call()

table private.call_offers
  id uuid default gen_random_uuid() not null
  call_record_id uuid not null
  agent_id uuid
  purpose text default 'queue'::text not null
  invited_by uuid
  address text
  supervised_by uuid
  mode text
  queue_id uuid
  seat integer not null
  state text default 'reserved'::text not null
  leg_sid text
  created_at timestamp with time zone not null
  heard_at timestamp with time zone
  ringing_at timestamp with time zone
  connected_at timestamp with time zone
  met_at timestamp with time zone
  expires_at timestamp with time zone
  ended_at timestamp with time zone
  outcome text
  constraint ended_iff_outcome CHECK ((((state = 'ended'::text) = (ended_at IS NOT NULL)) AND ((state = 'ended'::text) = (outcome IS NOT NULL))))
  constraint lease_until_connected CHECK (((state <> ALL (ARRAY['reserved'::text, 'ringing'::text])) OR (expires_at IS NOT NULL)))
  constraint met_after_connected CHECK (((met_at IS NULL) OR (connected_at IS NOT NULL)))
  constraint mode_known CHECK ((mode = ANY (ARRAY['listen'::text, 'whisper'::text, 'barge'::text])))
  constraint outcome_known CHECK ((outcome = ANY (ARRAY['finished'::text, 'no_answer'::text, 'busy'::text, 'rejected'::text, 'unreachable'::text, 'caller_left'::text, 'lapsed'::text, 'declined'::text, 'lost'::text, 'cancelled'::text])))
  constraint purpose_known CHECK ((purpose = ANY (ARRAY['queue'::text, 'placed'::text, 'return'::text, 'transfer'::text, 'consult'::text, 'party'::text, 'supervise'::text])))
  constraint seat_positive CHECK ((seat >= 1))
  constraint state_known CHECK ((state = ANY (ARRAY['reserved'::text, 'ringing'::text, 'connected'::text, 'ended'::text])))
  constraint supervisor_iff_supervises CHECK ((((purpose = 'supervise'::text) = (supervised_by IS NOT NULL)) AND ((purpose = 'supervise'::text) = (mode IS NOT NULL))))
  constraint call_offers_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint call_offers_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint call_offers_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint call_offers_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES call_queues(id) ON DELETE SET NULL
  constraint call_offers_pkey PRIMARY KEY (id)
  CREATE INDEX call_offers_agent_idx ON private.call_offers USING btree (agent_id, created_at)
  CREATE INDEX call_offers_call_idx ON private.call_offers USING btree (call_record_id)
  CREATE INDEX call_offers_heard_idx ON private.call_offers USING btree (heard_at)
  CREATE INDEX call_offers_invited_by_idx ON private.call_offers USING btree (invited_by) WHERE (invited_by IS NOT NULL)
  CREATE INDEX call_offers_lapsing_idx ON private.call_offers USING btree (expires_at) WHERE (state = ANY (ARRAY['reserved'::text, 'ringing'::text]))
  CREATE UNIQUE INDEX call_offers_leg_key ON private.call_offers USING btree (leg_sid)
  CREATE UNIQUE INDEX call_offers_one_a_seat ON private.call_offers USING btree (agent_id, seat) WHERE (state <> 'ended'::text)
  CREATE UNIQUE INDEX call_offers_one_a_supervisor ON private.call_offers USING btree (call_record_id, supervised_by) WHERE (state <> 'ended'::text)
  CREATE UNIQUE INDEX call_offers_one_ringing_a_call ON private.call_offers USING btree (call_record_id) WHERE ((state = ANY (ARRAY['reserved'::text, 'ringing'::text])) AND (purpose <> 'supervise'::text))
  CREATE INDEX call_offers_queue_idx ON private.call_offers USING btree (queue_id)
  CREATE TRIGGER call_offers_answer_help AFTER UPDATE OF state ON private.call_offers FOR EACH ROW WHEN (((new.state = 'connected'::text) AND (old.state <> 'connected'::text) AND ((new.purpose = 'supervise'::text) OR ((new.purpose = 'transfer'::text) AND (new.invited_by = new.agent_id))))) EXECUTE FUNCTION private.answer_help_by_coming()
  CREATE TRIGGER call_offers_count AFTER UPDATE ON private.call_offers FOR EACH ROW WHEN (((((((old.outcome IS DISTINCT FROM new.outcome) OR (old.queue_id IS DISTINCT FROM new.queue_id)) OR (old.created_at IS DISTINCT FROM new.created_at)) OR (old.ended_at IS DISTINCT FROM new.ended_at)) OR (old.purpose IS DISTINCT FROM new.purpose)) OR ((new.ended_at IS NOT NULL) AND (new.met_at IS DISTINCT FROM old.met_at)))) EXECUTE FUNCTION private.count_offer()
  CREATE TRIGGER call_offers_count_new AFTER INSERT OR DELETE ON private.call_offers FOR EACH ROW EXECUTE FUNCTION private.count_offer()
  CREATE TRIGGER call_offers_follow AFTER UPDATE OF state ON private.call_offers FOR EACH ROW WHEN (((new.state = 'connected'::text) AND (old.state <> 'connected'::text))) EXECUTE FUNCTION private.follow_taken_offer()
  CREATE TRIGGER call_offers_gone AFTER DELETE ON private.call_offers FOR EACH ROW WHEN ((old.state <> 'ended'::text)) EXECUTE FUNCTION private.return_seat()
  CREATE TRIGGER call_offers_note AFTER UPDATE ON private.call_offers FOR EACH ROW WHEN ((((new.purpose <> 'queue'::text) OR (new.state = ANY (ARRAY['connected'::text, 'ended'::text]))) AND ((((((old.state IS DISTINCT FROM new.state) OR (old.purpose IS DISTINCT FROM new.purpose)) OR (old.mode IS DISTINCT FROM new.mode)) OR (old.leg_sid IS DISTINCT FROM new.leg_sid)) OR (old.met_at IS DISTINCT FROM new.met_at)) OR (old.invited_by IS DISTINCT FROM new.invited_by)))) EXECUTE FUNCTION private.note_offer()
  CREATE TRIGGER call_offers_note_new AFTER INSERT OR DELETE ON private.call_offers FOR EACH ROW EXECUTE FUNCTION private.note_offer()

table private.call_recordings
  recording_sid text not null
  call_record_id uuid not null
  status text not null
  duration_seconds integer not null
  constraint status_known CHECK ((status = ANY (ARRAY['in_progress'::text, 'completed'::text, 'absent'::text, 'failed'::text, 'deleting'::text, 'deleted'::text, 'delete_failed'::text])))
  constraint call_recordings_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint call_recordings_pkey PRIMARY KEY (recording_sid)
  CREATE INDEX call_recordings_call_idx ON private.call_recordings USING btree (call_record_id)

table private.call_sessions
  call_record_id uuid not null
  stage text not null
  script jsonb not null
  script_id uuid
  script_version integer
  language text not null
  asked_for_number boolean default false not null
  resolution text
  voicemail_queue_id uuid
  recording_notice text
  sent_to_room_at timestamp with time zone
  alone_since timestamp with time zone
  updated_at timestamp with time zone default now() not null
  constraint recording_notice_known CHECK ((recording_notice = ANY (ARRAY['said'::text, 'heard'::text])))
  constraint resolution_known CHECK ((resolution = ANY (ARRAY['voicemail'::text, 'callback'::text, 'transfer'::text, 'rejected'::text])))
  constraint stage_known CHECK ((stage = ANY (ARRAY['menu'::text, 'waiting'::text, 'connecting'::text, 'connected'::text, 'voicemail'::text, 'callback'::text, 'dialing'::text, 'ended'::text])))
  constraint call_sessions_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint call_sessions_voicemail_queue_id_fkey FOREIGN KEY (voicemail_queue_id) REFERENCES call_queues(id) ON DELETE SET NULL
  constraint call_sessions_pkey PRIMARY KEY (call_record_id)
  CREATE INDEX call_sessions_alone_idx ON private.call_sessions USING btree (alone_since) WHERE ((alone_since IS NOT NULL) AND (stage = 'connected'::text))
  CREATE INDEX call_sessions_connecting_idx ON private.call_sessions USING btree (sent_to_room_at) WHERE (stage = 'connecting'::text)
  CREATE INDEX call_sessions_script_idx ON private.call_sessions USING btree (script_id, updated_at DESC) WHERE (script_id IS NOT NULL)
  CREATE INDEX call_sessions_voicemail_queue_idx ON private.call_sessions USING btree (voicemail_queue_id) WHERE (voicemail_queue_id IS NOT NULL)
  CREATE TRIGGER call_sessions_note AFTER UPDATE OF stage ON private.call_sessions FOR EACH ROW WHEN (((new.stage IS DISTINCT FROM old.stage) AND (new.stage <> 'ended'::text))) EXECUTE FUNCTION private.note_part_of_call()

table private.callbacks
  call_record_id uuid not null
  requested_by uuid
  number text not null
  attempts integer default 0 not null
  created_at timestamp with time zone not null
  expires_at timestamp with time zone not null
  scheduled_at timestamp with time zone
  ended_at timestamp with time zone
  constraint callbacks_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
  constraint callbacks_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES call_records(id) ON DELETE SET NULL
  constraint callbacks_pkey PRIMARY KEY (call_record_id)
  CREATE INDEX callbacks_expiring_idx ON private.callbacks USING btree (expires_at) WHERE (ended_at IS NULL)
  CREATE UNIQUE INDEX callbacks_one_a_request ON private.callbacks USING btree (requested_by) WHERE (scheduled_at IS NULL)
  CREATE UNIQUE INDEX callbacks_one_live_a_number ON private.callbacks USING btree (number) WHERE (ended_at IS NULL)
  CREATE CONSTRAINT TRIGGER callbacks_text AFTER INSERT OR UPDATE OF number ON private.callbacks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION private.text_of_promise()

table private.calls_listing
  only_row boolean default true not null
  complete_until timestamp with time zone
  due_at timestamp with time zone not null
  live_due_at timestamp with time zone not null
  constraint calls_listing_one_row CHECK (only_row)
  constraint calls_listing_pkey PRIMARY KEY (only_row)

table private.command_kinds
  kind text not null
  when_unknown text not null
  begin_within_seconds integer
  constraint when_unknown_known CHECK ((when_unknown = ANY (ARRAY['repeat'::text, 'look_up'::text, 'give_up'::text])))
  constraint command_kinds_pkey PRIMARY KEY (kind)

table private.countries
  region text not null
  country_code text not null
  main boolean not null
  international_prefix text
  national_prefix text
  national_rewrite text
  numbers text not null
  lengths integer[] not null
  mobiles text
  old_numbers text
  old_rewrite text
  constraint countries_pkey PRIMARY KEY (region)
  CREATE UNIQUE INDEX countries_main_key ON private.countries USING btree (country_code) WHERE main

table private.help_requests
  id bigint identity a not null
  call_record_id uuid not null
  agent_id uuid
  reason text
  asked_at timestamp with time zone not null
  answered_by uuid
  answered_at timestamp with time zone
  constraint answered_by_somebody CHECK (((answered_by IS NULL) = (answered_at IS NULL)))
  constraint help_requests_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint help_requests_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint help_requests_pkey PRIMARY KEY (id)
  CREATE INDEX help_requests_agent_idx ON private.help_requests USING btree (agent_id)
  CREATE INDEX help_requests_call_idx ON private.help_requests USING btree (call_record_id)
  CREATE UNIQUE INDEX help_requests_one_open_an_agent ON private.help_requests USING btree (call_record_id, agent_id) WHERE (answered_at IS NULL)
  CREATE TRIGGER help_requests_note AFTER INSERT OR DELETE OR UPDATE ON private.help_requests FOR EACH ROW EXECUTE FUNCTION private.note_part_of_call()

table private.hold_decisions
  id bigint identity a not null
  recording_sid text not null
  call_record_id uuid
  voicemail_id uuid
  held boolean not null
  reason text
  user_id uuid not null
  decided_at timestamp with time zone not null
  constraint hold_decisions_pkey PRIMARY KEY (id)

table private.incoming_texts
  sid text not null
  number text
  called text
  words text
  received_at timestamp with time zone not null
  constraint incoming_texts_pkey PRIMARY KEY (sid)
  CREATE INDEX incoming_texts_number_idx ON private.incoming_texts USING btree (number, received_at)
  CREATE INDEX incoming_texts_received_idx ON private.incoming_texts USING btree (received_at)

table private.ivr_script_versions row level security
  id bigint identity a not null
  script_id uuid not null
  version integer not null
  language text not null
  welcome_message text
  script_data jsonb not null
  saved_at timestamp with time zone not null
  saved_by uuid
  constraint ivr_script_versions_saved_by_fkey FOREIGN KEY (saved_by) REFERENCES auth.users(id) ON DELETE SET NULL
  constraint ivr_script_versions_script_id_fkey FOREIGN KEY (script_id) REFERENCES ivr_scripts(id) ON DELETE CASCADE
  constraint ivr_script_versions_pkey PRIMARY KEY (id)
  CREATE INDEX ivr_script_versions_saved_by_idx ON private.ivr_script_versions USING btree (saved_by) WHERE (saved_by IS NOT NULL)
  CREATE INDEX ivr_script_versions_script_idx ON private.ivr_script_versions USING btree (script_id, id)
  policy "supervisors see what scripts were" for r to authenticated
  using ( SELECT private.sees_everything() AS sees_everything)
  grant authenticated=r/postgres
  grant service_role=r/postgres

table private.leg_wishes
  call_sid text not null
  held boolean default false not null
  held_at timestamp with time zone
  reminded_at timestamp with time zone
  muted boolean default false not null
  muted_by uuid
  coaches text
  version integer default 1 not null
  told integer default 0 not null
  constraint leg_wishes_call_sid_fkey FOREIGN KEY (call_sid) REFERENCES private.call_legs(call_sid) ON DELETE CASCADE
  constraint leg_wishes_muted_by_fkey FOREIGN KEY (muted_by) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint leg_wishes_pkey PRIMARY KEY (call_sid)
  CREATE INDEX leg_wishes_held_idx ON private.leg_wishes USING btree (held_at) WHERE (held AND (reminded_at IS NULL))
  CREATE INDEX leg_wishes_muted_by_idx ON private.leg_wishes USING btree (muted_by) WHERE (muted_by IS NOT NULL)
  CREATE TRIGGER leg_wishes_note AFTER INSERT OR UPDATE ON private.leg_wishes FOR EACH ROW EXECUTE FUNCTION private.note_wish()

table private.live_changes autovacuum_vacuum_scale_factor=0 autovacuum_vacuum_threshold=1000
  id bigint identity a not null
  kind text not null
  row_id uuid
  constraint kind_known CHECK ((kind = ANY (ARRAY['agent'::text, 'call'::text, 'queue'::text, 'everything'::text, 'again'::text])))
  constraint live_changes_pkey PRIMARY KEY (id)
  CREATE CONSTRAINT TRIGGER live_changes_tell AFTER INSERT ON private.live_changes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION private.tell_desks()

table private.live_topics fillfactor=50
  topic text not null
  version bigint not null
  told_at timestamp with time zone
  told_interval timestamp with time zone
  constraint live_topics_pkey PRIMARY KEY (topic)

table private.opt_out_words
  word text not null
  opts_out boolean not null
  constraint opt_out_words_pkey PRIMARY KEY (word)

table private.opt_outs
  number text not null
  in_force boolean not null
  source text not null
  changed_at timestamp with time zone not null
  constraint source_known CHECK ((source = ANY (ARRAY['word'::text, 'twilio'::text])))
  constraint opt_outs_pkey PRIMARY KEY (number)

table private.participants
  call_sid text not null
  conference_sid text not null
  call_record_id uuid not null
  joined_at timestamp with time zone
  left_at timestamp with time zone
  held_since timestamp with time zone
  muted boolean default false not null
  told_sequence integer default '-1'::integer not null
  constraint participants_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint participants_pkey PRIMARY KEY (call_sid, conference_sid)
  CREATE INDEX participants_call_idx ON private.participants USING btree (call_record_id)
  CREATE TRIGGER participants_follow AFTER UPDATE ON private.participants FOR EACH ROW WHEN ((((old.held_since IS NOT NULL) AND (old.left_at IS NULL)) <> ((new.held_since IS NOT NULL) AND (new.left_at IS NULL)))) EXECUTE FUNCTION private.follow_hold()
  CREATE TRIGGER participants_note AFTER INSERT OR DELETE OR UPDATE ON private.participants FOR EACH ROW EXECUTE FUNCTION private.note_part_of_call()

table private.placed_calls
  call_record_id uuid not null
  agent_id uuid
  pending_id text not null
  idempotency_key text
  number text not null
  caller_id text
  record boolean not null
  detect_machine boolean not null
  created_at timestamp with time zone not null
  constraint placed_calls_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint placed_calls_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint placed_calls_pkey PRIMARY KEY (call_record_id)
  constraint placed_calls_pending_id_key UNIQUE (pending_id)
  CREATE INDEX placed_calls_agent_idx ON private.placed_calls USING btree (agent_id, created_at)
  CREATE INDEX placed_calls_created_idx ON private.placed_calls USING btree (created_at)
  CREATE UNIQUE INDEX placed_calls_key ON private.placed_calls USING btree (agent_id, idempotency_key) WHERE (idempotency_key IS NOT NULL)

table private.prompts
  language text not null
  key text not null
  words text not null
  constraint prompts_pkey PRIMARY KEY (language, key)

table private.queue_entries
  id bigint identity a not null
  call_record_id uuid not null
  queue_id uuid not null
  joined_at timestamp with time zone not null
  entered_at timestamp with time zone not null
  comes_back boolean default false not null
  counts boolean default true not null
  on_line boolean not null
  offered boolean default false not null
  not_before timestamp with time zone
  overflow_at timestamp with time zone
  left_at timestamp with time zone
  outcome text
  waited_seconds integer
  in_time boolean
  short_abandon boolean
  constraint outcome_iff_left CHECK (((left_at IS NULL) = (outcome IS NULL)))
  constraint outcome_known CHECK ((outcome = ANY (ARRAY['answered'::text, 'abandoned'::text, 'voicemail'::text, 'callback'::text, 'overflowed'::text, 'not_reached'::text, 'served'::text, 'moved'::text])))
  constraint queue_entries_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint queue_entries_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES call_queues(id)
  constraint queue_entries_pkey PRIMARY KEY (id)
  CREATE INDEX queue_entries_call_idx ON private.queue_entries USING btree (call_record_id)
  CREATE INDEX queue_entries_longest_wait_idx ON private.queue_entries USING btree (joined_at) WHERE ((left_at IS NULL) AND on_line)
  CREATE INDEX queue_entries_next_idx ON private.queue_entries USING btree (queue_id, joined_at, id) WHERE ((left_at IS NULL) AND (NOT offered) AND (not_before IS NULL))
  CREATE INDEX queue_entries_off_line_idx ON private.queue_entries USING btree (queue_id) WHERE ((left_at IS NULL) AND (NOT on_line))
  CREATE UNIQUE INDEX queue_entries_one_live_a_call ON private.queue_entries USING btree (call_record_id) WHERE (left_at IS NULL)
  CREATE INDEX queue_entries_overflow_idx ON private.queue_entries USING btree (overflow_at) WHERE ((left_at IS NULL) AND (overflow_at IS NOT NULL) AND (NOT offered))
  CREATE INDEX queue_entries_put_off_idx ON private.queue_entries USING btree (not_before) WHERE ((left_at IS NULL) AND (not_before IS NOT NULL))
  CREATE INDEX queue_entries_waiting_idx ON private.queue_entries USING btree (queue_id, joined_at, id) WHERE (left_at IS NULL)
  CREATE TRIGGER queue_entries_count AFTER UPDATE OF left_at, outcome ON private.queue_entries FOR EACH ROW WHEN ((new.left_at IS NOT NULL)) EXECUTE FUNCTION private.count_stay()
  CREATE TRIGGER queue_entries_count_gone AFTER DELETE ON private.queue_entries FOR EACH ROW WHEN ((old.left_at IS NOT NULL)) EXECUTE FUNCTION private.count_stay()
  CREATE TRIGGER queue_entries_judge BEFORE INSERT OR UPDATE OF left_at, outcome ON private.queue_entries FOR EACH ROW WHEN ((new.left_at IS NOT NULL)) EXECUTE FUNCTION private.judge_stay()
  CREATE TRIGGER queue_entries_note AFTER UPDATE ON private.queue_entries FOR EACH ROW WHEN (((((old.left_at IS DISTINCT FROM new.left_at) OR (old.on_line IS DISTINCT FROM new.on_line)) OR (old.offered IS DISTINCT FROM new.offered)) OR (old.outcome IS DISTINCT FROM new.outcome))) EXECUTE FUNCTION private.note_entry()
  CREATE TRIGGER queue_entries_note_new AFTER INSERT OR DELETE ON private.queue_entries FOR EACH ROW EXECUTE FUNCTION private.note_entry()
  CREATE CONSTRAINT TRIGGER queue_entries_route AFTER INSERT OR UPDATE OF offered, not_before ON private.queue_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.left_at IS NULL) AND (NOT new.offered) AND (new.not_before IS NULL))) EXECUTE FUNCTION private.route_on_wait()
  CREATE TRIGGER queue_entries_route_due AFTER INSERT OR UPDATE OF offered, not_before ON private.queue_entries FOR EACH ROW WHEN (((new.left_at IS NULL) AND (NOT new.offered) AND (new.not_before IS NULL))) EXECUTE FUNCTION private.note_routing_due()
  CREATE TRIGGER queue_entries_text AFTER UPDATE OF outcome ON private.queue_entries FOR EACH ROW WHEN (((new.outcome = 'not_reached'::text) AND (old.outcome IS NULL))) EXECUTE FUNCTION private.text_of_missed_callback()

table private.queue_members
  queue_id uuid not null
  agent_id uuid not null
  last_offered_at timestamp with time zone
  constraint queue_members_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES call_center_agents(id) ON DELETE CASCADE
  constraint queue_members_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES call_queues(id) ON DELETE CASCADE
  constraint queue_members_pkey PRIMARY KEY (queue_id, agent_id)
  CREATE INDEX queue_members_agent_idx ON private.queue_members USING btree (agent_id)
  CREATE TRIGGER queue_members_note AFTER INSERT OR DELETE ON private.queue_members FOR EACH ROW EXECUTE FUNCTION private.note_member()
  CREATE CONSTRAINT TRIGGER queue_members_route AFTER INSERT ON private.queue_members DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION private.route_on_membership()
  CREATE TRIGGER queue_members_route_due AFTER INSERT ON private.queue_members FOR EACH ROW EXECUTE FUNCTION private.note_routing_due()

table private.rate_counters
  subject text not null
  minute timestamp with time zone not null
  used integer default 1 not null
  constraint rate_counters_pkey PRIMARY KEY (subject, minute)
  CREATE INDEX rate_counters_minute_idx ON private.rate_counters USING btree (minute)

table private.recording_checks
  call_record_id uuid not null
  due_at timestamp with time zone not null
  tries_left integer not null
  tries integer default 0 not null
  constraint tries_left_not_negative CHECK ((tries_left >= 0))
  constraint recording_checks_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint recording_checks_pkey PRIMARY KEY (call_record_id)
  CREATE INDEX recording_checks_due_idx ON private.recording_checks USING btree (due_at)

table private.recording_copies
  recording_sid text not null
  bucket text not null
  path text not null
  bytes bigint
  state text not null
  refusals integer default 0 not null
  refusal text
  due_at timestamp with time zone
  ended_at timestamp with time zone
  constraint state_known CHECK ((state = ANY (ARRAY['wanted'::text, 'kept'::text, 'moved'::text, 'given_up'::text, 'gone'::text])))
  constraint whole_where_kept CHECK (((state <> ALL (ARRAY['kept'::text, 'moved'::text])) OR (bytes IS NOT NULL)))
  constraint recording_copies_pkey PRIMARY KEY (recording_sid)
  CREATE INDEX recording_copies_due_idx ON private.recording_copies USING btree (due_at) WHERE (due_at IS NOT NULL)

table private.recording_deletions row level security
  recording_sid text not null
  call_record_id uuid
  voicemail_id uuid
  state text not null
  why text not null
  asked_by uuid
  asked_at timestamp with time zone not null
  has_words boolean default false not null
  refusals integer default 0 not null
  refusal text
  due_at timestamp with time zone
  ended_at timestamp with time zone
  constraint over_or_due CHECK ((((state = 'asked'::text) = (due_at IS NOT NULL)) AND ((state = 'asked'::text) = (ended_at IS NULL))))
  constraint state_known CHECK ((state = ANY (ARRAY['asked'::text, 'deleted'::text, 'refused'::text])))
  constraint why_known CHECK ((why = ANY (ARRAY['person'::text, 'retention'::text, 'row_deleted'::text, 'nothing_to_hear'::text])))
  constraint recording_deletions_pkey PRIMARY KEY (recording_sid)
  CREATE INDEX recording_deletions_due_idx ON private.recording_deletions USING btree (due_at) WHERE (due_at IS NOT NULL)
  policy "supervisors see what is deleted" for r to authenticated
  using ( SELECT private.sees_everything() AS sees_everything)
  grant authenticated=r/postgres
  grant service_role=r/postgres

table private.recording_listens row level security
  id bigint identity a not null
  recording_sid text not null
  call_record_id uuid
  voicemail_id uuid
  user_id uuid not null
  agent_id uuid
  format text not null
  duration_seconds integer not null
  opened_at timestamp with time zone not null
  last_at timestamp with time zone not null
  total_bytes bigint
  delivered int8multirange default '{}'::int8multirange not null
  constraint recording_listens_pkey PRIMARY KEY (id)
  CREATE INDEX recording_listens_call_idx ON private.recording_listens USING btree (call_record_id)
  CREATE INDEX recording_listens_last_idx ON private.recording_listens USING btree (last_at)
  CREATE INDEX recording_listens_recording_idx ON private.recording_listens USING btree (recording_sid, user_id, last_at DESC)
  policy "supervisors see who listened" for r to authenticated
  using ( SELECT private.sees_everything() AS sees_everything)
  grant authenticated=r/postgres
  grant service_role=r/postgres

table private.routing_decisions
  id bigint identity a not null
  call_record_id uuid not null
  queue_id uuid not null
  decided_at timestamp with time zone not null
  agent_id uuid
  candidates jsonb not null
  constraint routing_decisions_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint routing_decisions_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint routing_decisions_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES call_queues(id) ON DELETE CASCADE
  constraint routing_decisions_pkey PRIMARY KEY (id)
  CREATE INDEX routing_decisions_agent_idx ON private.routing_decisions USING btree (agent_id)
  CREATE INDEX routing_decisions_call_idx ON private.routing_decisions USING btree (call_record_id, decided_at DESC)
  CREATE INDEX routing_decisions_decided_idx ON private.routing_decisions USING btree (decided_at)
  CREATE INDEX routing_decisions_queue_idx ON private.routing_decisions USING btree (queue_id)

table private.settings
  only_row boolean default true not null
  time_zone text default 'America/Bogota'::text not null
  default_region text default 'CO'::text not null
  announce_recording boolean default true not null
  incoming_calls_per_minute integer default 10 not null
  outgoing_calls_per_minute integer default 5 not null
  missed_offers_limit integer default 3 not null
  max_parties integer default 8 not null
  hold_reminder_seconds integer default 120 not null
  offer_start_seconds integer default 30 not null
  callback_attempts integer default 3 not null
  callback_spacing_seconds integer default 300 not null
  callback_expiry_seconds integer default 14400 not null
  transcribe boolean default true not null
  transcription_retries integer default 3 not null
  transcription_spacing_seconds integer default 60 not null
  transcription_patience_seconds integer default 900 not null
  keep_events_days integer default 90 not null
  keep_decisions_days integer default 7 not null
  keep_commands_days integer default 7 not null
  keep_agent_times_days integer default 90 not null
  keep_recordings_days integer default 0 not null
  keep_script_versions integer default 50 not null
  recording_deletion_attempts integer default 5 not null
  wrap_up_extension_seconds integer default 120 not null
  target_waiting integer default 0 not null
  target_service_level integer default 90 not null
  alarm_service_level integer default 60 not null
  target_abandoned integer default 5 not null
  alarm_abandoned integer default 10 not null
  target_available integer default 1 not null
  target_callbacks integer default 0 not null
  keep_listens_days integer default 0 not null
  recordings_bucket text
  keep_at_twilio_hours integer default 24 not null
  outgoing_texts_per_minute integer default 5 not null
  rule_texts_per_hour integer default 3 not null
  keep_texts_days integer default 0 not null
  constraint alarm_abandoned_above_target CHECK (((alarm_abandoned >= target_abandoned) AND (alarm_abandoned <= 100)))
  constraint alarm_service_level_below_target CHECK (((alarm_service_level >= 0) AND (alarm_service_level <= target_service_level)))
  constraint hold_reminder_positive CHECK ((hold_reminder_seconds > 0))
  constraint keep_agent_times_a_week CHECK ((keep_agent_times_days >= 7))
  constraint keep_at_twilio_not_negative CHECK ((keep_at_twilio_hours >= 0))
  constraint keep_commands_a_day CHECK ((keep_commands_days >= 1))
  constraint keep_decisions_a_day CHECK ((keep_decisions_days >= 1))
  constraint keep_events_a_week CHECK ((keep_events_days >= 7))
  constraint keep_listens_not_negative CHECK ((keep_listens_days >= 0))
  constraint keep_recordings_not_negative CHECK ((keep_recordings_days >= 0))
  constraint keep_script_versions_some CHECK (((keep_script_versions >= 2) AND (keep_script_versions <= 1000)))
  constraint keep_texts_a_week CHECK (((keep_texts_days = 0) OR (keep_texts_days >= 7)))
  constraint max_parties_few CHECK (((max_parties >= 3) AND (max_parties <= 50)))
  constraint outgoing_texts_positive CHECK ((outgoing_texts_per_minute > 0))
  constraint recording_deletion_attempts_positive CHECK ((recording_deletion_attempts > 0))
  constraint rule_texts_positive CHECK ((rule_texts_per_hour > 0))
  constraint settings_one_row CHECK (only_row)
  constraint target_abandoned_percent CHECK (((target_abandoned >= 0) AND (target_abandoned <= 100)))
  constraint target_available_not_negative CHECK ((target_available >= 0))
  constraint target_callbacks_not_negative CHECK ((target_callbacks >= 0))
  constraint target_service_level_percent CHECK (((target_service_level >= 0) AND (target_service_level <= 100)))
  constraint target_waiting_not_negative CHECK ((target_waiting >= 0))
  constraint wrap_up_extension_not_negative CHECK ((wrap_up_extension_seconds >= 0))
  constraint default_region_known FOREIGN KEY (default_region) REFERENCES private.countries(region)
  constraint settings_pkey PRIMARY KEY (only_row)
  CREATE INDEX settings_region_idx ON private.settings USING btree (default_region)
  CREATE TRIGGER settings_check BEFORE INSERT OR UPDATE OF time_zone ON private.settings FOR EACH ROW EXECUTE FUNCTION private.check_settings()

table private.softphones fillfactor=50
  user_id uuid not null
  device text not null
  taken_at timestamp with time zone not null
  seen_at timestamp with time zone not null
  constraint device_is_short CHECK (((length(device) >= 8) AND (length(device) <= 64)))
  constraint softphones_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE
  constraint softphones_pkey PRIMARY KEY (user_id)
  CREATE TRIGGER softphones_note AFTER UPDATE ON private.softphones FOR EACH ROW WHEN ((old.device IS DISTINCT FROM new.device)) EXECUTE FUNCTION private.note_softphone()
  CREATE TRIGGER softphones_note_new AFTER INSERT ON private.softphones FOR EACH ROW EXECUTE FUNCTION private.note_softphone()

table private.spoken_keys
  language text not null
  word text not null
  key text not null
  constraint key_known CHECK ((key ~ '^[0-9*#]?$'::text))
  constraint spoken_keys_pkey PRIMARY KEY (language, word)

table private.stat_deltas autovacuum_vacuum_scale_factor=0 autovacuum_vacuum_threshold=1000
  -- What changed in the statistics since they were last folded.
  id bigint identity a not null
  interval_start timestamp with time zone not null
  queue_id uuid
  calls integer default 0 not null
  completed integer default 0 not null
  missed integer default 0 not null
  duration_seconds bigint default 0 not null
  hold_seconds bigint default 0 not null
  contacts integer default 0 not null
  offered integer default 0 not null
  answered integer default 0 not null
  answered_in_time integer default 0 not null
  abandoned integer default 0 not null
  abandoned_in_time integer default 0 not null
  short_abandoned integer default 0 not null
  callbacks integer default 0 not null
  overflowed integer default 0 not null
  wait_seconds bigint default 0 not null
  handled integer default 0 not null
  talk_seconds bigint default 0 not null
  wrap_up_seconds bigint default 0 not null
  available_seconds bigint default 0 not null
  constraint stat_deltas_pkey PRIMARY KEY (id)

table private.stat_sums
  -- Statistics a quarter of an hour and queue, and of all time.
  interval_start timestamp with time zone not null
  queue_id uuid not null
  calls bigint not null
  completed bigint not null
  missed bigint not null
  duration_seconds bigint not null
  hold_seconds bigint not null
  contacts bigint not null
  offered bigint not null
  answered bigint not null
  answered_in_time bigint not null
  abandoned bigint not null
  abandoned_in_time bigint not null
  short_abandoned bigint not null
  callbacks bigint not null
  overflowed bigint not null
  wait_seconds bigint not null
  handled bigint not null
  talk_seconds bigint not null
  wrap_up_seconds bigint not null
  available_seconds bigint not null
  constraint stat_sums_pkey PRIMARY KEY (interval_start, queue_id)
  CREATE INDEX stat_sums_every_queue_idx ON private.stat_sums USING btree (interval_start) WHERE (queue_id = 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)

table private.telephony_commands
  id bigint identity a not null
  kind text not null
  target text not null
  payload jsonb not null
  call_record_id uuid
  state text default 'pending'::text not null
  attempts integer default 0 not null
  due_at timestamp with time zone not null
  claimed_by text
  lease_until timestamp with time zone
  created_at timestamp with time zone not null
  settled_at timestamp with time zone
  result jsonb
  constraint lease_iff_claimed CHECK (((state = 'claimed'::text) = ((lease_until IS NOT NULL) AND (claimed_by IS NOT NULL))))
  constraint settled_iff_over CHECK (((state = ANY (ARRAY['done'::text, 'failed'::text])) = (settled_at IS NOT NULL)))
  constraint state_known CHECK ((state = ANY (ARRAY['pending'::text, 'claimed'::text, 'unknown'::text, 'done'::text, 'failed'::text])))
  constraint telephony_commands_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint telephony_commands_kind_fkey FOREIGN KEY (kind) REFERENCES private.command_kinds(kind)
  constraint telephony_commands_pkey PRIMARY KEY (id)
  CREATE INDEX telephony_commands_call_idx ON private.telephony_commands USING btree (call_record_id)
  CREATE INDEX telephony_commands_due_idx ON private.telephony_commands USING btree (due_at) WHERE (state = ANY (ARRAY['pending'::text, 'claimed'::text, 'unknown'::text]))
  CREATE UNIQUE INDEX telephony_commands_one_live_a_target ON private.telephony_commands USING btree (kind, target) WHERE (state <> ALL (ARRAY['done'::text, 'failed'::text]))
  CREATE INDEX telephony_commands_settled_idx ON private.telephony_commands USING btree (settled_at) WHERE (settled_at IS NOT NULL)
  CREATE CONSTRAINT TRIGGER telephony_commands_wake AFTER INSERT ON private.telephony_commands DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION private.wake_workers()

table private.text_errors
  code text not null
  words text not null
  constraint text_errors_pkey PRIMARY KEY (code)

table private.text_messages row level security
  id uuid default gen_random_uuid() not null {authenticated=r/postgres,service_role=r/postgres}
  number text not null {authenticated=r/postgres,service_role=r/postgres}
  rule text not null {authenticated=r/postgres,service_role=r/postgres}
  call_record_id uuid {authenticated=r/postgres,service_role=r/postgres}
  queue_id uuid {authenticated=r/postgres,service_role=r/postgres}
  contact_id uuid {authenticated=r/postgres,service_role=r/postgres}
  words text not null {authenticated=r/postgres,service_role=r/postgres}
  state text not null {authenticated=r/postgres,service_role=r/postgres}
  sid text {authenticated=r/postgres,service_role=r/postgres}
  error_code text {authenticated=r/postgres,service_role=r/postgres}
  error text {authenticated=r/postgres,service_role=r/postgres}
  user_id uuid {authenticated=r/postgres,service_role=r/postgres}
  agent_id uuid {authenticated=r/postgres,service_role=r/postgres}
  idempotency_key text
  created_at timestamp with time zone not null {authenticated=r/postgres,service_role=r/postgres}
  sent_at timestamp with time zone {authenticated=r/postgres,service_role=r/postgres}
  ended_at timestamp with time zone {authenticated=r/postgres,service_role=r/postgres}
  constraint rule_known CHECK ((rule = ANY (ARRAY['missed_call'::text, 'voicemail_received'::text, 'callback_promised'::text, 'callback_missed'::text, 'agent'::text])))
  constraint state_known CHECK ((state = ANY (ARRAY['wanted'::text, 'sent'::text, 'delivered'::text, 'undelivered'::text, 'failed'::text, 'refused'::text, 'withdrawn'::text])))
  constraint written_by_somebody CHECK (((rule = 'agent'::text) = (user_id IS NOT NULL)))
  constraint text_messages_agent_id_fkey FOREIGN KEY (agent_id) REFERENCES call_center_agents(id) ON DELETE SET NULL
  constraint text_messages_call_record_id_fkey FOREIGN KEY (call_record_id) REFERENCES call_records(id) ON DELETE CASCADE
  constraint text_messages_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES crm_contacts(id) ON DELETE SET NULL
  constraint text_messages_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES call_queues(id) ON DELETE SET NULL
  constraint text_messages_pkey PRIMARY KEY (id)
  CREATE INDEX text_messages_agent_idx ON private.text_messages USING btree (agent_id)
  CREATE INDEX text_messages_call_idx ON private.text_messages USING btree (call_record_id)
  CREATE INDEX text_messages_contact_idx ON private.text_messages USING btree (contact_id)
  CREATE INDEX text_messages_created_idx ON private.text_messages USING btree (created_at)
  CREATE UNIQUE INDEX text_messages_key ON private.text_messages USING btree (user_id, idempotency_key) WHERE (idempotency_key IS NOT NULL)
  CREATE INDEX text_messages_number_idx ON private.text_messages USING btree (number, created_at)
  CREATE UNIQUE INDEX text_messages_one_an_event ON private.text_messages USING btree (call_record_id, rule) WHERE ((rule <> 'agent'::text) AND (state <> 'withdrawn'::text))
  CREATE INDEX text_messages_queue_idx ON private.text_messages USING btree (queue_id)
  CREATE UNIQUE INDEX text_messages_sid ON private.text_messages USING btree (sid) WHERE (sid IS NOT NULL)
  policy "agents see theirs and their calls' messages, supervisors all" for r to authenticated
  using (( SELECT private.sees_everything() AS sees_everything) OR (agent_id = ( SELECT private.my_agent_id() AS my_agent_id)) OR (EXISTS ( SELECT 1
   FROM call_records r
  WHERE (r.id = text_messages.call_record_id))))

table private.transcriptions
  voicemail_id uuid not null
  attempts integer not null
  job_id text
  past_job_ids text[] default '{}'::text[] not null
  due_at timestamp with time zone
  constraint transcriptions_voicemail_id_fkey FOREIGN KEY (voicemail_id) REFERENCES voicemails(id) ON DELETE CASCADE
  constraint transcriptions_pkey PRIMARY KEY (voicemail_id)
  CREATE INDEX transcriptions_due_idx ON private.transcriptions USING btree (due_at) WHERE (due_at IS NOT NULL)

table private.voices
  language text not null
  twilio_language text not null
  voice text
  constraint voices_pkey PRIMARY KEY (language)

function public.add_party(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.agent_day(p_agent_id uuid, p_day date DEFAULT NULL::date) returns jsonb plpgsql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.agents_for_load(p_calls numeric, p_interval_seconds numeric, p_aht_seconds numeric, p_target_percent numeric DEFAULT 80, p_within_seconds numeric DEFAULT 20) returns TABLE(agents integer, wait_probability numeric, service_level_percent numeric, average_speed_of_answer_seconds numeric, occupancy_percent numeric) plpgsql immutable set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.ask_for_help(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.broadcast_figures() returns integer plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.call_routing(p_call_id uuid) returns jsonb plpgsql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.cancel_consult(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.check_ivr_script(p_script jsonb, p_language text DEFAULT 'es'::text) returns jsonb plpgsql volatile security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.claim_commands(p_process text, p_limit integer DEFAULT 10) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.claim_questions() returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.complete_consult(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.delete_recording(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.desk() returns jsonb plpgsql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.directory() returns jsonb plpgsql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.end_call_for_all(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.extend_wrap_up(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.finish_wrap_up(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.hold_party(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.hold_recording(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.housekeep(p_limit integer DEFAULT 1000) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.import_contacts(p_rows jsonb) returns jsonb plpgsql volatile security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.ivr_script_usage(p_script_id uuid) returns jsonb plpgsql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.keep_softphone(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.leave_call(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.load_with_agents(p_calls numeric, p_interval_seconds numeric, p_aht_seconds numeric, p_agents integer, p_within_seconds numeric DEFAULT 20) returns TABLE(agents integer, wait_probability numeric, service_level_percent numeric, average_speed_of_answer_seconds numeric, occupancy_percent numeric) plpgsql immutable set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.merge_consult(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.merge_contacts(p_keep uuid, p_other uuid, p_take text[] DEFAULT '{}'::text[]) returns crm_contacts plpgsql volatile security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.move_call(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.mute_party(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.name_softphone(p_request jsonb, p_process text) returns jsonb plpgsql stable security definer set search_path=""
  grant service_role=X/postgres
function public.note_delivered(p_listen_id bigint, p_from bigint, p_to bigint, p_total bigint) returns void plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.open_recording(p_user_id uuid, p_recording_sid text, p_format text, p_hears boolean) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.pause_recording(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.pending_work() returns jsonb plpgsql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.place_call(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.read_call(p_request jsonb, p_process text) returns jsonb plpgsql stable security definer set search_path=""
  grant service_role=X/postgres
function public.read_default_region() returns text plpgsql stable security definer set search_path=""
  grant service_role=X/postgres
function public.read_my_state(p_request jsonb, p_process text) returns jsonb plpgsql stable security definer set search_path=""
  grant service_role=X/postgres
function public.read_recordings_bucket() returns text plpgsql stable security definer set search_path=""
  grant service_role=X/postgres
function public.receive_agent_answer(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_callback_choice(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_caller_connect(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_dial_exit(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_incoming_call(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_ivr_input(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_listed_calls(p_calls jsonb, p_until timestamp with time zone, p_process text, p_limit integer DEFAULT NULL::integer) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_live_calls(p_call_sids text[]) returns void sql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_message(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_queue_exit(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_queue_key(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_queue_wait(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_softphone_call(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.receive_voicemail(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.record_call_event(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.record_message_status(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.record_recording_event(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.record_room_event(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.record_transcription(p_event jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.remove_party(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.schedule_callback(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.search_contacts(p_query text, p_contact_type text DEFAULT NULL::text, p_limit integer DEFAULT 20, p_before timestamp with time zone DEFAULT NULL::timestamp with time zone, p_before_id uuid DEFAULT NULL::uuid) returns SETOF crm_contacts plpgsql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.send_digits(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.send_text(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.set_disposition(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.set_my_status(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.set_next_status(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.set_targets(p_targets jsonb) returns jsonb plpgsql volatile security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.settle_commands(p_process text, p_results jsonb) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.share_recording(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.start_consult(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.stop_supervising(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.supervise_call(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.swap_consult(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.sweep(p_process text, p_part text DEFAULT NULL::text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.take_over_call(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.take_softphone(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.today_by_quarter(p_queue_id uuid DEFAULT NULL::uuid) returns jsonb plpgsql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.transfer_call(p_request jsonb, p_process text) returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.try_broadcast() returns jsonb plpgsql volatile security definer set search_path=""
  grant service_role=X/postgres
function public.vital_signs() returns jsonb sql stable security definer set search_path=""
  grant service_role=X/postgres
function public.walk_ivr_script(p_script jsonb, p_answers jsonb DEFAULT '[]'::jsonb, p_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns jsonb plpgsql volatile security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function public.wallboard() returns jsonb plpgsql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.actions_above(p_call call_records, p_asker private.asker, p_mine private.call_offers) returns text[] plpgsql stable set search_path=""
function private.actions_inside(p_call call_records, p_mine private.call_offers) returns text[] plpgsql stable set search_path=""
function private.add_call(p_call call_records, p_sign integer) returns void plpgsql volatile set search_path=""
function private.add_offer(p_offer private.call_offers, p_sign integer) returns void plpgsql volatile set search_path=""
function private.add_stay(p_stay private.queue_entries, p_sign integer) returns void plpgsql volatile set search_path=""
function private.add_talk(p_agent_id uuid, p_offer_id uuid, p_from timestamp with time zone, p_to timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.add_to_contact(p_call call_records) returns void plpgsql volatile set search_path=""
function private.address_of_supervisor(p_asker private.asker) returns text plpgsql stable set search_path=""
function private.address_written(p_column text, p_text text) returns text plpgsql immutable set search_path=""
function private.after_offer(p_call call_records, p_offer private.call_offers) returns void plpgsql volatile set search_path=""
function private.agent_document(p_agent_id uuid) returns jsonb plpgsql stable set search_path=""
function private.agent_for(p_request private.control_request, p_asker private.asker) returns call_center_agents plpgsql volatile set search_path=""
function private.agent_has_past(p_agent_id uuid) returns boolean plpgsql stable set search_path=""
function private.agent_left(p_call call_records, p_leg private.call_legs) returns void plpgsql volatile set search_path=""
function private.agent_leg_placed(p_call_record_id uuid, p_offer_id uuid, p_leg_sid text, p_address text) returns void plpgsql volatile set search_path=""
function private.agent_leg_refused(p_call_record_id uuid, p_offer_id uuid, p_result jsonb) returns void plpgsql volatile set search_path=""
function private.agent_plan(p_call call_records, p_offer private.call_offers, p_language text) returns jsonb plpgsql stable set search_path=""
function private.agent_rows(p_ids uuid[] DEFAULT NULL::uuid[]) returns SETOF jsonb plpgsql stable set search_path=""
function private.agent_sid(p_call_record_id uuid) returns text plpgsql stable set search_path=""
function private.agent_statistics() returns jsonb sql stable set search_path=""
function private.agent_statistics_since(p_since timestamp with time zone) returns TABLE(agent_id uuid, offered bigint, missed bigint, handled bigint, talk_seconds bigint, wrap_up_seconds bigint, handling_seconds bigint, available_seconds bigint) sql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.agent_stopped() returns trigger plpgsql volatile security definer set search_path=""
function private.agent_to_ring(p_call call_records, p_to private.destination, p_asker private.asker) returns call_center_agents plpgsql volatile set search_path=""
function private.agents_concerned(p_noted text) returns SETOF uuid plpgsql stable set search_path=""
function private.agents_doing_since(p_since timestamp with time zone) returns TABLE(agent_id uuid, handling_seconds bigint, available_seconds bigint) sql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.agents_in_queues() returns bigint sql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.allowed_actions(p_call call_records, p_asker private.asker) returns text[] plpgsql stable set search_path=""
function private.announce(p_call_record_id uuid, p_call_sid text, p_query jsonb) returns void plpgsql volatile set search_path=""
function private.answer(p_plan jsonb, p_language text, p_process text) returns jsonb plpgsql volatile set search_path=""
function private.answer_agent(p_event private.voice_request, p_call call_records, p_offer private.call_offers, p_language text) returns jsonb plpgsql volatile set search_path=""
function private.answer_help(p_call_record_id uuid, p_user_id uuid) returns void plpgsql volatile set search_path=""
function private.answer_help_by_coming() returns trigger plpgsql volatile set search_path=""
function private.archive_agent(p_agent_id uuid) returns void plpgsql volatile set search_path=""
function private.archived_rows() returns TABLE(kind text, id uuid, name text, archived_at timestamp with time zone) sql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.ask_deletion(p_recording_sid text, p_call_record_id uuid, p_voicemail_id uuid, p_why text, p_user_id uuid) returns void plpgsql volatile set search_path=""
function private.ask_deletions_of_call(p_call_record_id uuid, p_why text, p_user_id uuid) returns void plpgsql volatile set search_path=""
function private.ask_due_deletions(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.asker_of(p_user_id uuid, p_agent_id uuid) returns private.asker plpgsql stable set search_path=""
function private.asking(p_request private.control_request) returns private.asker plpgsql stable set search_path=""
function private.assume_joined(p_call_record_id uuid, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.assume_meeting(p_call_record_id uuid, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.assume_meetings(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.assume_recorded_meeting(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.attempt_may_live(p_call_record_id uuid) returns boolean plpgsql stable set search_path=""
function private.attempt_over(p_call call_records, p_attempt integer, p_leg_status text, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.attempts_not_made(p_call_record_id uuid) returns integer plpgsql stable set search_path=""
function private.audible_for(p_recording_sid text, p_asker private.asker) returns private.audible plpgsql stable set search_path=""
function private.await_key(p_offer_id uuid) returns void plpgsql volatile set search_path=""
function private.await_turn(p_call_sid text) returns void plpgsql volatile set search_path=""
function private.back_off(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.back_to_queue(p_call call_records) returns boolean plpgsql volatile set search_path=""
function private.bare_words(p_words text) returns text plpgsql immutable set search_path=""
function private.become_agent(p_offer_id uuid, p_agent call_center_agents, p_queue_id uuid) returns void plpgsql volatile set search_path=""
function private.begin_deletion(p_recording_sid text) returns void plpgsql volatile set search_path=""
function private.begin_deletions(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.broadcast(p_topic text, p_event text, p_payload jsonb) returns void plpgsql volatile set search_path="" lock_timeout=100ms
function private.call_document(p_call_record_id uuid, p_asker private.asker) returns jsonb plpgsql stable set search_path=""
function private.call_for(p_request private.control_request, p_asker private.asker) returns call_records plpgsql volatile set search_path=""
function private.call_named(p_name text) returns uuid plpgsql stable set search_path=""
function private.call_of_event(p_event private.leg_event, p_at timestamp with time zone) returns call_records plpgsql volatile set search_path=""
function private.call_off_command(p_kind text, p_target text) returns void plpgsql volatile set search_path=""
function private.call_off_customer(p_call call_records) returns void plpgsql volatile set search_path=""
function private.call_off_text(p_id uuid, p_why text DEFAULT NULL::text) returns void plpgsql volatile set search_path=""
function private.call_rows(p_ids uuid[] DEFAULT NULL::uuid[]) returns SETOF jsonb plpgsql stable set search_path=""
function private.call_version(p_call call_records) returns bigint plpgsql stable set search_path=""
function private.callback_plan(p_call call_records, p_language text, p_attempt integer) returns jsonb plpgsql stable set search_path=""
function private.callback_reached(p_call_record_id uuid, p_call_sid text) returns void plpgsql volatile set search_path=""
function private.callback_waits_until(p_call_record_id uuid, p_queue call_queues) returns timestamp with time zone plpgsql stable set search_path=""
function private.callbacks_to_end() returns TABLE(call_record_id uuid, why text) plpgsql stable set search_path=""
function private.callbacks_waiting(p_queue_ids uuid[]) returns SETOF jsonb plpgsql stable set search_path=""
function private.caller_sid(p_call_record_id uuid) returns text plpgsql stable set search_path=""
function private.calls_missed(p_queue_ids uuid[]) returns SETOF jsonb plpgsql stable set search_path=""
function private.calls_now() returns TABLE(active bigint, queued bigint, callbacks bigint, longest_wait_seconds integer) sql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.calls_of_agent(p_agent_id uuid, p_supervisor_id uuid) returns SETOF uuid plpgsql stable set search_path=""
function private.can_be_followed(p_script jsonb) returns boolean plpgsql stable set search_path=""
function private.can_be_texted(p_number text) returns boolean plpgsql stable set search_path=""
function private.can_call_back(p_queue call_queues) returns boolean plpgsql stable set search_path=""
function private.can_ring_another(p_call_record_id uuid) returns boolean plpgsql stable set search_path=""
function private.candidates(p_queue call_queues, p_waited_seconds integer, p_last_agent_id uuid, p_only_free boolean DEFAULT false) returns TABLE(agent_id uuid, extension text, lost text, place bigint) plpgsql stable set search_path=""
function private.candidates_told(p_candidates jsonb, p_chosen uuid) returns jsonb plpgsql stable set search_path=""
function private.change_callback_number(p_call call_records, p_number text) returns boolean plpgsql volatile set search_path=""
function private.chase_transcriptions(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.check_can_text(p_number text, p_ours text) returns void plpgsql stable set search_path=""
function private.check_json(p_column text, p_rule text, p_value jsonb) returns void plpgsql immutable set search_path=""
function private.check_opening_hours() returns trigger plpgsql volatile security definer set search_path=""
function private.check_other_numbers() returns trigger plpgsql volatile security definer set search_path=""
function private.check_promise(p_request private.control_request, p_number text) returns void plpgsql stable set search_path=""
function private.check_recordings_later(p_call call_records) returns void plpgsql volatile set search_path=""
function private.check_script() returns trigger plpgsql volatile security definer set search_path=""
function private.check_settings() returns trigger plpgsql volatile set search_path=""
function private.check_status(p_request private.control_request) returns void plpgsql volatile set search_path=""
function private.check_targets(p_targets jsonb) returns void plpgsql stable set search_path=""
function private.check_written() returns trigger plpgsql volatile security definer set search_path=""
function private.chosen_option(p_menu jsonb, p_language text, p_digits text, p_speech text) returns jsonb plpgsql stable set search_path=""
function private.claim_calls_listing() returns jsonb sql volatile set search_path=""
function private.claim_live_listing() returns boolean plpgsql volatile set search_path=""
function private.claim_recording_checks() returns jsonb plpgsql volatile set search_path=""
function private.claim_silent_legs() returns jsonb sql volatile set search_path=""
function private.claim_written_commands(p_process text) returns jsonb plpgsql volatile set search_path=""
function private.client_identity(p_agent_id uuid) returns text plpgsql immutable set search_path=""
function private.clock() returns timestamp with time zone plpgsql stable set search_path=""
function private.clock_for_view() returns timestamp with time zone sql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.command_copy(p_kind text, p_copy private.recording_copies) returns void plpgsql volatile set search_path=""
function private.command_lease(p_kind text) returns interval plpgsql immutable set search_path=""
function private.command_statistics() returns jsonb sql stable set search_path=""
function private.compare_wish(p_call_sid text, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.conference_plan(p_call call_records, p_role text, p_label text, p_end_on_exit boolean, p_say jsonb) returns jsonb plpgsql stable set search_path=""
function private.confirm_lease() returns interval plpgsql immutable set search_path=""
function private.connect_agent(p_call call_records, p_offer private.call_offers, p_leg_sid text) returns void plpgsql volatile set search_path=""
function private.consult_document(p_call_record_id uuid) returns jsonb plpgsql stable set search_path=""
function private.consult_of(p_call_record_id uuid) returns private.call_offers plpgsql stable set search_path=""
function private.contact_given(p_row jsonb) returns jsonb plpgsql stable set search_path=""
function private.contact_of(p_number text, p_name text) returns uuid plpgsql volatile set search_path=""
function private.contact_with(p_contact crm_contacts, p_given jsonb) returns crm_contacts plpgsql stable set search_path=""
function private.contact_with_number(p_number text) returns uuid plpgsql stable set search_path=""
function private.contact_words(p_number text, p_email text, p_first_name text, p_last_name text, p_other_numbers text[]) returns text plpgsql immutable parallel safe set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.control_answer(p_call_record_id uuid, p_asker private.asker, p_process text, p_more jsonb DEFAULT '{}'::jsonb) returns jsonb plpgsql volatile set search_path=""
function private.copy_deleted(p_command private.telephony_commands) returns void plpgsql volatile set search_path=""
function private.copy_due_again(p_refusals integer, p_is_refused boolean) returns timestamp with time zone plpgsql stable set search_path=""
function private.copy_settled(p_command private.telephony_commands) returns void plpgsql volatile set search_path=""
function private.correct_offers(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.correct_stay(p_call_record_id uuid, p_met_at timestamp with time zone) returns integer plpgsql volatile set search_path=""
function private.count_agent_legs() returns trigger plpgsql volatile security definer set search_path=""
function private.count_agent_time() returns trigger plpgsql volatile security definer set search_path=""
function private.count_call() returns trigger plpgsql volatile security definer set search_path=""
function private.count_contact_call() returns trigger plpgsql volatile security definer set search_path=""
function private.count_contacts() returns trigger plpgsql volatile security definer set search_path=""
function private.count_everything() returns void sql volatile set search_path=""
function private.count_offer() returns trigger plpgsql volatile security definer set search_path=""
function private.count_outgoing(p_who uuid) returns void plpgsql volatile set search_path=""
function private.count_routing_due(p_more integer) returns void plpgsql volatile set search_path=""
function private.count_stay() returns trigger plpgsql volatile security definer set search_path=""
function private.count_text(p_who uuid) returns void plpgsql volatile set search_path=""
function private.counts_as_missed(p_outcome text) returns boolean plpgsql immutable set search_path=""
function private.current_script() returns ivr_scripts plpgsql stable set search_path=""
function private.customer_gone_at(p_call_record_id uuid) returns timestamp with time zone plpgsql stable set search_path=""
function private.customer_has_left(p_call_record_id uuid) returns boolean plpgsql stable set search_path=""
function private.customer_leg_placed(p_call call_records, p_attempt integer, p_leg_sid text, p_number text) returns boolean plpgsql volatile set search_path=""
function private.customer_not_rung(p_call call_records, p_attempt integer) returns void plpgsql volatile set search_path=""
function private.day_begins(p_day date, p_time_zone text) returns timestamp with time zone plpgsql stable set search_path=""
function private.dead_pages(p_at timestamp with time zone) returns tstzrange plpgsql immutable set search_path=""
function private.delete_at_twilio(p_recording_sid text) returns void plpgsql volatile set search_path=""
function private.delete_recordings_of_row() returns trigger plpgsql volatile security definer set search_path=""
function private.deletion_settled(p_command private.telephony_commands) returns void plpgsql volatile set search_path=""
function private.derive_agent_status() returns trigger plpgsql volatile security definer set search_path=""
function private.destination_of(p_to text) returns private.destination plpgsql stable set search_path=""
function private.dialled_digits(p_written text) returns text plpgsql immutable set search_path=""
function private.discard_voicemail(p_call call_records, p_recording_sid text) returns void plpgsql volatile set search_path=""
function private.dispositions_of(p_call call_records) returns text[] plpgsql stable set search_path=""
function private.doubt_queued_leg(p_call_sid text) returns void plpgsql volatile set search_path=""
function private.drop_copy(p_recording_sid text) returns boolean plpgsql volatile set search_path=""
function private.drop_offer_leg(p_offer private.call_offers) returns void plpgsql volatile set search_path=""
function private.e164(p_written text, p_region text DEFAULT NULL::text) returns text plpgsql stable set search_path=""
function private.end_agents_holds(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.end_call(p_call_record_id uuid, p_leg_status text, p_duration integer, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.end_callback(p_call call_records, p_outcome text, p_disposition text, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.end_callbacks(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.end_deletion(p_recording_sid text, p_state text, p_status text) returns void plpgsql volatile set search_path=""
function private.end_for_all(p_call call_records) returns void plpgsql volatile set search_path=""
function private.end_forced_mutes(p_call_record_id uuid, p_by uuid) returns void plpgsql volatile set search_path=""
function private.end_keeping(p_agent_id uuid, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.end_lapsed_offers(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.end_late_commands(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.end_left_offers(p_limit integer, p_agent_id uuid DEFAULT NULL::uuid) returns integer plpgsql volatile set search_path=""
function private.end_misses(p_agent_id uuid) returns void plpgsql volatile set search_path=""
function private.end_offer(p_offer_id uuid, p_outcome text, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.end_placed_call(p_call call_records, p_disposition text, p_leg_status text, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.end_put_off(p_limit integer, p_call_record_id uuid DEFAULT NULL::uuid) returns integer plpgsql volatile set search_path=""
function private.end_rest(p_agent_id uuid) returns void plpgsql volatile set search_path=""
function private.end_unplaced_calls(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.enqueue_plan(p_queue call_queues, p_say jsonb, p_room integer DEFAULT 0) returns jsonb plpgsql stable set search_path=""
function private.ensure_leg(p_call_sid text, p_call_record_id uuid, p_role text, p_offer_id uuid, p_address text, p_at timestamp with time zone, p_attempt integer DEFAULT NULL::integer) returns void plpgsql volatile set search_path=""
function private.enter_queue(p_call_record_id uuid, p_queue call_queues, p_joined_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.erlang_b(p_erlangs double precision, p_agents integer) returns double precision plpgsql immutable set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.erlang_c(p_erlangs double precision, p_agents integer, p_blocking double precision, p_aht_seconds numeric, p_within_seconds numeric) returns TABLE(wait_probability double precision, service_level_percent double precision, average_speed_of_answer_seconds double precision, occupancy_percent double precision) sql immutable set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.erlangs(p_calls numeric, p_interval_seconds numeric, p_aht_seconds numeric) returns double precision plpgsql immutable set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.every_queue() returns uuid sql immutable set search_path=""
function private.expect_transcription(p_voicemail voicemails, p_call call_records) returns void plpgsql volatile set search_path=""
function private.expected_wait(p_entry private.queue_entries, p_place integer) returns jsonb plpgsql stable set search_path=""
function private.expects_recording(p_call call_records, p_stage text) returns boolean plpgsql stable set search_path=""
function private.fail_late_command(p_id bigint) returns private.telephony_commands plpgsql volatile set search_path=""
function private.fetch_from_room(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.final_status(p_call call_records, p_resolution text, p_leg_status text) returns text plpgsql immutable set search_path=""
function private.find_contacts(p_patterns text[], p_contact_type text, p_limit integer, p_before timestamp with time zone, p_before_id uuid) returns SETOF crm_contacts plpgsql stable security definer set search_path=""
function private.finish_command(p_kind text, p_target text, p_reason text) returns void plpgsql volatile set search_path=""
function private.first_menu(p_script jsonb) returns text plpgsql immutable set search_path=""
function private.first_plan(p_call call_records, p_session private.call_sessions) returns jsonb plpgsql volatile set search_path=""
function private.fold_agent_deltas(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.fold_leg(p_call_sid text, p_status text, p_sequence integer, p_duration integer, p_sip_code integer, p_at timestamp with time zone) returns private.call_legs plpgsql volatile set search_path=""
function private.fold_participant(p_event private.room_event, p_call_record_id uuid, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.fold_queue_deltas(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.fold_stats(p_limit integer DEFAULT NULL::integer) returns integer plpgsql volatile set search_path=""
function private.fold_words(p_text text) returns text plpgsql immutable set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.follow_agent(p_before call_center_agents, p_agent call_center_agents, p_was text DEFAULT NULL::text) returns void plpgsql volatile set search_path=""
function private.follow_agent_ids() returns trigger plpgsql volatile security definer set search_path=""
function private.follow_agent_leg(p_offer_id uuid, p_leg private.call_legs) returns private.call_offers plpgsql volatile set search_path=""
function private.follow_agent_row() returns trigger plpgsql volatile security definer set search_path=""
function private.follow_hold() returns trigger plpgsql volatile set search_path=""
function private.follow_live_leg(p_call call_records, p_leg private.call_legs, p_offer_id uuid) returns void plpgsql volatile set search_path=""
function private.follow_option(p_call call_records, p_session private.call_sessions, p_option jsonb) returns jsonb plpgsql volatile set search_path=""
function private.follow_overflow() returns trigger plpgsql volatile security definer set search_path=""
function private.follow_queue_name() returns trigger plpgsql volatile security definer set search_path=""
function private.follow_settled(p_command private.telephony_commands) returns void plpgsql volatile set search_path=""
function private.follow_taken_offer() returns trigger plpgsql volatile set search_path=""
function private.follow_wrap_up() returns trigger plpgsql volatile security definer set search_path=""
function private.force_muted(p_call_sid text, p_by uuid) returns void plpgsql volatile set search_path=""
function private.forget_keys(p_command_id bigint) returns void plpgsql volatile set search_path=""
function private.forget_listens(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.forget_next_status() returns trigger plpgsql volatile set search_path=""
function private.forget_texts(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.forget_wishes(p_call_sid text) returns void plpgsql volatile set search_path=""
function private.free_agents_with_callers() returns TABLE(agent_id uuid) plpgsql stable set search_path=""
function private.free_seat(p_agent call_center_agents) returns integer plpgsql stable set search_path=""
function private.full_name(p_contact crm_contacts) returns text plpgsql immutable set search_path=""
function private.guard_agent_row() returns trigger plpgsql volatile security definer set search_path=""
function private.guard_call_row() returns trigger plpgsql volatile security definer set search_path=""
function private.guard_contact_row() returns trigger plpgsql volatile security definer set search_path=""
function private.guard_new_call() returns trigger plpgsql volatile security definer set search_path=""
function private.guard_new_voicemail() returns trigger plpgsql volatile security definer set search_path=""
function private.guard_note_row() returns trigger plpgsql volatile security definer set search_path=""
function private.guard_voicemail_row() returns trigger plpgsql volatile security definer set search_path=""
function private.hand_on(p_call_record_id uuid, p_to_agent_id uuid) returns void plpgsql volatile set search_path=""
function private.hand_over_commands(p_process text) returns jsonb plpgsql volatile set search_path=""
function private.hand_over_customer(p_offer_id uuid) returns void plpgsql volatile set search_path=""
function private.hang_up_leg(p_call_sid text, p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.hang_up_others(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.hang_up_plan(p_language text, p_key text DEFAULT 'goodbye'::text) returns jsonb plpgsql stable set search_path=""
function private.has_customer(p_purpose text) returns boolean plpgsql immutable set search_path=""
function private.has_free_member(p_queue call_queues, p_waited_seconds integer) returns boolean plpgsql stable set search_path=""
function private.has_message_partition() returns boolean plpgsql stable set search_path=""
function private.hasten_command(p_id bigint, p_changes jsonb) returns void plpgsql volatile set search_path=""
function private.heartbeat_seconds() returns integer plpgsql immutable set search_path=""
function private.held_seconds(p_call_record_id uuid, p_until timestamp with time zone) returns integer plpgsql stable set search_path=""
function private.held_until(p_agent call_center_agents) returns timestamp with time zone plpgsql immutable set search_path=""
function private.help_ended_at(p_help private.help_requests) returns timestamp with time zone plpgsql stable set search_path=""
function private.help_rows() returns TABLE(id bigint, call_record_id uuid, agent_id uuid, reason text, asked_at timestamp with time zone, answered_by uuid, answered_at timestamp with time zone, ended_at timestamp with time zone) sql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.help_rows_of(p_call_ids uuid[] DEFAULT NULL::uuid[]) returns SETOF jsonb plpgsql stable set search_path=""
function private.highest_id_as_admin() returns uuid sql stable parallel safe set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.hold_contact(p_number text) returns uuid plpgsql volatile set search_path=""
function private.hold_queue(p_queue_id uuid) returns uuid plpgsql volatile set search_path=""
function private.hold_refused(p_call_record_id uuid, p_call_sid text) returns void plpgsql volatile set search_path=""
function private.holds_everybody(p_agent_id uuid) returns boolean plpgsql stable set search_path=""
function private.idle_agents_with_callers() returns bigint plpgsql stable set search_path=""
function private.import_contact(p_row jsonb) returns text plpgsql volatile set search_path=""
function private.international_number(p_digits text, p_possible boolean) returns text plpgsql stable set search_path=""
function private.interval_of(p_at timestamp with time zone) returns timestamp with time zone plpgsql immutable set search_path=""
function private.is_admin() returns boolean sql stable security definer parallel safe set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.is_callback(p_call_record_id uuid) returns boolean plpgsql stable set search_path=""
function private.is_connected_attempt(p_call_record_id uuid, p_attempt integer) returns boolean plpgsql stable set search_path=""
function private.is_dismissed(p_offer private.call_offers) returns boolean plpgsql volatile set search_path=""
function private.is_free(p_agent_id uuid) returns boolean plpgsql stable set search_path=""
function private.is_held(p_call_sid text) returns boolean plpgsql stable set search_path=""
function private.is_message_held(p_voicemail voicemails) returns boolean plpgsql stable set search_path=""
function private.is_of_a_deleted_call(p_event private.leg_event) returns boolean plpgsql stable set search_path=""
function private.is_of_a_refused_softphone(p_event private.leg_event) returns boolean plpgsql stable set search_path=""
function private.is_of_the_address(p_code text) returns boolean plpgsql immutable set search_path=""
function private.is_on_a_call(p_agent_id uuid) returns boolean plpgsql stable set search_path=""
function private.is_on_a_screen(p_call call_records) returns boolean plpgsql stable set search_path=""
function private.is_open(p_queue call_queues, p_at timestamp with time zone) returns boolean plpgsql stable set search_path=""
function private.is_opted_out(p_number text) returns boolean plpgsql stable set search_path=""
function private.is_ours(p_number text, p_call call_records) returns boolean plpgsql stable set search_path=""
function private.is_own_call(p_call call_records, p_agent_id uuid) returns boolean plpgsql stable set search_path=""
function private.is_placed(p_call_record_id uuid) returns boolean plpgsql stable set search_path=""
function private.is_recorded(p_call call_records) returns boolean plpgsql stable set search_path=""
function private.is_recording_held(p_recording_sid text) returns boolean plpgsql stable set search_path=""
function private.is_recording_told(p_recording_sid text) returns boolean plpgsql stable set search_path=""
function private.is_served(p_callback private.callbacks) returns boolean plpgsql stable set search_path=""
function private.is_set_aside(p_agent call_center_agents, p_missed integer, p_unreached integer) returns boolean plpgsql stable set search_path=""
function private.is_span(p_span jsonb) returns boolean plpgsql immutable set search_path=""
function private.is_spoken(p_option jsonb, p_speech text) returns boolean plpgsql immutable set search_path=""
function private.is_told_enough(p_number text) returns boolean plpgsql stable set search_path=""
function private.is_transcribed_by_record(p_language text) returns boolean plpgsql stable set search_path=""
function private.is_under_way(p_kind text, p_target text) returns boolean plpgsql stable set search_path=""
function private.is_voicemail(p_duration integer) returns boolean plpgsql immutable set search_path=""
function private.is_withheld(p_number text) returns boolean plpgsql immutable set search_path=""
function private.is_within_limit(p_subject text, p_limit integer) returns boolean plpgsql volatile set search_path=""
function private.join_party(p_offer_id uuid) returns void plpgsql volatile set search_path=""
function private.join_queue(p_call call_records, p_session private.call_sessions, p_queue_name text) returns jsonb plpgsql volatile set search_path=""
function private.joined_since(p_call_sid text, p_from timestamp with time zone) returns timestamp with time zone plpgsql stable set search_path=""
function private.judge_stay() returns trigger plpgsql volatile set search_path=""
function private.keep_agent() returns trigger plpgsql volatile security definer set search_path=""
function private.keep_choice(p_call call_records, p_menu text, p_option jsonb, p_input text) returns void plpgsql volatile set search_path=""
function private.keep_created_at() returns trigger plpgsql volatile set search_path=""
function private.keep_event(p_call_sid text, p_source text, p_event text, p_sequence integer, p_occurred_at timestamp with time zone, p_call_record_id uuid, p_params jsonb) returns boolean plpgsql volatile set search_path=""
function private.keep_for_return(p_agent_id uuid, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.keep_named_queue() returns trigger plpgsql volatile security definer set search_path=""
function private.keep_overnight(p_call call_records) returns boolean plpgsql volatile set search_path=""
function private.keep_queue() returns trigger plpgsql volatile security definer set search_path=""
function private.keep_recording(p_call_record_id uuid, p_event private.recording_event) returns void plpgsql volatile set search_path=""
function private.keep_room_event(p_call_sid text, p_event text, p_room text, p_sequence integer, p_at timestamp with time zone, p_call_record_id uuid, p_params jsonb) returns boolean plpgsql volatile set search_path=""
function private.keep_script_version() returns trigger plpgsql volatile security definer set search_path=""
function private.keep_voicemail(p_call call_records, p_recording_sid text, p_duration integer) returns void plpgsql volatile set search_path=""
function private.kept_since(p_keep_days integer) returns timestamp with time zone plpgsql stable set search_path=""
function private.lacking_skill(p_skills jsonb, p_queue call_queues, p_waited_seconds integer) returns text plpgsql immutable set search_path=""
function private.lacks_recording(p_call_record_id uuid) returns boolean plpgsql stable set search_path=""
function private.last_calls_of_script(p_script_id uuid) returns TABLE(id uuid, started_at timestamp with time zone, steps jsonb, outcome text, in_menu boolean) plpgsql stable set search_path=""
function private.learn_caller(p_call call_records, p_call_sid text, p_from text, p_to text, p_name text) returns call_records plpgsql volatile set search_path=""
function private.learn_shown_number(p_call_record_id uuid, p_number text) returns void plpgsql volatile set search_path=""
function private.leave_offers_of_agent(p_agent_id uuid) returns void plpgsql volatile set search_path=""
function private.leave_old_page(p_user_id uuid) returns void plpgsql volatile set search_path=""
function private.leave_queue(p_call_record_id uuid, p_outcome text, p_at timestamp with time zone) returns integer plpgsql volatile set search_path=""
function private.leave_room(p_call call_records, p_part private.call_offers) returns void plpgsql volatile set search_path=""
function private.leave_seat_after_talk(p_agent_id uuid, p_call_record_id uuid, p_from timestamp with time zone, p_to timestamp with time zone, p_wrap_up_seconds integer, p_owed boolean, p_seats integer DEFAULT 1) returns void plpgsql volatile set search_path=""
function private.leave_seat_unanswered(p_agent_id uuid, p_outcome text) returns void plpgsql volatile set search_path=""
function private.left_others(p_offer private.call_offers, p_at timestamp with time zone) returns boolean plpgsql stable set search_path=""
function private.leg_ended(p_call call_records, p_leg private.call_legs) returns void plpgsql volatile set search_path=""
function private.leg_rank(p_status text) returns integer plpgsql immutable set search_path=""
function private.legs_ended_by_reconciling() returns bigint sql stable set search_path=""
function private.legs_of(p_call_record_id uuid) returns SETOF private.call_legs plpgsql stable set search_path=""
function private.legs_without_seat(p_agent call_center_agents) returns bigint plpgsql stable set search_path=""
function private.let_go(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.listen_of(p_audible private.audible, p_asker private.asker, p_format text) returns bigint plpgsql volatile set search_path=""
function private.lock_agent_of_user() returns trigger plpgsql volatile security definer set search_path=""
function private.lock_arrivals() returns boolean plpgsql volatile set search_path=""
function private.lock_call_of(p_call_sid text) returns call_records plpgsql volatile set search_path=""
function private.lock_call_or_open(p_event private.voice_request) returns call_records plpgsql volatile set search_path=""
function private.lock_calls_of_contact() returns trigger plpgsql volatile security definer set search_path=""
function private.lock_calls_or_refuse(p_what text, p_call_record_ids uuid[]) returns void plpgsql volatile set search_path=""
function private.lock_contact_lists() returns void plpgsql volatile set search_path=""
function private.lock_for_merge(p_keep uuid, p_other uuid) returns void plpgsql volatile set search_path=""
function private.lock_matching() returns void plpgsql volatile set search_path=""
function private.lock_number(p_number text) returns void plpgsql volatile set search_path=""
function private.lowest_id_as_admin() returns uuid sql stable parallel safe set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.mark_offered(p_entry_id bigint) returns void plpgsql volatile set search_path=""
function private.match_free_agents(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.match_once(p_agent_id uuid) returns uuid plpgsql volatile set search_path=""
function private.may_be_lost(p_offer private.call_offers) returns boolean plpgsql stable set search_path=""
function private.may_come_back(p_last private.call_offers) returns boolean plpgsql stable set search_path=""
function private.may_listen(p_topic text) returns boolean plpgsql stable set search_path=""
  grant authenticated=X/postgres
function private.may_request_callback(p_call call_records, p_session private.call_sessions) returns boolean plpgsql stable set search_path=""
function private.menu_faults(p_menu jsonb, p_menus text[], p_place text) returns TABLE(place text, key text, named text) plpgsql immutable set search_path=""
function private.menu_of(p_script jsonb, p_menu text) returns jsonb plpgsql immutable set search_path=""
function private.menu_plan(p_session private.call_sessions, p_menu text, p_attempt integer, p_lead text) returns jsonb plpgsql stable set search_path=""
function private.menus_without_exit(p_menus jsonb) returns text[] sql immutable set search_path=""
function private.merged_contact(p_keep crm_contacts, p_other crm_contacts, p_take text[]) returns crm_contacts plpgsql stable set search_path=""
function private.merged_value(p_keep text, p_other text, p_taken boolean) returns text plpgsql immutable set search_path=""
function private.met_in_room(p_offer private.call_offers, p_customer_sid text) returns timestamp with time zone plpgsql stable set search_path=""
function private.move_callback(p_call call_records) returns boolean plpgsql volatile set search_path=""
function private.move_on(p_entry private.queue_entries) returns boolean plpgsql volatile set search_path=""
function private.my_agent_id() returns uuid sql stable security definer parallel safe set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.my_queue_ids() returns SETOF uuid sql stable security definer parallel safe set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.my_recent_calls() returns SETOF uuid sql stable security definer parallel safe set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.name_leg(p_offer_id uuid, p_leg_sid text) returns private.call_offers plpgsql volatile set search_path=""
function private.name_placed_calls(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.national_number(p_digits text, p_country private.countries) returns text plpgsql immutable set search_path=""
function private.needs_key(p_offer private.call_offers, p_to text) returns boolean plpgsql immutable set search_path=""
function private.next_opening(p_queue call_queues, p_from timestamp with time zone) returns timestamp with time zone plpgsql stable set search_path=""
function private.next_queue(p_entry private.queue_entries) returns call_queues plpgsql stable set search_path=""
function private.next_step(p_call call_records) returns jsonb plpgsql volatile set search_path=""
function private.next_step_of(p_copy private.recording_copies) returns text plpgsql stable set search_path=""
function private.next_version(p_topic text) returns bigint plpgsql volatile set search_path=""
function private.note_action(p_call_record_id uuid, p_asker private.asker, p_action text, p_detail jsonb DEFAULT '{}'::jsonb) returns void plpgsql volatile set search_path=""
function private.note_agent() returns trigger plpgsql volatile security definer set search_path=""
function private.note_agent_state(p_agent_id uuid, p_was text DEFAULT NULL::text) returns void plpgsql volatile set search_path=""
function private.note_call() returns trigger plpgsql volatile security definer set search_path=""
function private.note_change(p_kind text, p_id uuid) returns void plpgsql volatile set search_path=""
function private.note_entry() returns trigger plpgsql volatile security definer set search_path=""
function private.note_hold(p_audible private.audible, p_held boolean, p_reason text, p_user_id uuid) returns void plpgsql volatile set search_path=""
function private.note_meeting(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.note_member() returns trigger plpgsql volatile security definer set search_path=""
function private.note_met(p_offer_id uuid, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.note_name() returns trigger plpgsql volatile security definer set search_path=""
function private.note_offer() returns trigger plpgsql volatile security definer set search_path=""
function private.note_part_of_call() returns trigger plpgsql volatile security definer set search_path=""
function private.note_queue() returns trigger plpgsql volatile security definer set search_path=""
function private.note_routing_due() returns trigger plpgsql volatile security definer set search_path=""
function private.note_sent_to_room(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.note_softphone() returns trigger plpgsql volatile set search_path=""
function private.note_time() returns trigger plpgsql volatile security definer set search_path=""
function private.note_wish() returns trigger plpgsql volatile security definer set search_path=""
function private.note_written(p_id bigint) returns void plpgsql volatile set search_path=""
function private.notify_of_voicemail(p_voicemail voicemails, p_call call_records, p_delay interval) returns void plpgsql volatile set search_path=""
function private.number_at_home(p_digits text, p_country private.countries) returns text plpgsql stable set search_path=""
function private.number_of_country(p_national text, p_country_code text, p_possible boolean) returns text plpgsql stable set search_path=""
function private.number_to_call(p_written text, p_field text) returns text plpgsql stable set search_path=""
function private.number_to_text(p_request private.control_request, p_call call_records) returns text plpgsql stable set search_path=""
function private.number_written(p_field text, p_written text) returns text plpgsql stable set search_path=""
function private.offer_call(p_entry private.queue_entries, p_call call_records, p_queue call_queues, p_agent call_center_agents) returns void plpgsql volatile set search_path=""
function private.offer_counts(p_offer private.call_offers) returns TABLE(interval_start timestamp with time zone, offered integer, missed integer, handled integer, talk_seconds bigint) plpgsql stable set search_path=""
function private.offer_latency_statistics() returns jsonb sql stable set search_path=""
function private.offer_role(p_purpose text, p_agent_id uuid) returns text plpgsql immutable set search_path=""
function private.open_call(p_call_sid text, p_direction text, p_customer text, p_receiver text, p_name text, p_at timestamp with time zone) returns call_records plpgsql volatile set search_path=""
function private.open_callback(p_for call_records, p_number text, p_queue call_queues, p_at timestamp with time zone DEFAULT NULL::timestamp with time zone) returns boolean plpgsql volatile set search_path=""
function private.open_callback_call(p_id uuid, p_for call_records, p_number text) returns void plpgsql volatile set search_path=""
function private.open_leg(p_call_sid text, p_call_record_id uuid, p_role text, p_agent_id uuid, p_address text, p_at timestamp with time zone, p_attempt integer DEFAULT NULL::integer) returns void plpgsql volatile set search_path=""
function private.open_offer(p_call call_records, p_purpose text, p_agent call_center_agents, p_address text, p_queue_id uuid, p_invited_by uuid, p_ring_seconds integer, p_supervised_by uuid DEFAULT NULL::uuid, p_mode text DEFAULT NULL::text) returns uuid plpgsql volatile set search_path=""
function private.open_placed_call(p_agent_id uuid, p_number text, p_caller_id text) returns call_records plpgsql volatile set search_path=""
function private.open_placed_session(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.open_times(p_now timestamp with time zone) returns SETOF private.agent_times sql stable set search_path=""
function private.opt_out(p_number text, p_source text, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.option_actions(p_option jsonb) returns text[] plpgsql immutable set search_path=""
function private.option_faults(p_option jsonb, p_menus text[], p_place text) returns TABLE(place text, key text, named text) plpgsql immutable set search_path=""
function private.option_of_key(p_menu jsonb, p_key text) returns jsonb plpgsql immutable set search_path=""
function private.option_words(p_option jsonb) returns SETOF text plpgsql immutable set search_path=""
function private.others_are_leaving(p_leg private.call_legs) returns boolean plpgsql stable set search_path=""
function private.outcome_of(p_leg private.call_legs, p_offered_at timestamp with time zone) returns text plpgsql stable set search_path=""
function private.overflow_callers(p_limit integer DEFAULT 20) returns integer plpgsql volatile set search_path=""
function private.owed_call(p_agent_id uuid, p_since timestamp with time zone) returns uuid plpgsql stable set search_path=""
function private.part_of(p_call_record_id uuid, p_asker private.asker) returns private.call_offers plpgsql stable set search_path=""
function private.part_to_act(p_call_record_id uuid, p_asker private.asker) returns private.call_offers plpgsql stable set search_path=""
function private.parties_of(p_call call_records, p_asker private.asker) returns jsonb plpgsql stable set search_path=""
function private.party_leg(p_call call_records, p_party text, p_own private.call_offers) returns private.call_legs plpgsql stable set search_path=""
function private.pass_on_consult(p_offer_id uuid, p_agent_id uuid) returns void plpgsql volatile set search_path=""
function private.pause(p_call_record_id uuid, p_paused boolean) returns void plpgsql volatile set search_path=""
function private.percent(p_part bigint, p_whole bigint) returns numeric sql immutable set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.person_of(p_to text) returns private.destination plpgsql stable set search_path=""
function private.place(p_request private.control_request, p_asker private.asker, p_agent_id uuid) returns uuid plpgsql volatile set search_path=""
function private.place_from_softphone(p_agent call_center_agents, p_number text, p_call_sid text) returns private.call_offers plpgsql volatile set search_path=""
function private.place_in_queue(p_entry private.queue_entries) returns integer plpgsql stable set search_path=""
function private.place_of_sound(p_recording_sid text, p_format text) returns jsonb plpgsql stable set search_path=""
function private.place_supervisors(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.placed_before(p_agent_id uuid, p_number text, p_key text) returns uuid plpgsql stable set search_path=""
function private.places_in_script(p_script jsonb) returns TABLE(path text[], place text, key text, named text) plpgsql immutable set search_path=""
function private.placing_agent(p_request private.control_request, p_asker private.asker) returns uuid plpgsql stable set search_path=""
function private.plan_of_answer(p_call call_records, p_session private.call_sessions, p_event private.voice_request) returns jsonb plpgsql volatile set search_path=""
function private.plausible_moment(p_told timestamp with time zone) returns timestamp with time zone plpgsql stable set search_path=""
function private.play_trial_call(p_script jsonb, p_answers jsonb) returns jsonb plpgsql volatile set search_path=""
function private.put_down_deletion(p_recording_sid text, p_call_record_id uuid, p_voicemail_id uuid, p_why text, p_user_id uuid) returns void plpgsql volatile set search_path=""
function private.put_off(p_call_record_id uuid, p_until timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.quarter_rows(p_queue_id uuid, p_from timestamp with time zone, p_now timestamp with time zone) returns SETOF jsonb plpgsql stable set search_path=""
function private.queue_for_callback(p_queue_id uuid) returns call_queues plpgsql volatile set search_path=""
function private.queue_for_promise(p_queue_id uuid) returns call_queues plpgsql volatile set search_path=""
function private.queue_has_past(p_queue_id uuid) returns boolean plpgsql stable set search_path=""
function private.queue_meant(p_name text) returns call_queues plpgsql stable set search_path=""
function private.queue_or_any(p_name text) returns call_queues plpgsql stable set search_path=""
function private.queue_rows(p_ids uuid[] DEFAULT NULL::uuid[]) returns SETOF jsonb plpgsql stable set search_path=""
function private.queue_statistics() returns jsonb sql stable set search_path=""
function private.queue_sums_today() returns SETOF private.stat_sums sql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.queue_to_move_to(p_name text) returns call_queues plpgsql stable set search_path=""
function private.queue_to_send_to(p_queue_id uuid) returns call_queues plpgsql volatile set search_path=""
function private.queue_to_wait_in(p_queue_id uuid) returns call_queues plpgsql stable set search_path=""
function private.queues_now() returns TABLE(queue_id uuid, callers_waiting bigint, callbacks_waiting bigint, longest_wait_seconds integer, agents_available bigint, agents_busy bigint, agents_total bigint) sql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.read_chosen_status(p_agent call_center_agents, p_now timestamp with time zone) returns call_center_agents plpgsql immutable set search_path=""
function private.reason_of_agent(p_agent call_center_agents) returns text plpgsql immutable set search_path=""
function private.recording_answer(p_recording_sid text, p_asker private.asker, p_process text) returns jsonb plpgsql volatile set search_path=""
function private.recording_for(p_recording_sid text, p_asker private.asker) returns private.audible plpgsql stable set search_path=""
function private.recording_is_ready(p_recording_sid text) returns void plpgsql volatile set search_path=""
function private.recording_link(p_recording_sid text) returns text plpgsql immutable strict set search_path=""
function private.recording_notice(p_queue call_queues, p_language text) returns jsonb plpgsql stable set search_path=""
function private.recording_to_decide(p_recording_sid text, p_asker private.asker) returns private.audible plpgsql volatile set search_path=""
function private.recording_told(p_command private.telephony_commands) returns void plpgsql volatile set search_path=""
function private.redirect_customer(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.refusal_of_draft(p_script jsonb) returns jsonb plpgsql volatile set search_path=""
function private.refuse(p_status integer, p_code text, p_message text, p_more jsonb DEFAULT '{}'::jsonb) returns void plpgsql volatile set search_path=""
function private.refuse_to_delete_held() returns trigger plpgsql volatile security definer set search_path=""
function private.refuse_to_delete_live_call() returns trigger plpgsql volatile security definer set search_path=""
function private.refuse_value(p_column text, p_reason text) returns void plpgsql immutable set search_path=""
function private.release_settled(p_command private.telephony_commands) returns void plpgsql volatile set search_path=""
function private.relieve_others(p_call_record_id uuid, p_offer_id uuid) returns void plpgsql volatile set search_path=""
function private.remind_of_holds(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.remove_from_contact(p_call call_records) returns void plpgsql volatile set search_path=""
function private.rename_in_script(p_script jsonb, p_old text, p_new text) returns jsonb plpgsql immutable set search_path=""
function private.repeat_wish(p_call_sid text) returns void plpgsql volatile set search_path=""
function private.request_callback(p_call call_records, p_number text) returns boolean plpgsql volatile set search_path=""
function private.request_transcription(p_voicemail voicemails) returns void plpgsql volatile set search_path=""
function private.require_action(p_call call_records, p_asker private.asker, VARIADIC p_actions text[]) returns void plpgsql stable set search_path=""
function private.require_admin() returns void plpgsql stable set search_path=""
function private.require_supervisor(p_asker private.asker) returns void plpgsql stable set search_path=""
function private.rest_after(p_outcome text) returns interval plpgsql immutable set search_path=""
function private.rest_after_refusal(p_agent_id uuid) returns void plpgsql volatile set search_path=""
function private.retry_words(p_menu jsonb, p_language text, p_answer text) returns text plpgsql stable set search_path=""
function private.return_seat() returns trigger plpgsql volatile security definer set search_path=""
function private.revive_agent() returns trigger plpgsql volatile security definer set search_path=""
function private.ring_back(p_call call_records, p_agent_id uuid) returns boolean plpgsql volatile set search_path=""
function private.ring_best_agent(p_entry private.queue_entries, p_call call_records, p_agent_id uuid) returns uuid plpgsql volatile set search_path=""
function private.ring_customer(p_call call_records) returns void plpgsql volatile set search_path=""
function private.ring_lease(p_queue_id uuid) returns interval plpgsql stable set search_path=""
function private.ring_placed_customer(p_call call_records) returns void plpgsql volatile set search_path=""
function private.ring_placing_agent(p_call call_records, p_agent_id uuid, p_asker private.asker) returns void plpgsql volatile set search_path=""
function private.rings_customer(p_call_record_id uuid, p_attempt integer DEFAULT NULL::integer) returns boolean plpgsql stable set search_path=""
function private.role_of(p_event private.leg_event) returns text plpgsql immutable set search_path=""
function private.room_name(p_call_record_id uuid) returns text plpgsql immutable set search_path=""
function private.room_notice(p_call call_records, p_language text) returns jsonb plpgsql stable set search_path=""
function private.room_of(p_call_sid text) returns text plpgsql stable set search_path=""
function private.route_agent(p_agent_id uuid) returns void plpgsql volatile set search_path=""
function private.route_agent_in_turn(p_agent_id uuid) returns void plpgsql volatile set search_path=""
function private.route_call(p_call_record_id uuid) returns boolean plpgsql volatile set search_path=""
function private.route_now() returns void plpgsql volatile set search_path=""
function private.route_on_agent() returns trigger plpgsql volatile security definer set search_path=""
function private.route_on_membership() returns trigger plpgsql volatile security definer set search_path=""
function private.route_on_wait() returns trigger plpgsql volatile security definer set search_path=""
function private.routing_due() returns integer plpgsql stable set search_path=""
function private.routing_now(p_call call_records) returns jsonb plpgsql stable set search_path=""
function private.row_to_place(p_agent_id uuid, p_number text, p_caller_id text) returns call_records plpgsql volatile set search_path=""
function private.say(p_language text, p_key text, p_values jsonb DEFAULT NULL::jsonb) returns text plpgsql stable set search_path=""
function private.script_faults(p_script jsonb) returns TABLE(place text, key text, named text) plpgsql stable set search_path=""
function private.search_patterns(p_query text) returns text[] plpgsql immutable set search_path=""
function private.seats_taken(p_agent_id uuid) returns integer plpgsql stable set search_path=""
function private.second_at(p_byte bigint, p_seconds integer, p_total_bytes bigint) returns numeric sql immutable set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.seconds_between(p_from timestamp with time zone, p_to timestamp with time zone) returns integer plpgsql immutable strict set search_path=""
function private.see_softphone(p_user_id uuid, p_device text, p_take boolean) returns boolean plpgsql volatile set search_path=""
function private.sees_everything() returns boolean sql stable parallel safe set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.send_to_queue(p_call call_records, p_queue call_queues, p_joined_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.send_to_room(p_call call_records) returns jsonb plpgsql volatile set search_path=""
function private.session_of(p_call_record_id uuid) returns private.call_sessions plpgsql stable set search_path=""
function private.set_alone(p_call_record_id uuid, p_since timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.set_answered(p_call_record_id uuid, p_agent_id uuid, p_at timestamp with time zone, p_wait_seconds integer, p_has_it boolean DEFAULT true) returns void plpgsql volatile set search_path=""
function private.set_ended(p_call_record_id uuid, p_leg_status text, p_duration integer, p_at timestamp with time zone, p_wait_seconds integer) returns boolean plpgsql volatile set search_path=""
function private.set_hold_seconds(p_call_record_id uuid, p_seconds integer) returns void plpgsql volatile set search_path=""
function private.set_message_status(p_recording_sid text, p_status text) returns void plpgsql volatile set search_path=""
function private.set_mode(p_offer_id uuid, p_mode text) returns void plpgsql volatile set search_path=""
function private.set_opt_out(p_number text, p_in_force boolean, p_source text, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.set_queued(p_call_record_id uuid, p_queue call_queues, p_joined_at timestamp with time zone) returns boolean plpgsql volatile set search_path=""
function private.set_recording_notice(p_call_record_id uuid, p_notice text) returns void plpgsql volatile set search_path=""
function private.set_recording_status(p_recording_sid text, p_status text) returns void plpgsql volatile set search_path=""
function private.set_resolution(p_call_record_id uuid, p_resolution text) returns void plpgsql volatile set search_path=""
function private.set_ringing(p_call_record_id uuid, p_agent_id uuid) returns void plpgsql volatile set search_path=""
function private.set_stage(p_call_record_id uuid, p_stage text, p_voicemail_queue_id uuid DEFAULT NULL::uuid) returns void plpgsql volatile set search_path=""
function private.set_transferred(p_call_record_id uuid, p_agent_id uuid) returns void plpgsql volatile set search_path=""
function private.set_waiting_again(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.settle_claimed(p_process text, p_result private.command_result) returns private.telephony_commands plpgsql volatile set search_path=""
function private.settle_consult(p_call call_records, p_owner private.call_offers) returns void plpgsql volatile set search_path=""
function private.settle_disposition() returns trigger plpgsql volatile security definer set search_path=""
function private.settle_recording_check(p_call call_records, p_event private.recording_event) returns void plpgsql volatile set search_path=""
function private.share_arrivals() returns void plpgsql volatile set search_path=""
function private.show_recording(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.shown_to_softphone(p_call call_records) returns jsonb plpgsql stable set search_path=""
function private.skill_fit(p_skills jsonb, p_queue call_queues) returns numeric plpgsql immutable set search_path=""
function private.skill_level(p_skills jsonb, p_skill text) returns numeric plpgsql immutable set search_path=""
function private.slices(p_from timestamp with time zone, p_to timestamp with time zone) returns TABLE(interval_start timestamp with time zone, seconds bigint) plpgsql immutable set search_path=""
function private.softphone_document(p_user_id uuid) returns jsonb plpgsql stable set search_path=""
function private.softphone_of(p_asker private.asker) returns text plpgsql immutable set search_path=""
function private.softphone_was_dead(p_agent_id uuid, p_at timestamp with time zone) returns boolean plpgsql stable set search_path=""
function private.speech(p_language text) returns jsonb plpgsql stable set search_path=""
function private.spell_script(p_script jsonb) returns jsonb plpgsql stable set search_path=""
function private.spelled(p_number text) returns text plpgsql stable set search_path=""
function private.spelled_in_script(p_key text, p_named text) returns text plpgsql stable set search_path=""
function private.spoken_key(p_language text, p_speech text) returns text plpgsql stable set search_path=""
function private.spoken_name(p_queue call_queues) returns text plpgsql immutable set search_path=""
function private.standing(p_queue call_queues, p_joined_at timestamp with time zone, p_now timestamp with time zone) returns integer plpgsql immutable set search_path=""
function private.state_answer(p_agent_id uuid, p_asker private.asker, p_process text) returns jsonb plpgsql volatile set search_path=""
function private.state_document(p_agent_id uuid, p_asker private.asker) returns jsonb plpgsql stable set search_path=""
function private.state_of_agent(p_agent call_center_agents, p_was text, p_now timestamp with time zone) returns text plpgsql stable set search_path=""
function private.state_of_legs(p_agent_id uuid, p_wraps_up boolean) returns text plpgsql stable set search_path=""
function private.stats_since(p_since timestamp with time zone) returns private.stat_sums sql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.stay_began(p_stay private.queue_entries) returns timestamp with time zone plpgsql immutable set search_path=""
function private.step_heard(p_call_record_id uuid, p_plan jsonb) returns jsonb plpgsql stable set search_path=""
function private.stop_attempt(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.stop_ringing(p_call_record_id uuid, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.stop_transcribing(p_recording_sid text) returns void plpgsql volatile set search_path=""
function private.stop_wrap_up(p_agent_id uuid, p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.sweep_limit(p_part text) returns integer plpgsql immutable set search_path=""
function private.sweep_part(p_part text) returns integer plpgsql volatile set search_path=""
function private.sweep_parts() returns text[] plpgsql immutable set search_path=""
function private.take_back_voicemail(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.take_changes(p_interval_changed boolean) returns TABLE(agents uuid[], calls uuid[], queues uuid[], too_many boolean) plpgsql volatile set search_path=""
function private.take_in_leg_event(p_event private.leg_event) returns void plpgsql volatile set search_path=""
function private.take_in_listed_call(p_event private.leg_event) returns void plpgsql volatile set search_path=""
function private.take_next_status(p_agent call_center_agents, p_at timestamp with time zone, p_now timestamp with time zone) returns call_center_agents plpgsql immutable set search_path=""
function private.take_number() returns trigger plpgsql volatile security definer set search_path=""
function private.take_offer(p_offer_id uuid, p_leg_sid text) returns void plpgsql volatile set search_path=""
function private.take_over(p_call call_records, p_offer private.call_offers) returns void plpgsql volatile set search_path=""
function private.take_over_in_room(p_call call_records, p_part private.call_offers, p_agent call_center_agents) returns void plpgsql volatile set search_path=""
function private.take_seat(p_agent_id uuid) returns void plpgsql volatile set search_path=""
function private.targets() returns jsonb plpgsql stable set search_path=""
function private.telephone_of(p_agent call_center_agents) returns text plpgsql immutable set search_path=""
function private.tell_agents_concerned(p_noted text) returns void plpgsql volatile set search_path=""
function private.tell_desk(p_agent_id uuid, p_whole boolean) returns void plpgsql volatile set search_path=""
function private.tell_desks() returns trigger plpgsql volatile security definer set search_path=""
function private.tell_queues(p_rows jsonb[]) returns void plpgsql volatile set search_path=""
function private.tell_recording(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.tell_wish(p_call_sid text) returns void plpgsql volatile set search_path=""
function private.tell_wishes(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.tend_copies(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.tend_lonely_customer(p_call call_records, p_gone private.call_offers) returns void plpgsql volatile set search_path=""
function private.tend_room(p_call_record_id uuid, p_gone private.call_offers DEFAULT NULL::private.call_offers) returns void plpgsql volatile set search_path=""
function private.tend_rooms(p_limit integer) returns integer plpgsql volatile set search_path=""
function private.text_document(p_message private.text_messages) returns jsonb plpgsql immutable set search_path=""
function private.text_error(p_code text, p_told text DEFAULT NULL::text) returns text plpgsql stable set search_path=""
function private.text_of_event(p_call_record_id uuid, p_queue_id uuid, p_rule text, p_number text, p_delay interval) returns void plpgsql volatile set search_path=""
function private.text_of_missed_call() returns trigger plpgsql volatile security definer set search_path=""
function private.text_of_missed_callback() returns trigger plpgsql volatile security definer set search_path=""
function private.text_of_promise() returns trigger plpgsql volatile security definer set search_path=""
function private.text_of_voicemail() returns trigger plpgsql volatile security definer set search_path=""
function private.text_sent_before(p_user_id uuid, p_key text, p_number text, p_words text) returns private.text_messages plpgsql stable set search_path=""
function private.text_settled(p_command private.telephony_commands) returns void plpgsql volatile set search_path=""
function private.text_state(p_status text) returns text plpgsql immutable set search_path=""
function private.time_of_agent(p_agent call_center_agents) returns private.agent_times plpgsql stable set search_path=""
function private.times_by_now(p_agent call_center_agents, p_open private.agent_times, p_now timestamp with time zone) returns SETOF private.agent_times plpgsql stable set search_path=""
function private.times_of_agent(p_agent_id uuid, p_from timestamp with time zone, p_to timestamp with time zone) returns SETOF private.agent_times plpgsql stable set search_path=""
function private.to_voicemail(p_call call_records, p_queue_id uuid) returns void plpgsql volatile set search_path=""
function private.today() returns timestamp with time zone plpgsql stable set search_path=""
function private.today_for_view() returns timestamp with time zone sql stable security definer set search_path=""
  grant authenticated=X/postgres
  grant service_role=X/postgres
function private.told_name(p_name text) returns text plpgsql immutable set search_path=""
function private.topic_version(p_topic text) returns bigint plpgsql stable set search_path=""
function private.touch() returns trigger plpgsql volatile security definer set search_path=""
function private.transcription_asked(p_target text, p_outcome text, p_job_id text) returns void plpgsql volatile set search_path=""
function private.transcription_failed(p_voicemail_id uuid, p_job_id text) returns void plpgsql volatile set search_path=""
function private.transfer_to_person(p_call call_records, p_to private.destination, p_agent call_center_agents, p_invited_by uuid) returns void plpgsql volatile set search_path=""
function private.unsent_texts(p_voicemail voicemails) returns SETOF private.telephony_commands plpgsql stable set search_path=""
function private.value_written(p_column text, p_rule text, p_value jsonb) returns jsonb plpgsql stable set search_path=""
function private.voicemail_greeting(p_queue_id uuid, p_language text) returns jsonb plpgsql stable set search_path=""
function private.voicemail_plan(p_language text, p_queue_id uuid) returns jsonb plpgsql stable set search_path=""
function private.voicemail_text(p_voicemail voicemails, p_call call_records) returns text plpgsql stable set search_path=""
function private.wait_again(p_call_record_id uuid) returns void plpgsql volatile set search_path=""
function private.wait_plan(p_language text, p_queue call_queues, p_entry private.queue_entries) returns jsonb plpgsql stable set search_path=""
function private.waiting_for(p_agent call_center_agents) returns TABLE(entry_id bigint, call_record_id uuid) plpgsql stable set search_path=""
function private.waits_on_line(p_call_record_id uuid) returns boolean plpgsql stable set search_path=""
function private.wake_workers() returns trigger plpgsql volatile security definer set search_path=""
function private.want_copy(p_recording_sid text) returns void plpgsql volatile set search_path=""
function private.want_text(p_wish private.text_messages, p_ours text, p_delay interval) returns private.text_messages plpgsql volatile set search_path=""
function private.wants_out(p_words text) returns boolean plpgsql stable set search_path=""
function private.was_in_room(p_call_sid text, p_at timestamp with time zone) returns boolean plpgsql stable set search_path=""
function private.welcome_plan(p_session private.call_sessions) returns jsonb plpgsql stable set search_path=""
function private.whisper(p_call call_records, p_language text, p_key text) returns text plpgsql stable set search_path=""
function private.whisper_for(p_call call_records, p_offer private.call_offers, p_language text) returns text plpgsql stable set search_path=""
function private.whispered_to(p_call_record_id uuid) returns text plpgsql stable set search_path=""
function private.who_asked_for_end(p_call_record_id uuid) returns text plpgsql stable set search_path=""
function private.who_ended(p_call_record_id uuid) returns text plpgsql stable set search_path=""
function private.who_gave_up(p_call_record_id uuid) returns text plpgsql stable set search_path=""
function private.why_lost(p_lost text) returns jsonb plpgsql immutable set search_path=""
function private.why_not_free(p_agent call_center_agents, p_now timestamp with time zone) returns text plpgsql immutable set search_path=""
function private.why_not_served(p_queue call_queues) returns text plpgsql stable set search_path=""
function private.why_not_texted(p_number text, p_ours text) returns text plpgsql stable set search_path=""
function private.why_not_wait(p_queue call_queues) returns text plpgsql stable set search_path=""
function private.why_wait_ends(p_entry private.queue_entries, p_queue call_queues) returns text plpgsql stable set search_path=""
function private.wish_came_true(p_call_sid text, p_at timestamp with time zone) returns void plpgsql volatile set search_path=""
function private.wish_held(p_call_sid text, p_held boolean) returns void plpgsql volatile set search_path=""
function private.wish_help(p_call_sid text, p_muted boolean, p_coaches text) returns void plpgsql volatile set search_path=""
function private.wish_muted(p_call_sid text, p_muted boolean) returns void plpgsql volatile set search_path=""
function private.wish_told(p_command private.telephony_commands) returns void plpgsql volatile set search_path=""
function private.with_options(p_menu jsonb) returns jsonb plpgsql immutable set search_path=""
function private.withdraw_command(p_kind text, p_target text) returns void plpgsql volatile set search_path=""
function private.withdraw_text(p_call_record_id uuid, p_rule text) returns void plpgsql volatile set search_path=""
function private.without_national_prefix(p_digits text, p_country private.countries) returns text plpgsql immutable set search_path=""
function private.words_deleted(p_command private.telephony_commands) returns void plpgsql volatile set search_path=""
function private.words_of_failure(p_disposition text) returns text plpgsql immutable set search_path=""
function private.wrap_up_document(p_agent call_center_agents) returns jsonb plpgsql stable set search_path=""
function private.wraps_up_until(p_agent call_center_agents) returns timestamp with time zone plpgsql immutable set search_path=""
function private.write_command(p_kind text, p_target text, p_payload jsonb, p_call_record_id uuid, p_delay interval DEFAULT '00:00:00'::interval) returns void plpgsql volatile set search_path=""
function private.write_time(p_open private.agent_times, p_time private.agent_times) returns void plpgsql volatile set search_path=""
function private.write_trial_script(p_script jsonb, p_active boolean) returns ivr_scripts plpgsql volatile set search_path=""

publication supabase_realtime has public.call_records
