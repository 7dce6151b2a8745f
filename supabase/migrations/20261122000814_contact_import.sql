-- Contacts that somebody has in a list of their own: found by number or added, row by row, so that a row that is
-- refused holds up no other.

-- What a row gives a contact: its columns that are not blank, checked as far as the table's own checks do not say what
-- is wrong with them. Refuses a column that is none, with 22023, "column: reason".
create or replace function private.contact_given(p_row jsonb)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_kinds constant jsonb := '{"phone_number": "string", "other_numbers": "array", "email": "string",
    "first_name": "string", "last_name": "string", "company_name": "string", "company_phone": "string",
    "contact_type": "string", "source": "string", "notes": "string", "tags": "array", "custom_fields": "object",
    "do_not_call": "boolean"}';
  v_key text;
  v_value jsonb;
  v_given jsonb := '{}';
begin
  for v_key, v_value in select key, value from jsonb_each(p_row - 'line') loop
    if not v_kinds ? v_key then
      perform private.refuse_value(v_key,
        'is none of ' || array_to_string(array(select jsonb_object_keys(v_kinds)), ', '));
    elsif v_value not in ('null', '""', '[]', '{}') and v_value #>> '{}' !~ '^\s*$' then
      if jsonb_typeof(v_value) <> v_kinds ->> v_key then
        perform private.refuse_value(v_key, case v_kinds ->> v_key when 'boolean' then 'true or false is needed'
          else format('an %s is needed, not %s', v_kinds ->> v_key, jsonb_typeof(v_value)) end);
      end if;
      v_given := v_given || jsonb_build_object(v_key, v_value);
    end if;
  end loop;
  if v_given ->> 'contact_type' not in ('client', 'prospect', 'lead', 'customer') then
    perform private.refuse_value('contact_type', 'one of client, prospect, lead, customer');
  end if;
  return v_given;
end $$;

-- A contact with what a row gives it: tags are those of the row, numbers and custom fields are added.
create or replace function private.contact_with(p_contact public.crm_contacts, p_given jsonb)
  returns public.crm_contacts
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_contact public.crm_contacts := jsonb_populate_record(p_contact, p_given - 'phone_number' - 'other_numbers');
begin
  v_contact.custom_fields := coalesce(p_contact.custom_fields, '{}') || coalesce(p_given -> 'custom_fields', '{}');
  v_contact.other_numbers := coalesce(p_contact.other_numbers, '{}') || array(
    select n.number from jsonb_array_elements_text(p_given -> 'other_numbers') as g (written)
    cross join lateral (select private.number_written('other_numbers', g.written) as number) n
    where n.number <> v_contact.phone_number and n.number <> all (coalesce(p_contact.other_numbers, '{}')));
  if p_given ? 'company_phone' then
    v_contact.company_phone := private.number_written('company_phone', p_given ->> 'company_phone');
  end if;
  return v_contact;
end $$;

-- Takes in a row: created, updated or unchanged. A blank column leaves what is there.
create or replace function private.import_contact(p_row jsonb)
  returns text
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_given constant jsonb := private.contact_given(p_row);
  v_number constant text := private.number_written('phone_number', v_given ->> 'phone_number');
  v_id uuid := private.hold_contact(v_number);
  v_old public.crm_contacts;
  v_new public.crm_contacts;
begin
  if v_number is null then
    perform private.refuse_value('phone_number', 'a number is needed');
  elsif v_id is null then
    v_old.phone_number := v_number;
    v_new := private.contact_with(v_old, v_given);
    insert into public.crm_contacts (phone_number, other_numbers, email, first_name, last_name, company_name,
      company_phone, contact_type, source, notes, tags, custom_fields, do_not_call, created_at)
    values (v_number, v_new.other_numbers, v_new.email, v_new.first_name, v_new.last_name, v_new.company_name,
      v_new.company_phone, coalesce(v_new.contact_type, 'lead'), coalesce(v_new.source, 'import'), v_new.notes,
      coalesce(v_new.tags, '[]'), v_new.custom_fields, coalesce(v_new.do_not_call, false), private.clock())
    on conflict (phone_number) do nothing;
    if found then
      return 'created';
    end if;
    v_id := private.hold_contact(v_number);
  end if;
  select * into v_old from public.crm_contacts where id = v_id for no key update;
  v_new := private.contact_with(v_old, v_given);
  if v_new is not distinct from v_old then
    return 'unchanged';
  end if;
  update public.crm_contacts set (other_numbers, email, first_name, last_name, company_name, company_phone,
      contact_type, source, notes, tags, custom_fields, do_not_call)
    = (v_new.other_numbers, v_new.email, v_new.first_name, v_new.last_name, v_new.company_name, v_new.company_phone,
      v_new.contact_type, v_new.source, v_new.notes, v_new.tags, v_new.custom_fields, v_new.do_not_call)
  where id = v_old.id;
  return 'updated';
end $$;

-- Takes in up to 500 rows (p_rows: objects of contacts' columns, and line, which is any number of the caller's), each
-- a contact that is found by its number or added. Answers {created, updated, unchanged, refused: [{line, column,
-- reason}]}; twice does no harm.
create or replace function public.import_contacts(p_rows jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer  -- its parts are private; admits its caller as the policies on contacts do
  set search_path = ''
as $$
declare
  v_row jsonb;
  v_became text;
  v_counts jsonb := '{"created": 0, "updated": 0, "unchanged": 0}';
  v_refused jsonb := '[]';
begin
  if private.my_agent_id() is null and not private.is_admin() and auth.role() is distinct from 'service_role' then
    perform private.refuse(403, 'not_an_agent', 'Only agents and supervisors may do this.');
  elsif jsonb_typeof(p_rows) is distinct from 'array'
    or jsonb_path_exists(p_rows, '$[*] ? (@.type() <> "object")') then
    perform private.refuse_value('p_rows', 'a list of objects is needed');
  elsif jsonb_array_length(p_rows) > 500 then
    perform private.refuse_value('p_rows', 'at most 500 at once');
  end if;
  perform private.lock_contact_lists();
  for v_row in select r from jsonb_array_elements(p_rows) with ordinality as given (r, place) order by place loop
    begin
      v_became := private.import_contact(v_row);
      v_counts := jsonb_set(v_counts, array[v_became], to_jsonb((v_counts ->> v_became)::integer + 1));
    exception
      when data_exception or integrity_constraint_violation then
        v_refused := v_refused || jsonb_build_object('line', v_row -> 'line',
          'column', substring(sqlerrm from '^(\w+): '), 'reason', regexp_replace(sqlerrm, '^\w+: ', ''));
    end;
  end loop;
  return v_counts || jsonb_build_object('refused', v_refused);
end $$;
revoke execute on function public.import_contacts from public, anon, authenticated;
grant execute on function public.import_contacts to authenticated, service_role;

revoke execute on all functions in schema private from public;
