-- What a script was: each version that was saved, who saved it and when. The way back to one is to save it again.

create table if not exists private.ivr_script_versions (
  id bigint generated always as identity primary key,
  script_id uuid not null references public.ivr_scripts (id) on delete cascade,
  version integer not null,
  language text not null,
  welcome_message text,
  script_data jsonb not null,
  saved_at timestamptz not null,
  -- Null: the owner of the database, or the service.
  saved_by uuid references auth.users (id) on delete set null
);
create index if not exists ivr_script_versions_script_idx on private.ivr_script_versions (script_id, id);
create index if not exists ivr_script_versions_saved_by_idx on private.ivr_script_versions (saved_by)
  where saved_by is not null;

-- Keeps what callers hear of a script, and of its versions the last (keep_script_versions).
create or replace function private.keep_script_version()
  returns trigger
  language plpgsql
  security definer  -- the history is private; supervisors write the scripts
  set search_path = ''
as $$
begin
  insert into private.ivr_script_versions
    (script_id, version, language, welcome_message, script_data, saved_at, saved_by)
  values (new.id, new.version, new.language, new.welcome_message, new.script_data, private.clock(), auth.uid());
  delete from private.ivr_script_versions where id in (
    select id from private.ivr_script_versions where script_id = new.id
    order by id desc offset (select keep_script_versions from private.settings));
  return null;
end $$;

create or replace trigger ivr_scripts_keep_first
  after insert on public.ivr_scripts
  for each row execute function private.keep_script_version();
create or replace trigger ivr_scripts_keep_version
  after update on public.ivr_scripts
  for each row when ((new.language, new.welcome_message, new.script_data)
    is distinct from (old.language, old.welcome_message, old.script_data))
  execute function private.keep_script_version();

-- Scripts that are older than their history begin it as they are.
insert into private.ivr_script_versions (script_id, version, language, welcome_message, script_data, saved_at, saved_by)
select id, version, language, welcome_message, script_data, updated_at, null from public.ivr_scripts s
where not exists (select 1 from private.ivr_script_versions where script_id = s.id);

-- Read as their reader, with the table's indexes.
alter table private.ivr_script_versions enable row level security;
drop policy if exists "supervisors see what scripts were" on private.ivr_script_versions;
create policy "supervisors see what scripts were" on private.ivr_script_versions
  for select to authenticated using ((select private.sees_everything()));
grant select on private.ivr_script_versions to authenticated, service_role;

create or replace view public.ivr_script_versions
  with (security_invoker = true)  -- rows for supervisors and the service, none for others
as
select v.id, v.script_id, v.version, v.language, v.welcome_message, v.script_data, v.saved_at, v.saved_by,
  p.full_name as saved_by_name
from private.ivr_script_versions v left join public.profiles p on p.id = v.saved_by;
comment on view public.ivr_script_versions is
  'What an IVR script was each time that it was saved, by whom and when.';

revoke all on public.ivr_script_versions from public, anon, authenticated, service_role;
grant select on public.ivr_script_versions to authenticated, service_role;

revoke execute on all functions in schema private from public;
