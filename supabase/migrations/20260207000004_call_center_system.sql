-- The seven tables of the call centre, with the columns the web frontend and ops rely on.
--
-- On a database where an earlier file of this version ran, `supabase db push` skips this one; the
-- migrations after it bring both kinds to the same schema. So only what is in this file from the
-- start belongs here: everything else (further columns, state, routing, policies) comes later, and
-- widens these lengths to text.
-- squawk-ignore-file prefer-text-field

-- Who a signed-in user is. The platform has its own profiles and check_is_admin, which stay as they
-- are; an empty project gets these.
do $$
begin
  if to_regclass('public.profiles') is null then
    create table public.profiles (
      id uuid primary key references auth.users (id) on delete cascade,
      role text not null default 'empleado' check (role in ('empleado', 'supervisor', 'gerente')),
      full_name text,
      personal_data jsonb
    );
    comment on table public.profiles is 'Who a signed-in user is, one row a user.';
    alter table public.profiles enable row level security;
    revoke all on public.profiles from public, anon, authenticated, service_role;
    grant select on public.profiles to authenticated;
    grant select, insert, update, delete on public.profiles to service_role;
    -- The policies' migration lets supervisors in, once it knows them.
    create policy "users see their own profile, supervisors all" on public.profiles
      for select to authenticated using (id = (select auth.uid()));
  end if;
  if to_regprocedure('public.check_is_admin()') is null then
    -- Supervisors and gerentes.
    create function public.check_is_admin()
      returns boolean
      language sql
      stable
      security definer  -- reads profiles whatever their policies say; policies ask it as private.is_admin
      set search_path = ''
    as $f$
      select exists (
        select 1 from public.profiles
        where id = (select auth.uid()) and role in ('supervisor', 'gerente')
      );
    $f$;
    revoke execute on function public.check_is_admin() from public, anon, authenticated;
  end if;
end $$;

-- Somebody who takes calls. agent_status is what everyone sees: what the agent chose, or busy.
create table if not exists public.call_center_agents (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null unique references auth.users (id) on delete cascade,
  extension varchar(10) not null unique,
  agent_status varchar(20) not null default 'offline',
  max_concurrent_calls integer not null default 1,
  skills jsonb not null default '{"general": true}',
  phone_number varchar(20),
  current_call_count integer not null default 0,
  total_calls_handled integer not null default 0,
  average_handling_time_seconds integer not null default 0,
  last_status_change timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Everybody the company talks to, one row a phone number (E.164).
create table if not exists public.crm_contacts (
  id uuid primary key default gen_random_uuid(),
  phone_number varchar(20) not null unique,
  email varchar(255),
  first_name varchar(100),
  last_name varchar(100),
  company_name varchar(255),
  company_phone varchar(20),
  contact_type varchar(20) default 'lead',
  source varchar(50),
  tags jsonb not null default '[]',
  notes text,
  custom_fields jsonb not null default '{}',
  last_call_date timestamptz,
  last_call_duration_seconds integer,
  total_call_count integer not null default 0,
  call_history_ids uuid[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- One row a call, whatever its legs; caller_number is the customer's in both directions.
create table if not exists public.call_records (
  id uuid primary key default gen_random_uuid(),
  call_id varchar(100) not null unique,
  agent_id uuid references public.call_center_agents (id) on delete set null,
  contact_id uuid references public.crm_contacts (id) on delete set null,
  caller_number varchar(20) not null,
  caller_name varchar(255),
  receiver_number varchar(20),
  queue_name varchar(50),
  call_status varchar(20) not null default 'queued',
  call_direction varchar(10) not null default 'inbound',
  ivr_path jsonb not null default '{}',
  started_at timestamptz default now(),
  ended_at timestamptz,
  duration_seconds integer not null default 0,
  hold_duration_seconds integer not null default 0,
  transferred boolean not null default false,
  transferred_to_agent_id uuid references public.call_center_agents (id) on delete set null,
  transfer_timestamp timestamptz,
  recording_url text,
  recording_sid varchar(100),
  cost_cents integer,
  notes text,
  disposition varchar(50),
  custom_data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- What callers hear first: menus in script_data, one active script named "IVR Principal".
create table if not exists public.ivr_scripts (
  id uuid primary key default gen_random_uuid(),
  name varchar(100) not null,
  description text,
  language varchar(10) not null default 'es',
  welcome_message text,
  script_data jsonb not null,
  active boolean not null default true,
  version integer not null default 1,
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Where callers wait; agent_ids is the membership that the frontend writes.
create table if not exists public.call_queues (
  id uuid primary key default gen_random_uuid(),
  name varchar(100) not null unique,
  description text,
  agent_ids uuid[] not null default '{}',
  routing_strategy varchar(20) not null default 'round_robin',
  wait_music_url text,
  max_wait_seconds integer not null default 600,
  priority integer not null default 0,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table if not exists public.voicemails (
  id uuid primary key default gen_random_uuid(),
  queue_id uuid references public.call_queues (id) on delete cascade,
  caller_number varchar(20) not null,
  caller_name varchar(255),
  duration_seconds integer not null default 0,
  recording_url text,
  recording_sid varchar(100),
  transcription text,
  is_listened boolean not null default false,
  listened_by_agent_id uuid references public.call_center_agents (id) on delete set null,
  listened_at timestamptz,
  created_at timestamptz not null default now()
);

create table if not exists public.call_notes (
  id uuid primary key default gen_random_uuid(),
  call_record_id uuid not null references public.call_records (id) on delete cascade,
  agent_id uuid references public.call_center_agents (id) on delete set null,
  note_text text not null,
  note_type varchar(20) not null default 'agent_note',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Nobody reads or writes before the policies of the security migration say so.
alter table public.call_center_agents enable row level security;
alter table public.crm_contacts enable row level security;
alter table public.call_records enable row level security;
alter table public.ivr_scripts enable row level security;
alter table public.call_queues enable row level security;
alter table public.voicemails enable row level security;
alter table public.call_notes enable row level security;
