-- Today by the quarter of an hour, for walls: of a queue, or of all together. A day has a hundred of them at most, so
-- it costs the same whatever the history.

-- Each quarter of the day so far, also those in which nobody rang, and as the last row all of them together (start
-- null). A stay counts in the quarter in which it began, once it ended; who went on to a second queue was offered
-- once by all queues together. service_level in percent, answered in time ÷ (offered − abandoned in time);
-- average_wait_seconds is the average speed of answer.
create or replace function private.quarter_rows(p_queue_id uuid, p_from timestamptz, p_now timestamptz)
  returns setof jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return query
  with parts as (
    select s.interval_start, s.offered, s.overflowed, s.answered, s.answered_in_time, s.abandoned,
      s.abandoned_in_time, s.wait_seconds
    from private.stat_sums s
    where s.queue_id = coalesce(p_queue_id, private.every_queue()) and s.interval_start between p_from and p_now
    union all
    select d.interval_start, d.offered, d.overflowed, d.answered, d.answered_in_time, d.abandoned,
      d.abandoned_in_time, d.wait_seconds
    from private.stat_deltas d
    where (p_queue_id is null or d.queue_id = p_queue_id) and d.interval_start between p_from and p_now
  ), sums as (
    select g.start, coalesce(sum(p.offered) - sum(p.overflowed) * (p_queue_id is null)::integer, 0)::bigint as offered,
      coalesce(sum(p.answered), 0)::bigint as answered,
      coalesce(sum(p.answered_in_time), 0)::bigint as answered_in_time,
      coalesce(sum(p.abandoned), 0)::bigint as abandoned,
      coalesce(sum(p.abandoned_in_time), 0)::bigint as abandoned_in_time,
      sum(p.wait_seconds) as wait_seconds
    from generate_series(p_from, p_now, interval '15 minutes') g (start)
    left join parts p on p.interval_start = g.start
    group by grouping sets ((g.start), ())
  )
  select jsonb_build_object('start', s.start, 'offered', s.offered, 'answered', s.answered,
    'answered_in_time', s.answered_in_time, 'abandoned', s.abandoned,
    'service_level', private.percent(s.answered_in_time, s.offered - s.abandoned_in_time),
    'average_wait_seconds', round(s.wait_seconds::numeric / nullif(s.answered, 0), 1))
  from sums s order by s.start nulls last;
end $$;

-- Today so far, for supervisors: {at, time_zone, queue_id, quarters, total}. p_queue_id null: all queues.
create or replace function public.today_by_quarter(p_queue_id uuid default null)
  returns jsonb
  language plpgsql
  stable
  security definer  -- sums of calls, no caller's data; supervisors only
  set search_path = ''
as $$
declare
  v_now constant timestamptz := private.clock();
  v_rows jsonb[];
begin
  perform private.require_admin();
  v_rows := array(select private.quarter_rows(p_queue_id, private.today(), v_now));
  return jsonb_build_object('at', v_now, 'time_zone', (select time_zone from private.settings),
    'queue_id', p_queue_id, 'quarters', to_jsonb(v_rows[1 : cardinality(v_rows) - 1]),
    'total', v_rows[cardinality(v_rows)]);
end $$;
revoke execute on function public.today_by_quarter from public, anon, authenticated;
grant execute on function public.today_by_quarter to authenticated, service_role;

revoke execute on all functions in schema private from public;
