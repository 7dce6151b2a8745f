-- Finding a contact by words in their numbers, e-mail and names, in any order and without accents, the newest first.
--
-- Trigrams find parts of words through an index. A query on the table as a signed-in user cannot use
-- it, whatever the policy: `ilike` is not marked leakproof, so Postgres checks the policy of every row
-- first, and only a superuser may mark it. So the search is a function that admits the caller once
-- and then reads the table as its owner; the query on the table still works, by reading every row.

create extension if not exists pg_trgm with schema extensions;

-- What a contact is found by, folded: each word after a blank, and so are a number without its plus and where an e-mail
-- is. Trigrams take these for words anyway: two letters with which one begins would else be looked for in each contact
-- that has it, and found in none. Whoever writes a contact evaluates it, for the index.
create or replace function private.contact_words(
  p_number text, p_email text, p_first_name text, p_last_name text, p_other_numbers text[])
  returns text
  language plpgsql
  immutable
  parallel safe
  cost 10
  set search_path = ''
as $$
begin
  return ' ' || private.fold_words(concat_ws(' ', ltrim(p_number, '+'), p_email, split_part(p_email, '@', 2),
    p_first_name, p_last_name, replace(array_to_string(p_other_numbers, ' '), '+', '')));
end $$;
grant execute on function private.contact_words, private.fold_words to authenticated, service_role;

-- The extension may have been there before, in another schema.
do $$
begin
  execute format(
    'create index if not exists crm_contacts_search_idx on public.crm_contacts using gin (
      private.contact_words(phone_number, email, first_name, last_name, other_numbers) %I.gin_trgm_ops)',
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

-- Up to p_limit contacts that match all of the patterns, of this type (null: any), the newest first, of those that are
-- older than p_before. What many match is found among the newest, what is rarer through the index.
create or replace function private.find_contacts(
  p_patterns text[], p_contact_type text, p_limit integer, p_before timestamptz, p_before_id uuid)
  returns setof public.crm_contacts
  language plpgsql
  stable
  security definer  -- see above: admits its caller as the policy on contacts does
  set search_path = ''
as $$
declare
  v_older constant text := ' where (created_at, id) < ($4, $5)';
  v_newest_first constant text := ' order by created_at desc, id desc limit ';
  -- One condition a pattern: the index does not serve `like all`.
  v_matching constant text := ' where ($2 is null or contact_type = $2)' || coalesce((
    select string_agg(format(
      ' and private.contact_words(phone_number, email, first_name, last_name, other_numbers) like $1[%s]',
      i), '')
    from generate_subscripts(p_patterns, 1) as i), '');
  v_seqscan constant text := current_setting('enable_seqscan');
  v_before constant timestamptz := coalesce(p_before, 'infinity');
  v_before_id constant uuid := coalesce(p_before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  v_found public.crm_contacts[];
begin
  if private.my_agent_id() is null and not public.check_is_admin()
    and auth.role() is distinct from 'service_role' then
    return;
  elsif p_patterns = '{}' then
    return query execute 'select * from public.crm_contacts' || v_older || ' and ($2 is null or contact_type = $2)'
      || v_newest_first || '$3' using p_patterns, p_contact_type, p_limit, v_before, v_before_id;
    return;
  end if;
  execute 'select array(select c::public.crm_contacts from (select * from public.crm_contacts' || v_older
    || v_newest_first || '1000) c' || v_matching || v_newest_first || '$3)'
    into v_found using p_patterns, p_contact_type, p_limit, v_before, v_before_id;
  if cardinality(v_found) < p_limit then
    -- The planner would still hope for luck in the first rows, and read all of them; found as a whole, there is none.
    perform set_config('enable_seqscan', 'off', true);
    execute 'with found as materialized (select * from public.crm_contacts' || v_matching
      || ') select array(select c::public.crm_contacts from found c' || v_older || v_newest_first || '$3)'
      into v_found using p_patterns, p_contact_type, p_limit, v_before, v_before_id;
    perform set_config('enable_seqscan', v_seqscan, true);
  end if;
  return query select * from unnest(v_found);
end $$;

-- Contacts with all these words in their numbers, e-mail or names, in no order; nobody for nothing to look for, and
-- anybody for null. A number that is in none as it is written is looked for as the number it is. The newest come
-- first, p_limit of them (100 at most); the next page is of those before the last one's created_at and id.
create or replace function public.search_contacts(
  p_query text, p_contact_type text default null, p_limit integer default 20,
  p_before timestamptz default null, p_before_id uuid default null)
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
  if v_patterns <> '{}' or p_query is null then
    return query select * from private.find_contacts(
      v_patterns, p_contact_type, v_limit, p_before, p_before_id);
  end if;
  if not found and p_before is null and private.e164(p_query) is not null then
    return query select * from private.find_contacts(
      private.search_patterns(private.e164(p_query)), p_contact_type, v_limit, null, null);
  end if;
end $$;
revoke execute on function public.search_contacts from public, anon, authenticated;
grant execute on function public.search_contacts to authenticated, service_role;

revoke execute on all functions in schema private from public;
