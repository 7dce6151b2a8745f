-- Rows of an existing database: in order, and in every way out of order that old code left them.

insert into auth.users (id, email)
select ('aaaaaaaa-0000-4000-8000-00000000000' || n)::uuid, 'persona' || n || '@platform.test'
from generate_series(1, 5) as n;

insert into public.profiles (id, role, full_name, salary) values
  ('aaaaaaaa-0000-4000-8000-000000000001', 'gerente', 'Lucía', 9000000),
  ('aaaaaaaa-0000-4000-8000-000000000002', 'empleado', 'Andrés', 2000000),
  ('aaaaaaaa-0000-4000-8000-000000000003', 'empleado', 'Valentina', null),
  ('aaaaaaaa-0000-4000-8000-000000000004', null, null, null);

insert into public.call_center_agents (id, user_id, extension, agent_status, max_concurrent_calls,
  skills, current_call_count, total_calls_handled, average_handling_time_seconds,
  last_status_change, created_at, updated_at) values
  ('bbbbbbbb-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002', '1001',
    'available', 10, '{"sales": 3}', 0, 40, 180, '2026-03-01 13:00:00', '2026-02-08 15:30:00', now()),
  ('bbbbbbbb-0000-4000-8000-000000000002', 'aaaaaaaa-0000-4000-8000-000000000003', '1002',
    'busy', null, '["sales", "support"]', 1, null, null, localtimestamp, null, null),
  ('bbbbbbbb-0000-4000-8000-000000000003', 'aaaaaaaa-0000-4000-8000-000000000004', '1003',
    'busy', 0, null, 2, 1, 60, '2026-03-01 13:00:00', now(), now()),
  ('bbbbbbbb-0000-4000-8000-000000000004', 'aaaaaaaa-0000-4000-8000-000000000005', '1004',
    null, 1, '{}', null, 0, 0, null, now(), now());

insert into public.crm_contacts (id, phone_number, contact_type, tags, custom_fields,
  last_call_date, call_history_ids, created_at) values
  ('cccccccc-0000-4000-8000-000000000001', '+573001234567', 'customer', '["vip"]', '{"nit": 7}',
    '2026-03-01 23:30:00', '{dddddddd-0000-4000-8000-000000000001}', '2026-02-10 00:15:00'),
  ('cccccccc-0000-4000-8000-000000000002', '+573007654321', 'vip', null, null, null, null, null),
  ('cccccccc-0000-4000-8000-000000000003', '3009998877', null, '[]', '{"a": 1}', null, '{}', now()),
  -- Two that are one number, and one whose number another has; no numbers; one of before 2021.
  ('cccccccc-0000-4000-8000-000000000004', '310 555 0001', null, '[]', '[1]', null, '{}', '2026-02-12'),
  ('cccccccc-0000-4000-8000-000000000005', '(310) 555-0001', null, '[]', null, null, '{}', '2026-02-11'),
  ('cccccccc-0000-4000-8000-000000000006', '300-123-4567', null, '[]', null, null, '{}', '2026-01-01'),
  ('cccccccc-0000-4000-8000-000000000007', 'anonymous', null, '[]', '{"b": 2}', null, '{}', now()),
  ('cccccccc-0000-4000-8000-000000000008', '+266696687', null, '[]', null, null, '{}', now()),
  ('cccccccc-0000-4000-8000-000000000009', '+5715550001', null, '[]', null, null, '{}', now());
update public.crm_contacts set company_phone = '(1) 555 0002'
where id = 'cccccccc-0000-4000-8000-000000000003';
update public.crm_contacts set company_phone = 'recepción'
where id = 'cccccccc-0000-4000-8000-000000000002';
update public.call_center_agents set phone_number = '300 999 0001'
where id = 'bbbbbbbb-0000-4000-8000-000000000004';

