-- Small functions the rest is written with: the clock, words, errors, agents' addresses, commands.

-- The one clock. A development stack lets time run faster (callcenter.clock_speed, from
-- callcenter.clock_since on), tests move it (callcenter.clock_offset); elsewhere none of them is set.
create or replace function private.clock()
  returns timestamptz
  language sql
  stable
  set search_path = ''
as $$
  select case when coalesce(current_setting('callcenter.clock_speed', true), '') = ''
    then statement_timestamp()
    else current_setting('callcenter.clock_since')::timestamptz
      + (statement_timestamp() - current_setting('callcenter.clock_since')::timestamptz)
      * current_setting('callcenter.clock_speed')::numeric
    end + coalesce(nullif(current_setting('callcenter.clock_offset', true), ''), '0')::interval;
$$;

-- Whole seconds from one moment to a later one, never negative; null where one is missing.
create or replace function private.seconds_between(p_from timestamptz, p_to timestamptz)
  returns integer
  language sql
  immutable
  strict
  set search_path = ''
as $$
  select greatest(0, round(extract(epoch from p_to - p_from)))::integer;
$$;

-- What is said for a key in a language, else in its base language, else in Spanish; {name} is replaced by p_values -> name.
create or replace function private.say(p_language text, p_key text, p_values jsonb default '{}')
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_words text;
  v_value record;
begin
  select words into strict v_words from private.prompts
  where key = p_key and language in (p_language, split_part(p_language, '-', 1), 'es')
  order by language = p_language desc, language = split_part(p_language, '-', 1) desc limit 1;
  for v_value in select key, value from jsonb_each_text(p_values) loop
    v_words := replace(v_words, '{' || v_value.key || '}', coalesce(v_value.value, ''));
  end loop;
  return v_words;
end $$;

-- How a language sounds at Twilio: {language, voice}.
create or replace function private.speech(p_language text)
  returns jsonb
  language sql
  stable
  set search_path = ''
as $$
  select jsonb_build_object('language', twilio_language, 'voice', voice) from private.voices
  where language in (p_language, split_part(p_language, '-', 1), 'es')
  order by language = p_language desc, language = split_part(p_language, '-', 1) desc limit 1;
$$;

-- Spoken or written words as compared: lower case, no accents, single spaces.
create or replace function private.fold_words(p_text text)
  returns text
  language sql
  immutable
  set search_path = ''
as $$
  select trim(regexp_replace(translate(lower(p_text), 'áéíóúüñ.,;:!?¿¡', 'aeiouun'), '\s+', ' ', 'g'));
$$;

-- A softphone's name at Twilio: letters, digits and underscores only, and the same for ever.
create or replace function private.client_identity(p_agent_id uuid)
  returns text
  language sql
  immutable
  set search_path = ''
as $$
  select 'agent_' || replace(p_agent_id::text, '-', '');
$$;

-- Writes a command for Twilio; while one of the same kind for the same target lives, that one serves.
create or replace function private.command(
  p_kind text, p_target text, p_payload jsonb, p_call_record_id uuid)
  returns void
  language sql
  volatile
  set search_path = ''
as $$
  insert into private.telephony_commands (kind, target, payload, call_record_id, due_at, created_at)
  values (p_kind, p_target, p_payload, p_call_record_id, private.clock(), private.clock())
  on conflict (kind, target) where state not in ('done', 'failed') do nothing;
$$;

-- Locks the call that a leg belongs to and returns its record; null where the SID is unknown.
create or replace function private.lock_call_of(p_call_sid text)
  returns public.call_records
  language sql
  volatile
  set search_path = ''
as $$
  select r.* from public.call_records r
  where r.id = (select l.call_record_id from private.call_legs l where l.call_sid = p_call_sid)
  for no key update;
$$;

-- Runs the router now, which is otherwise deferred to the end of the transaction.
create or replace function private.route_now()
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  set constraints private.queue_entries_route, public.call_center_agents_route,
    private.queue_members_route immediate;
  set constraints private.queue_entries_route, public.call_center_agents_route,
    private.queue_members_route deferred;
end $$;

-- The commands this transaction wrote, now held by the asking process: the last step of every
-- webhook's function.
create or replace function private.hand_over_commands(p_process text)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_commands jsonb;
begin
  perform private.route_now();
  with mine as (
    update private.telephony_commands
    set state = 'claimed', claimed_by = p_process, attempts = attempts + 1,
        lease_until = private.clock() + private.command_lease()
    where created_in = pg_current_xact_id() and state = 'pending'
    returning id, kind, target, payload, attempts, created_at
  )
  select coalesce(jsonb_agg(to_jsonb(mine) order by id), '[]') into v_commands from mine;
  return v_commands;
