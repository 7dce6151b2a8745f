// Written by `make types`, of a description with the SHA-256 c95e5c9f7a7a1e87d5e98fde19f1e51012686590411dbcac952b76816ce53885.
export interface paths {
    "/api/calls/{call}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The call, who is in it, and what who asks may do with it now
         * @description The call, who is in it, and what who asks may do with it now.
         */
        get: operations["read_call"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave the call
         * @description Leave the call; the others stay. Whom only the caller of this talked to goes on by plan:
         *     a customer is never left alone without one.
         */
        post: operations["leave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the call for everybody in it
         * @description End the call for everybody in it.
         */
        post: operations["end"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put somebody on hold, by default the customer
         * @description Put somebody on hold, by default the customer: they hear music, and nobody hears them.
         */
        post: operations["hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take somebody off hold, by default the customer
         * @description Take somebody off hold, by default the customer.
         */
        post: operations["resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/mute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mute somebody, by default oneself
         * @description Mute somebody, by default oneself: they hear everybody, and nobody hears them.
         *
         *     Who was muted by another can't unmute themselves.
         */
        post: operations["mute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/unmute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let somebody be heard again, by default oneself
         * @description Let somebody be heard again, by default oneself.
         */
        post: operations["unmute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/digits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Press keys that one party alone hears, by default the customer
         * @description Press keys that one party alone hears, by default the customer.
         */
        post: operations["digits"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand the customer over without asking first (blind transfer), and leave
         * @description Hand the customer over without asking first (blind transfer), and leave.
         *
         *     Who does not answer costs the customer nothing: they wait in the queue they came from, at their
         *     old place.
         */
        post: operations["transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/recording/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause the recording, such as for a card's number
         * @description Pause the recording, such as for a card's number. Where none runs, it is no error.
         */
        post: operations["pause_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/recording/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on recording
         * @description Go on recording.
         */
        post: operations["resume_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/consult": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask somebody first
         * @description Ask somebody first: the customer hears music, and they are rung.
         */
        post: operations["consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/consult/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask them no more, whether they ring or talk
         * @description Ask them no more, whether they ring or talk; the customer is back.
         */
        post: operations["cancel_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/consult/swap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Talk to the other of the two
         * @description Talk to the other of the two: the customer, or who is asked. The one left hears music.
         */
        post: operations["swap_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/consult/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Talk all together
         * @description Talk all together.
         */
        post: operations["merge_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/consult/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave the customer with who was asked (warm transfer), or still rings, and wrap up
         * @description Leave the customer with who was asked (warm transfer), or still rings, and wrap up.
         *
         *     Where nobody takes the customer then, they go back to the queue that they came from.
         */
        post: operations["complete_consult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/parties": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ring somebody into the conversation
         * @description Ring somebody into the conversation.
         */
        post: operations["add_party"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/parties/{party}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take somebody out of the conversation, or ring them no more
         * @description Take somebody out of the conversation, or ring them no more; the others stay.
         */
        delete: operations["remove_party"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/twilio/initiate-call": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Place a call
         * @description Place a call: the agent is rung, and then the customer into the same room.
         *
         *     The same request again, by its Idempotency-Key or within seconds, is the same call. callSid is
         *     the SID of the agent's leg, or, where Twilio has not answered within eight seconds, another id
         *     of the call: both name it in every operation. An agent may have five numbers a minute rung.
         */
        post: operations["initiate_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/twilio/hangup-call": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a call for everybody in it
         * @description End a call for everybody in it. One that is over already is no error.
         */
        post: operations["hangup_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/twilio/transfer-call": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand the customer over, without asking first (blind transfer)
         * @description Hand the customer over, without asking first (blind transfer).
         *
         *     To a number, an agent by their extension, or a queue by its name. Who does not answer costs the
         *     customer nothing: they wait in the queue they came from, at their old place.
         */
        post: operations["transfer_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that a screen that was just loaded needs
         * @description All that a screen that was just loaded needs: the agent, their calls, their wrap-up.
         */
        get: operations["read_my_state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Be available, on break (and why) or offline, at once
         * @description Be available, on break (and why) or offline, at once: calls that go on, go on.
         */
        post: operations["set_my_status"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/next-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Be it after this call and its wrap-up
         * @description Be it after this call and its wrap-up; null takes that back.
         */
        post: operations["set_next_status"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/agents/{agent}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set an agent's status
         * @description Set an agent's status. For supervisors.
         */
        post: operations["set_status_of"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a text message to a call's customer, a contact or a number
         * @description Send a text message to a call's customer, a contact or a number.
         *
         *     Who opted out is sent nothing (409). What the carrier makes of it is told later.
         */
        post: operations["send_message"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/softphone/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get an access token for Twilio's Voice SDK, good for an hour
         * @description Get an access token for Twilio's Voice SDK, good for an hour: ask anew before it is over.
         *
         *     The softphone is the agent's own, or a supervisor's; it takes and places calls in no other name.
         */
        post: operations["sign_softphone_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/softphone/device": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Be the softphone of who asks
         * @description Be the softphone of who asks: the page that was it before is told so by its desk.
         *
         *     Twilio must know this page by now, for what a queue has ringing at the softphone is rung again.
         */
        post: operations["take_softphone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/softphone/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that this page is there
         * @description Say that this page is there: one that is not, and does not answer, is not held against them.
         *
         *     Where another page was made the softphone since, this is refused (409, taken_over).
         */
        post: operations["keep_softphone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/supervise": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Listen to a call, whisper to its agent, or be heard by all (barge)
         * @description Listen to a call, whisper to its agent, or be heard by all (barge). Once more: otherwise.
         *
         *     For supervisors. Their leaving ends nothing.
         */
        post: operations["supervise"];
        /**
         * Leave the call that one listens to
         * @description Leave the call that one listens to.
         */
        delete: operations["stop_supervising"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/take-over": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with the customer in the agent's place, who leaves
         * @description Go on with the customer in the agent's place, who leaves. For supervisors.
         */
        post: operations["take_over"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a caller who waits to another queue, at the time they joined
         * @description Move a caller who waits to another queue, at the time they joined. For supervisors.
         *
         *     Whoever is being rung for them is let go; where the queue takes nobody now, nothing changes.
         */
        post: operations["move"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/help": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have supervisors see that this call needs one
         * @description Have supervisors see that this call needs one; the customer does not notice.
         */
        post: operations["ask_for_help"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/disposition": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what came of the call
         * @description Say what came of the call. Where a queue asks for it, wrap-up lasts until then.
         */
        post: operations["set_disposition"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/calls/{call}/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have the customer called back at a time, at their number or another
         * @description Have the customer called back at a time, at their number or another.
         */
        post: operations["schedule_callback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/wrap-up/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take longer for wrap-up
         * @description Take longer for wrap-up.
         */
        post: operations["extend_wrap_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me/wrap-up/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Be done with wrap-up, and free for the next call
         * @description Be done with wrap-up, and free for the next call.
         */
        post: operations["finish_wrap_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/agents/{agent}/wrap-up/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End an agent's wrap-up
         * @description End an agent's wrap-up. For supervisors.
         */
        post: operations["finish_wrap_up_of"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get an address that plays a recording for ten minutes, for players that send no token
         * @description Get an address that plays a recording for ten minutes, for players that send no token.
         *
         *     It is in the name of who asks, and as good as their own right to hear it.
         */
        post: operations["share_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete all that was recorded of its call, or the message that it is
         * @description Delete all that was recorded of its call, or the message that it is. For supervisors.
         *
         *     Nobody hears it from then on; its status tells when Twilio has deleted it, too.
         */
        delete: operations["delete_recording"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recordings/{recording}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep all that was recorded of its call, or the message (legal hold)
         * @description Keep all that was recorded of its call, or the message (legal hold). For supervisors.
         *
         *     Neither its time nor anybody deletes it, nor the row of its call, until the hold is lifted.
         */
        post: operations["hold_recording"];
        /**
         * Lift a legal hold
         * @description Lift a legal hold. For supervisors.
         */
        delete: operations["lift_hold"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/twilio/recordings/{recording}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hear a recording, whole or (Range) a part of it, as MP3 or, with .wav behind its SID, as WAV
         * @description Hear a recording, whole or (Range) a part of it, as MP3 or, with .wav behind its SID, as WAV.
         *
         *     What call_records.recording_url and voicemails.recording_url lead to. Who may see the call or
         *     the message may hear it, and that they did is kept. With a link's key nothing else is needed.
         */
        get: operations["listen"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Agent
         * @description state: what they do now, since when, and of a break why; status: the same in four words.
         */
        Agent: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Extension */
            extension: string;
            /** Name */
            name: string | null;
            /** State */
            state: string | null;
            /** Since */
            since: string | null;
            /** Reason */
            reason: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "available" | "busy" | "break" | "offline";
            /** Chosen Status */
            chosen_status: string;
            /**
             * Rest Until
             * @description Until then they are not rung, after an offer that came to nothing.
             */
            rest_until: string | null;
            /** Next Status */
            next_status: string | null;
            /** Next Reason */
            next_reason: string | null;
            /** Missed Offers */
            missed_offers: number;
            /** Aside Reason */
            aside_reason: string | null;
            wrap_up: components["schemas"]["WrapUp"] | null;
            /** Queues */
            queues: components["schemas"]["Queue"][];
        };
        /**
         * AgentRow
         * @description An agent now. until: of wrap-up, null where it has no end; calls: their ids.
         */
        AgentRow: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Extension */
            extension: string;
            /** Name */
            name: string | null;
            /** State */
            state: string | null;
            /** Since */
            since: string | null;
            /** Reason */
            reason: string | null;
            /** Until */
            until: string | null;
            /** Calls */
            calls: string[];
        };
        /** AnotherQueue */
        AnotherQueue: {
            /**
             * To
             * @description A queue's name.
             * @example support
             */
            to: string;
        };
        /**
         * Call
         * @description A call as who asks may see it. version grows with every change.
         */
        Call: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Call Id */
            call_id: string;
            /** Direction */
            direction: string | null;
            /** Status */
            status: string | null;
            /** Disposition */
            disposition: string | null;
            /** Ended By */
            ended_by: string | null;
            customer: components["schemas"]["Customer"];
            /** Queue */
            queue: string | null;
            /** Agent Id */
            agent_id: string | null;
            /** Started At */
            started_at: string | null;
            /** Queued At */
            queued_at: string | null;
            /** Answered At */
            answered_at: string | null;
            /** Ended At */
            ended_at: string | null;
            /** Held Since */
            held_since: string | null;
            /**
             * Recording
             * @enum {string}
             */
            recording: "on" | "paused" | "off";
            /** Parties */
            parties: components["schemas"]["Party"][];
            /**
             * Max Parties
             * @description How many the room holds, supervisors apart.
             */
            max_parties: number;
            consult: components["schemas"]["Consult"] | null;
            /**
             * Purpose
             * @description What who asks is in it for, or rung.
             */
            purpose: ("queue" | "placed" | "return" | "transfer" | "consult" | "party" | "supervise") | null;
            /**
             * Invited By
             * @description The name of the colleague who had them rung.
             */
            invited_by: string | null;
            /**
             * Supervising
             * @description Of a supervisor in another's call: who hears them.
             */
            supervising: ("listen" | "whisper" | "barge") | null;
            /**
             * Allowed Actions
             * @description What who asks may do now.
             */
            allowed_actions: string[];
            /** Version */
            version: number;
        };
        /**
         * CallRouting
         * @description `rpc('call_routing')`: why a call went to whom, the newest decision first; now: who could be
         *     rung for one that waits.
         */
        CallRouting: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Decisions */
            decisions: components["schemas"]["RoutingDecision"][];
            now: components["schemas"]["RoutingDecision"] | null;
        };
        /**
         * CallRow
         * @description A live call. agent_id: whose it is now. stage: where the caller is; null: of calls to
         *     customers. joined_at: by when they stand in their queue; null: in none. callback: the
         *     customer has hung up and waits to be rung.
         */
        CallRow: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Call Id */
            call_id: string;
            /** Direction */
            direction: string | null;
            /** Status */
            status: string | null;
            /** Queue */
            queue: string | null;
            /** Queue Id */
            queue_id: string | null;
            /** Stage */
            stage: string | null;
            /** Agent Id */
            agent_id: string | null;
            /** Number */
            number: string | null;
            /** Name */
            name: string | null;
            /** Started At */
            started_at: string | null;
            /** Queued At */
            queued_at: string | null;
            /** Joined At */
            joined_at: string | null;
            /** Answered At */
            answered_at: string | null;
            /** Held Since */
            held_since: string | null;
            /** Callback */
            callback: boolean;
        };
        /** Callback */
        Callback: {
            /**
             * At
             * Format: date-time
             * @description When, with its offset from UTC.
             * @example 2027-01-11T09:30:00-05:00
             */
            at: string;
            /**
             * Number
             * @description By default the customer's.
             * @default null
             */
            number?: string | null;
        };
        /**
         * Candidate
         * @description Somebody who could have been rung, and what became of that: chosen; passed_over and
         *     ranked_lower were free, the first before who was chosen, but had another caller first; free:
         *     nobody was chosen yet; the others could not be rung. detail: the reason of a break, the status
         *     to come, or the skill.
         */
        Candidate: {
            /**
             * Agent Id
             * Format: uuid
             */
            agent_id: string;
            /** Extension */
            extension: string;
            /** Name */
            name: string | null;
            /**
             * Why
             * @enum {string}
             */
            why: "chosen" | "passed_over" | "ranked_lower" | "free" | "offline" | "on_break" | "placing_call" | "wrapping_up" | "leaving" | "resting" | "at_capacity" | "lacks_skill";
            /** Detail */
            detail: string | null;
        };
        /**
         * Colleague
         * @description free: they could be rung now; rest_until: not before, after an offer that came to nothing.
         */
        Colleague: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Extension */
            extension: string;
            /** Name */
            name: string | null;
            /** State */
            state: string | null;
            /** Since */
            since: string | null;
            /** Reason */
            reason: string | null;
            /** Free */
            free: boolean;
            /** Rest Until */
            rest_until: string | null;
        };
        /**
         * Consult
         * @description Who is asked for advice, while the customer hears music.
         *
         *     Until the next thing is done it tells how it ended: cancelled by who asked, left by who was
         *     asked, or failed, and why.
         */
        Consult: {
            /**
             * State
             * @enum {string}
             */
            state: "initiated" | "ringing" | "answered" | "cancelled" | "left" | "failed";
            /**
             * Why
             * @description busy, no_answer, declined, rejected, unreachable …
             */
            why: string | null;
            /** Party */
            party: string | null;
            /** Agent Id */
            agent_id: string | null;
            /** Address */
            address: string | null;
            /**
             * Since
             * Format: date-time
             */
            since: string;
        };
        /**
         * ContactImport
         * @description `rpc('import_contacts', {p_rows})`: how many became what, and those that were refused.
         */
        ContactImport: {
            /** Created */
            created: number;
            /** Updated */
            updated: number;
            /** Unchanged */
            unchanged: number;
            /** Refused */
            refused: components["schemas"]["RefusedRow"][];
        };
        /** Customer */
        Customer: {
            /** Number */
            number: string | null;
            /** Name */
            name: string | null;
            /** Contact Id */
            contact_id: string | null;
        };
        /**
         * DaySums
         * @description service_level: in percent; average_wait_seconds: of those who were answered.
         */
        DaySums: {
            /**
             * Start
             * @description Null of the whole day.
             */
            start: string | null;
            /** Offered */
            offered: number;
            /** Answered */
            answered: number;
            /** Answered In Time */
            answered_in_time: number;
            /** Abandoned */
            abandoned: number;
            /** Service Level */
            service_level: number | null;
            /** Average Wait Seconds */
            average_wait_seconds: number | null;
        };
        /**
         * Desk
         * @description `rpc('desk')`: an agent's desk, whole. at: when it was fetched.
         */
        Desk: {
            /** @description Null for a supervisor who takes no calls. */
            agent: components["schemas"]["Agent"] | null;
            /** Calls */
            calls: components["schemas"]["Call"][];
            wrap_up: components["schemas"]["WrapUp"] | null;
            /** @description Null: no page was it yet. */
            softphone: components["schemas"]["SoftphoneDevice"] | null;
            /** Version */
            version: number;
            /** Queues */
            queues: components["schemas"]["QueueOnDesk"][];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Time Zone
             * @description The centre's, such as America/Bogota.
             */
            time_zone: string;
        };
        /** Destination */
        Destination: {
            /**
             * To
             * @description A number, an extension or a queue's name.
             * @example 102
             */
            to: string;
        };
        /**
         * Details
         * @description For programs: why, and what may be done instead.
         */
        Details: {
            /** Code */
            code: string;
            /**
             * Field
             * @default null
             */
            field?: string | null;
            /**
             * State
             * @default null
             */
            state?: string | null;
            /**
             * Allowed Actions
             * @default null
             */
            allowed_actions?: string[] | null;
            /**
             * Retry After
             * @default null
             */
            retry_after?: number | null;
        } & {
            [key: string]: unknown;
        };
        /** Device */
        Device: {
            /**
             * Device
             * @description A name that the page made up for itself, such as a UUID.
             * @example 0b0d8f0e-6a3c-4f6e-9d39-0d6c2a3f5b71
             */
            device: string;
        };
        /** Digits */
        Digits: {
            /**
             * Party
             * @description customer, or the SID of a leg of the call.
             * @default null
             * @example customer
             */
            party?: string | null;
            /**
             * Digits
             * @description Keys to press; w waits half a second.
             * @example 1w2#
             */
            digits: string;
        };
        /**
         * Directory
         * @description `rpc('directory')`: whom an agent may transfer to or ask.
         */
        Directory: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Time Zone */
            time_zone: string;
            /** Agents */
            agents: components["schemas"]["Colleague"][];
            /** Queues */
            queues: components["schemas"]["QueueToTransferTo"][];
        };
        /** Disposition */
        Disposition: {
            /**
             * Disposition
             * @description What came of the call.
             * @example completed
             */
            disposition: string;
            /**
             * Notes
             * @default null
             * @example Sent the invoice again
             */
            notes?: string | null;
        };
        /** HangUpCall */
        HangUpCall: {
            /**
             * Callsid
             * @description What initiate-call answered, or any id of the call.
             * @example CA00000000000000000000000000000001
             */
            callSid: string;
        };
        /** Help */
        Help: {
            /**
             * Reason
             * @default null
             * @example Wants a refund beyond my limit
             */
            reason?: string | null;
        };
        /**
         * HelpRow
         * @description An agent who asks for a supervisor; id: of the call.
         */
        HelpRow: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Agent Id */
            agent_id: string | null;
            /** Reason */
            reason: string | null;
            /**
             * Asked At
             * Format: date-time
             */
            asked_at: string;
        };
        /** Hold */
        Hold: {
            /**
             * Reason
             * @default null
             * @example Court order 2026-114
             */
            reason?: string | null;
        };
        /** HungUp */
        HungUp: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Callsid */
            callSid: string;
        };
        /** InitiateCall */
        InitiateCall: {
            /**
             * Tonumber
             * @description As people write it.
             * @example 300 999 0003
             */
            toNumber: string;
            /**
             * Agentid
             * @description Whose call it is; by default who asks.
             * @default null
             */
            agentId?: string | null;
            /**
             * Recordingenabled
             * @description By default as the centre records.
             * @default null
             * @example true
             */
            recordingEnabled?: boolean | null;
            /**
             * Detectmachine
             * @description End the call where a machine answers.
             * @default false
             */
            detectMachine?: boolean;
            /**
             * Callerid
             * @description Which number of ours the customer sees.
             * @default null
             */
            callerId?: string | null;
        };
        /**
         * Initiated
         * @description callSid names the call from now on, whatever else it is called later.
         */
        Initiated: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Callsid */
            callSid: string;
        };
        /** Link */
        Link: {
            /** Url */
            url: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
        };
        /**
         * Me
         * @description Enough for a screen that was just loaded: an agent, their calls, their wrap-up.
         */
        Me: {
            /** @description Null for a supervisor who takes no calls. */
            agent: components["schemas"]["Agent"] | null;
            /** Calls */
            calls: components["schemas"]["Call"][];
            wrap_up: components["schemas"]["WrapUp"] | null;
            /** @description Null: no page was it yet. */
            softphone: components["schemas"]["SoftphoneDevice"] | null;
            /** Version */
            version: number;
        };
        /**
         * MenuUsage
         * @description Calls that heard a menu, and in which of them nothing or no answer was said, or hung up.
         */
        MenuUsage: {
            /** Menu */
            menu: string;
            /** Calls */
            calls: number;
            /** Silent */
            silent: number;
            /** Not Understood */
            not_understood: number;
            /** Hung Up */
            hung_up: number;
        };
        /**
         * Message
         * @description A text message to a customer. state: wanted until Twilio took it.
         */
        Message: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Number */
            number: string;
            /** Text */
            text: string;
            /** Call Record Id */
            call_record_id: string | null;
            /** Contact Id */
            contact_id: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "wanted" | "sent" | "delivered" | "undelivered" | "failed" | "refused" | "withdrawn";
            /** Error Code */
            error_code: string | null;
            /** Error */
            error: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
        };
        /**
         * MissedCall
         * @description A customer whom nobody served, by their last call.
         */
        MissedCall: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Queue */
            queue: string;
            /** Number */
            number: string;
            /** Name */
            name: string | null;
            /**
             * Contact Id
             * Format: uuid
             */
            contact_id: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Waited Seconds */
            waited_seconds: number | null;
        };
        /** MoreTime */
        MoreTime: {
            /**
             * Seconds
             * @description How much longer.
             * @example 60
             */
            seconds: number;
        };
        /** NewStatus */
        NewStatus: {
            /**
             * Status
             * @example break
             * @enum {string}
             */
            status: "available" | "break" | "offline";
            /**
             * Reason
             * @description Why, of a break.
             * @default null
             * @example lunch
             */
            reason?: string | null;
        };
        /** NextStatus */
        NextStatus: {
            /**
             * Status
             * @description After this call and its wrap-up; null: none.
             * @example break
             */
            status: ("available" | "break" | "offline") | null;
            /**
             * Reason
             * @default null
             * @example lunch
             */
            reason?: string | null;
        };
        /** OneCall */
        OneCall: {
            call: components["schemas"]["Call"];
        };
        /** OneCallback */
        OneCallback: {
            call: components["schemas"]["Call"];
            callback: components["schemas"]["PromisedCallback"];
        };
        /** OneMessage */
        OneMessage: {
            message: components["schemas"]["Message"];
        };
        /** OneRecording */
        OneRecording: {
            recording: components["schemas"]["Recording"];
        };
        /** OneSoftphone */
        OneSoftphone: {
            softphone: components["schemas"]["SoftphoneDevice"];
        };
        /**
         * OptionUsage
         * @description Calls that chose an option, and how they stand. option: its key; to: where it led.
         */
        OptionUsage: {
            /** Menu */
            menu: string;
            /** Option */
            option: string;
            /** Action */
            action: string;
            /** To */
            to: string;
            /** Calls */
            calls: number;
            /** Answered */
            answered: number;
            /** Voicemail */
            voicemail: number;
            /** Callback */
            callback: number;
            /** Transfer */
            transfer: number;
            /** Abandoned */
            abandoned: number;
            /** Live */
            live: number;
        };
        /** Participant */
        Participant: {
            /**
             * Party
             * @description customer, or the SID of a leg of the call.
             * @default null
             * @example customer
             */
            party?: string | null;
        };
        /**
         * Party
         * @description Somebody who is in the call or is being rung to join it.
         */
        Party: {
            /**
             * Party
             * @description customer, or a leg's SID: what operations name them by.
             */
            party: string;
            /** Role */
            role: string;
            /** Agent Id */
            agent_id: string | null;
            /** Name */
            name: string | null;
            /**
             * Address
             * @description A telephone number, or a softphone.
             */
            address: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "in_room" | "on_line" | "ringing";
            /** Held Since */
            held_since: string | null;
            /** Muted */
            muted: boolean;
        };
        /**
         * PendingWork
         * @description `rpc('pending_work')`: what waits to be done in an agent's queues.
         */
        PendingWork: {
            /** Callbacks */
            callbacks: components["schemas"]["WaitingCallback"][];
            /** Missed */
            missed: components["schemas"]["MissedCall"][];
        };
        /**
         * Problem
         * @description error is a sentence for people.
         */
        Problem: {
            /** Error */
            error: string;
            /** @default null */
            details?: components["schemas"]["Details"] | null;
            /**
             * Retryafter
             * @default null
             */
            retryAfter?: number | null;
        };
        /** PromisedCallback */
        PromisedCallback: {
            /**
             * Id
             * Format: uuid
             * @description Of the call that it will be.
             */
            id: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Number */
            number: string;
        };
        /** Queue */
        Queue: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * QueueInterval
         * @description The quarter of an hour that goes on. service_level: in percent, null where nobody rang.
         *
         *     overflowed: went on to another queue, which was offered them too; all queues together were
         *     offered so many fewer.
         */
        QueueInterval: {
            /**
             * Start
             * Format: date-time
             */
            start: string;
            /** Offered */
            offered: number;
            /** Answered */
            answered: number;
            /** Answered In Time */
            answered_in_time: number;
            /** Abandoned */
            abandoned: number;
            /** Abandoned In Time */
            abandoned_in_time: number;
            /** Overflowed */
            overflowed: number;
            /** Service Level */
            service_level: number | null;
        };
        /** QueueOnDesk */
        QueueOnDesk: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Active */
            active: boolean;
            /** Waiting */
            waiting: number;
            /** Oldest Joined At */
            oldest_joined_at: string | null;
            /** Callbacks */
            callbacks: number;
            /** Agents Available */
            agents_available: number;
            /** Agents Busy */
            agents_busy: number;
            /** Agents Total */
            agents_total: number;
            /** Service Level Seconds */
            service_level_seconds: number;
            interval: components["schemas"]["QueueInterval"];
            /** Version */
            version: number;
        };
        /**
         * QueueRow
         * @description A queue now. oldest_joined_at: null where nobody waits.
         */
        QueueRow: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Active */
            active: boolean;
            /** Waiting */
            waiting: number;
            /** Oldest Joined At */
            oldest_joined_at: string | null;
            /** Callbacks */
            callbacks: number;
            /** Agents Available */
            agents_available: number;
            /** Agents Busy */
            agents_busy: number;
            /** Agents Total */
            agents_total: number;
            /** Service Level Seconds */
            service_level_seconds: number;
            interval: components["schemas"]["QueueInterval"];
        };
        /** QueueToTransferTo */
        QueueToTransferTo: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Name */
            name: string;
            /** Active */
            active: boolean;
            /** Waiting */
            waiting: number;
            /** Agents Available */
            agents_available: number;
        };
        /**
         * Recording
         * @description Of a call's conversations, or a message.
         */
        Recording: {
            /** Recording */
            recording: string;
            /** Call Record Id */
            call_record_id: string | null;
            /** Voicemail Id */
            voicemail_id: string | null;
            /** Duration Seconds */
            duration_seconds: number | null;
            /**
             * Status
             * @description completed, deleting, deleted, delete_failed …
             */
            status: string;
            /** Legal Hold */
            legal_hold: boolean;
        };
        /**
         * RefusedRow
         * @description line: as it was given; column: null where the row as a whole is refused.
         */
        RefusedRow: {
            /** Line */
            line: number | null;
            /** Column */
            column: string | null;
            /** Reason */
            reason: string;
        };
        /**
         * RoutingDecision
         * @description outcome: of the offer; null while it lives.
         */
        RoutingDecision: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Queue */
            queue: string;
            /** Agent Id */
            agent_id: string | null;
            /** Outcome */
            outcome: string | null;
            /** Candidates */
            candidates: components["schemas"]["Candidate"][];
        };
        /**
         * ScriptFault
         * @description Of `rpc('check_ivr_script')`. place: such as script_data.menus[0].options[1].digit.
         */
        ScriptFault: {
            /** Place */
            place: string;
            /** Reason */
            reason: string;
        };
        /**
         * ScriptUsage
         * @description `rpc('ivr_script_usage')`: a script's last calls, a hundred at most; since: their first;
         *     in_force: the next call begins with it.
         */
        ScriptUsage: {
            /** In Force */
            in_force: boolean;
            /** Time Zone */
            time_zone: string;
            /** Calls */
            calls: number;
            /** Since */
            since: string | null;
            /** Options */
            options: components["schemas"]["OptionUsage"][];
            /** Menus */
            menus: components["schemas"]["MenuUsage"][];
        };
        /**
         * Softphone
         * @description identity: what Twilio knows the softphone by (client:<identity>).
         */
        Softphone: {
            /** Token */
            token: string;
            /** Identity */
            identity: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
        };
        /**
         * SoftphoneDevice
         * @description The page that is somebody's softphone, and how often it says that it lives.
         */
        SoftphoneDevice: {
            /** Device */
            device: string;
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /** Heartbeat Seconds */
            heartbeat_seconds: number;
        };
        /**
         * Speech
         * @description How words sound: a language's name (BCP 47), and the voice that Twilio has for it.
         */
        Speech: {
            /** Language */
            language: string;
            /** Voice */
            voice: string;
        };
        /** Supervision */
        Supervision: {
            /**
             * Mode
             * @description Hear only, be heard by the agent, or be heard by all.
             * @example listen
             * @enum {string}
             */
            mode: "listen" | "whisper" | "barge";
        };
        /**
         * Targets
         * @description What the figures of a wall are to be (`rpc('set_targets')` changes them): callers who wait
         *     and callbacks at most, agents free at least, the others in percent, with the bound at which it
         *     is alarming.
         */
        Targets: {
            /** Waiting */
            waiting: number;
            /** Service Level */
            service_level: number;
            /** Service Level Alarm */
            service_level_alarm: number;
            /** Abandoned */
            abandoned: number;
            /** Abandoned Alarm */
            abandoned_alarm: number;
            /** Available */
            available: number;
            /** Callbacks */
            callbacks: number;
        };
        /**
         * TextMessage
         * @description To one of the three.
         */
        TextMessage: {
            /**
             * Text
             * @example Su pedido sale mañana.
             */
            text: string;
            /**
             * To
             * @description A number.
             * @default null
             * @example 300 999 0003
             */
            to?: string | null;
            /**
             * Contact
             * @description A contact's id.
             * @default null
             */
            contact?: string | null;
            /**
             * Call
             * @description A call, whose customer it is.
             * @default null
             */
            call?: string | null;
        };
        /**
         * TodayByQuarter
         * @description `rpc('today_by_quarter')`: the centre's day so far, of a queue or of all.
         */
        TodayByQuarter: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Time Zone */
            time_zone: string;
            /** Queue Id */
            queue_id: string | null;
            /** Quarters */
            quarters: components["schemas"]["DaySums"][];
            total: components["schemas"]["DaySums"];
        };
        /** TransferCall */
        TransferCall: {
            /**
             * Callsid
             * @description What initiate-call answered, or any id of the call.
             * @example CA00000000000000000000000000000001
             */
            callSid: string;
            /**
             * Transfertonumber
             * @description A number, an extension or a queue's name.
             * @example support
             */
            transferToNumber: string;
        };
        /** Transferred */
        Transferred: {
            /**
             * Success
             * @default true
             * @constant
             */
            success?: true;
            /** Callsid */
            callSid: string;
            /** Transferredto */
            transferredTo: string;
        };
        /**
         * WaitingCallback
         * @description id: of the call that it will be; not_before: when to ring, null: at once; at_work: somebody
         *     is rung for it, or rings the customer.
         */
        WaitingCallback: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Queue */
            queue: string;
            /** Number */
            number: string;
            /** Name */
            name: string | null;
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /** Not Before */
            not_before: string | null;
            /** At Work */
            at_work: boolean;
        };
        /**
         * WalkedStep
         * @description Of `rpc('walk_ivr_script')`: what a caller hears. play_url: instead of words; menu, attempt:
         *     of a menu; number: that is dialled; queue: where they wait or leave a message, wait: what they
         *     hear there, why: they can't wait there.
         */
        WalkedStep: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "menu" | "enqueue" | "voicemail" | "callback" | "dial" | "hang_up";
            /**
             * Say
             * @default null
             */
            say?: string[] | null;
            /**
             * Play Url
             * @default null
             */
            play_url?: string | null;
            /**
             * Menu
             * @default null
             */
            menu?: string | null;
            /**
             * Attempt
             * @default null
             */
            attempt?: number | null;
            /**
             * Timeout
             * @default null
             */
            timeout?: number | null;
            /**
             * Number
             * @default null
             */
            number?: string | null;
            speech: components["schemas"]["Speech"];
            /** Queue */
            queue: string | null;
            /** Wait */
            wait: string[] | null;
            /** Why */
            why: ("closed" | "nobody" | "full") | null;
        };
        /**
         * Wallboard
         * @description `rpc('wallboard')`: a supervisor's wallboard, whole.
         */
        Wallboard: {
            /** Version */
            version: number;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Time Zone */
            time_zone: string;
            /** Service Level */
            service_level: string;
            targets: components["schemas"]["Targets"];
            /** Queues */
            queues: components["schemas"]["QueueRow"][];
            /** Agents */
            agents: components["schemas"]["AgentRow"][];
            /** Calls */
            calls: components["schemas"]["CallRow"][];
            /** Help */
            help: components["schemas"]["HelpRow"][];
        };
        /** Whom */
        Whom: {
            /**
             * To
             * @description A number or an extension.
             * @example 102
             */
            to: string;
        };
        /**
         * WrapUp
         * @description dispositions: the words to choose from; none: any.
         */
        WrapUp: {
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /**
             * Until
             * Format: date-time
             */
            until: string;
            /** Call Record Id */
            call_record_id: string | null;
            /** Disposition Required */
            disposition_required: boolean;
            /** Dispositions */
            dispositions: string[];
            /** Extendable Seconds */
            extendable_seconds: number;
        };
    };
    responses: {
        /** @description Something in the request can't be read, or names nobody; details.field says what. */
        400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description No token, or none that is good. */
        401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description Not for this user, not from this page, or a contact who wants no calls. */
        403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description No such call, agent or party, or the call is another agent's. */
        404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description Not now: details.state says how things are, details.allowed_actions what may be done. */
        409: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description Too large. */
        413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description A part beyond the recording's end. */
        416: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description Not possible: a disposition that the queue lacks, a key that was another number's. */
        422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description Too often; again in retryAfter seconds. */
        429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description Twilio refused. */
        502: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
        /** @description The database, or who signs tokens, can't be reached: ask again. */
        503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    read_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            503: components["responses"]["503"];
        };
    };
    leave: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    end: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    hold: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "party": "customer"
                 *     }
                 */
                "application/json": components["schemas"]["Participant"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "party": "customer"
                 *     }
                 */
                "application/json": components["schemas"]["Participant"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    mute: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "party": "customer"
                 *     }
                 */
                "application/json": components["schemas"]["Participant"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    unmute: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "party": "customer"
                 *     }
                 */
                "application/json": components["schemas"]["Participant"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    digits: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "party": "customer",
                 *       "digits": "1w2#"
                 *     }
                 */
                "application/json": components["schemas"]["Digits"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    transfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "to": "102"
                 *     }
                 */
                "application/json": components["schemas"]["Destination"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    pause_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    resume_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    consult: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "to": "102"
                 *     }
                 */
                "application/json": components["schemas"]["Whom"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    cancel_consult: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    swap_consult: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    merge_consult: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    complete_consult: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    add_party: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "to": "102"
                 *     }
                 */
                "application/json": components["schemas"]["Whom"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    remove_party: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
                party: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    initiate_call: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "toNumber": "300 999 0003",
                 *       "recordingEnabled": true
                 *     }
                 */
                "application/json": components["schemas"]["InitiateCall"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Initiated"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    hangup_call: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "callSid": "CA00000000000000000000000000000001"
                 *     }
                 */
                "application/json": components["schemas"]["HangUpCall"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HungUp"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    transfer_call: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "callSid": "CA00000000000000000000000000000001",
                 *       "transferToNumber": "support"
                 *     }
                 */
                "application/json": components["schemas"]["TransferCall"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transferred"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    read_my_state: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            503: components["responses"]["503"];
        };
    };
    set_my_status: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "break",
                 *       "reason": "lunch"
                 *     }
                 */
                "application/json": components["schemas"]["NewStatus"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    set_next_status: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "break",
                 *       "reason": "lunch"
                 *     }
                 */
                "application/json": components["schemas"]["NextStatus"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    set_status_of: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                agent: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "break",
                 *       "reason": "lunch"
                 *     }
                 */
                "application/json": components["schemas"]["NewStatus"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    send_message: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "Su pedido sale mañana.",
                 *       "to": "300 999 0003"
                 *     }
                 */
                "application/json": components["schemas"]["TextMessage"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneMessage"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    sign_softphone_in: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Softphone"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    take_softphone: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "device": "0b0d8f0e-6a3c-4f6e-9d39-0d6c2a3f5b71"
                 *     }
                 */
                "application/json": components["schemas"]["Device"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneSoftphone"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    keep_softphone: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "device": "0b0d8f0e-6a3c-4f6e-9d39-0d6c2a3f5b71"
                 *     }
                 */
                "application/json": components["schemas"]["Device"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneSoftphone"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    supervise: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "mode": "listen"
                 *     }
                 */
                "application/json": components["schemas"]["Supervision"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    stop_supervising: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    take_over: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    move: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "to": "support"
                 *     }
                 */
                "application/json": components["schemas"]["AnotherQueue"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    ask_for_help: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "Wants a refund beyond my limit"
                 *     }
                 */
                "application/json": components["schemas"]["Help"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    set_disposition: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "disposition": "completed",
                 *       "notes": "Sent the invoice again"
                 *     }
                 */
                "application/json": components["schemas"]["Disposition"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCall"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    schedule_callback: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                call: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "at": "2027-01-11T09:30:00-05:00"
                 *     }
                 */
                "application/json": components["schemas"]["Callback"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneCallback"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    extend_wrap_up: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "seconds": 60
                 *     }
                 */
                "application/json": components["schemas"]["MoreTime"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    finish_wrap_up: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    finish_wrap_up_of: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                agent: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    share_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                recording: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    delete_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                recording: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneRecording"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    hold_recording: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                recording: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "Court order 2026-114"
                 *     }
                 */
                "application/json": components["schemas"]["Hold"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneRecording"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    lift_hold: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of the same request again: it is done once. */
                "Idempotency-Key"?: string;
            };
            path: {
                recording: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneRecording"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            422: components["responses"]["422"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
    listen: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                recording: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/mpeg": string;
                    "audio/wav": string;
                };
            };
            /** @description The part asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/mpeg": string;
                    "audio/wav": string;
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            416: components["responses"]["416"];
            502: components["responses"]["502"];
            503: components["responses"]["503"];
        };
    };
}
