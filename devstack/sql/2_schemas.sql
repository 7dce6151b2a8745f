-- Schemas, extensions and the PostgREST reload trigger of a hosted project.
-- There are no default privileges for the API roles: since 30 October 2026 a new table in public
-- is granted to nobody, service_role included, until its migration says so.

grant usage on schema public to anon, authenticated, service_role;

create schema extensions authorization postgres;
grant usage on schema extensions to anon, authenticated, service_role;
create extension pgcrypto with schema extensions;
create extension "uuid-ossp" with schema extensions;
create extension pg_stat_statements with schema extensions;

create publication supabase_realtime;
alter publication supabase_realtime owner to postgres;

-- The CLI (as postgres) and the auth server (as supabase_auth_admin) both create these tables
-- where they are missing and both insist on owning them: they share an owner.
create role supabase_migrations_owner nologin;
grant supabase_migrations_owner to postgres with inherit true;
grant supabase_migrations_owner to supabase_auth_admin with inherit true;
create schema supabase_migrations authorization supabase_migrations_owner;
create table supabase_migrations.schema_migrations (
  version text primary key,
  statements text[],
  name text
);
create table supabase_migrations.seed_files (
  path text primary key,
  hash text not null
);
alter table supabase_migrations.schema_migrations owner to supabase_migrations_owner;
alter table supabase_migrations.seed_files owner to supabase_migrations_owner;

-- PostgREST reads the schema again after any DDL, as on hosted.
create function extensions.pgrst_ddl_watch() returns event_trigger
  language plpgsql
  set search_path = ''
as $$
begin
  notify pgrst, 'reload schema';
end;
$$;
create event trigger pgrst_ddl_watch on ddl_command_end
  when tag in (
    'CREATE SCHEMA', 'ALTER SCHEMA', 'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO',
    'ALTER TABLE', 'CREATE FOREIGN TABLE', 'ALTER FOREIGN TABLE', 'CREATE VIEW', 'ALTER VIEW',
    'CREATE MATERIALIZED VIEW', 'ALTER MATERIALIZED VIEW', 'CREATE FUNCTION', 'ALTER FUNCTION',
    'CREATE TRIGGER', 'CREATE TYPE', 'ALTER TYPE', 'CREATE RULE', 'COMMENT', 'GRANT', 'REVOKE'
  )
  execute function extensions.pgrst_ddl_watch();
create event trigger pgrst_drop_watch on sql_drop
  execute function extensions.pgrst_ddl_watch();