end $$;

-- How long a process may hold a command before another takes it for dead: longer than Twilio's
-- slowest answer that we wait for.
create or replace function private.command_lease()
  returns interval
  language sql
  immutable
  set search_path = ''
as $$
  select interval '30 seconds';
$$;

insert into private.voices (language, twilio_language, voice) values
  ('es', 'es-MX', 'Polly.Mia-Neural'),
  ('en', 'en-US', 'Polly.Joanna-Neural')
on conflict do nothing;

insert into private.prompts (language, key, words) values
  ('es', 'recorded', 'Esta llamada puede ser grabada para mejorar nuestro servicio.'),
  ('es', 'not_understood', 'No entendimos su respuesta.'),
  ('es', 'no_input', 'No recibimos ninguna respuesta.'),
  ('es', 'connecting', 'Le comunicamos con {queue}. Por favor espere en la línea.'),
  ('es', 'position', 'Usted es el número {position} en la fila.'),
  ('es', 'wait_range', 'El tiempo de espera es de entre {from} y {to} minutos.'),
  ('es', 'voicemail_key', 'Si prefiere dejar un mensaje, marque {key}.'),
  ('es', 'callback_key', 'Para que le llamemos sin perder su turno, marque {key}.'),
  ('es', 'callback_confirm', 'Le llamaremos al {number}. Marque 1 para confirmar, o marque otro número seguido de numeral.'),
  ('es', 'callback_number', 'Marque el número al que le llamamos, seguido de numeral.'),
  ('es', 'callback_thanks', 'Conservamos su turno y le llamaremos. Hasta luego.'),
  ('es', 'callback_already', 'Ya tenemos una solicitud para ese número y le llamaremos. Hasta luego.'),
  ('es', 'callback_whisper', 'Devolución de llamada a {contact}, cola {queue}. Marcamos al cliente.'),
  ('es', 'still_waiting', 'Seguimos buscando a alguien que le atienda. Gracias por esperar.'),
  ('es', 'voicemail', 'En este momento nadie puede atenderle. Deje su mensaje después del tono y le llamaremos.'),
  ('es', 'voicemail_thanks', 'Gracias por su mensaje. Le llamaremos pronto. Hasta luego.'),
  ('es', 'voicemail_sms', 'Mensaje de voz de {contact} para {queue}: {seconds} segundos.'),
  ('es', 'goodbye', 'Gracias por llamar. Hasta luego.'),
  ('es', 'agent_whisper', 'Llamada de {contact}, cola {queue}.'),
  ('es', 'agent_confirm', 'Marque 1 para atenderla.'),
  ('es', 'call_gone', 'La llamada ya no está disponible.'),
  ('es', 'transfer_failed', 'No fue posible comunicarle.'),
  ('en', 'recorded', 'This call may be recorded to improve our service.'),
  ('en', 'not_understood', 'Sorry, we did not understand.'),
  ('en', 'no_input', 'We did not hear an answer.'),
  ('en', 'connecting', 'We are putting you through to {queue}. Please hold.'),
  ('en', 'position', 'You are number {position} in the queue.'),
  ('en', 'wait_range', 'The wait is between {from} and {to} minutes.'),
  ('en', 'voicemail_key', 'To leave a message instead, press {key}.'),
  ('en', 'callback_key', 'To be called back without losing your place, press {key}.'),
  ('en', 'callback_confirm', 'We will call you on {number}. Press 1 to confirm, or enter another number followed by the hash key.'),
  ('en', 'callback_number', 'Enter the number we should call, followed by the hash key.'),
  ('en', 'callback_thanks', 'You keep your place, and we will call you. Goodbye.'),
  ('en', 'callback_already', 'We already have a request for that number and will call it. Goodbye.'),
  ('en', 'callback_whisper', 'Callback to {contact}, queue {queue}. Ringing the customer.'),
  ('en', 'still_waiting', 'We are still looking for somebody to help you. Thank you for waiting.'),
  ('en', 'voicemail', 'Nobody can take your call right now. Please leave a message after the tone.'),
  ('en', 'voicemail_thanks', 'Thank you for your message. We will call you soon. Goodbye.'),
  ('en', 'voicemail_sms', 'Voicemail from {contact} for {queue}: {seconds} seconds.'),
  ('en', 'goodbye', 'Thank you for calling. Goodbye.'),
  ('en', 'agent_whisper', 'Call from {contact}, queue {queue}.'),
  ('en', 'agent_confirm', 'Press 1 to take it.'),
  ('en', 'call_gone', 'The call is no longer available.'),
  ('en', 'transfer_failed', 'We could not put you through.')
on conflict do nothing;
