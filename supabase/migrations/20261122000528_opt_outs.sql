-- Who wants no text messages from us: asked before any is sent, to customers and to staff.

-- Whether a number's owner wants none.
create or replace function private.is_opted_out(p_number text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return exists (select 1 from private.opt_outs where number = p_number and in_force);
end $$;

-- Keeps what a number's owner wants, as it was known at a moment: what is known since then stays.
create or replace function private.set_opt_out(
  p_number text, p_in_force boolean, p_source text, p_at timestamptz)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  insert into private.opt_outs as o (number, in_force, source, changed_at)
  values (p_number, p_in_force, p_source, p_at)
  on conflict (number) do update
  set in_force = p_in_force, source = p_source, changed_at = p_at
  where o.changed_at <= p_at and o.in_force <> p_in_force;
end $$;

-- What somebody wrote without what says nothing: signs, pictures, and words of courtesy.
create or replace function private.bare_words(p_words text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_folded constant text := private.fold_words(regexp_replace(p_words, '[\u200b-\u200f\u2060\ufeff]', '', 'g'));
begin
  return btrim(regexp_replace(regexp_replace(v_folded, '[^[:alnum:]]+', ' ', 'g'),
    '\m(por favor|gracias|please|thanks|thank you|obrigado|obrigada|merci)\M| +', ' ', 'g'));
end $$;

-- What a message's words ask for: true to opt out, false to opt in, null for neither. The whole message is the word.
create or replace function private.wants_out(p_words text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (select opts_out from private.opt_out_words where word = private.bare_words(p_words));
end $$;

revoke execute on all functions in schema private from public;
