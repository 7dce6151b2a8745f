// Written by `make types`, of a description with the SHA-256 6628217134a45c85086bea2176201b3070f4e8e97aa5fa2e6540cfbd423232ff.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Agents who asked for a supervisor: open while neither answered_at nor ended_at is set. */
        help_requests: {
            /** Format: bigint */
            id?: number;
            /** Format: uuid */
            call_record_id?: string;
            /** Format: uuid */
            agent_id?: string;
            /** Format: text */
            reason?: string;
            /** Format: timestamp with time zone */
            asked_at?: string;
            /** Format: uuid */
            answered_by?: string;
            /** Format: timestamp with time zone */
            answered_at?: string;
            /** Format: timestamp with time zone */
            ended_at?: string;
        };
        /** @description One row a call, whatever its legs; telephony owns the state. */
        call_records: {
            /**
             * Format: uuid
             * @description Note:
             *     This is a Primary Key.<pk/>
             * @default gen_random_uuid()
             */
            id: string;
            /** Format: text */
            call_id: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_center_agents.id`.<fk table='call_center_agents' column='id'/>
             */
            agent_id?: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `crm_contacts.id`.<fk table='crm_contacts' column='id'/>
             */
            contact_id?: string;
            /**
             * Format: text
             * @description The customer's number, E.164, in both directions; 'anonymous' where withheld.
             */
            caller_number: string;
            /** Format: text */
            caller_name?: string;
            /** Format: text */
            receiver_number?: string;
            /** Format: text */
            queue_name?: string;
            /**
             * Format: text
             * @default queued
             */
            call_status: string;
            /**
             * Format: text
             * @default inbound
             */
            call_direction: string;
            /** Format: jsonb */
            ivr_path: unknown;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            started_at?: string;
            /** Format: timestamp with time zone */
            ended_at?: string;
            /**
             * Format: integer
             * @default 0
             */
            duration_seconds: number;
            /**
             * Format: integer
             * @default 0
             */
            hold_duration_seconds: number;
            /**
             * Format: boolean
             * @default false
             */
            transferred: boolean;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_center_agents.id`.<fk table='call_center_agents' column='id'/>
             */
            transferred_to_agent_id?: string;
            /** Format: timestamp with time zone */
            transfer_timestamp?: string;
            /** Format: text */
            recording_url?: string;
            /** Format: text */
            recording_sid?: string;
            /** Format: integer */
            cost_cents?: number;
            /** Format: text */
            notes?: string;
            /** Format: text */
            disposition?: string;
            /** Format: jsonb */
            custom_data: unknown;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            created_at: string;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            updated_at: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_queues.id`.<fk table='call_queues' column='id'/>
             */
            queue_id?: string;
            /** Format: timestamp with time zone */
            queued_at?: string;
            /** Format: timestamp with time zone */
            answered_at?: string;
            /**
             * Format: integer
             * @description From joining the queue to the moment customer and agent met, or to leaving.
             */
            wait_seconds?: number;
            /** Format: integer */
            talk_seconds?: number;
            /** Format: text */
            recording_status?: string;
            /** Format: text */
            ended_by?: string;
            /**
             * Format: boolean
             * @default false
             */
            recording_paused: boolean;
            /** Format: uuid */
            disposition_by?: string;
            /**
             * Format: boolean
             * @default false
             */
            legal_hold: boolean;
        };
        /** @description Where callers wait, and whom for. */
        call_queues: {
            /**
             * Format: uuid
             * @description Note:
             *     This is a Primary Key.<pk/>
             * @default gen_random_uuid()
             */
            id: string;
            /** Format: text */
            name: string;
            /** Format: text */
            description?: string;
            /** Format: uuid[] */
            agent_ids: string[];
            /**
             * Format: text
             * @default round_robin
             */
            routing_strategy: string;
            /** Format: text */
            wait_music_url?: string;
            /**
             * Format: integer
             * @default 600
             */
            max_wait_seconds: number;
            /**
             * Format: integer
             * @default 0
             */
            priority: number;
            /**
             * Format: boolean
             * @default true
             */
            active: boolean;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            created_at: string;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            updated_at: string;
            /**
             * Format: integer
             * @default 20
             */
            ring_timeout_seconds: number;
            /**
             * Format: integer
             * @default 15
             */
            wrap_up_seconds: number;
            /**
             * Format: integer
             * @default 20
             */
            service_level_seconds: number;
            /**
             * Format: integer
             * @default 5
             */
            short_abandon_seconds: number;
            /**
             * Format: boolean
             * @default true
             */
            record_calls: boolean;
            /** Format: integer */
            ageing_seconds?: number;
            /** Format: jsonb */
            required_skills: unknown;
            /**
             * Format: integer
             * @default 30
             */
            skill_relax_seconds: number;
            /** Format: jsonb */
            opening_hours?: unknown;
            /** Format: date[] */
            holidays: string[];
            /** Format: text */
            time_zone?: string;
            /** Format: text */
            closed_message?: string;
            /** Format: integer */
            max_waiting?: number;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_queues.id`.<fk table='call_queues' column='id'/>
             */
            overflow_queue_id?: string;
            /** Format: integer */
            overflow_after_seconds?: number;
            /**
             * Format: boolean
             * @default true
             */
            offer_callback: boolean;
            /**
             * Format: boolean
             * @default false
             */
            callbacks_overnight: boolean;
            /**
             * Format: boolean
             * @default true
             */
            offer_voicemail: boolean;
            /** Format: text */
            voicemail_greeting?: string;
            /** Format: text */
            voicemail_greeting_url?: string;
            /** Format: text[] */
            voicemail_notify: string[];
            /** Format: timestamp with time zone */
            archived_at?: string;
            /** Format: text[] */
            dispositions: string[];
            /**
             * Format: boolean
             * @default false
             */
            disposition_required: boolean;
            /** Format: integer */
            keep_recordings_days?: number;
            /** Format: text[] */
            text_rules: string[];
        };
        /** @description Text messages to customers, and what became of each. */
        text_messages: {
            /**
             * Format: uuid
             * @description Note:
             *     This is a Primary Key.<pk/>
             */
            id?: string;
            /** Format: text */
            number?: string;
            /** Format: text */
            rule?: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_records.id`.<fk table='call_records' column='id'/>
             */
            call_record_id?: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_queues.id`.<fk table='call_queues' column='id'/>
             */
            queue_id?: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `crm_contacts.id`.<fk table='crm_contacts' column='id'/>
             */
            contact_id?: string;
            /** Format: text */
            words?: string;
            /** Format: text */
            state?: string;
            /** Format: text */
            sid?: string;
            /** Format: text */
            error_code?: string;
            /** Format: text */
            error?: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_center_agents.id`.<fk table='call_center_agents' column='id'/>
             */
            agent_id?: string;
            /** Format: uuid */
            user_id?: string;
            /** Format: timestamp with time zone */
            created_at?: string;
            /** Format: timestamp with time zone */
            sent_at?: string;
            /** Format: timestamp with time zone */
            ended_at?: string;
        };
        /** @description Everybody the company talks to, one row a phone number. */
        crm_contacts: {
            /**
             * Format: uuid
             * @description Note:
             *     This is a Primary Key.<pk/>
             * @default gen_random_uuid()
             */
            id: string;
            /** Format: text */
            phone_number: string;
            /** Format: text */
            email?: string;
            /** Format: text */
            first_name?: string;
            /** Format: text */
            last_name?: string;
            /** Format: text */
            company_name?: string;
            /** Format: text */
            company_phone?: string;
            /**
             * Format: text
             * @default lead
             */
            contact_type?: string;
            /** Format: text */
            source?: string;
            /** Format: jsonb */
            tags: unknown;
            /** Format: text */
            notes?: string;
            /** Format: jsonb */
            custom_fields: unknown;
            /** Format: timestamp with time zone */
            last_call_date?: string;
            /** Format: integer */
            last_call_duration_seconds?: number;
            /**
             * Format: integer
             * @default 0
             */
            total_call_count: number;
            /** Format: uuid[] */
            call_history_ids: string[];
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            created_at: string;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            updated_at: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_center_agents.id`.<fk table='call_center_agents' column='id'/>
             */
            last_agent_id?: string;
            /**
             * Format: boolean
             * @default false
             */
            do_not_call: boolean;
            /** Format: text[] */
            other_numbers: string[];
        };
        /** @description Recordings that were deleted at Twilio, or are to be. */
        recording_deletions: {
            /**
             * Format: text
             * @description Note:
             *     This is a Primary Key.<pk/>
             */
            recording_sid?: string;
            /** Format: uuid */
            call_record_id?: string;
            /** Format: uuid */
            voicemail_id?: string;
            /** Format: text */
            state?: string;
            /** Format: text */
            why?: string;
            /** Format: uuid */
            asked_by?: string;
            /** Format: timestamp with time zone */
            asked_at?: string;
            /** Format: integer */
            refusals?: number;
            /** Format: text */
            refusal?: string;
            /** Format: timestamp with time zone */
            ended_at?: string;
        };
        /** @description The call centre now and today (its own day), one row. Service level: abandons ignored. */
        call_center_stats: {
            /** Format: bigint */
            agents_available?: number;
            /** Format: bigint */
            agents_busy?: number;
            /** Format: bigint */
            agents_on_break?: number;
            /** Format: bigint */
            agents_offline?: number;
            /** Format: bigint */
            total_agents?: number;
            /** Format: bigint */
            calls_active?: number;
            /** Format: bigint */
            calls_queued?: number;
            /** Format: bigint */
            calls_completed_today?: number;
            /** Format: bigint */
            calls_missed_today?: number;
            /** Format: bigint */
            total_calls_today?: number;
            /** Format: numeric */
            avg_call_duration_today?: number;
            /** Format: numeric */
            avg_call_duration?: number;
            /** Format: numeric */
            avg_handling_time?: number;
            /** Format: bigint */
            total_contacts?: number;
            /** Format: bigint */
            new_contacts_today?: number;
            /** Format: bigint */
            agents_in_queues?: number;
            /** Format: numeric */
            service_level_percent_abandons_ignored?: number;
            /** Format: numeric */
            average_speed_of_answer_seconds?: number;
            /** Format: numeric */
            abandonment_percent?: number;
            /** Format: integer */
            longest_wait_seconds?: number;
            /** Format: bigint */
            calls_offered_today?: number;
            /** Format: bigint */
            calls_answered_today?: number;
            /** Format: bigint */
            calls_abandoned_today?: number;
            /** Format: bigint */
            short_abandons_today?: number;
            /** Format: bigint */
            callbacks_requested_today?: number;
            /** Format: numeric */
            occupancy_percent?: number;
            /** Format: bigint */
            callbacks_waiting?: number;
            /** Format: timestamp with time zone */
            last_updated?: string;
        };
        /** @description Agents and queues that were deleted and whose calls and figures stay. */
        archived: {
            /** Format: text */
            kind?: string;
            /** Format: uuid */
            id?: string;
            /** Format: text */
            name?: string;
            /** Format: timestamp with time zone */
            archived_at?: string;
        };
        /** @description What an IVR script was each time that it was saved, by whom and when. */
        ivr_script_versions: {
            /**
             * Format: bigint
             * @description Note:
             *     This is a Primary Key.<pk/>
             */
            id?: number;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `ivr_scripts.id`.<fk table='ivr_scripts' column='id'/>
             */
            script_id?: string;
            /** Format: integer */
            version?: number;
            /** Format: text */
            language?: string;
            /** Format: text */
            welcome_message?: string;
            /** Format: jsonb */
            script_data?: unknown;
            /** Format: timestamp with time zone */
            saved_at?: string;
            /** Format: uuid */
            saved_by?: string;
            /** Format: text */
            saved_by_name?: string;
        };
        /** @description Who a signed-in user is, one row a user. */
        profiles: {
            /**
             * Format: uuid
             * @description Note:
             *     This is a Primary Key.<pk/>
             */
            id: string;
            /**
             * Format: text
             * @default empleado
             */
            role: string;
            /** Format: text */
            full_name?: string;
            /** Format: jsonb */
            personal_data?: unknown;
        };
        /** @description Somebody who takes calls, one row a user. */
        call_center_agents: {
            /**
             * Format: uuid
             * @description Note:
             *     This is a Primary Key.<pk/>
             * @default gen_random_uuid()
             */
            id: string;
            /** Format: uuid */
            user_id: string;
            /** Format: text */
            extension: string;
            /**
             * Format: text
             * @default offline
             */
            agent_status: string;
            /**
             * Format: integer
             * @default 1
             */
            max_concurrent_calls: number;
            /** Format: jsonb */
            skills: unknown;
            /** Format: text */
            phone_number?: string;
            /**
             * Format: integer
             * @default 0
             */
            current_call_count: number;
            /**
             * Format: integer
             * @default 0
             */
            total_calls_handled: number;
            /**
             * Format: integer
             * @default 0
             */
            average_handling_time_seconds: number;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            last_status_change: string;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            created_at: string;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            updated_at: string;
            /**
             * Format: text
             * @default offline
             */
            chosen_status: string;
            /** Format: timestamp with time zone */
            busy_until?: string;
            /** Format: timestamp with time zone */
            wrap_up_until?: string;
            /**
             * Format: bigint
             * @default 0
             */
            handling_seconds: number;
            /**
             * Format: boolean
             * @default false
             */
            skip_wrap_up: boolean;
            /** Format: timestamp with time zone */
            wrap_up_since?: string;
            /** Format: timestamp with time zone */
            rest_until?: string;
            /**
             * Format: integer
             * @default 0
             */
            missed_offers: number;
            /**
             * Format: integer
             * @default 0
             */
            unreached_offers: number;
            /**
             * Format: text
             * @description Why telephony set the agent on break (no_answer: RONA, redirection on no answer; unreachable: their telephone or softphone was not there); choosing a status clears it.
             */
            aside_reason?: string;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            idle_since: string;
            /**
             * Format: integer
             * @default 0
             */
            seats_taken: number;
            /** Format: timestamp with time zone */
            free_from?: string;
            /** Format: timestamp with time zone */
            archived_at?: string;
            /** Format: text */
            break_reason?: string;
            /** Format: text */
            next_status?: string;
            /** Format: text */
            next_reason?: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_records.id`.<fk table='call_records' column='id'/>
             */
            wrap_up_call_id?: string;
            /**
             * Format: boolean
             * @default false
             */
            disposition_owed: boolean;
            /**
             * Format: integer
             * @default 0
             */
            wrap_up_extended_seconds: number;
        };
        /** @description What agents and the system wrote about a call. */
        call_notes: {
            /**
             * Format: uuid
             * @description Note:
             *     This is a Primary Key.<pk/>
             * @default gen_random_uuid()
             */
            id: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_records.id`.<fk table='call_records' column='id'/>
             */
            call_record_id: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_center_agents.id`.<fk table='call_center_agents' column='id'/>
             */
            agent_id?: string;
            /** Format: text */
            note_text: string;
            /**
             * Format: text
             * @default agent_note
             */
            note_type: string;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            created_at: string;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            updated_at: string;
        };
        /** @description Who listened to a recording, when, and how much of it their player was given. */
        recording_listens: {
            /**
             * Format: bigint
             * @description Note:
             *     This is a Primary Key.<pk/>
             */
            id?: number;
            /** Format: text */
            recording_sid?: string;
            /** Format: uuid */
            call_record_id?: string;
            /** Format: uuid */
            voicemail_id?: string;
            /** Format: uuid */
            user_id?: string;
            /** Format: uuid */
            agent_id?: string;
            /** Format: timestamp with time zone */
            opened_at?: string;
            /** Format: timestamp with time zone */
            last_at?: string;
            /** Format: integer */
            duration_seconds?: number;
            /** Format: numeric */
            from_second?: number;
            /** Format: numeric */
            to_second?: number;
            /** Format: numeric */
            seconds?: number;
        };
        /** @description Each queue now and today (the centre's own day). Service level: abandons ignored. */
        call_queue_stats: {
            /**
             * Format: uuid
             * @description Note:
             *     This is a Primary Key.<pk/>
             */
            queue_id?: string;
            /** Format: text */
            queue_name?: string;
            /** Format: boolean */
            active?: boolean;
            /** Format: bigint */
            callers_waiting?: number;
            /** Format: integer */
            longest_wait_seconds?: number;
            /** Format: bigint */
            agents_available?: number;
            /** Format: bigint */
            agents_busy?: number;
            /** Format: bigint */
            agents_total?: number;
            /** Format: bigint */
            offered_today?: number;
            /** Format: bigint */
            answered_today?: number;
            /** Format: bigint */
            abandoned_today?: number;
            /** Format: bigint */
            short_abandons_today?: number;
            /** Format: bigint */
            callbacks_requested_today?: number;
            /** Format: bigint */
            overflowed_today?: number;
            /** Format: integer */
            service_level_seconds?: number;
            /** Format: numeric */
            service_level_percent_abandons_ignored?: number;
            /** Format: numeric */
            abandonment_percent?: number;
            /** Format: numeric */
            average_speed_of_answer_seconds?: number;
            /** Format: numeric */
            average_talk_seconds?: number;
            /** Format: bigint */
            callbacks_waiting?: number;
        };
        /** @description Messages left by callers, one row a recording. */
        voicemails: {
            /**
             * Format: uuid
             * @description Note:
             *     This is a Primary Key.<pk/>
             * @default gen_random_uuid()
             */
            id: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_queues.id`.<fk table='call_queues' column='id'/>
             */
            queue_id?: string;
            /** Format: text */
            caller_number: string;
            /** Format: text */
            caller_name?: string;
            /**
             * Format: integer
             * @default 0
             */
            duration_seconds: number;
            /** Format: text */
            recording_url?: string;
            /** Format: text */
            recording_sid?: string;
            /** Format: text */
            transcription?: string;
            /**
             * Format: boolean
             * @default false
             */
            is_listened: boolean;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_center_agents.id`.<fk table='call_center_agents' column='id'/>
             */
            listened_by_agent_id?: string;
            /** Format: timestamp with time zone */
            listened_at?: string;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            created_at: string;
            /**
             * Format: uuid
             * @description Note:
             *     This is a Foreign Key to `call_records.id`.<fk table='call_records' column='id'/>
             */
            call_record_id?: string;
            /**
             * Format: text
             * @default none
             */
            transcription_status: string;
            /**
             * Format: boolean
             * @default false
             */
            legal_hold: boolean;
            /**
             * Format: text
             * @default completed
             */
            recording_status: string;
        };
        /** @description Each agent today (the centre's own day): talk includes hold. Occupancy: handling ÷ (handling + available). */
        agent_stats: {
            /**
             * Format: uuid
             * @description Note:
             *     This is a Primary Key.<pk/>
             */
            agent_id?: string;
            /** Format: text */
            extension?: string;
            /** Format: text */
            agent_status?: string;
            /** Format: timestamp with time zone */
            last_status_change?: string;
            /** Format: bigint */
            calls_handled_today?: number;
            /** Format: bigint */
            talk_seconds_today?: number;
            /** Format: bigint */
            wrap_up_seconds_today?: number;
            /** Format: numeric */
            average_handling_seconds_today?: number;
            /** Format: bigint */
            offers_today?: number;
            /** Format: bigint */
            missed_offers_today?: number;
            /** Format: bigint */
            available_seconds_today?: number;
            /** Format: numeric */
            occupancy_percent?: number;
        };
        /** @description What callers hear first: the menus, as JSON. */
        ivr_scripts: {
            /**
             * Format: uuid
             * @description Note:
             *     This is a Primary Key.<pk/>
             * @default gen_random_uuid()
             */
            id: string;
            /** Format: text */
            name: string;
            /** Format: text */
            description?: string;
            /**
             * Format: text
             * @default es
             */
            language: string;
            /** Format: text */
            welcome_message?: string;
            /** Format: jsonb */
            script_data: unknown;
            /**
             * Format: boolean
             * @default true
             */
            active: boolean;
            /**
             * Format: integer
             * @default 1
             */
            version: number;
            /** Format: uuid */
            created_by?: string;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            created_at: string;
            /**
             * Format: timestamp with time zone
             * @default now()
             */
            updated_at: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
