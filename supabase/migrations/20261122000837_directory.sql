-- Whom an agent may transfer to or ask: everybody who takes calls, with what they do now, and the queues.

-- The directory, for agents and supervisors: {at, time_zone, agents: [{id, extension, name, state, since, reason, free,
-- rest_until}], queues: [{id, name, active, waiting, agents_available}]}. time_zone: the centre's; free: they could be
-- rung now; rest_until: until when they are not, after an offer that came to nothing. Nobody is told of changes: a
-- screen asks anew while it shows it.
create or replace function public.directory()
  returns jsonb
  language plpgsql
  stable
  security definer  -- agents see no other agent's row; of colleagues this says what a transfer asks for
  set search_path = ''
as $$
begin
  if private.my_agent_id() is null and not private.is_admin() then
    perform private.refuse(403, 'not_an_agent', 'Only agents and supervisors may do this.');
  end if;
  return jsonb_build_object('at', private.clock(), 'time_zone', (select time_zone from private.settings),
    'agents', to_jsonb(array(
      select jsonb_build_object('id', a -> 'id', 'extension', a -> 'extension', 'name', a -> 'name',
        'state', a -> 'state', 'since', a -> 'since', 'reason', a -> 'reason',
        'free', private.why_not_free(c, private.clock()) is null,
        'rest_until', case when c.rest_until > private.clock() then c.rest_until end)
      from private.agent_rows() a join public.call_center_agents c on c.id = (a ->> 'id')::uuid
      order by c.extension)),
    'queues', to_jsonb(array(
      select jsonb_build_object('id', q -> 'id', 'name', q -> 'name', 'active', q -> 'active',
        'waiting', q -> 'waiting', 'agents_available', q -> 'agents_available')
      from private.queue_rows() q)));
end $$;
revoke execute on function public.directory from public, anon, authenticated;
grant execute on function public.directory to authenticated, service_role;

revoke execute on all functions in schema private from public;
