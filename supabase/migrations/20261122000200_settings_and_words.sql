-- The clock, and what is said: small functions that everything after is written with.
--
-- Functions on a call's path are plpgsql: it keeps their plans for the session, where a SQL function
-- that can't be inlined (any with a SET clause) is planned anew at each call.

-- The one clock. A development stack lets time run faster (callcenter.clock_speed, from
-- callcenter.clock_since on), tests move it (callcenter.clock_offset); elsewhere none of them is set.
create or replace function private.clock()
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_speed constant text := current_setting('callcenter.clock_speed', true);
  v_offset constant text := current_setting('callcenter.clock_offset', true);
  v_now timestamptz := statement_timestamp();
begin
  if v_speed <> '' then
    v_now := current_setting('callcenter.clock_since')::timestamptz
      + (v_now - current_setting('callcenter.clock_since')::timestamptz) * v_speed::numeric;
  end if;
  if v_offset <> '' then
    v_now := v_now + v_offset::interval;
  end if;
  return v_now;
end $$;

-- A moment that somebody else told: now, where they told none, or one so far off (a day ahead, a week
-- ago) that their clock or ours is wrong.
create or replace function private.plausible_moment(p_told timestamptz)
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
begin
  if p_told between v_now - interval '7 days' and v_now + interval '1 day' then
    return p_told;
  end if;
  return v_now;
end $$;

-- Whole seconds from one moment to a later one, never negative; null where one is missing.
create or replace function private.seconds_between(p_from timestamptz, p_to timestamptz)
  returns integer
  language plpgsql
  immutable
  strict
  set search_path = ''
as $$
begin
  return least(greatest(0, round(extract(epoch from p_to - p_from))), 2147483647);
end $$;

-- What is said for a key in a language, else in its base language, else in Spanish; {name} is
-- replaced by p_values -> name.
create or replace function private.say(p_language text, p_key text, p_values jsonb default null)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_words text;
  v_name text;
  v_value text;
begin
  select words into strict v_words from private.prompts
  where key = p_key and language in (p_language, split_part(p_language, '-', 1), 'es')
  order by language = p_language desc, language = split_part(p_language, '-', 1) desc limit 1;
  if p_values is not null then
    for v_name, v_value in select key, value from jsonb_each_text(p_values) loop
      v_words := replace(v_words, '{' || v_name || '}', coalesce(v_value, ''));
    end loop;
  end if;
  return v_words;
end $$;

-- How a language sounds at Twilio: {language, voice}.
create or replace function private.speech(p_language text)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (
    select jsonb_build_object('language', twilio_language, 'voice', voice) from private.voices
    where language in (p_language, split_part(p_language, '-', 1), 'es')
    order by language = p_language desc, language = split_part(p_language, '-', 1) desc limit 1);
end $$;

