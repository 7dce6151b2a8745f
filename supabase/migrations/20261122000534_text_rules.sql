-- What happened to a call, told to its customer by text message, where the queue switched that on
-- (call_queues.text_rules). Most wait for half a minute: what is told of late may be corrected, and is then withdrawn.

-- Wants the message of an event, in the call's language. Who withheld their number is told nothing.
create or replace function private.text_of_event(
  p_call_record_id uuid, p_queue_id uuid, p_rule text, p_number text, p_delay interval)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_queue public.call_queues;
  v_call public.call_records;
  v_wish private.text_messages;
begin
  select * into v_queue from public.call_queues where id = p_queue_id and p_rule = any (text_rules);
  if v_queue.id is null or p_number !~ '^\+[0-9]+$' then
    return;
  end if;
  select * into v_call from public.call_records where id = p_call_record_id;
  v_wish.number := p_number;
  v_wish.rule := p_rule;
  v_wish.call_record_id := v_call.id;
  v_wish.queue_id := v_queue.id;
  v_wish.contact_id := private.contact_with_number(p_number);
  v_wish.words := private.say((private.session_of(v_call.id)).language, 'text_' || p_rule,
    jsonb_build_object('queue', private.spoken_name(v_queue), 'number', v_call.receiver_number));
  perform private.want_text(v_wish, v_call.receiver_number, p_delay);
end $$;

-- missed_call: nobody took a call that waited in a queue. Not of one that is an hour old when we learn of it; and not
-- if it turns out that somebody did, or that there is a message.
create or replace function private.text_of_missed_call()
  returns trigger
  language plpgsql
  security definer  -- private tables; fired by whoever ends the call
  set search_path = ''
as $$
begin
  if new.call_status <> 'missed' then
    perform private.withdraw_text(new.id, 'missed_call');
  elsif new.ended_at > private.clock() - interval '1 hour' then
    perform private.text_of_event(
      new.id, new.queue_id, 'missed_call', new.caller_number, interval '30 seconds');
  end if;
  return null;
end $$;

create or replace trigger call_records_text after update of call_status on public.call_records
  for each row when ((new.call_status = 'missed') <> (old.call_status = 'missed')
    and new.call_direction = 'inbound' and new.queue_id is not null)
  execute function private.text_of_missed_call();

-- voicemail_received: a message was kept; and if there is nothing to hear, it was none.
create or replace function private.text_of_voicemail()
  returns trigger
  language plpgsql
  security definer  -- private tables; fired by supervisors too, who delete messages
  set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    perform private.withdraw_text(old.call_record_id, 'voicemail_received');
  else
    perform private.text_of_event(
      new.call_record_id, new.queue_id, 'voicemail_received', new.caller_number, interval '30 seconds');
  end if;
  return null;
end $$;

create or replace trigger voicemails_text after insert on public.voicemails
  for each row when (new.call_record_id is not null and new.recording_sid is not null) execute function private.text_of_voicemail();
create or replace trigger voicemails_text_gone after delete on public.voicemails
  for each row when (old.call_record_id is not null) execute function private.text_of_voicemail();

-- callback_promised: by the caller's key, or an agent. The number may still change: whoever hung up may have keyed
-- another first.
create or replace function private.text_of_promise()
  returns trigger
  language plpgsql
  security definer  -- private tables; fired at the end of the transaction
  set search_path = ''
as $$
begin
  perform private.withdraw_text(new.call_record_id, 'callback_promised');
  perform private.text_of_event(r.id, r.queue_id, 'callback_promised', b.number, interval '30 seconds')
  from private.callbacks b join public.call_records r on r.id = b.call_record_id
  where b.call_record_id = new.call_record_id and b.ended_at is null;
  return null;
end $$;

-- At the end of the transaction, when the callback has its call and its queue.
drop trigger if exists callbacks_text on private.callbacks;
create constraint trigger callbacks_text after insert or update of number on private.callbacks
  deferrable initially deferred for each row execute function private.text_of_promise();

-- callback_missed: nobody got to a callback, or its customer did not answer.
create or replace function private.text_of_missed_callback()
  returns trigger
  language plpgsql
  security definer  -- private tables; fired by whoever ends the stay
  set search_path = ''
as $$
begin
  perform private.withdraw_text(new.call_record_id, 'callback_promised');
  perform private.text_of_event(
    new.call_record_id, new.queue_id, 'callback_missed', b.number, interval '0')
  from private.callbacks b where b.call_record_id = new.call_record_id;
  return null;
end $$;

create or replace trigger queue_entries_text after update of outcome on private.queue_entries
  for each row when (new.outcome = 'not_reached' and old.outcome is null)
  execute function private.text_of_missed_callback();

revoke execute on all functions in schema private from public;
