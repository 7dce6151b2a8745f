// What the existing page does, with supabase-js and the session that @supabase/ssr keeps in cookies, behind a
// proxy of its own origin. Prints what came of it as JSON; an error that the page would show ends it.
import { createRequire } from 'node:module'

const require = createRequire(process.env.MODULES + '/')
const { createServerClient } = require('@supabase/ssr')
const { SUPABASE_URL, SUPABASE_ANON_KEY, SERVICE, ORIGIN, EMAIL, PASSWORD, NUMBER } = process.env

const jar = new Map()
const supabase = createServerClient(SUPABASE_URL, SUPABASE_ANON_KEY, {
  cookies: {
    getAll: () => [...jar].map(([name, value]) => ({ name, value })),
    setAll: (cookies) => cookies.forEach(({ name, value }) =>
      value ? jar.set(name, value) : jar.delete(name)),
  },
})

async function answered(query) {
  const { data, error } = await query
  if (error) throw new Error(`${error.code}: ${error.message}`)
  return data
}

async function post(operation, body) {
  const cookie = [...jar].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ')
  const response = await fetch(`${SERVICE}/api/twilio/${operation}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json', cookie, origin: ORIGIN,
      'x-forwarded-host': new URL(ORIGIN).host,
    },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${operation}: ${response.status} ${await response.text()}`)
  return response.json()
}

async function until(fact) {
  for (let left = 300; left > 0; left--) {
    const found = await fact()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('nothing came of it within 30 s')
}

const calls = () => supabase.from('call_records')
const now = () => new Date().toISOString()
const status = (agent, said) => answered(supabase.from('call_center_agents')
  .update({ agent_status: said, last_status_change: now() }).eq('id', agent.id).select().single())

async function placeACall(agent) {
  const pending = `pending-${Date.now()}`
  const row = await answered(calls().insert({
    call_id: pending, agent_id: agent.id, caller_number: NUMBER, call_status: 'queued',
    call_direction: 'outbound', duration_seconds: 0,
  }).select().single())
  await status(agent, 'busy')
  const { callSid } = await post('initiate-call', { toNumber: NUMBER, recordingEnabled: true })
  const renamed = await answered(calls().update({
    call_id: callSid, call_status: 'ringing', started_at: now(),
  }).eq('call_id', pending).select().single())
  const contact = await answered(supabase.from('crm_contacts').select('*')
    .eq('phone_number', renamed.caller_number).single())
  await until(async () =>
    (await answered(calls().select('*').eq('id', row.id).single())).call_status === 'active')
  await answered(calls().update({
    call_status: 'completed', ended_at: now(), duration_seconds: 7, notes: 'Bien',
  }).eq('call_id', callSid).select().single())
  await answered(supabase.from('call_notes').insert({
    call_record_id: row.id, agent_id: agent.id, note_text: 'Bien', note_type: 'agent_note',
  }))
  const ended = await post('hangup-call', { callSid })
  await status(agent, 'available')
  const history = await answered(calls().select('id').eq('contact_id', contact.id))
  return { row: row.id, renamed: renamed.id, callSid, ended, history: history.map(({ id }) => id) }
}

async function transferACall(agent) {
  const call = await until(async () =>
    (await answered(calls().select('*').eq('agent_id', agent.id).eq('call_status', 'active')))[0])
  const answer = await post('transfer-call', { callSid: call.call_id, transferToNumber: NUMBER })
  await answered(calls().update({ transferred: true, transfer_timestamp: now() })
    .eq('call_id', call.call_id))
  return { row: call.id, answer }
}

const { user } = await answered(
  supabase.auth.signInWithPassword({ email: EMAIL, password: PASSWORD }))
const agent = await answered(
  supabase.from('call_center_agents').select('*').eq('user_id', user.id).single())
const play = { call: placeACall, transfer: transferACall }[process.argv[2]]
console.log(JSON.stringify(await play(agent)))
process.exit(0)
