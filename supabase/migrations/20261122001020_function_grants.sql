-- Who may run what. Nobody has a function by default: the service role gets the webhooks' and the
-- worker's, signed-in users those that their policies and the stats view are made of.

revoke execute on all functions in schema private from public, anon, authenticated, service_role;

grant execute on function
  public.receive_incoming_call(jsonb, text), public.receive_ivr_input(jsonb, text),
  public.receive_queue_wait(jsonb, text), public.receive_queue_key(jsonb, text),
  public.receive_queue_exit(jsonb, text), public.receive_agent_answer(jsonb, text),
  public.receive_caller_connect(jsonb, text), public.receive_dial_exit(jsonb, text),
  public.receive_voicemail(jsonb, text), public.record_call_event(jsonb, text),
  public.record_recording_event(jsonb, text), public.claim_commands(text, integer),
  public.settle_commands(text, jsonb), public.sweep(text)
  to service_role;

revoke execute on function
  public.receive_incoming_call(jsonb, text), public.receive_ivr_input(jsonb, text),
  public.receive_queue_wait(jsonb, text), public.receive_queue_key(jsonb, text),
  public.receive_queue_exit(jsonb, text), public.receive_agent_answer(jsonb, text),
  public.receive_caller_connect(jsonb, text), public.receive_dial_exit(jsonb, text),
  public.receive_voicemail(jsonb, text), public.record_call_event(jsonb, text),
  public.record_recording_event(jsonb, text), public.claim_commands(text, integer),
  public.settle_commands(text, jsonb), public.sweep(text)
  from public, anon, authenticated;

grant execute on function
  private.is_admin(), private.my_agent_id(), private.my_queue_ids(),
  private.lowest_id_as_admin(), private.highest_id_as_admin(), private.sees_everything()
  to authenticated, service_role;

revoke all on public.call_center_stats from public, anon, authenticated, service_role;
grant select on public.call_center_stats to authenticated, service_role;
