// Pages in Chromium, one for each of PEOPLE, who sign in there: each follows call_records as the existing page does,
// and its own topics by the module of docs/live.md. Prints what they are told as lines {who, kind, content}; reads
// lines {who, what, topic}, and prints what came of those.
import { createInterface } from 'node:readline'
import { launch } from '../../devstack/browser/chromium.mjs'

const { PAGE, PASSWORD, PEOPLE } = process.env
const print = (who, kind, content = null) => console.log(JSON.stringify({ who, kind, content }))

// Runs in the page.
async function open({ email, password }) {
  const config = await (await fetch('config.json')).json()
  const live = await import('/live.mjs')
  const client = supabase.createClient(config.url, config.key, { auth: { persistSession: false } })
  const { data: { user, session } } = await client.auth.signInWithPassword({ email, password })
  const { data: agent } = await client.from('call_center_agents').select('id').eq('user_id', user.id).maybeSingle()
  // Where somebody tries what is not theirs; a client has one channel a topic.
  globalThis.other = supabase.createClient(config.url, config.key, { accessToken: async () => session.access_token })

  client.channel('calls')
    .on('postgres_changes', {
      event: '*', schema: 'public', table: 'call_records', ...(agent && { filter: `agent_id=eq.${agent.id}` }),
    }, ({ eventType, new: row, old }) => tell('change', { eventType, row, old }))
    .on('system', {}, ({ message }) => tell('system', message))
    .subscribe()
  const told = (kind) => (state, how) => state && tell(kind, { state, live: how.live })
  live.followWallboard(client, told('wallboard'))
  if (agent) {
    live.followDesk(client, agent.id, told('desk'))
    const { data } = await client.rpc('desk')
    for (const { id, name } of data.queues) live.followQueue(client, id, told(`queue ${name}`))
  }
}

// Runs in the page: {status, error}.
async function join(topic) {
  await other.removeChannel(other.channel(topic))
  await other.realtime.setAuth()
  const channel = other.channel(topic, { config: { private: true, broadcast: { ack: true } } })
  channel.on('broadcast', { event: '*' }, (message) => tell(`heard on ${topic}`, message))
  const came = await new Promise((resolve) => channel.subscribe((status, error) => {
    resolve({ status, error: error?.message })
  }))
  if (came.error) await other.removeChannel(channel)
  return came
}

const send = (topic) => other.channel(topic)
  .send({ type: 'broadcast', event: 'desk', payload: { forged: true } }, { timeout: 2000 })

// The page of the docs, as a person uses it.
async function look({ who }) {
  const page = pages[`${who} looks`] = await browser.newPage()
  await page.goto(PAGE)
  await page.fill('[name=email]', who)
  await page.fill('[name=password]', PASSWORD)
  await page.click('button')
  await page.waitForSelector('.chip.live')
}

const browser = await launch()
const pages = {}
await Promise.all(PEOPLE.split(' ').map(async (email) => {
  const page = pages[email] = await (await browser.newContext()).newPage()
  page.on('pageerror', (error) => print(email, 'fault', String(error)))
  await page.exposeFunction('tell', (kind, content) => print(email, kind, content))
  await page.goto(PAGE)
  await page.evaluate(open, { email, password: PASSWORD })
}))

const doing = {
  join: ({ who, topic }) => pages[who].evaluate(join, topic),
  send: ({ who, topic }) => pages[who].evaluate(send, topic),
  look,
  text: ({ who, topic }) => pages[`${who} looks`].innerText(topic),
}
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line)
  print(asked.who, `${asked.what} ${asked.topic ?? ''}`, await doing[asked.what](asked).catch((error) => `${error}`))
}
await browser.close()
process.exit(0)
