-- A call centre to begin with: four queues, the menu "IVR Principal", and an agent profile for every
-- user who is an employee. Run it as often as you like: what exists is left as it is.

insert into public.profiles (id, full_name)
select u.id, coalesce(u.raw_user_meta_data ->> 'full_name', u.email)
from auth.users u
where not exists (select 1 from public.profiles p where p.id = u.id);

-- Each gets the lowest extension from 1001 on that nobody has.
insert into public.call_center_agents (user_id, extension, skills, agent_status)
select newcomer.id, free.extension, '{"general": true}', 'offline'
from (
  select p.id, row_number() over (order by u.created_at, u.id) as place
  from public.profiles p join auth.users u on u.id = p.id
  where p.role = 'empleado'
    and not exists (select 1 from public.call_center_agents a where a.user_id = p.id)
) as newcomer
join (
  select n::text as extension, row_number() over (order by n) as place
  from generate_series(1001, 1000 + (select count(*) from public.call_center_agents)
    + (select count(*) from public.profiles)) n
  where not exists (select 1 from public.call_center_agents a where a.extension = n::text)
) as free on free.place = newcomer.place;

insert into public.call_queues (name, description, routing_strategy, agent_ids)
select q.name, q.description, q.strategy,
  coalesce((select array_agg(a.id order by a.extension) from public.call_center_agents a
    where a.archived_at is null), '{}')
from (values
  ('General', 'Atención General', 'longest_idle'),
  ('sales', 'Ventas', 'round_robin'),
  ('support', 'Soporte', 'longest_idle'),
  ('hr', 'Recursos Humanos', 'round_robin')
) as q (name, description, strategy)
on conflict (name) do nothing;

insert into public.ivr_scripts (name, description, language, welcome_message, script_data)
select 'IVR Principal', 'El menú que oye todo el que llama', 'es',
  'Bienvenido a nuestro centro de atención.', $json$
  {
    "menus": [
      {
        "id": "main",
        "message": "Para Ventas marque 1 o diga ventas. Para Soporte marque 2 o diga soporte. Para Recursos Humanos marque 3. Para hablar con una persona marque 0.",
        "options": [
          {"digit": "1", "description": "Ventas", "actionQueue": "sales", "keywords": ["comprar", "venta"]},
          {"digit": "2", "description": "Soporte", "actionQueue": "support", "keywords": ["ayuda", "soporte técnico"]},
          {"digit": "3", "description": "Recursos Humanos", "actionQueue": "hr", "keywords": ["empleo", "trabajo"]},
          {"digit": "0", "description": "Operador", "actionQueue": "General", "keywords": ["persona", "agente"]}
        ],
        "maxAttempts": 3,
        "timeout": 10
      }
    ]
  }
  $json$
where not exists (select 1 from public.ivr_scripts where name = 'IVR Principal');
