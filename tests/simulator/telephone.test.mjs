// The telephone's modules in Node, as the simulator serves them, against what Twilio's Voice SDK does.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { registerHooks } from 'node:module'
import { afterEach, test } from 'node:test'

const { SIM, SERVICE, NUMBER, ACCOUNT, AUTH_TOKEN } = process.env
const TOKENS = JSON.parse(process.env.TOKENS)

// Node imports no modules by HTTP: they are fetched before, under their own addresses.
const sources = new Map()
for (const name of ['telephone', 'telephone_call', 'telephone_errors', 'telephone_signalling', 'telephone_sound']) {
  const answer = await fetch(`${SIM}/${name}.js`)
  assert.equal(answer.headers.get('Access-Control-Allow-Origin'), '*')
  assert.match(answer.headers.get('Content-Type'), /^text\/javascript/)
  sources.set(answer.url, await answer.text())
}
registerHooks({
  resolve: (name, context, next) => {
    const url = URL.parse(name, context.parentURL)?.href
    return sources.has(url) ? { url, shortCircuit: true } : next(name, context)
  },
  load: (url, context, next) =>
    sources.has(url) ? { format: 'module', source: sources.get(url), shortCircuit: true } : next(url, context),
})
const sockets = []
globalThis.WebSocket = class extends WebSocket {
  constructor(url) { super(url); sockets.push(this) }
}
const { Device } = await import(`${SIM}/telephone.js`)

