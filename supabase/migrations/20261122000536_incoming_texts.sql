-- What people write to our numbers. Nobody reads it but for the words by which they opt out and in again.

-- Somebody wrote to us (p_event: an incoming_message); the same message twice is one. Twilio knows words too
-- (opt_out_type), and does by itself what they ask for.
create or replace function public.receive_message(p_event jsonb, p_process text)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_event constant private.incoming_message :=
    jsonb_populate_record(null::private.incoming_message, p_event);
  v_wants_out constant boolean := case v_event.opt_out_type
    when 'STOP' then true when 'START' then false else private.wants_out(v_event.words) end;
  v_now constant timestamptz := private.clock();
begin
  insert into private.incoming_texts (sid, number, called, words, received_at)
  values (v_event.message_sid, v_event.number, v_event.called, v_event.words, v_now)
  on conflict (sid) do nothing;
  if found and v_event.number is not null then
    if v_wants_out then
      perform private.opt_out(v_event.number, 'word', v_now);
    elsif not v_wants_out then
      perform private.set_opt_out(v_event.number, false, 'word', v_now);
    end if;
  end if;
  return jsonb_build_object('commands', private.hand_over_commands(p_process));
end $$;
revoke execute on function public.receive_message from public, anon, authenticated;
grant execute on function public.receive_message to service_role;

revoke execute on all functions in schema private from public;
