-- Brings the seven tables of either kind of database, fresh or existing, to one shape. This file
-- clears what may differ: what hangs on the tables (policies, triggers, checks, foreign keys,
-- indexes, the view) is dropped, whatever its name, and made again by the files after it; types,
-- keys' names and row security become the same. Old rows and columns follow in the next two files.

create schema if not exists private;
comment on schema private is 'What telephony keeps to itself: never exposed by the API.';
revoke all on schema private from public, anon, authenticated;

-- All tables at once and in the order of every other transaction, for what follows needs all of
-- them: with no queue of browsers behind a lock that does not come, then as long as it takes.
do $$
begin
  perform set_config('lock_timeout', '10s', true);
  perform set_config('statement_timeout', '0', true);
  lock table public.call_records, public.call_center_agents, public.crm_contacts,
    public.ivr_scripts, public.call_queues, public.voicemails, public.call_notes
    in access exclusive mode;
end $$;

do $$
begin
  if (select relkind = 'm' from pg_class where oid = to_regclass('public.call_center_stats')) then
    drop materialized view public.call_center_stats;
  end if;
  drop view if exists public.call_center_stats;
  -- Refreshed the materialized view; the view that replaces it is always fresh.
  drop function if exists public.refresh_call_center_stats();
end $$;

-- All doors shut: what each role may do is granted at the end, with the policies.
revoke all on public.call_center_agents, public.crm_contacts, public.call_records,
  public.ivr_scripts, public.call_queues, public.voicemails, public.call_notes
  from public, anon, authenticated, service_role;

-- The seven tables that this file works on.
create or replace function pg_temp.our_tables()
  returns regclass[]
  language sql
as $$
  select array['public.call_center_agents', 'public.crm_contacts', 'public.call_records',
    'public.ivr_scripts', 'public.call_queues', 'public.voicemails', 'public.call_notes']::regclass[];
$$;

-- Old policies, checks, foreign keys and plain indexes; notes on columns; row security.
do $$
declare
  v_statement text;
begin
  for v_statement in
    select format('drop policy %I on %s', polname, polrelid::regclass)
    from pg_policy where polrelid = any (pg_temp.our_tables())
    union all
    select format('alter table %s drop constraint %I', conrelid::regclass, conname)
    from pg_constraint where conrelid = any (pg_temp.our_tables()) and contype in ('c', 'f')
    union all
    select format('drop index %s', i.indexrelid::regclass)
    from pg_index i where i.indrelid = any (pg_temp.our_tables())
      and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)
    union all
    select format('comment on column %s.%I is null', attrelid::regclass, attname)
    from pg_attribute where attrelid = any (pg_temp.our_tables()) and attnum > 0
      and not attisdropped and col_description(attrelid, attnum) is not null
    union all
    select format('alter table %s enable row level security, no force row level security,
      replica identity default', tbl)
    from unnest(pg_temp.our_tables()) as tbl
  loop
    execute v_statement;
  end loop;
end $$;

-- Old triggers, and their functions where nothing else uses them.
do $$
declare
  v_functions oid[];
  v_item record;
begin
  select coalesce(array_agg(distinct tgfoid), '{}') into v_functions
  from pg_trigger where tgrelid = any (pg_temp.our_tables()) and not tgisinternal;
  for v_item in
    select tgname, tgrelid::regclass as tbl from pg_trigger
    where tgrelid = any (pg_temp.our_tables()) and not tgisinternal
  loop
    execute format('drop trigger %I on %s', v_item.tgname, v_item.tbl);
  end loop;
  for v_item in
    select p.oid::regprocedure as fn from pg_proc p
    where p.oid = any (v_functions) and p.pronamespace = 'public'::regnamespace
      and not exists (select 1 from pg_trigger t where t.tgfoid = p.oid)
  loop
    execute format('drop function %s', v_item.fn);
  end loop;
end $$;

-- Any length of text, for how long an old column was we can't know; times with a zone. Times without
-- one were UTC: under that zone the change of type needs no copy of the table.
do $$
declare
  v_item record;
begin
  perform set_config('timezone', 'UTC', true);
  for v_item in
    select attrelid::regclass as tbl, string_agg(format(
      'alter column %I drop default, alter column %I type %s', attname, attname,
      case atttypid when 'timestamp'::regtype then 'timestamptz' else 'text' end), ', ') as changes
    from pg_attribute
    where attrelid = any (pg_temp.our_tables()) and attnum > 0 and not attisdropped
      and atttypid in ('timestamp'::regtype, 'varchar'::regtype)
    group by attrelid
  loop
    execute format('alter table %s %s', v_item.tbl, v_item.changes);
  end loop;
end $$;

-- Primary and unique keys: those of the contract under Postgres's own names, and no others.
do $$
declare
  v_item record;
begin
  for v_item in
    with wanted (tbl, columns, name) as (values
      ('call_center_agents', '{id}', 'call_center_agents_pkey'),
      ('call_center_agents', '{user_id}', 'call_center_agents_user_id_key'),
      ('call_center_agents', '{extension}', 'call_center_agents_extension_key'),
      ('crm_contacts', '{id}', 'crm_contacts_pkey'),
      ('crm_contacts', '{phone_number}', 'crm_contacts_phone_number_key'),
      ('call_records', '{id}', 'call_records_pkey'),
      ('call_records', '{call_id}', 'call_records_call_id_key'),
      ('ivr_scripts', '{id}', 'ivr_scripts_pkey'),
      ('call_queues', '{id}', 'call_queues_pkey'),
      ('call_queues', '{name}', 'call_queues_name_key'),
      ('voicemails', '{id}', 'voicemails_pkey'),
      ('call_notes', '{id}', 'call_notes_pkey')
    ), present as (
      select conrelid::regclass as tbl, conname, contype, row_number() over (
          partition by conrelid, conkey order by contype, conname) as place,
        (select array_agg(attname::text order by attname) from pg_attribute
          where attrelid = conrelid and attnum = any (conkey)) as columns
      from pg_constraint
      where conrelid = any (pg_temp.our_tables()) and contype in ('p', 'u')
    )
    select case
        when w.name is null or p.place > 1
        then format('alter table %s drop constraint %I', p.tbl, p.conname)
        when p.conname is null
        then format('alter table public.%I add constraint %I unique (%I)', w.tbl, w.name,
          w.columns::text[] [1])
        else format('alter table %s rename constraint %I to %I', p.tbl, p.conname, w.name)
      end as change
    from present p full join wanted w
      on p.tbl = ('public.' || w.tbl)::regclass and p.columns = w.columns::text[]
    where p.conname is distinct from w.name
    order by p.place desc nulls last
  loop
    execute v_item.change;
  end loop;
end $$;
