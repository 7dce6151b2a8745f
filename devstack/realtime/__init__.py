"""A local Supabase Realtime: channels over websockets, fed by Postgres' own replication stream.

It speaks the Phoenix protocol of the real one to the real clients, and keeps its quirks: private
channels are a matter of RLS on realtime.messages, a change reaches whom RLS lets see the row as it
stands now, and a DELETE reaches every subscriber with no more than the primary key.
Not here: rate limits, replay of broadcasts, and broadcasting over HTTP.
"""
