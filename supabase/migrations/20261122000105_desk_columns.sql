-- What screens ask of the tables of the file before: breaks with a reason, what comes after a call,
-- dispositions, and contacts with several numbers.
select set_config('lock_timeout', '10s', true);
select set_config('statement_timeout', '0', true);

-- Agents: telephony's own view again, but for break_reason, which is the agent's to write.
alter table public.call_center_agents
  -- What kind of break it is; null while they chose something else.
  add column if not exists break_reason text,
  -- What they become once their calls and wrap-up are over, unless they choose before.
  add column if not exists next_status text,
  add column if not exists next_reason text,
  -- Which call they wrap up. Where its queue asks for a disposition, it is owed until a person gave one,
  -- and the wrap-up lasts as long, whatever wrap_up_until says.
  add column if not exists wrap_up_call_id uuid,
  add column if not exists disposition_owed boolean not null default false,
  -- By how much they have extended this wrap-up.
  add column if not exists wrap_up_extended_seconds integer not null default 0;

alter table public.call_center_agents
  add constraint next_status_known check (next_status in ('available', 'break', 'offline')),
  add constraint break_reason_of_a_break check (break_reason is null or chosen_status = 'break'),
  add constraint wrap_up_extended_seconds_not_negative check (wrap_up_extended_seconds >= 0),
  add constraint disposition_owed_for_a_call check (not disposition_owed or wrap_up_call_id is not null),
  add constraint call_center_agents_wrap_up_call_id_fkey
    foreign key (wrap_up_call_id) references public.call_records (id) on delete set null;

create index if not exists call_center_agents_wrap_up_call_idx
  on public.call_center_agents (wrap_up_call_id) where wrap_up_call_id is not null;

-- Queues: the dispositions that people may give their calls (none: any word), and whether one has to be.
alter table public.call_queues
  add column if not exists dispositions text[] not null default '{}',
  add column if not exists disposition_required boolean not null default false;

alter table public.call_queues
  add constraint dispositions_are_words check (cardinality(dispositions) <= 100
    and array_position(dispositions, null) is null and array_position(dispositions, '') is null);

-- Calls: the user who gave the disposition. Null: telephony's own word, which a person's replaces for good.
alter table public.call_records
  add column if not exists disposition_by uuid;

-- Contacts: their numbers besides phone_number, in E.164. A call of one is theirs, unless it is another contact's own.
alter table public.crm_contacts
  add column if not exists other_numbers text[] not null default '{}';

create index if not exists crm_contacts_other_numbers_idx on public.crm_contacts using gin (other_numbers)
  where other_numbers <> '{}';
-- The order of lists, the newest first: of all contacts, and of a type.
create index if not exists crm_contacts_created_idx on public.crm_contacts (created_at, id);
create index if not exists crm_contacts_type_created_idx
  on public.crm_contacts (contact_type, created_at, id);
-- The messages that a contact left.
create index if not exists voicemails_caller_idx on public.voicemails (caller_number, created_at desc);
