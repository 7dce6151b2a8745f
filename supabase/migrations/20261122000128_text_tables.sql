-- Text messages to customers, who wants none, and what is known of Twilio's errors. As in the files before, nobody
-- has a grant on the private tables, but to read what a view shows as its reader, under a policy.
select set_config('lock_timeout', '10s', true);
select set_config('statement_timeout', '0', true);

-- One row a message. See text_messages.sql for its states.
create table if not exists private.text_messages (
  id uuid primary key default gen_random_uuid(),
  number text not null,
  -- The event that it tells of, or agent: somebody wrote it.
  rule text not null constraint rule_known check
    (rule in ('missed_call', 'voicemail_received', 'callback_promised', 'callback_missed', 'agent')),
  call_record_id uuid references public.call_records (id) on delete cascade,
  queue_id uuid references public.call_queues (id) on delete set null,
  contact_id uuid references public.crm_contacts (id) on delete set null,
  words text not null,
  state text not null constraint state_known check
    (state in ('wanted', 'sent', 'delivered', 'undelivered', 'failed', 'refused', 'withdrawn')),
  -- Twilio's, once it is known.
  sid text,
  -- Why it was refused (opted_out, cannot_be_texted), or Twilio's code; none where nobody knows what became of it.
  error_code text,
  error text,
  -- Who wrote it; null: a rule.
  user_id uuid,
  agent_id uuid references public.call_center_agents (id) on delete set null,
  idempotency_key text,
  created_at timestamptz not null,
  sent_at timestamptz,
  ended_at timestamptz,
  constraint written_by_somebody check ((rule = 'agent') = (user_id is not null))
);
-- One event of a call is told once, whatever comes twice; what was withdrawn was not told.
create unique index if not exists text_messages_one_an_event
  on private.text_messages (call_record_id, rule) where rule <> 'agent' and state <> 'withdrawn';
create unique index if not exists text_messages_key
  on private.text_messages (user_id, idempotency_key) where idempotency_key is not null;
create unique index if not exists text_messages_sid on private.text_messages (sid) where sid is not null;
create index if not exists text_messages_call_idx on private.text_messages (call_record_id);
create index if not exists text_messages_queue_idx on private.text_messages (queue_id);
create index if not exists text_messages_contact_idx on private.text_messages (contact_id);
create index if not exists text_messages_agent_idx on private.text_messages (agent_id);
create index if not exists text_messages_created_idx on private.text_messages (created_at);
create index if not exists text_messages_number_idx on private.text_messages (number, created_at);

-- Who does not want text messages from us, or did not and does again.
create table if not exists private.opt_outs (
  number text primary key,
  in_force boolean not null,
  -- How we learned it: word (they wrote it), or twilio (which refused a message for it).
  source text not null constraint source_known check (source in ('word', 'twilio')),
  changed_at timestamptz not null
);

-- The words that opt out and in, as private.bare_words leaves them, each a message of its own. Edit it freely.
create table if not exists private.opt_out_words (
  word text primary key,
  opts_out boolean not null
);
insert into private.opt_out_words (word, opts_out)
select unnest(words), opts_out from (values
  (true, '{stop,stopall,stop all,unsubscribe,cancel,end,quit,revoke,optout,opt out,baja,alto,cancelar,parar,detener,salir,
    no mas,dar de baja,darme de baja,pare,sair,descadastrar,arret,desabonner}'::text[]),
  (false, '{start,unstop,yes,alta,iniciar,reanudar}'::text[])
) as known (opts_out, words)
on conflict do nothing;

-- What people wrote to us, each message once.
create table if not exists private.incoming_texts (
  sid text primary key,
  number text,
  called text,
  words text,
  received_at timestamptz not null
);
create index if not exists incoming_texts_number_idx on private.incoming_texts (number, received_at);
create index if not exists incoming_texts_received_idx on private.incoming_texts (received_at);

-- Twilio's errors about messages, in words for people. Edit it freely.
create table if not exists private.text_errors (
  code text primary key,
  words text not null
);
insert into private.text_errors (code, words) values
  ('opted_out', 'They want no messages from us'),
  ('cannot_be_texted', 'Not a mobile number of somebody else'),
  ('told_enough', 'They were told of enough within the hour'),
  ('too_late', 'Not sent in time'),
  ('21211', 'No number that Twilio knows'),
  ('21266', 'A number of our own'),
  ('21408', 'The account may not send to this country'),
  ('21606', 'The sender can not send text messages'),
  ('21608', 'The account is on trial and the number is not verified'),
  ('21610', 'They want no messages from us'),
  ('21612', 'The sender can not reach this number'),
  ('21614', 'Not a mobile number'),
  ('21617', 'The message is too long'),
  ('21661', 'The sender can not send text messages'),
  ('30001', 'Too many messages at once'),
  ('30002', 'The account is suspended'),
  ('30003', 'The telephone is off or out of reach'),
  ('30004', 'Their carrier or they block our messages'),
  ('30005', 'The number does not exist'),
  ('30006', 'A landline, or a carrier that takes no messages'),
  ('30007', 'The carrier took it for spam'),
  ('30008', 'The carrier did not say why'),
  ('30034', 'The sender is not registered with the carriers')
on conflict do nothing;

-- Queues: which events their customers are told of.
alter table public.call_queues add column if not exists text_rules text[] not null default '{}';
alter table public.call_queues
  add constraint text_rules_known check (array_position(text_rules, null) is null and text_rules <@
    '{missed_call,voicemail_received,callback_promised,callback_missed}'::text[]);

-- How many messages an agent may send; how many rules send to one number, for whoever shows another's number and
-- rings again and again would have us write to them each time; and for how long what was written is kept; 0: for good.
alter table private.settings
  add column if not exists outgoing_texts_per_minute integer not null default 5
    constraint outgoing_texts_positive check (outgoing_texts_per_minute > 0),
  add column if not exists rule_texts_per_hour integer not null default 3
    constraint rule_texts_positive check (rule_texts_per_hour > 0),
  add column if not exists keep_texts_days integer not null default 0
    constraint keep_texts_a_week check (keep_texts_days = 0 or keep_texts_days >= 7);
