-- A script before it is saved: what is wrong with it, and what callers would hear. Both write it as it would be
-- written, play a call with what plays calls, and take everything back; nothing of it is ever seen by others.

-- Writes a document (a row of ivr_scripts, of which id, version and times don't count) as a script of its own.
create or replace function private.write_trial_script(p_script jsonb, p_active boolean)
  returns public.ivr_scripts
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_given constant public.ivr_scripts := jsonb_populate_record(null::public.ivr_scripts, p_script);
  v_script public.ivr_scripts;
begin
  insert into public.ivr_scripts (name, description, language, welcome_message, script_data, active)
  values (v_given.name, v_given.description, v_given.language, v_given.welcome_message, v_given.script_data,
    p_active)
  returning * into v_script;
  return v_script;
end $$;

-- Why a document would be refused even as a draft: {place, reason}; null where it would not.
create or replace function private.refusal_of_draft(p_script jsonb)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_column text;
begin
  perform private.write_trial_script(p_script, false);
  raise exception using errcode = 'CCEND';
exception
  when sqlstate 'CCEND' then
    return null;
  when not_null_violation then
    get stacked diagnostics v_column = column_name;
    return jsonb_build_object('place', v_column, 'reason', sqlerrm);
  when invalid_parameter_value then
    return jsonb_build_object('place', split_part(sqlerrm, ': ', 1),
      'reason', substr(sqlerrm, length(split_part(sqlerrm, ': ', 1)) + 3));
end $$;

-- Everything for which a document, a row of ivr_scripts, would be refused in force, said in p_language: a list of
-- {place, reason}. The first is what a write is refused with.
create or replace function public.check_ivr_script(p_script jsonb, p_language text default 'es')
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private functions; supervisors only
  set search_path = ''
as $$
declare
  v_refusal jsonb;
begin
  perform private.require_admin();
  v_refusal := private.refusal_of_draft(p_script);
  if v_refusal ->> 'place' = 'script_data' then
    return jsonb_build_array(v_refusal);  -- too much to be looked through
  end if;
  return case when v_refusal is null then '[]'::jsonb else jsonb_build_array(v_refusal) end || (
    select coalesce(jsonb_agg(jsonb_build_object('place', 'script_data.' || f.place,
      'reason', private.say(p_language, f.key, jsonb_build_object('name', f.named))) order by f.at), '[]')
    from private.script_faults(p_script -> 'script_data') with ordinality as f (place, key, named, at));
end $$;
revoke execute on function public.check_ivr_script from public, anon, authenticated;
grant execute on function public.check_ivr_script to authenticated, service_role;

-- One step as a caller would hear it: its plan and how that sounds; queue: where they wait or leave a message;
-- wait: what they hear there; why: closed, nobody or full, where they can't wait there.
create or replace function private.step_heard(p_call_record_id uuid, p_plan jsonb)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_session constant private.call_sessions := private.session_of(p_call_record_id);
  v_entry private.queue_entries;
  v_queue public.call_queues;
begin
  select q.* into v_queue from public.call_queues q where q.id = coalesce(v_session.voicemail_queue_id,
    (select queue_id from public.call_records where id = p_call_record_id));
  select * into v_entry from private.queue_entries where call_record_id = p_call_record_id and left_at is null;
  return p_plan || jsonb_build_object('speech', private.speech(v_session.language), 'queue', v_queue.name,
    'wait', case when v_entry.id is not null
      then private.wait_plan(v_session.language, v_queue, v_entry) -> 'say' end,
    'why', case p_plan ->> 'kind' when 'voicemail' then private.why_not_wait(v_queue) end);
end $$;

-- Plays a call through a document, and returns the steps that its caller hears; the caller of this takes it back.
-- The call ends where the menus do. p_answers: a list of {digits}, {speech} or, of who says nothing, {}.
create or replace function private.play_trial_call(p_script jsonb, p_answers jsonb)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_script constant public.ivr_scripts := private.write_trial_script(p_script, true);
  -- A number that nobody has.
  v_call constant public.call_records := private.open_call(
    'trial-' || gen_random_uuid(), 'inbound', '+12025550143', null, null, private.clock());
  v_answer jsonb;
  v_plan jsonb;
  v_steps jsonb;
begin
  update private.call_sessions
  set script = v_script.script_data, script_id = v_script.id, language = v_script.language
  where call_record_id = v_call.id;
  v_plan := private.first_plan(v_call, private.session_of(v_call.id));
  v_steps := jsonb_build_array(private.step_heard(v_call.id, v_plan));
  for v_answer in select * from jsonb_array_elements(p_answers) limit 50 loop
    exit when v_plan ->> 'kind' <> 'menu';
    v_plan := private.plan_of_answer(v_call, private.session_of(v_call.id), jsonb_populate_record(
      null::private.voice_request, v_plan - array['say', 'kind', 'timeout', 'hints'] || v_answer));
    v_steps := v_steps || jsonb_build_array(private.step_heard(v_call.id, v_plan));
  end loop;
  return v_steps;
end $$;

-- Walks through a document, a row of ivr_scripts, as a caller who gives these answers one after the other, now or at
-- another moment (p_at; who is signed in is as now): a list of the steps that they hear, the plans of the
-- conversation themselves. A document that would be refused in force is refused here (22023, "place: reason").
create or replace function public.walk_ivr_script(
  p_script jsonb, p_answers jsonb default '[]', p_at timestamptz default null)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private functions; supervisors only
  set search_path = ''
as $$
declare
  v_steps jsonb;
begin
  perform private.require_admin();
  if jsonb_typeof(p_answers) <> 'array' then
    raise exception 'answers: a list is needed' using errcode = '22023';
  elsif p_at not between private.clock() - interval '1 year' and private.clock() + interval '1 year' then
    raise exception 'at: a moment within a year is needed' using errcode = '22023';
  end if;
  begin
    if p_at is not null then
      perform set_config('callcenter.clock_offset', (p_at - private.clock()
        + coalesce(nullif(current_setting('callcenter.clock_offset', true), ''), '0')::interval)::text, true);
    end if;
    v_steps := private.play_trial_call(p_script, p_answers);
    raise exception using errcode = 'CCEND';
  exception when sqlstate 'CCEND' then
    -- What was written is gone, what was said is kept.
    return v_steps;
  end;
end $$;
revoke execute on function public.walk_ivr_script from public, anon, authenticated;
grant execute on function public.walk_ivr_script to authenticated, service_role;

revoke execute on all functions in schema private from public;
