-- Telephone numbers, read as people write them. The service reads by the same rules
-- (callcenter.phone), from the same metadata (private.countries): whoever writes a number, it becomes
-- the same one, or is refused.

-- What a carrier shows that must send a number where there is none to show: one of these words,
-- spelled on the keys of a telephone.
create or replace function private.is_withheld(p_number text)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return left(p_number, 1) = '+' and substr(p_number, 2) = any (string_to_array(translate(
    'ANONYMOUS RESTRICTED BLOCKED UNKNOWN UNAVAILABLE PRIVATE WITHHELD',
    ' ABCDEFGHIJKLMNOPQRSTUVWXYZ', '|22233344455566677778889999'), '|'));
end $$;

-- The digits of a number, after a plus where it has one; null where there is anything else. What
-- copying leaves and nobody sees goes; so does what is written between digits.
create or replace function private.dialled_digits(p_written text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_plain text;
begin
  if p_written is null or length(p_written) > 60 then
    return null;
  end if;
  v_plain := btrim(regexp_replace(normalize(p_written, nfkc),
    '[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]', '', 'g'), E' \t\r\n');
  v_plain := regexp_replace(v_plain, '^tel:', '', 'i');
  if v_plain !~ '^[ \t\r\n()\[\]./\-\u2010-\u2015\u2212~]*[+]?[0-9 \t\r\n()\[\]./\-\u2010-\u2015\u2212~]*$' then
    return null;
  end if;
  return regexp_replace(v_plain, '[^0-9+]', '', 'g');
end $$;

-- A national number without the prefix that is dialled before it at home.
create or replace function private.without_national_prefix(
  p_digits text, p_country private.countries)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_prefix constant text := '^(?:' || p_country.national_prefix || ')';
  v_groups constant text[] := regexp_match(p_digits, v_prefix);
  v_rest text;
begin
  if v_groups is null then
    return p_digits;
  elsif p_country.national_rewrite is null or v_groups[cardinality(v_groups)] is null then
    v_rest := regexp_replace(p_digits, v_prefix, '');
  else
    v_rest := regexp_replace(p_digits, v_prefix, p_country.national_rewrite);
  end if;
  return case when p_digits ~ ('^(?:' || p_country.numbers || ')$')
    and v_rest !~ ('^(?:' || p_country.numbers || ')$') then p_digits else v_rest end;
end $$;

-- A national number as it is today, from its digits with or without the national prefix.
create or replace function private.national_number(p_digits text, p_country private.countries)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_rest constant text := private.without_national_prefix(p_digits, p_country);
begin
  return case when length(v_rest) = any (p_country.lengths)
    or length(v_rest) > p_country.lengths[cardinality(p_country.lengths)]
    then v_rest else p_digits end;
end $$;

-- A national number in E.164. One that can exist in the country is: it looks like one, or like one
-- of before the country changed them all. Where p_possible, the right length is enough, since
-- countries open new ranges more often than we learn of it; but a 0 in front is a prefix misread.
create or replace function private.number_of_country(
  p_national text, p_country_code text, p_possible boolean)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_plan private.countries;
  v_national text := p_national;
begin
  select * into v_plan from private.countries where country_code = p_country_code and main;
  if v_national !~ ('^(?:' || v_plan.numbers || ')$') and v_plan.old_numbers is not null then
    v_national := regexp_replace(v_national, '^' || v_plan.old_numbers || '$', v_plan.old_rewrite);
  end if;
  if v_national ~ ('^(?:' || v_plan.numbers || ')$') or (p_possible
    and length(v_national) = any (v_plan.lengths) and left(v_national, 1) <> '0') then
    return '+' || p_country_code || v_national;
  end if;
  return null;
end $$;

-- The E.164 of digits that begin with a country's code; null where there is no such number.
create or replace function private.international_number(p_digits text, p_possible boolean)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_country private.countries;
begin
  select * into v_country from private.countries
  where country_code in (left(p_digits, 1), left(p_digits, 2), left(p_digits, 3)) and main
  order by length(country_code) limit 1;
  if not found then
    return null;
  end if;
  return private.number_of_country(
    private.national_number(substr(p_digits, length(v_country.country_code) + 1), v_country),
    v_country.country_code, p_possible);
end $$;

-- The E.164 of digits as they are written in a country, perhaps with its code but no plus.
create or replace function private.number_at_home(p_digits text, p_country private.countries)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_code constant text := p_country.country_code;
  v_rest text;
  v_national text := private.national_number(p_digits, p_country);
begin
  if starts_with(p_digits, v_code) then
    v_rest := private.without_national_prefix(substr(p_digits, length(v_code) + 1), p_country);
    if length(p_digits) > p_country.lengths[cardinality(p_country.lengths)]
      or (p_digits !~ ('^(?:' || p_country.numbers || ')$')
        and v_rest ~ ('^(?:' || p_country.numbers || ')$')) then
      v_national := private.international_number(v_code || v_rest, false);
      return coalesce(v_national, private.international_number(p_digits, false));
    end if;
  end if;
  return coalesce(private.number_of_country(v_national, v_code, false), case
    when starts_with(p_digits, v_code) then private.international_number(p_digits, false) end);
end $$;

-- A number in E.164, or null where there is none: withheld, words, digits that are no number. Without
-- a country's code it is one of p_region's (null: the call centre's own).
create or replace function private.e164(p_written text, p_region text default null)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_dialled constant text := private.dialled_digits(p_written);
  v_home private.countries;
  v_number text;
  v_abroad text;
begin
  if coalesce(v_dialled, '') = '' or private.is_withheld(v_dialled) then
    return null;
  elsif left(v_dialled, 1) = '+' then
    return private.international_number(substr(v_dialled, 2), true);
  elsif left(v_dialled, 2) = '00' then  -- as all the world writes it, whatever carriers a country has
    v_number := private.international_number(substr(v_dialled, 3), true);
    if v_number is not null then
      return v_number;
    end if;
  end if;
  select c.* into v_home from private.countries c
  where c.region = coalesce(p_region, (select default_region from private.settings));
  v_abroad := regexp_substr(v_dialled, '^(?:' || v_home.international_prefix || ')');
  if v_abroad is not null and substr(v_dialled, length(v_abroad) + 1, 1) <> '0' then
    return private.international_number(substr(v_dialled, length(v_abroad) + 1), true);
  end if;
  return private.number_at_home(v_dialled, v_home);
end $$;

-- The country that a number without a country's code is of; `callcenter doctor` asks whether the service's
-- DEFAULT_REGION is the same.
create or replace function public.read_default_region()
  returns text
  language plpgsql
  stable
  security definer  -- private table; only service_role may execute
  set search_path = ''
as $$
begin
  return (select default_region from private.settings);
end $$;
revoke execute on function public.read_default_region from public, anon, authenticated;
grant execute on function public.read_default_region to service_role;

-- What a person wrote into p_field as a number, in E.164; null for blank. Anything else is refused
-- with 22023, "field: reason".
create or replace function private.number_written(p_field text, p_written text)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_number constant text := private.e164(p_written);
begin
  if v_number is null and btrim(p_written) <> '' then
    raise exception '%: % is no telephone number', p_field, p_written using errcode = '22023',
      hint = 'Such as 300 123 4567, or with the country''s code +34 612 345 678: with the area''s'
        ' digits (601 555 0001), without an extension, and nobody''s withheld number.';
  end if;
  return v_number;
end $$;

-- A number as it is read out, digit by digit: whole, without the country's code at home; null where
-- it is withheld.
create or replace function private.spelled(p_number text)
  returns text
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_home text;
begin
  if p_number !~ '^\+[0-9]+$' then
    return null;
  end if;
  select '+' || c.country_code into v_home
  from private.settings s join private.countries c on c.region = s.default_region;
  return btrim(regexp_replace(case when starts_with(p_number, v_home)
    then substr(p_number, length(v_home) + 1) else p_number end, '\D*(\d)\D*', '\1 ', 'g'));
end $$;

-- A caller's name as their carrier tells it, or null where it is none: blank, the number once more,
-- or words for there being no name.
create or replace function private.told_name(p_name text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_name constant text := btrim(regexp_replace(p_name, '\s+', ' ', 'g'));
  v_words constant text[] :=
    string_to_array(btrim(regexp_replace(private.fold_words(v_name), '[^a-z]+', ' ', 'g')), ' ');
begin
  if length(regexp_replace(v_name, '[[:digit:][:punct:][:space:]]', '', 'g')) < 2
    or v_words <@ '{anonymous,area,available,blocked,call,caller,cell,cellular,id,mobile,name,no,not,
      null,number,of,out,phone,private,restricted,unavailable,unknown,wireless,withheld,anonima,anonimo,
      celular,desconocida,desconocido,disponible,identificar,llamada,nombre,numero,oculta,oculto,privada,
      privado,restringido,sin}'::text[] and v_words <> '{}' then
    return null;
  end if;
  return left(v_name, 255);
end $$;

-- A contact's name, or null where there is none.
create or replace function private.full_name(p_contact public.crm_contacts)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return nullif(btrim(concat_ws(' ', btrim(p_contact.first_name), btrim(p_contact.last_name))), '');
end $$;

-- Old rows' numbers. Nothing is merged and nothing lost: what is no number stays as it was written,
-- and so does one that another contact already has; of several that become the same the oldest does.
select set_config('lock_timeout', '10s', true);
select set_config('statement_timeout', '0', true);

-- Whether a number that an old row holds is perhaps not what it would be today.
create or replace function pg_temp.needs_reading(p_number text)
  returns boolean
  language sql
  stable
as $$
  select p_number !~ '^\+[1-9][0-9]{6,14}$' or p_number ~ (
    select string_agg('^\+' || country_code || '(?:' || old_numbers || ')$', '|')
    from private.countries where old_numbers is not null) or private.is_withheld(p_number);
$$;

update public.crm_contacts c set phone_number = w.number
from (
  select id, number, row_number() over (partition by number order by created_at, id) as place
  from (select id, created_at, private.e164(phone_number) as number from public.crm_contacts
    where pg_temp.needs_reading(phone_number)) as w
) as w
where w.id = c.id and w.place = 1 and w.number <> c.phone_number
  and not exists (select 1 from public.crm_contacts o where o.phone_number = w.number);

-- Whoever is left is told why, beside the number.
update public.crm_contacts c
set custom_fields = case jsonb_typeof(c.custom_fields) when 'object' then c.custom_fields
    else jsonb_build_object('old_custom_fields', c.custom_fields) end
  || jsonb_build_object('phone_number_note',
    coalesce('the same number as contact ' || o.id, 'no telephone number'))
from public.crm_contacts w
left join public.crm_contacts o on o.phone_number = private.e164(w.phone_number)
where w.id = c.id and pg_temp.needs_reading(w.phone_number) and o.id is distinct from c.id
  and c.custom_fields -> 'phone_number_note' is null;

update public.crm_contacts set company_phone = private.e164(company_phone)
where pg_temp.needs_reading(company_phone) and private.e164(company_phone) <> company_phone;
update public.call_center_agents set phone_number = private.e164(phone_number)
where pg_temp.needs_reading(phone_number) and private.e164(phone_number) <> phone_number;
update public.call_records set caller_number = private.e164(caller_number)
where pg_temp.needs_reading(caller_number) and private.e164(caller_number) <> caller_number;
update public.voicemails set caller_number = private.e164(caller_number)
where pg_temp.needs_reading(caller_number) and private.e164(caller_number) <> caller_number;

revoke execute on all functions in schema private from public;
