// What a browser does with supabase-js; prints what it is told, a line of JSON each.
import { createRequire } from 'node:module'

const { createClient } = createRequire(process.env.MODULES + '/')('@supabase/supabase-js')
const { SUPABASE_URL, SUPABASE_ANON_KEY, TOKEN, TOPIC } = process.env
const client = createClient(SUPABASE_URL, SUPABASE_ANON_KEY, { accessToken: async () => TOKEN })
const tell = (kind, content) => console.log(JSON.stringify({ kind, content }))

const channel = client.channel(TOPIC, { config: { private: true, presence: { key: 'ana' } } })
channel.on('broadcast', { event: '*' }, (message) => tell('broadcast', message))
channel.on('postgres_changes', { event: '*', schema: 'public', table: 'notes' },
  (change) => tell('change', change))
channel.on('presence', { event: 'sync' }, () => tell('presence', channel.presenceState()))
channel.on('system', {}, (message) => tell('system', message))
await client.realtime.setAuth()
channel.subscribe((status, error) => {
  tell('status', { status, error: error?.message })
  if (status === 'SUBSCRIBED') channel.track({ mood: 'fine' })
})
process.stdin.on('data', (line) => channel.send(JSON.parse(line)))
process.stdin.on('end', () => process.exit())
