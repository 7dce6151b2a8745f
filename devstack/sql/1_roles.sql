-- Roles as a hosted Supabase project has them. Runs once, as the superuser supabase_admin.
-- Passwords are set afterwards by devstack/database.py, so that none is written in a file here.

create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;

-- PostgREST logs in as this one and becomes one of the three above.
create role authenticator login noinherit;
grant anon, authenticated, service_role to authenticator;

-- Not a superuser: what a migration may not do on hosted, it may not do here.
create role postgres login createrole createdb replication bypassrls;
grant anon, authenticated, service_role to postgres;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres;

create role supabase_auth_admin login noinherit createrole;
create role supabase_realtime_admin nologin noinherit;
-- Lets a migration write policies on realtime.messages, which it can on hosted.
grant supabase_realtime_admin to postgres with inherit true;

alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role postgres set search_path = "$user", public, extensions;
alter role supabase_admin set search_path = "$user", public, auth, extensions;
alter role supabase_auth_admin set search_path = auth;
alter role supabase_auth_admin set idle_in_transaction_session_timeout = '60s';

alter database postgres owner to postgres;
alter database postgres set timezone = 'UTC';
