-- Text messages to customers: the state machine of private.text_messages.state.
--
--   wanted → sent → delivered | undelivered | failed; wanted → failed, refused, withdrawn
--
-- A rule or an agent wants one, and a command sends it. Twilio takes it (sent), and tells by callbacks what the carrier
-- made of it, in any order, and perhaps before its own answer to us. A message of which nobody knows whether Twilio took
-- it is given up as failed without a code, and not sent again: should Twilio tell of it after all, that counts. Who
-- wants none, and what is no mobile's number, is refused, and so that it says so a row is kept of that too.
-- Rows are locked after the commands that send them.

-- Whether a number may be a mobile's.
create or replace function private.can_be_texted(p_number text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (
    select 1 from private.countries c
    where c.country_code in (substr(p_number, 2, 1), substr(p_number, 2, 2), substr(p_number, 2, 3))
      and substr(p_number, 2 + length(c.country_code)) ~ ('^(?:' || c.mobiles || ')$'))
    and not private.is_withheld(p_number);
end $$;

-- Why a number is sent nothing; null: it may be. p_ours: a number of ours, by which the call came or went.
create or replace function private.why_not_texted(p_number text, p_ours text)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return case
    when p_number = p_ours or not private.can_be_texted(p_number) then 'cannot_be_texted'
    when private.is_opted_out(p_number) then 'opted_out' end;
end $$;

-- Whether rules told a number as much within an hour as they may.
create or replace function private.is_told_enough(p_number text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select rule_texts_per_hour from private.settings) <= (
    select count(*) from private.text_messages
    where number = p_number and rule <> 'agent' and state not in ('refused', 'withdrawn')
      and created_at > private.clock() - interval '1 hour');
end $$;

-- An error in words; where we have none Twilio's own, or its code.
create or replace function private.text_error(p_code text, p_told text default null)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce((select words from private.text_errors where code = p_code), p_told, 'Twilio ' || p_code);
end $$;

-- → wanted, or refused; to be sent after a delay, of which p_wish says all but its state. Null where the event was told,
-- or the request with this key made, already. p_ours: the number that it should come from, if it can.
create or replace function private.want_text(
  p_wish private.text_messages, p_ours text, p_delay interval)
  returns private.text_messages
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_why constant text := coalesce(private.why_not_texted(p_wish.number, p_ours),
    case when p_wish.rule <> 'agent' and private.is_told_enough(p_wish.number) then 'told_enough' end);
  v_now constant timestamptz := private.clock();
  v_message private.text_messages;
begin
  insert into private.text_messages (number, rule, call_record_id, queue_id, contact_id, words, state,
    error_code, error, user_id, agent_id, idempotency_key, created_at, ended_at)
  values (p_wish.number, p_wish.rule, p_wish.call_record_id, p_wish.queue_id, p_wish.contact_id,
    p_wish.words, case when v_why is null then 'wanted' else 'refused' end,
    v_why, private.text_error(v_why), p_wish.user_id, p_wish.agent_id, p_wish.idempotency_key, v_now,
    case when v_why is not null then v_now end)
  on conflict do nothing
  returning * into v_message;
  if v_message.state = 'wanted' then
    perform private.write_command('send_sms', v_message.id::text, jsonb_build_object(
      'message', v_message.id, 'number', p_wish.number, 'receiver', p_ours, 'text', p_wish.words),
      p_wish.call_record_id, p_delay);
  end if;
  return v_message;
end $$;

-- wanted → withdrawn, or refused with a reason: it is not to be sent any more, and nobody has begun to.
create or replace function private.call_off_text(p_id uuid, p_why text default null)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.withdraw_command('send_sms', p_id::text);
  update private.text_messages
  set state = case when p_why is null then 'withdrawn' else 'refused' end,
      error_code = p_why, error = private.text_error(p_why), ended_at = private.clock()
  where id = p_id and state = 'wanted' and not private.is_under_way('send_sms', p_id::text);
end $$;

-- What a rule wanted to tell of a call is not so any more.
create or replace function private.withdraw_text(p_call_record_id uuid, p_rule text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.call_off_text(id) from private.text_messages
  where call_record_id = p_call_record_id and rule = p_rule and state = 'wanted';
end $$;

-- A number's owner wants no messages from now on: what is not on its way is not sent, whoever it was to come from.
create or replace function private.opt_out(p_number text, p_source text, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_command private.telephony_commands;
begin
  perform private.set_opt_out(p_number, true, p_source, p_at);
  if not private.is_opted_out(p_number) then
    return;
  end if;
  for v_command in
    select * from private.telephony_commands
    where kind = 'send_sms' and state = 'pending' and payload ->> 'number' = p_number order by id
  loop
    perform private.withdraw_command(v_command.kind, v_command.target);
    perform private.call_off_text((v_command.payload ->> 'message')::uuid, 'opted_out');
  end loop;
end $$;

-- wanted → sent, failed or refused: the command that sends a message was carried out, or could not be. Of messages to
-- staff there is no row.
create or replace function private.text_settled(p_command private.telephony_commands)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_code constant text := coalesce(p_command.result ->> 'code',
    case p_command.result ->> 'reason' when 'too late' then 'too_late' end);
  v_id constant uuid := p_command.payload ->> 'message';
begin
  if p_command.state = 'done' then
    update private.text_messages
    set sid = coalesce(sid, p_command.result ->> 'sid'), sent_at = coalesce(sent_at, private.clock()),
        state = case state when 'wanted' then 'sent' else state end
    where id = v_id;
    return;
  end if;
  update private.text_messages
  set state = case v_code when '21610' then 'refused' else 'failed' end, error_code = v_code,
      error = coalesce(private.text_error(v_code, p_command.result ->> 'reason'), 'Not sent'),
      ended_at = private.clock()
  where id = v_id and state = 'wanted';
  if v_code = '21610' then
    perform private.opt_out(p_command.payload ->> 'number', 'twilio', p_command.created_at);
  end if;
end $$;

-- Twilio's word for how a message stands, as ours; null where it says nothing new.
create or replace function private.text_state(p_status text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case
    when p_status in ('accepted', 'queued', 'sending', 'sent') then 'sent'
    when p_status in ('delivered', 'undelivered', 'failed') then p_status
    when p_status = 'read' then 'delivered'
    when p_status = 'canceled' then 'failed' end;
end $$;

-- → sent, delivered, undelivered or failed, as Twilio tells (p_event: a message_event). What is over stays so, but for
-- what was given up because nobody knew.
create or replace function public.record_message_status(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event constant private.message_event :=
    jsonb_populate_record(null::private.message_event, p_event);
  v_state constant text := private.text_state(v_event.status);
  v_now constant timestamptz := private.clock();
begin
  update private.text_messages
  set state = v_state, sid = coalesce(sid, v_event.message_sid), sent_at = coalesce(sent_at, v_now),
      error_code = v_event.error_code, error = private.text_error(v_event.error_code),
      ended_at = case when v_state <> 'sent' then v_now end
  where id = coalesce(v_event.message_id, (
      select m.id from private.text_messages m where m.sid = v_event.message_sid))
    and v_state is not null
    and (state in ('wanted', 'sent') or (state = 'failed' and error_code is null and sid is null));
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.record_message_status from public, anon, authenticated;
grant execute on function public.record_message_status to service_role;

revoke execute on all functions in schema private from public;