insert into public.call_records (id, call_id, agent_id, contact_id, caller_number, queue_name,
  call_status, call_direction, started_at, ended_at, duration_seconds, notes, disposition,
  updated_at) values
  ('dddddddd-0000-4000-8000-000000000001', 'CA00000000000000000000000000000001',
    'bbbbbbbb-0000-4000-8000-000000000001', 'cccccccc-0000-4000-8000-000000000001',
    '+573001234567', 'sales', 'completed', 'inbound', '2026-03-01 23:25:00',
    '2026-03-01 23:30:00', 300, 'pidió factura', 'completed', '2026-03-01 23:30:00'),
  ('dddddddd-0000-4000-8000-000000000002', 'CA00000000000000000000000000000002', null, null,
    '+573007654321', 'no existe', 'no-answer', 'outgoing', '2026-03-02 10:00:00', null, null,
    null, null, '2026-03-02 10:01:00'),
  ('dddddddd-0000-4000-8000-000000000003', 'CA00000000000000000000000000000003', null, null,
    '+573007654321', null, 'canceled', 'inbound', '2026-03-02 11:00:00', null, 0, null, null, null),
  ('dddddddd-0000-4000-8000-000000000004', 'CA00000000000000000000000000000004', null, null,
    'anonymous', null, 'busy', null, '2026-03-02 12:00:00', null, -1, null, null, null),
  ('dddddddd-0000-4000-8000-000000000005', 'CA00000000000000000000000000000005',
    'bbbbbbbb-0000-4000-8000-000000000002', null, '+573001234567', 'support', 'in-progress',
    'inbound', localtimestamp, null, 0, null, null, localtimestamp),
  ('dddddddd-0000-4000-8000-000000000006', 'CA00000000000000000000000000000006', null, null,
    '+573001234567', 'support', 'in-progress', 'inbound', '2026-02-20 09:00:00', null, 0, null,
    null, '2026-02-20 09:02:00'),
  ('dddddddd-0000-4000-8000-000000000007', 'pending-1771578000000',
    'bbbbbbbb-0000-4000-8000-000000000001', null, '+573001234567', null, 'queued', 'outbound',
    '2026-02-20 09:00:00', null, 0, null, null, '2026-02-20 09:00:00'),
  ('dddddddd-0000-4000-8000-000000000008', 'CA00000000000000000000000000000008', null, null,
    '+573001234567', null, 'algo raro', 'inbound', '2026-02-20 09:00:00', '2026-02-20 09:00:10',
    10, null, null, '2026-02-20 09:00:10');
update public.call_records
set transferred = true, transferred_to_agent_id = 'bbbbbbbb-0000-4000-8000-000000000002',
    transfer_timestamp = '2026-03-01 23:27:00'
where id = 'dddddddd-0000-4000-8000-000000000001';

update public.call_records
set recording_url = 'https://api.twilio.com/2010-04-01/Accounts/AC' || repeat('a', 32) || '/Recordings/RE'
      || repeat('1', 32), recording_sid = null, duration_seconds = 95
where id = 'dddddddd-0000-4000-8000-000000000008';

insert into public.ivr_scripts (id, name, script_data, created_by, active, version) values
  ('eeeeeeee-0000-4000-8000-000000000001', 'IVR Principal',
    '{"menus": [{"id": "main", "message": "Marque 1, 2 o 3."}]}',
    'aaaaaaaa-0000-4000-8000-000000000001', true, 2),
  ('eeeeeeee-0000-4000-8000-000000000002', 'Prueba', '[{"id": "main"}]', null, null, null),
  ('eeeeeeee-0000-4000-8000-000000000003', 'Rota', '{"menus": [{"id": "main", "timeout": "diez"}]}',
    null, true, 1);

insert into public.call_queues (id, name, agent_ids, routing_strategy, max_wait_seconds) values
  ('ffffffff-0000-4000-8000-000000000001', 'sales',
    '{bbbbbbbb-0000-4000-8000-000000000001,bbbbbbbb-0000-4000-8000-000000000009}', null, 300),
  ('ffffffff-0000-4000-8000-000000000002', 'support', '{}', 'round-robin', 0);

insert into public.voicemails (id, queue_id, caller_number, duration_seconds, recording_url,
  recording_sid, is_listened, listened_by_agent_id, listened_at, created_at) values
  ('99999999-0000-4000-8000-000000000001', 'ffffffff-0000-4000-8000-000000000001', '+573001234567',
    14, 'https://recordings.test/1', 'RE01', true, 'bbbbbbbb-0000-4000-8000-000000000001',
    '2026-03-02 01:00:00', '2026-03-01 22:00:00'),
  ('99999999-0000-4000-8000-000000000002', 'ffffffff-0000-4000-8000-000000000001', '+573001234567',
    14, 'https://recordings.test/1', 'RE01', null, null, null, '2026-03-01 22:00:01'),
  ('99999999-0000-4000-8000-000000000003', null, '+573007654321', null,
    'https://recordings.test/3', '', false, null, null, null),
  ('99999999-0000-4000-8000-000000000004', 'ffffffff-0000-4000-8000-000000000001', '+573007654321', 8,
    'https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE' || repeat('2', 32) || '.mp3',
    'RE' || repeat('2', 32), false, null, null, null),
  ('99999999-0000-4000-8000-000000000005', 'ffffffff-0000-4000-8000-000000000001', '+573007654321', 8,
    'https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE' || repeat('2', 32) || '.mp3',
    null, false, null, null, null);

insert into public.call_notes (id, call_record_id, agent_id, note_text, note_type, created_at) values
  ('88888888-0000-4000-8000-000000000001', 'dddddddd-0000-4000-8000-000000000001',
    'bbbbbbbb-0000-4000-8000-000000000001', 'volver a llamar', 'callback_reminder',
    '2026-03-01 23:31:00'),
  ('88888888-0000-4000-8000-000000000002', 'dddddddd-0000-4000-8000-000000000002', null, 'nota',
    'otra', null);
