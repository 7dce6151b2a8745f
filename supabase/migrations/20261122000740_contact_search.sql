-- Finding a contact by any part of their number, e-mail or name.
--
-- Trigrams find parts of words through an index. A query on the table as a signed-in user cannot use
-- it, whatever the policy: `ilike` is not marked leakproof, so Postgres checks the policy of every row
-- first, and only a superuser may mark it. So the search is a function that admits the caller once
-- and then reads the table as its owner; the query on the table still works, by reading every row.

create extension if not exists pg_trgm with schema extensions;

-- The extension may have been there before, in another schema.
do $$
begin
  execute format(
    'create index if not exists crm_contacts_search_idx on public.crm_contacts using gin (
      phone_number %1$I.gin_trgm_ops, email %1$I.gin_trgm_ops,
      first_name %1$I.gin_trgm_ops, last_name %1$I.gin_trgm_ops)',
    (select extnamespace::regnamespace::text from pg_extension where extname = 'pg_trgm'));
end $$;

-- What to look for: any part that has three letters or digits in a row; fewer only where a word
-- begins, for there every trigram is known. A telephone number may be written as people write it.
create or replace function private.search_patterns(p_query text)
  returns text[]
  language sql
  immutable
  set search_path = ''
as $$
  select case
    when words = '' then '{}'
    when words ~* '[a-z0-9]{3}' then array['%' || words || '%']
    else array[words || '%', '% ' || words || '%'] end
  from (
    select regexp_replace(regexp_replace(
      case when p_query ~ '^[-+0-9 ().]+$' then regexp_replace(p_query, '[^0-9]', '', 'g')
        else trim(p_query) end,
      '^[^[:alnum:]]+', ''), '([%_\\])', '\\\1', 'g') as words
  ) as plain;
$$;

-- Up to p_limit contacts that match any of the patterns, of this type (null: any). What many match
-- is found among the first rows of the table, what is rarer through the index.
create or replace function private.find_contacts(
  p_patterns text[], p_contact_type text, p_limit integer)
  returns setof public.crm_contacts
  language plpgsql
  stable
  security definer  -- see above: admits its caller as the policy on contacts does
  set search_path = ''
as $$
declare
  v_matching constant text := ' c
    where (phone_number ilike any ($1) or email ilike any ($1)
        or first_name ilike any ($1) or last_name ilike any ($1))
      and ($2 is null or contact_type = $2)
    limit $3';
  v_seqscan constant text := current_setting('enable_seqscan');
  v_found public.crm_contacts[];
begin
  if private.my_agent_id() is null and not public.check_is_admin()
    and auth.role() is distinct from 'service_role' then
    return;
  end if;
  execute 'select array(select c from (select * from public.crm_contacts limit 2000)'
    || v_matching || ')' into v_found using p_patterns, p_contact_type, p_limit;
  if cardinality(v_found) = p_limit then
    return query select * from unnest(v_found);
    return;
  end if;
  -- The planner would still hope for luck in the first rows, and read all of them.
  perform set_config('enable_seqscan', 'off', true);
  return query execute 'select * from public.crm_contacts' || v_matching
    using p_patterns, p_contact_type, p_limit;
  perform set_config('enable_seqscan', v_seqscan, true);
end $$;

-- Contacts with this in their number, e-mail or name, in no order; nobody for nothing to look for.
create or replace function public.search_contacts(
  p_query text, p_contact_type text default null, p_limit integer default 20)
  returns setof public.crm_contacts
  language sql
  stable
  rows 20
  set search_path = ''
as $$
  select * from private.find_contacts(
    private.search_patterns(p_query), p_contact_type, least(greatest(p_limit, 0), 100));
$$;
revoke execute on function public.search_contacts from public, anon, authenticated;
grant execute on function public.search_contacts to authenticated, service_role;

revoke execute on all functions in schema private from public;
grant execute on function private.search_patterns, private.find_contacts
  to authenticated, service_role;
