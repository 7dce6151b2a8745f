"""What must never be, as queries."""

# Each must be empty, whenever it is asked.
BROKEN = {
    "an agent has more calls than they may": """
        select a.extension from public.call_center_agents a
        where (select count(*) from private.call_offers o
          where o.agent_id = a.id and o.state <> 'ended') > a.max_concurrent_calls""",
    "a call is being offered twice": """
        select call_record_id from private.call_offers
        where state in ('reserved', 'ringing') and purpose = 'queue'
        group by 1 having count(*) > 1""",
    "current_call_count is not the live legs": """
        select a.extension, a.current_call_count from public.call_center_agents a
        where a.current_call_count <> (select count(*) from private.call_legs l
          where l.agent_id = a.id and l.ended_at is null)""",
    "seats_taken is not the live offers": """
        select a.extension, a.seats_taken from public.call_center_agents a
        where a.seats_taken <> (select count(*) from private.call_offers o
          where o.agent_id = a.id and o.state <> 'ended')""",
    "an ended call is live": """
        select r.call_id from public.call_records r left join private.queue_entries e
          on e.call_record_id = r.id and e.left_at is null
        where r.ended_at is not null and (e.id is not null
          or r.call_status in ('queued', 'ringing', 'active'))""",
    "a live call has ended words": """
        select call_id from public.call_records where ended_at is null
          and call_status not in ('queued', 'ringing', 'active')""",
    "an offer of an ended call is ringing": """
        select o.id from private.call_offers o join public.call_records r on r.id = o.call_record_id
        where r.ended_at is not null and o.state in ('reserved', 'ringing')""",
    "a place in the queue says offered and nobody is": """
        select e.id from private.queue_entries e where e.left_at is null and e.offered <> exists (
          select 1 from private.call_offers o where o.call_record_id = e.call_record_id
            and o.state <> 'ended' and o.met_at is null and o.purpose <> 'supervise')""",
    "a customer in a room whom nobody has, nor is on the way to": """
        select r.call_id from public.call_records r
        join private.call_sessions s on s.call_record_id = r.id
        where r.ended_at is null and s.stage = 'connected' and s.alone_since is null
          and private.caller_sid(r.id) is not null
          and not exists (select 1 from private.telephony_commands
            where kind = 'hang_up' and target = private.caller_sid(r.id))
          and not exists (select 1 from private.call_offers o where o.call_record_id = r.id
            and o.state <> 'ended' and private.has_customer(o.purpose))""",
    "two are asked for advice": """
        select call_record_id from private.call_offers
        where state <> 'ended' and purpose = 'consult' group by 1 having count(*) > 1""",
    "somebody is muted by an agent who left": """
        select w.call_sid from private.leg_wishes w
        join private.call_legs l on l.call_sid = w.call_sid
        where l.ended_at is null and w.muted_by is not null and not exists (
          select 1 from private.call_offers o where o.call_record_id = l.call_record_id
            and o.agent_id = w.muted_by and o.state = 'connected')""",
    "an archived agent is on a call": """
        select a.extension from public.call_center_agents a
        join private.call_offers o on o.agent_id = a.id
        where a.archived_at is not null and o.state = 'connected'""",
    "two calls in one seat, or in a seat that there is not": """
        select o.agent_id, o.seat from private.call_offers o
        join public.call_center_agents a on a.id = o.agent_id where o.state <> 'ended'
        group by o.agent_id, o.seat, a.max_concurrent_calls
        having count(*) > 1 or o.seat > a.max_concurrent_calls""",
    "an offer lives of an agent who is gone": """
        select o.id from private.call_offers o where o.state <> 'ended' and not exists (
          select 1 from public.call_center_agents where id = o.agent_id)
          and o.agent_id is not null""",
    "somebody waits of whose conversation nothing is known": """
        select e.id from private.queue_entries e where e.left_at is null and not exists (
          select 1 from private.call_sessions where call_record_id = e.call_record_id)""",
    "a callback is over and waits on": """
        select e.call_record_id from private.queue_entries e
        where e.left_at is null and not e.on_line and not exists (select 1 from private.callbacks
          where call_record_id = e.call_record_id and ended_at is null)""",
    "somebody waits in a queue that is gone": """
        select e.id from private.queue_entries e where e.left_at is null and not exists (
          select 1 from public.call_queues where id = e.queue_id)""",
}
# May hold for a moment, never for longer than a sweep.
UNMATCHED = "select agent_id from private.free_agents_with_callers()"
