-- Call control: somebody writes a text message to a customer; and what was sent, for those who may see it.

-- To whom, of the ways to say it: the customer of a call (p_call), a contact, or a number as written. Refused (400, 404)
-- where that is nobody.
create or replace function private.number_to_text(
  p_request private.control_request, p_call public.call_records)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_number constant text := private.e164(case
    when p_request.call is not null then p_call.caller_number
    when p_request.contact is null then p_request."to"
    else (select phone_number from public.crm_contacts where id = p_request.contact) end);
begin
  if p_request.contact is not null
    and not exists (select 1 from public.crm_contacts where id = p_request.contact) then
    perform private.refuse(404, 'no_such_contact', 'There is no such contact.', '{"field": "contact"}');
  elsif v_number is null then
    perform private.refuse(400, 'not_a_number', 'There is no number to send it to.', jsonb_build_object(
      'field', case when p_request.call is not null then 'call'
        when p_request.contact is not null then 'contact' else 'to' end));
  end if;
  return v_number;
end $$;

-- The message that somebody sent with this key before, or null; refused (422) where it was another.
create or replace function private.text_sent_before(
  p_user_id uuid, p_key text, p_number text, p_words text)
  returns private.text_messages
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_message private.text_messages;
begin
  select * into v_message from private.text_messages where user_id = p_user_id and idempotency_key = p_key;
  if (v_message.number, v_message.words) <> (p_number, p_words) then
    perform private.refuse(422, 'key_used', 'The Idempotency-Key was that of another message.',
      '{"field": "Idempotency-Key"}');
  end if;
  return v_message;
end $$;

-- Counts the message; refused (429) where there were too many this minute.
create or replace function private.count_text(p_who uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  if not private.is_within_limit('text ' || p_who,
      (select outgoing_texts_per_minute from private.settings)) then
    perform private.refuse(429, 'too_many_messages', 'Too many messages within a minute.',
      jsonb_build_object('retry_after', 60 - extract(second from private.clock())::integer));
  end if;
end $$;

-- Refuses (409) a message to who opted out, and (400) one to what is no mobile of somebody else's.
create or replace function private.check_can_text(p_number text, p_ours text)
  returns void
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_why constant text := private.why_not_texted(p_number, p_ours);
begin
  if v_why = 'opted_out' then
    perform private.refuse(409, 'opted_out', 'They want no messages from us.',
      '{"state": "opted_out", "allowed_actions": []}');
  elsif v_why is not null then
    perform private.refuse(400, v_why, 'Not a mobile number of somebody else.');
  end if;
end $$;

-- A message as it is answered.
create or replace function private.text_document(p_message private.text_messages)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return jsonb_build_object('id', p_message.id, 'number', p_message.number, 'text', p_message.words,
    'call_record_id', p_message.call_record_id, 'contact_id', p_message.contact_id,
    'state', p_message.state, 'error_code', p_message.error_code, 'error', p_message.error,
    'created_at', p_message.created_at);
end $$;

-- Sends a message (p_request: user_id, text, and call, contact or to; idempotency_key). Answers message.
create or replace function public.send_text(p_request jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_request constant private.control_request :=
    jsonb_populate_record(null::private.control_request, p_request);
  v_asker constant private.asker := private.asking(v_request);
  v_wish private.text_messages;
  v_call public.call_records;
  v_message private.text_messages;
begin
  if v_request.call is not null then
    v_call := private.call_for(v_request, v_asker);
  end if;
  v_wish.number := private.number_to_text(v_request, v_call);
  -- Two requests of one person's are one after the other.
  perform pg_advisory_xact_lock(hashtextextended('text ' || v_asker.user_id, 0));
  v_message := private.text_sent_before(
    v_asker.user_id, v_request.idempotency_key, v_wish.number, v_request.text);
  if v_message.id is null then
    perform private.check_can_text(v_wish.number, v_call.receiver_number);
    perform private.count_text(v_asker.user_id);
    v_wish.rule := 'agent';
    v_wish.call_record_id := v_call.id;
    v_wish.queue_id := v_call.queue_id;
    v_wish.contact_id := private.contact_with_number(v_wish.number);
    v_wish.words := v_request.text;
    v_wish.user_id := v_asker.user_id;
    v_wish.agent_id := v_asker.agent_id;
    v_wish.idempotency_key := v_request.idempotency_key;
    v_message := private.want_text(v_wish, v_call.receiver_number, interval '0');
  end if;
  return jsonb_build_object('call', jsonb_build_object('id', v_message.call_record_id),
    'message', private.text_document(v_message), 'commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.send_text from public, anon, authenticated;
grant execute on function public.send_text to service_role;

-- All messages to customers, with Twilio's errors in words: supervisors see all, an agent theirs and those of their
-- calls. Read as their reader, with the table's indexes.
alter table private.text_messages enable row level security;
drop policy if exists "agents see theirs and their calls' messages, supervisors all" on private.text_messages;
create policy "agents see theirs and their calls' messages, supervisors all" on private.text_messages
  for select to authenticated
  using ((select private.sees_everything()) or agent_id = (select private.my_agent_id())
    or exists (select 1 from public.call_records r where r.id = call_record_id));
grant select (id, number, rule, call_record_id, queue_id, contact_id, words, state, sid, error_code, error, agent_id,
  user_id, created_at, sent_at, ended_at) on private.text_messages to authenticated, service_role;

create or replace view public.text_messages
  with (security_invoker = true)  -- all rows for supervisors and the service; an agent theirs and those of their calls
as
select m.id, m.number, m.rule, m.call_record_id, m.queue_id, m.contact_id, m.words, m.state, m.sid,
  m.error_code, m.error, m.agent_id, m.user_id, m.created_at, m.sent_at, m.ended_at
from private.text_messages m;
comment on view public.text_messages is 'Text messages to customers, and what became of each.';

revoke all on public.text_messages from public, anon, authenticated, service_role;
grant select on public.text_messages to authenticated, service_role;

revoke execute on all functions in schema private from public;
