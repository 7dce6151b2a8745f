// Screens by the module of docs/live.md, each with a client and a socket of its own. PEOPLE: {supervisor: user id,
// agents: [{user, agent, queues}]}; they take turns at wallboards, desks and queues. Reads commands, a line each, and
// answers each with a line of JSON.
import { createHmac } from 'node:crypto'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'

const { LIVE, MODULES, SUPABASE_URL, SUPABASE_ANON_KEY, SUPABASE_JWT_SECRET, SUBSCRIBERS, PAUSES } = process.env
const { createClient } = createRequire(MODULES + '/')('@supabase/supabase-js')
const { followDesk, followQueue, followWallboard } = await import(LIVE)
const people = JSON.parse(process.env.PEOPLE)
const count = { messages: 0, lost: 0, snapshots: 0, joins: 0 }

// A test has less time than people: pauses are drawn from a shorter range.
const random = Math.random
Math.random = () => random() * Number(PAUSES)

// Until told otherwise tokens are short-lived, and one message in ten is lost on its way to a wallboard, as hosted
// Realtime drops them beyond its quota. (What a desk or a queue is told last says all.)
let calm = false
function token(sub) {
  const part = (content) => Buffer.from(JSON.stringify(content)).toString('base64url')
  const exp = Math.floor(Date.now() / 1000) + (calm ? 3600 : 6)
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub, exp, role: 'authenticated', aud: 'authenticated' })}`
  return { exp, text: `${signed}.${createHmac('sha256', SUPABASE_JWT_SECRET).update(signed).digest('base64url')}` }
}

const sockets = new Set()
class Socket extends WebSocket {
  constructor(...given) {
    super(...given)
    sockets.add(this)
    this.addEventListener('close', () => sockets.delete(this))
  }

  set onmessage(listener) {
    super.onmessage = (event) => {
      const broadcast = typeof event.data !== 'string'
      if (broadcast && this.loses && !calm && random() < 0.1) return count.lost++
      if (broadcast) count.messages++
      listener(event)
    }
  }
}
class Lossy extends Socket {
  loses = true
}

function clientOf(user, transport) {
  let current = token(user)
  return createClient(SUPABASE_URL, SUPABASE_ANON_KEY, {
    accessToken: async () => {
      if (current.exp < Date.now() / 1000 + 1) current = token(user)
      return current.text
    },
    // Every other client learns of a new token before the old one is over.
    realtime: { transport, heartbeatIntervalMs: random() < 0.5 ? 1_000 : 25_000 },
    global: { fetch: (...request) => { count.snapshots++; return fetch(...request) } },
  })
}

const KINDS = {
  wallboard: ({ supabase }, onState) => followWallboard(supabase, onState),
  desk: ({ supabase, agent }, onState) => followDesk(supabase, agent, onState),
  queue: ({ supabase, queue }, onState) => followQueue(supabase, queue, onState),
}

function open(number) {
  const kind = Object.keys(KINDS)[number % 3]
  const { user, agent, queues } = people.agents[number % people.agents.length]
  const screen = { kind, agent, queue: queues[number % queues.length] }
  screen.supabase = kind === 'wallboard'
    ? clientOf(people.supervisor, Lossy) : clientOf(user, Socket)
  screen.stop = KINDS[kind](screen, (state, { live, error }) => {
    if (live && !screen.live) count.joins++
    Object.assign(screen, { state, live, error })
  })
  return screen
}

async function truth({ supabase, kind, queue }) {
  const { data, error } = await supabase.rpc(kind === 'wallboard' ? 'wallboard' : 'desk')
  if (error) throw new Error(error.message)
  return kind === 'queue' ? data.queues.find(({ id }) => id === queue) : data
}

// Without what differs by design: what a message is called, an agent's queues, when it was said; in a set order.
function plain(content) {
  const { kind, at, queues, service_level, ...rest } = content ?? {}
  const kept = rest.help ? { ...rest, queues } : rest
  if (rest.agent) delete kept.id
  return JSON.stringify(kept, (_key, value) => {
    if (Array.isArray(value)) return value[0]?.id ? [...value].sort((a, b) => a.id < b.id ? -1 : 1) : value
    if (!value || typeof value !== 'object') return value
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, value[key]]))
  })
}

async function difference(screen) {
  if (!screen.live) return { kind: screen.kind, error: String(screen.error?.message ?? 'not live') }
  const said = plain(await truth(screen)), shown = plain(screen.state)
  return said === shown ? null : { kind: screen.kind, shown, said }
}

const screens = Array.from({ length: Number(SUBSCRIBERS) }, (_, number) => open(number))
const commands = {
  live: () => screens.filter(({ live, state }) => live && state).length,
  drop: () => [...sockets].filter(() => random() < 0.4).map((socket) => socket.close()).length,
  calm: () => { calm = true },
  count: () => count,
  differences: async () => (await Promise.all(screens.map(difference))).filter(Boolean),
  stop: async () => { await Promise.all(screens.map(({ stop }) => stop())); process.exitCode = 0 },
}
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await commands[line]() ?? null))
  if (line === 'stop') break
}