// A token that ends soon after it was made, which Twilio's library has no time for.
function shortToken() {
  const [header, claims] = TOKENS.other.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')))
  claims.exp = Math.floor(Date.now() / 1000) + 2
  const said = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${said}.${createHmac('sha256', process.env.SECRET).update(said).digest('base64url')}`
}

let devices = []
function device(token = 'agent', options = {}) {
  const made = new Device(TOKENS[token], options)
  made.on('error', (error) => made.errors.push(error.code))
  made.errors = []
  devices.push(made)
  return made
}
afterEach(async () => {
  for (const one of devices.splice(0)) one.destroy()
  await fetch(`${SIM}/sim/reset`, { method: 'POST', body: '{}' })
})

const happens = (emitter, event) => new Promise((resolve, reject) => {
  const late = setTimeout(() => reject(new Error(`${event} did not happen`)), 10_000)
  late.unref()
  emitter.once(event, (told) => { clearTimeout(late); resolve(told) })
})
async function registered(token, options) {
  const made = device(token, options)
  await made.register()
  return made
}
async function rest(path, values) {
  const authorization = `Basic ${btoa(`${ACCOUNT}:${AUTH_TOKEN}`)}`
  const body = values && new URLSearchParams(values)
  const url = `${SIM}/2010-04-01/Accounts/${ACCOUNT}/${path}.json`
  const answer = await fetch(url, { method: values ? 'POST' : 'GET', headers: { authorization }, body })
  return answer.json()
}
const rings = (to = 'client:agent_1', timeout = 600) =>
  rest('Calls', { To: to, From: NUMBER, Url: `${SERVICE}/leg`, Timeout: timeout })
const sim = async (path, body) => (await fetch(`${SIM}/sim/${path}`,
  body && { method: 'POST', body: JSON.stringify(body) })).json()
async function comes(true_, what) {
  for (const until = Date.now() + 10_000; ;) {
    const value = await true_()
    if (value) return value
    assert.ok(Date.now() < until, `it did not come: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
const becomes = (sid, status) => comes(async () => (await sim(`calls/${sid}`)).status === status, status)
function captions(call) {
  const heard = []
  call.on('caption', ({ text }) => heard.push(text))
  return heard
}

test('a softphone that rings knows what it was given, hears the line in words, and hangs up', async () => {
  const mine = await registered('agent')
  assert.equal(mine.state, 'registered')
  assert.equal(mine.identity, 'agent_1')
  const [leg, call] = await Promise.all([rings('client:agent_1?queue=support&name=Ana%20Ruiz'), happens(mine, 'incoming')])
  assert.deepEqual([call.status(), call.direction, mine.calls.length], ['pending', 'INCOMING', 1])
  assert.deepEqual([call.parameters.CallSid, call.parameters.From, call.parameters.To], [leg.sid, NUMBER, 'client:agent_1'])
  assert.deepEqual(Object.fromEntries(call.customParameters), { queue: 'support', name: 'Ana Ruiz' })
  const heard = captions(call)
  call.accept()
  assert.equal(call.status(), 'connecting')
  await happens(call, 'accept')
  assert.deepEqual([call.status(), mine.calls.length, mine.isBusy], ['open', 0, true])
  await comes(() => heard.includes('Hola'), 'what TwiML says')
  const script = [{ until: 'conference' }, { wait: 1 }, { talk: 1, text: 'Buenos días' }, { wait: 100 }]
  const { sid } = await sim('calls', { from: '+573001112233', to: NUMBER, script })
  await comes(() => heard.includes('Buenos días'), 'what the other says')
  const hearsUs = async () => (await sim(`calls/${sid}/hearing`)).some(({ source, end }) => source === leg.sid && !end)
  await comes(hearsUs, 'they hear us')
  call.mute()
  await comes(async () => !await hearsUs(), 'they do not')
  call.mute(false)
  await comes(hearsUs, 'they hear us again')
  const ended = happens(call, 'disconnect')
  call.disconnect()
  assert.equal(await ended, call)
  await becomes(leg.sid, 'completed')
  assert.deepEqual([call.status(), mine.isBusy, mine.errors], ['closed', false, []])
})

test('all softphones of an identity ring, the first has the call, and the others hear that it is cancelled', async () => {
  const [one, two, other] = [await registered('agent'), await registered('agent'), await registered('other')]
  other.on('incoming', () => assert.fail('rung for somebody else'))
  const calls = Promise.all([happens(one, 'incoming'), happens(two, 'incoming')])
  const leg = await rings()
  const [first, second] = await calls
  const cancelled = happens(second, 'cancel')
  first.accept()
  await Promise.all([happens(first, 'accept'), cancelled])
  assert.deepEqual([second.status(), two.calls.length], ['closed', 0])
  second.accept()
  assert.equal(second.status(), 'closed')
  await becomes(leg.sid, 'in-progress')
})

test('of two who accept at once one has the call', async () => {
  const [one, two] = [await registered('agent'), await registered('agent')]
  const calls = Promise.all([happens(one, 'incoming'), happens(two, 'incoming')])
  await rings()
  const outcomes = (await calls).map((call) => {
    const outcome = Promise.race([happens(call, 'accept').then(() => 'accept'), happens(call, 'cancel').then(() => 'cancel')])
    call.accept()
    return outcome
  })
  assert.deepEqual((await Promise.all(outcomes)).sort(), ['accept', 'cancel'])
})

test('who rejects ends it for all, who ignores leaves it to the others', async () => {
  const [one, two] = [await registered('agent'), await registered('agent')]
  let calls = Promise.all([happens(one, 'incoming'), happens(two, 'incoming')])
  let leg = await rings()
  let [first, second] = await calls
  const [rejected, cancelled] = [happens(first, 'reject'), happens(second, 'cancel')]
  first.reject()
  await Promise.all([rejected, cancelled])
  await becomes(leg.sid, 'busy')
  calls = Promise.all([happens(one, 'incoming'), happens(two, 'incoming')])
  leg = await rings();
  [first, second] = await calls
  first.ignore()
  second.accept()
  await happens(second, 'accept')
  await becomes(leg.sid, 'in-progress')
})

test('a page that is left rejects what rings', async () => {
  const mine = await registered('agent')
  const called = happens(mine, 'incoming')
  const leg = await rings()
  const call = await called
  const rejected = happens(call, 'reject')
  mine.destroy()
  await rejected
  await becomes(leg.sid, 'busy')
  assert.throws(() => mine.updateToken(TOKENS.agent), { name: 'InvalidStateError' })
})

test('a page that is left in a call asks first, where that is wanted', async (context) => {
  const asked = []
  const leave = () => { const event = {}; asked.at(-1)(event); return event.returnValue }
  globalThis.addEventListener = (name, listener) => { if (name === 'beforeunload') asked.push(listener) }
  context.after(() => { delete globalThis.addEventListener })
  const mine = await registered('agent', { closeProtection: true })
  assert.equal(leave(), undefined)
  const called = happens(mine, 'incoming')
  await rings()
  const call = await called
  call.accept()
  await happens(call, 'accept')
  assert.match(leave(), /will end the call/)
  await registered('agent')
  assert.equal(asked.length, 1)
})

test('a softphone in a call is not told of another, and rings on', async () => {
  const mine = await registered('agent')
  let called = happens(mine, 'incoming')
  await rings()
  const call = await called
  call.accept()
  await happens(call, 'accept')
  mine.on('incoming', () => assert.fail('it is busy'))
  const leg = await rings('client:agent_1', 5)
  await becomes(leg.sid, 'no-answer')
  const both = await registered('agent', { allowIncomingWhileBusy: true })
  called = happens(both, 'incoming')
  await rings()
  assert.equal((await called).status(), 'pending')
})

test('a softphone that nobody registered, or that was taken off, does not answer, at once', async () => {
  const mine = await registered('agent')
  await mine.unregister()
  assert.equal(mine.state, 'unregistered')
  const leg = await rings()
  await becomes(leg.sid, 'no-answer')
  assert.ok((await sim(`calls/${leg.sid}`)).ended)
  const kinds = (await sim('events?since=0')).filter(({ sid, kind }) => sid === leg.sid && kind === 'status')
  assert.deepEqual(kinds.map(({ text }) => text), ['no-answer'])
})

test('somebody who follows a script is a softphone of the address like any other', async () => {
  const mine = await registered('agent')
  await sim('people', { address: 'client:agent_1', on_ring: { answer_after: 5 }, script: [{ wait: 60 }] })
  let called = happens(mine, 'incoming')
  await rings()
  await happens(await called, 'cancel')
  called = happens(mine, 'incoming')
  const leg = await rings()
  const call = await called
  call.accept()
  await happens(call, 'accept')
  await sim('people', { address: 'client:agent_1', on_ring: { unreachable: true } })
  assert.equal((await sim(`calls/${leg.sid}`)).status, 'in-progress')
})

test('somebody who steps aside leaves the softphone to whoever has it open', async () => {
  await sim('people', { address: 'client:agent_1', on_ring: { answer_after: 0.1 }, steps_aside: true })
  assert.deepEqual(await sim('softphones'), [])
  await becomes((await rings()).sid, 'in-progress')
  const mine = await registered('agent')
  assert.deepEqual(await sim('softphones'), ['client:agent_1'])
  const [leg, call] = await Promise.all([rings(), happens(mine, 'incoming')])
  call.reject()
  await becomes(leg.sid, 'busy')
})

test('a call is placed by the TwiML App, with keys and without a microphone', async () => {
  const mine = device('agent')
  const call = await mine.connect({
    params: { To: '300 999 0003', extra: 'a b', From: 'client:agent_2', Caller: 'client:agent_2', CallSid: `CA${'9'.repeat(32)}` },
  })
  assert.deepEqual([call.direction, call.status(), mine.isBusy], ['OUTGOING', 'connecting', true])
  const heard = captions(call)
  await happens(call, 'accept')
  assert.match(call.parameters.CallSid, /^CA/)
  await comes(() => heard.includes('Marque'), 'the prompt')
  const muted = []
  call.on('mute', (isMuted) => muted.push(isMuted))
  call.mute()
  call.mute(true)
  call.mute(false)
  assert.deepEqual([muted, call.isMuted()], [[true, false], false])
  assert.throws(() => call.sendDigits('1a'), { name: 'InvalidArgumentError' })
  call.sendDigits('1w23')
  await comes(() => heard.includes('Marcó 123'), 'the keys')
  await assert.rejects(mine.connect(), { name: 'InvalidStateError' })
  call.disconnect()
  await becomes(call.parameters.CallSid, 'completed')
})

test('what may not be placed ends with an error', async () => {
  for (const [token, precise] of [['dumb', 31002], ['lost', 31001]]) {
    for (const [options, code] of [[{}, 31005], [{ enableImprovedSignalingErrorPrecision: true }, precise]]) {
      const call = await device(token, options).connect({ params: { To: '300 999 0003' } })
      const [error] = await Promise.all([happens(call, 'error'), happens(call, 'disconnect')])
      assert.equal(error.code, code)
    }
  }
})

test('tokens that Twilio would refuse are refused with the codes of the SDK', async () => {
  const codes = {
    expired: 20104, early: 20101, endless: 31000, forged: 31000, foreign: 20101, astray: 20101, nobody: 20101,
    chat: 20101, noise: 20101, deaf: 20151,
  }
  for (const [token, code] of Object.entries(codes)) {
    const refused = device(token)
    const error = happens(refused, 'error')
    refused.register().catch(() => {})
    assert.equal((await error).code, code, token)
    assert.equal(refused.state, 'registering', token)
  }
  const precise = device('forged', { enableImprovedSignalingErrorPrecision: true })
  const error = happens(precise, 'error')
  precise.register()
  assert.match((await error).message, /^AccessTokenSignatureValidationFailed \(31202\)/)
})

test('a token that expires takes the softphone off, and its call goes on; a later one puts it back', async () => {
  TOKENS.short = shortToken()
  const mine = device('short', { tokenRefreshMs: 1000 })
  const [warned, off] = [happens(mine, 'tokenWillExpire'), happens(mine, 'unregistered')]
  await mine.register()
  const called = happens(mine, 'incoming')
  const leg = await rings('client:agent_2')
  const call = await called
  call.accept()
  assert.equal(await warned, mine)
  await off
  assert.deepEqual(mine.errors, [20104])
  assert.deepEqual([call.status(), (await sim(`calls/${leg.sid}`)).status], ['open', 'in-progress'])
  const back = happens(mine, 'registered')
  mine.updateToken(TOKENS.agent)
  await back
  assert.equal(mine.identity, 'agent_1')
})

test('a connection that is lost comes back to its call, and to being registered', async () => {
  const mine = await registered('agent')
  const called = happens(mine, 'incoming')
  const leg = await rings()
  const call = await called
  call.accept()
  await happens(call, 'accept')
  const [reconnecting, reconnected] = [happens(call, 'reconnecting'), happens(call, 'reconnected')]
  sockets.at(-1).close()
  assert.equal((await reconnecting).code, 53001)
  assert.equal(call.status(), 'reconnecting')
  const registeredAgain = happens(mine, 'registered')
  await reconnected
  await registeredAgain
  assert.deepEqual([call.status(), mine.errors], ['open', [31005]])
  const { status } = await sim(`calls/${leg.sid}`)
  assert.equal(status, 'in-progress')
})

test('a connection that is lost for good ends its call', async () => {
  const mine = await registered('agent')
  const called = happens(mine, 'incoming')
  const leg = await rings()
  const call = await called
  call.accept()
  await happens(call, 'accept')
  call.disconnect = () => {}          // a browser that is killed says nothing
  mine.destroy()
  await becomes(leg.sid, 'completed')
  const kinds = (await sim('events?since=0')).filter(({ sid }) => sid === leg.sid).map(({ kind }) => kind)
  assert.ok(kinds.includes('lost'))
})
