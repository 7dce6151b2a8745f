-- Finding a contact by words in their number, e-mail and names, in any order and without accents.
--
-- Trigrams find parts of words through an index. A query on the table as a signed-in user cannot use
-- it, whatever the policy: `ilike` is not marked leakproof, so Postgres checks the policy of every row
-- first, and only a superuser may mark it. So the search is a function that admits the caller once
-- and then reads the table as its owner; the query on the table still works, by reading every row.

create extension if not exists pg_trgm with schema extensions;

-- What a contact is found by, folded: each word after a blank. Whoever writes a contact evaluates it,
-- for the index.
create or replace function private.contact_words(
  p_number text, p_email text, p_first_name text, p_last_name text)
  returns text
  language plpgsql
  immutable
  parallel safe
  cost 10
  set search_path = ''
as $$
begin
  return ' ' || private.fold_words(concat_ws(' ', p_number, p_email, p_first_name, p_last_name));
end $$;
grant execute on function private.contact_words, private.fold_words to authenticated, service_role;

-- The extension may have been there before, in another schema.
do $$
begin
  execute format(
    'create index if not exists crm_contacts_search_idx on public.crm_contacts using gin (
      private.contact_words(phone_number, email, first_name, last_name) %I.gin_trgm_ops)',
    (select extnamespace::regnamespace::text from pg_extension where extname = 'pg_trgm'));
end $$;

-- What to look for, all of it: of each word the part that has three letters or digits in a row;
-- fewer only where a word begins, for there every trigram is known. A telephone number may be written
-- as people write it, in part: its digits are one word.
create or replace function private.search_patterns(p_query text)
  returns text[]
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return (
    select coalesce(array_agg(case when word ~ '[a-z0-9]{3}' then '%' || word || '%'
      else '% ' || word || '%' end), '{}')
    from (
      select regexp_replace(regexp_replace(word, '^[^[:alnum:]]+', ''), '([%_\\])', '\\\1', 'g') as word
      from regexp_split_to_table(case when p_query ~ '^[-+0-9 ().]+$'
        then regexp_replace(p_query, '[^0-9]', '', 'g') else private.fold_words(p_query) end, ' ') word
      limit 10) as plain
    where word <> '');
end $$;

-- Up to p_limit contacts that match all of the patterns, of this type (null: any). What many match
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
  -- One condition a pattern: the index does not serve `like all`.
  v_matching constant text := ' c where ($2 is null or contact_type = $2)' || (
    select string_agg(format(
      ' and private.contact_words(phone_number, email, first_name, last_name) like $1[%s]', i), '')
    from generate_subscripts(p_patterns, 1) as i) || ' limit $3';
  v_seqscan constant text := current_setting('enable_seqscan');
  v_found public.crm_contacts[];
begin
  if private.my_agent_id() is null and not public.check_is_admin()
    and auth.role() is distinct from 'service_role' then
    return;
  end if;
  execute 'select array(select c from (select * from public.crm_contacts limit 1000)'
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

-- Contacts with all these words in their number, e-mail or names, in no order; nobody for nothing to
-- look for. A number that is in none as it is written is looked for as the number it is.
create or replace function public.search_contacts(
  p_query text, p_contact_type text default null, p_limit integer default 20)
  returns setof public.crm_contacts
  language plpgsql
  stable
  security definer  -- its parts are private; find_contacts admits its caller
  rows 20
  set search_path = ''
as $$
declare
  v_patterns constant text[] := private.search_patterns(left(p_query, 200));
  v_limit constant integer := least(greatest(p_limit, 0), 100);
begin
  if v_patterns <> '{}' then
    return query select * from private.find_contacts(v_patterns, p_contact_type, v_limit);
  end if;
  if not found and private.e164(p_query) is not null then
    return query select * from private.find_contacts(
      array['%' || private.e164(p_query) || '%'], p_contact_type, v_limit);
  end if;
end $$;
revoke execute on function public.search_contacts from public, anon, authenticated;
grant execute on function public.search_contacts to authenticated, service_role;

revoke execute on all functions in schema private from public;
