-- Who may read the figures, and use what they, planning and searching are made of.

revoke all on public.call_queue_stats, public.agent_stats
  from public, anon, authenticated, service_role;
grant select on public.call_queue_stats, public.agent_stats to authenticated, service_role;

grant execute on function
  private.stats_since(timestamptz), private.calls_now(), private.agents_in_queues(),
  private.clock_for_view(), private.today_for_view(), private.agent_figures_since(timestamptz),
  private.agents_doing_since(timestamptz), private.queues_now(),
  private.queue_sums_today(), private.percent(bigint, bigint),
  private.erlangs(numeric, numeric, numeric), private.erlang_b(double precision, integer),
  private.erlang_c(double precision, integer, double precision, numeric, numeric),
  private.search_patterns(text), private.find_contacts(text[], text, integer)
  to authenticated, service_role;
