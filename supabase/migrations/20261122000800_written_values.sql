-- What people write: numbers become E.164, blank text becomes none, and what is too long, too deep or
-- of the wrong kind is refused with the column's name. Only what a write changes is looked at, so that
-- an old row's value holds nobody up who changes another.

-- Refuses a value: 22023, "column: reason".
create or replace function private.refuse_value(p_column text, p_reason text)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  raise exception '%: %', p_column, p_reason using errcode = '22023';
end $$;

-- Lists of words and objects, at most 64 kB and eight levels deep: what a browser can show, and
-- Postgres reads without harm. What a script is besides, its own check says.
create or replace function private.check_json(p_column text, p_rule text, p_value jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  if octet_length(p_value::text) > 65536 then
    perform private.refuse_value(p_column, 'at most 64 kB');
  elsif p_rule = 'words' and (jsonb_typeof(p_value) <> 'array' or exists (
      select 1 from jsonb_array_elements(case jsonb_typeof(p_value) when 'array' then p_value end) w
      where jsonb_typeof(w) <> 'string' or length(w #>> '{}') not between 1 and 100)) then
    perform private.refuse_value(p_column, 'a list of words of at most 100 characters is needed');
  elsif p_rule <> 'words' and jsonb_typeof(p_value) <> 'object' then
    perform private.refuse_value(p_column, 'an object is needed');
  elsif p_rule = 'skills' and exists (
      select 1 from jsonb_each(p_value)
      where jsonb_typeof(value) not in ('boolean', 'number') or length(key) not between 1 and 100) then
    perform private.refuse_value(p_column, 'a skill is true, false or a level, such as {"en": 2}');
  elsif jsonb_path_exists(p_value, 'strict $.**{8 to last}') then
    perform private.refuse_value(p_column, 'at most eight levels deep');
  end if;
end $$;

-- An e-mail address, without what is around it; blank is none. Whether anybody reads it, only a message can tell.
create or replace function private.address_written(p_column text, p_text text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_text constant text := regexp_replace(p_text, '^\s+|\s+$', '', 'g');
begin
  if v_text = '' then
    return null;
  elsif v_text !~ '^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$' or length(v_text) > 255 then
    perform private.refuse_value(p_column, 'an e-mail address is needed, such as ana@example.com');
  end if;
  return v_text;
end $$;

-- What a value becomes by its rule: number and numbers (E.164), address (of e-mail), words, object, skills, or
-- the most characters of a text, of which blank is none.
create or replace function private.value_written(p_column text, p_rule text, p_value jsonb)
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_text constant text := p_value #>> '{}';
begin
  if p_value = 'null' then
    return p_value;
  elsif p_rule = 'number' then
    return to_jsonb(private.number_written(p_column, v_text));
  elsif p_rule = 'numbers' then
    return (select coalesce(jsonb_agg(private.number_written(p_column, number)), '[]')
      from jsonb_array_elements_text(p_value) as number);
  elsif p_rule = 'address' then
    return to_jsonb(private.address_written(p_column, v_text));
  elsif p_rule !~ '^\d+$' then
    perform private.check_json(p_column, p_rule, p_value);
  elsif v_text ~ '^\s*$' then
    return 'null';
  elsif length(v_text) > p_rule::integer then
    perform private.refuse_value(p_column,
      format('at most %s characters, not %s', p_rule, length(v_text)));
  end if;
  return p_value;
end $$;

-- The trigger's arguments are columns and their rules, in turn.
create or replace function private.check_written()
  returns trigger
  language plpgsql
  security definer  -- its parts are private; browsers write these tables
  set search_path = ''
as $$
declare
  v_old constant jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) end;
  v_new constant jsonb := to_jsonb(new);
  v_value jsonb;
  v_changed jsonb := '{}';
begin
  for i in 0 .. tg_nargs - 1 by 2 loop
    if v_old is null or v_new -> tg_argv[i] <> v_old -> tg_argv[i] then
      v_value := coalesce(
        private.value_written(tg_argv[i], tg_argv[i + 1], v_new -> tg_argv[i]), 'null');
      if v_value <> v_new -> tg_argv[i] then
        v_changed := v_changed || jsonb_build_object(tg_argv[i], v_value);
      end if;
    end if;
  end loop;
  if v_changed <> '{}' then
    new := jsonb_populate_record(new, v_changed);
  end if;
  return new;
end $$;

create or replace trigger call_center_agents_b_written
  before insert or update of extension, phone_number, skills, break_reason, next_reason
  on public.call_center_agents
  for each row execute function private.check_written(
    'extension', '20', 'phone_number', 'number', 'skills', 'skills', 'break_reason', '100',
    'next_reason', '100');
create or replace trigger crm_contacts_b_written
  before insert or update of phone_number, other_numbers, company_phone, email, first_name, last_name,
    company_name, source, notes, tags, custom_fields on public.crm_contacts
  for each row execute function private.check_written(
    'phone_number', 'number', 'other_numbers', 'numbers', 'company_phone', 'number', 'email', 'address',
    'first_name', '100', 'last_name', '100', 'company_name', '255', 'source', '50', 'notes', '20000',
    'tags', 'words', 'custom_fields', 'object');
create or replace trigger ivr_scripts_b_written
  before insert or update of name, description, language, welcome_message, script_data
  on public.ivr_scripts
  for each row execute function private.check_written(
    'name', '100', 'description', '1000', 'language', '10', 'welcome_message', '4000',
    'script_data', 'script');
create or replace trigger call_queues_b_written
  before insert or update of name, description, wait_music_url, closed_message, voicemail_greeting,
    voicemail_greeting_url, voicemail_notify, required_skills on public.call_queues
  for each row execute function private.check_written(
    'name', '100', 'description', '1000', 'wait_music_url', '2000', 'closed_message', '4000',
    'voicemail_greeting', '4000', 'voicemail_greeting_url', '2000', 'voicemail_notify', 'numbers',
    'required_skills', 'skills');
create or replace trigger voicemails_b_written
  before update of caller_name, transcription on public.voicemails
  for each row when (current_user = 'authenticated')
  execute function private.check_written('caller_name', '255', 'transcription', '20000');
create or replace trigger call_notes_b_written
  before insert or update of note_text on public.call_notes
  for each row execute function private.check_written('note_text', '20000');

-- Telephony writes these many times a call, and in order; browsers write the customer's number of a
-- call that they start, as it was typed.
create or replace trigger call_records_b_written_new
  before insert on public.call_records
  for each row when (current_user = 'authenticated')
  execute function private.check_written('call_id', '100', 'caller_number', 'number',
    'caller_name', '255', 'receiver_number', 'number', 'notes', '20000', 'disposition', '50',
    'custom_data', 'object');
create or replace trigger call_records_b_written
  before update of caller_name, notes, disposition, custom_data on public.call_records
  for each row when (current_user = 'authenticated')
  execute function private.check_written(
    'caller_name', '255', 'notes', '20000', 'disposition', '50', 'custom_data', 'object');

-- Of those who give a number to a contact at this moment, one at a time does, and sees what the one before it did.
create or replace function private.lock_number(p_number text)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('number ' || p_number, 0));
end $$;

-- A contact's other numbers, each once and none their own. One that is another contact's already is refused: whose
-- would its calls be?
create or replace function private.check_other_numbers()
  returns trigger
  language plpgsql
  security definer  -- looks among all contacts, whoever writes one
  set search_path = ''
as $$
declare
  v_had constant text[] := case tg_op when 'UPDATE' then old.other_numbers else '{}' end;
  v_number text;
begin
  new.other_numbers := array(
    select number from unnest(new.other_numbers) with ordinality as n (number, place)
    where number <> new.phone_number group by number order by min(place));
  if cardinality(new.other_numbers) > 50 then
    perform private.refuse_value('other_numbers', 'at most 50 numbers');
  end if;
  for v_number in select n from unnest(new.other_numbers) n where n <> all (v_had) order by n loop
    perform private.lock_number(v_number);
    if private.contact_with_number(v_number) <> new.id then
      raise exception 'other_numbers: % is another contact''s number', v_number
        using errcode = '23505', hint = 'Merge the two contacts.';
    end if;
  end loop;
  return new;
end $$;

create or replace trigger crm_contacts_c_numbers
  before insert or update of phone_number, other_numbers on public.crm_contacts
  for each row when (new.other_numbers <> '{}') execute function private.check_other_numbers();

-- Whoever gives a number a contact of its own takes it from the contact that had it among others: pages that know of
-- phone_number alone look there, and add who is not there.
create or replace function private.take_number()
  returns trigger
  language plpgsql
  security definer  -- changes another contact than the one that is written
  set search_path = ''
as $$
begin
  perform private.lock_number(new.phone_number);
  update public.crm_contacts set other_numbers = array_remove(other_numbers, new.phone_number)
  where other_numbers @> array[new.phone_number] and other_numbers <> '{}';
  return null;
end $$;

create or replace trigger crm_contacts_take_number
  after insert or update of phone_number on public.crm_contacts
  for each row execute function private.take_number();

-- A time zone that no moment can be told in would break every statistic.
create or replace function private.check_settings()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  if not exists (select 1 from pg_catalog.pg_timezone_names where name = new.time_zone) then
    raise exception 'time_zone: % is not the name of a time zone', new.time_zone
      using errcode = '22023', hint = 'Such as America/Bogota.';
  end if;
  return new;
end $$;

create or replace trigger settings_check
  before insert or update of time_zone on private.settings
  for each row execute function private.check_settings();

revoke execute on all functions in schema private from public;
