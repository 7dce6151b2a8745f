-- Commands: the state machine of what is to be done at Twilio (private.telephony_commands.state).
-- A transaction writes them with its decision; the process that asked for the transaction is handed
-- them with the answer, and workers claim what nobody holds.

-- How long a process may hold a command before another takes it for dead: longer than Twilio's
-- slowest answer that we wait for, or than a long recording takes to be copied.
create or replace function private.command_lease(p_kind text)
  returns interval
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case when p_kind in ('copy_recording', 'release_recording') then interval '5 minutes'
    else interval '30 seconds' end;
end $$;

-- Which commands a transaction wrote is noted in its own settings, to be handed over at its end.
create or replace function private.note_written(p_id bigint)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform set_config('callcenter.commands_written',
    concat(current_setting('callcenter.commands_written', true), ' ', p_id), true);
end $$;

-- → pending. While a command of the same kind for the same target lives, that one serves. With a delay it
-- is decided, but wanted only then: it is handed over to nobody, and a worker takes it when it is due.
create or replace function private.write_command(
  p_kind text, p_target text, p_payload jsonb, p_call_record_id uuid,
  p_delay interval default '0')
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_due_at constant timestamptz := private.clock() + p_delay;
  v_id bigint;
begin
  insert into private.telephony_commands (kind, target, payload, call_record_id, due_at, created_at)
  values (p_kind, p_target, p_payload, p_call_record_id, v_due_at, v_due_at)
  on conflict (kind, target) where state not in ('done', 'failed') do nothing
  returning id into v_id;
  if v_id is not null and p_delay = '0' then
    perform private.note_written(v_id);
  end if;
end $$;

-- A delayed command that nobody has begun is due at once, with what is known of it by now.
create or replace function private.hasten_command(p_id bigint, p_changes jsonb)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.telephony_commands
  set payload = payload || p_changes, due_at = least(due_at, private.clock()),
      created_at = least(created_at, private.clock())
  where id = p_id and state = 'pending';
  if found then
    perform private.note_written(p_id);
  end if;
end $$;

-- pending → claimed: the commands that this transaction wrote go to the asking process. One by one: asked
-- for many, Postgres would read all that wait.
create or replace function private.claim_written_commands(p_process text)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_written constant text := trim(current_setting('callcenter.commands_written', true));
  v_command private.telephony_commands;
  v_commands jsonb := '[]';
  v_id bigint;
begin
  if coalesce(v_written, '') = '' then
    return v_commands;
  end if;
  perform set_config('callcenter.commands_written', '', true);
  foreach v_id in array string_to_array(v_written, ' ')::bigint[] loop
    update private.telephony_commands
    set state = 'claimed', claimed_by = p_process, attempts = attempts + 1,
        lease_until = private.clock() + private.command_lease(kind)
    where id = v_id and state = 'pending'
    returning * into v_command;
    continue when not found;
    v_commands := v_commands || jsonb_build_object('id', v_id, 'kind', v_command.kind,
      'target', v_command.target, 'payload', v_command.payload, 'attempts', v_command.attempts,
      'created_at', v_command.created_at, 'call_record_id', v_command.call_record_id);
  end loop;
  return v_commands;
end $$;

-- pending, unknown, or claimed by a process that let its lease run out → claimed. Two processes
-- never receive the same command. uncertain: Twilio may have carried it out already, and the kind
-- does not allow to do it again without asking. What should have begun long ago is left to the sweep.
create or replace function public.claim_commands(p_process text, p_limit integer default 10)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- private tables; only service_role may execute
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_commands jsonb;
begin
  with due as (
    select c.id, c.state = 'unknown' or (c.state = 'claimed' and k.when_unknown <> 'repeat') as uncertain
    from private.telephony_commands c join private.command_kinds k on k.kind = c.kind
    where c.due_at <= v_now and c.state in ('pending', 'claimed', 'unknown')
      and (c.lease_until is null or c.lease_until < v_now)
      and (c.state <> 'pending' or k.begin_within_seconds is null
        or c.created_at > v_now - make_interval(secs => k.begin_within_seconds))
    order by c.due_at limit p_limit
    for update of c skip locked
  ), claimed as (
    update private.telephony_commands c
    set state = 'claimed', claimed_by = p_process, attempts = c.attempts + 1,
        lease_until = v_now + private.command_lease(c.kind)
    from due where c.id = due.id
    returning c.id, c.kind, c.target, c.payload, c.attempts, due.uncertain, c.created_at
  )
  select coalesce(jsonb_agg(to_jsonb(claimed) order by id), '[]') into v_commands from claimed;
  return v_commands;