-- Spoken or written words as compared: lower case, no accents in whatever normal form they come, no
-- punctuation, single spaces.
create or replace function private.fold_words(p_text text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return btrim(regexp_replace(regexp_replace(lower(normalize(p_text, nfkd)),
    '[\u0300-\u036f.,;:!?¿¡]', '', 'g'), '\s+', ' ', 'g'));
end $$;

-- Whether a subject may do something once more this minute, counted.
create or replace function private.is_within_limit(p_subject text, p_limit integer)
  returns boolean
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_used integer;
begin
  insert into private.rate_counters (subject, minute)
  values (p_subject, date_trunc('minute', private.clock()))
  on conflict (subject, minute) do update set used = private.rate_counters.used + 1
  returning used into v_used;
  return v_used <= p_limit;
end $$;

insert into private.spoken_keys (language, key, word)
select language, key, unnest(string_to_array(words, ' ')) from (values
  ('es', '0', 'cero'), ('es', '1', 'uno una un primero primera primer'),
  ('es', '2', 'dos segundo segunda'), ('es', '3', 'tres tercero tercera tercer'),
  ('es', '4', 'cuatro cuarto cuarta'), ('es', '5', 'cinco quinto quinta'),
  ('es', '6', 'seis sexto sexta'), ('es', '7', 'siete septimo septima'),
  ('es', '8', 'ocho octavo octava'), ('es', '9', 'nueve noveno novena'),
  ('es', '*', 'asterisco estrella'), ('es', '#', 'numeral almohadilla'),
  ('es', '', 'el la lo opcion numero tecla marque marco marcar oprimo quiero deseo por favor eh'),
  ('en', '0', 'zero oh'), ('en', '1', 'one first'), ('en', '2', 'two second'),
  ('en', '3', 'three third'), ('en', '4', 'four fourth'), ('en', '5', 'five fifth'),
  ('en', '6', 'six sixth'), ('en', '7', 'seven seventh'), ('en', '8', 'eight eighth'),
  ('en', '9', 'nine ninth'), ('en', '*', 'star asterisk'), ('en', '#', 'hash pound'),
  ('en', '', 'the option number key press i want a please uh um')
) as spoken (language, key, words)
on conflict do nothing;

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
  ('es', 'text_missed_call', 'Lamentamos no haber podido atender su llamada a {queue}. Llámenos de nuevo cuando quiera.'),
  ('es', 'text_voicemail_received', 'Recibimos su mensaje de voz para {queue} y le llamaremos pronto.'),
  ('es', 'text_callback_promised', 'Recibimos su solicitud: le llamaremos de {queue} a este número.'),
  ('es', 'text_callback_missed', 'No logramos comunicarnos con usted desde {queue}. Llámenos de nuevo cuando quiera.'),
  ('es', 'goodbye', 'Gracias por llamar. Hasta luego.'),
  ('es', 'agent_whisper', 'Llamada de {contact}, cola {queue}.'),
  ('es', 'agent_confirm', 'Marque 1 para atenderla.'),
  ('es', 'placed_whisper', 'Marcamos a {contact}.'),
  ('es', 'return_whisper', 'Su cliente {contact} sigue en la línea.'),
  ('es', 'hold_reminder', 'El cliente sigue en espera.'),
  ('es', 'transfer_whisper', 'Le transfieren la llamada de {contact}.'),
  ('es', 'consult_whisper', 'Un colega le consulta sobre {contact}.'),
  ('es', 'party_whisper', 'Le invitan a la llamada de {contact}.'),
  ('es', 'supervise_whisper', 'Entra a la llamada de {contact}.'),
  ('es', 'customer_busy', 'El cliente está ocupado.'),
  ('es', 'customer_no_answer', 'El cliente no contesta.'),
  ('es', 'customer_unreachable', 'No es posible comunicarse con el cliente.'),
  ('es', 'customer_machine', 'Contestó un buzón de voz.'),
  ('es', 'withheld_number', 'un número oculto'),
  ('es', 'call_gone', 'La llamada ya no está disponible.'),
  ('es', 'not_placed', 'La llamada no se puede hacer.'),
  ('es', 'transfer_failed', 'No fue posible comunicarle.'),
  ('es', 'script_menus', 'se necesita al menos un menú'),
  ('es', 'script_menu_id', 'falta el nombre'),
  ('es', 'script_menu_twice', 'hay dos menús {name}'),
  ('es', 'script_long_text', 'debe ser un texto de no más de 4000 caracteres'),
  ('es', 'script_options', 'debe ser una lista'),
  ('es', 'script_attempts', 'un número de 1 a 10'),
  ('es', 'script_timeout', 'segundos, de 1 a 60'),
  ('es', 'script_queue_name', 'falta el nombre de una cola'),
  ('es', 'script_option', 'una opción es un objeto'),
  ('es', 'script_digit', 'una tecla de 0 a 9, * o #'),
  ('es', 'script_digit_twice', 'la tecla {name} está dos veces en este menú'),
  ('es', 'script_no_action', 'falta a dónde lleva'),
  ('es', 'script_actions', 'lleva a un solo lugar, no a {name}'),
  ('es', 'script_not_an_action', '{name} no lleva a ninguna parte'),
  ('es', 'script_text', 'debe ser un texto'),
  ('es', 'script_keywords', 'debe ser una lista de palabras'),
  ('es', 'script_no_menu', 'no hay un menú {name}'),
  ('es', 'script_no_queue', 'no hay una cola {name}'),
  ('es', 'script_number', 'falta un número de teléfono válido'),
  ('es', 'script_stuck', 'nadie puede salir del menú {name}'),
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
  ('en', 'text_missed_call', 'We are sorry that we missed your call to {queue}. Please call us again at any time.'),
  ('en', 'text_voicemail_received', 'We have your voicemail for {queue} and will call you soon.'),
  ('en', 'text_callback_promised', 'We have your request: {queue} will call you on this number.'),
  ('en', 'text_callback_missed', 'We could not reach you from {queue}. Please call us again at any time.'),
  ('en', 'goodbye', 'Thank you for calling. Goodbye.'),
  ('en', 'agent_whisper', 'Call from {contact}, queue {queue}.'),
  ('en', 'agent_confirm', 'Press 1 to take it.'),
  ('en', 'placed_whisper', 'Calling {contact}.'),
  ('en', 'return_whisper', 'Your customer {contact} is still on the line.'),
  ('en', 'hold_reminder', 'The customer is still on hold.'),
  ('en', 'transfer_whisper', 'The call of {contact} is transferred to you.'),
  ('en', 'consult_whisper', 'A colleague asks your advice about {contact}.'),
  ('en', 'party_whisper', 'You are invited to the call of {contact}.'),
  ('en', 'supervise_whisper', 'You enter the call of {contact}.'),
  ('en', 'customer_busy', 'The customer is busy.'),
  ('en', 'customer_no_answer', 'The customer does not answer.'),
  ('en', 'customer_unreachable', 'The customer cannot be reached.'),
  ('en', 'customer_machine', 'An answering machine took the call.'),
  ('en', 'withheld_number', 'a withheld number'),
  ('en', 'call_gone', 'The call is no longer available.'),
  ('en', 'not_placed', 'The call can not be placed.'),
  ('en', 'transfer_failed', 'We could not put you through.'),
  ('en', 'script_menus', 'a list of at least one menu is needed'),
  ('en', 'script_menu_id', 'a name is needed'),
  ('en', 'script_menu_twice', 'there are two menus {name}'),
  ('en', 'script_long_text', 'text of at most 4000 characters is needed'),
  ('en', 'script_options', 'a list is needed'),
  ('en', 'script_attempts', 'a number from 1 to 10'),
  ('en', 'script_timeout', 'seconds from 1 to 60'),
  ('en', 'script_queue_name', 'the name of a queue is needed'),
  ('en', 'script_option', 'an option is an object'),
  ('en', 'script_digit', 'one of 0 to 9, * and #'),
  ('en', 'script_digit_twice', '{name} stands twice in this menu'),
  ('en', 'script_no_action', 'one action is needed, not none'),
  ('en', 'script_actions', 'one action is needed, not {name}'),
  ('en', 'script_not_an_action', '{name} is not an action'),
  ('en', 'script_text', 'text is needed'),
  ('en', 'script_keywords', 'a list of words is needed'),
  ('en', 'script_no_menu', 'there is no menu {name}'),
  ('en', 'script_no_queue', 'there is no queue {name}'),
  ('en', 'script_number', 'a telephone number is needed'),
  ('en', 'script_stuck', 'nobody can leave menu {name}')
on conflict do nothing;

revoke execute on all functions in schema private from public;
