-- Recordings that older code kept by Twilio's own address, which asks who opens it for the account's password: they
-- are listened to here like all others. An address elsewhere stays as it is.
select set_config('lock_timeout', '10s', true);
select set_config('statement_timeout', '0', true);

with old as (
  select id, substring(recording_url from '/Recordings/(RE[0-9a-f]{32})(?![0-9a-f])') as sid, duration_seconds
  from public.call_records where recording_url like '%/Recordings/RE%'
), kept as (
  insert into private.call_recordings (recording_sid, call_record_id, status, duration_seconds)
  select sid, id, 'completed', duration_seconds from old where sid is not null
  on conflict do nothing
)
update public.call_records r
set recording_sid = old.sid, recording_url = private.recording_link(old.sid),
    recording_status = coalesce(r.recording_status, 'completed')
from old where r.id = old.id and old.sid is not null;

-- Of several messages with one recording, each leads to it.
with old as (
  select id, substring(recording_url from '/Recordings/(RE[0-9a-f]{32})(?![0-9a-f])') as sid
  from public.voicemails where recording_url like '%/Recordings/RE%'
), first as (
  select distinct on (sid) sid, id from old where sid is not null
    and not exists (select 1 from public.voicemails v where v.recording_sid = old.sid and v.id <> old.id)
  order by sid, id
)
update public.voicemails v
set recording_sid = case when v.id = first.id then old.sid else v.recording_sid end,
    recording_url = private.recording_link(old.sid)
from old left join first on first.sid = old.sid
where v.id = old.id and old.sid is not null;