end $$;
revoke execute on function public.claim_commands from public, anon, authenticated;
grant execute on function public.claim_commands to service_role;

-- claimed → done | failed | pending (again later) | unknown, as the process that holds it says;
-- null where it no longer does.
create or replace function private.settle_claimed(p_process text, p_result private.command_result)
  returns private.telephony_commands
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_command private.telephony_commands;
  v_now constant timestamptz := private.clock();
begin
  update private.telephony_commands
  set state = case p_result.outcome when 'retry' then 'pending' else p_result.outcome end,
      due_at = v_now + make_interval(secs => coalesce(p_result.retry_seconds, 0)),
      claimed_by = null, lease_until = null, result = p_result.result,
      settled_at = case when p_result.outcome in ('done', 'failed') then v_now end
  where id = p_result.id and claimed_by = p_process
  returning * into v_command;
  return v_command;
end $$;

-- → failed, for it is not wanted any more and nobody has begun it.
create or replace function private.withdraw_command(p_kind text, p_target text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.telephony_commands
  set state = 'failed', settled_at = private.clock(), claimed_by = null, lease_until = null,
      result = '{"reason": "withdrawn"}'
  where kind = p_kind and target = p_target and state = 'pending';
end $$;

-- Not wanted any more, though it may have been begun: nobody begins it from here on, and of one of which
-- nobody heard what came of it Twilio is asked; its state says so when that is known.
create or replace function private.call_off_command(p_kind text, p_target text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.withdraw_command(p_kind, p_target);
  update private.telephony_commands set payload = payload || '{"called_off": true}'
  where kind = p_kind and target = p_target and state in ('claimed', 'unknown');
end $$;

-- pending → failed: nobody began it in time. It is told as uncertain, for which the next agent is tried at
-- once: the delay was ours, and no refusal of Twilio's that would come again.
create or replace function private.fail_late_command(p_id bigint)
  returns private.telephony_commands
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_command private.telephony_commands;
begin
  update private.telephony_commands
  set state = 'failed', settled_at = private.clock(),
      result = '{"reason": "too late", "uncertain": true}'
  where id = p_id
  returning * into v_command;
  return v_command;
end $$;

-- → done: we see that it did what it was for, whether or not the process that carried it out lived to
-- say so.
create or replace function private.finish_command(p_kind text, p_target text, p_reason text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  update private.telephony_commands
  set state = 'done', settled_at = private.clock(), claimed_by = null, lease_until = null,
      result = jsonb_build_object('reason', p_reason)
  where kind = p_kind and target = p_target and state in ('pending', 'claimed', 'unknown');
end $$;

-- Whether a command of a kind for a target is under way.
create or replace function private.is_under_way(p_kind text, p_target text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (select 1 from private.telephony_commands
    where kind = p_kind and target = p_target and state in ('pending', 'claimed', 'unknown'));
end $$;

-- Has Twilio end a leg, whatever it is doing.
create or replace function private.hang_up_leg(p_call_sid text, p_call_record_id uuid)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform private.write_command('hang_up', p_call_sid, '{}', p_call_record_id);
end $$;

-- Commands that the transaction did not hand over to the process that asked for it, as where an
-- agent's browser made them available, wait for a worker. One message a transaction tells those who
-- listen, on a private topic that no policy opens to users. Workers look by themselves too.
create or replace function private.wake_workers()
  returns trigger
  language plpgsql
  security definer  -- fired by whoever commits; private table, and realtime.messages has policies
  set search_path = ''
as $$
declare
  v_state text;
begin
  select state into v_state from private.telephony_commands
  where id = new.id and due_at <= private.clock();
  if v_state is distinct from 'pending'
    or coalesce(current_setting('callcenter.workers_woken', true), '') <> '' then
    return null;
  end if;
  perform set_config('callcenter.workers_woken', 'in this transaction', true);
  perform private.broadcast('callcenter:commands', 'due', '{}');
  return null;
end $$;

drop trigger if exists telephony_commands_wake on private.telephony_commands;
create constraint trigger telephony_commands_wake
  after insert on private.telephony_commands
  deferrable initially deferred for each row
  execute function private.wake_workers();

revoke execute on all functions in schema private from public;
