// The module of docs/live.md, on a Supabase that says what the test wants, with a clock that the test moves.
import assert from 'node:assert/strict'
import { beforeEach, mock, test } from 'node:test'

const { followDesk, followWallboard } = await import(process.env.LIVE)

let supabase, told, page
beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  mock.restoreAll()
  mock.method(Math, 'random', () => 0.5)
  told = []
  page = globalThis.document = Object.assign(new EventTarget(), { hidden: false })
  supabase = new Supabase()
})

class Supabase {
  asked = []                          // snapshots that are under way
  channels = []
  log = []
  realtime = { setAuth: async () => { this.log.push('setAuth') } }

  rpc(name) {
    return { abortSignal: () => new Promise((answer) => this.asked.push({ name, answer })) }
  }

  channel(topic, { config }) {
    const channel = { topic, config, on: (_kind, { event }, hear) => Object.assign(channel, { event, hear }) }
    channel.subscribe = (say) => Object.assign(channel, { say })
    this.channels.push(channel)
    this.log.push('channel')
    return channel
  }

  async removeChannel(channel) {
    this.log.push('removeChannel')
    channel.say('CLOSED')             // as supabase-js does
  }

  get last() { return this.channels.at(-1) }
}

const turns = async () => { for (let i = 0; i < 20; i++) await null }
const board = (version, queues = []) => ({ version, at: 't', queues, agents: [], calls: [], help: [] })
const answer = async (data, error = null) => { supabase.asked.shift().answer({ data, error }); await turns() }
const hear = (payload) => supabase.last.hear({ payload })
const shown = () => told.at(-1)?.state
const onState = (state, how) => told.push({ state, ...how })

async function joined(follow = () => followWallboard(supabase, onState)) {
  const stop = follow()
  await turns()
  supabase.last.say('SUBSCRIBED')
  return stop
}

test('a private channel is joined with a token, then the snapshot is fetched', async () => {
  await joined()
  assert.deepEqual(supabase.log, ['setAuth', 'channel'])
  assert.deepEqual([supabase.last.topic, supabase.last.config, supabase.last.event],
    ['supervisors', { private: true }, 'wallboard'])
  assert.equal(supabase.asked[0].name, 'wallboard')
  await answer(board(7))
  assert.deepEqual(told.at(-1), { state: board(7), live: true, error: null })
})

test('who is long in joining is shown the snapshot meanwhile, and another once they have joined', async () => {
  followDesk(supabase, 'ana', onState)
  await turns()
  mock.timers.tick(1_999)
  assert.equal(supabase.asked.length, 0)
  mock.timers.tick(1)
  await answer({ version: 3, calls: [] })
  assert.deepEqual(told.at(-1), { state: { version: 3, calls: [] }, live: false, error: null })
  supabase.last.say('SUBSCRIBED')
  await answer({ version: 4, calls: [] })
  assert.deepEqual(told.at(-1), { state: { version: 4, calls: [] }, live: true, error: null })
})

test('what is told while the snapshot is under way is applied to it, unless it is older', async () => {
  await joined()
  hear(board(7, [{ id: 'a', waiting: 9 }]))
  hear(board(8, [{ id: 'a', waiting: 2 }]))
  await answer(board(7, [{ id: 'a', waiting: 1 }]))
  assert.deepEqual([shown().version, shown().queues], [8, [{ id: 'a', waiting: 2 }]])
  assert.equal(supabase.asked.length, 0)
})

test('rows are put in, changed and removed; a message again changes nothing', async () => {
  await joined()
  await answer(board(1, [{ id: 'a' }, { id: 'b' }]))
  const change = board(2, [{ id: 'a', gone: true }, { id: 'b', waiting: 1 }, { id: 'c' }])
  hear(change)
  hear(change)
  assert.deepEqual(shown().queues, [{ id: 'b', waiting: 1 }, { id: 'c' }])
})

test('after a gap, or a message that does not say what changed, the snapshot is fetched', async () => {
  await joined()
  await answer(board(1))
  hear(board(3))
  hear(board(4))
  assert.equal(supabase.asked.length, 1)
  await answer(board(3))
  assert.equal(shown().version, 4)
  hear({ version: 5, fetch: true })
  assert.equal(supabase.asked.length, 1)
})

test('a desk is the newest message, and is fetched where that says nothing of it', async () => {
  await joined(() => followDesk(supabase, 'ana', onState))
  assert.equal(supabase.last.topic, 'agent:ana')
  await answer({ version: 1, calls: [], queues: ['q'] })
  hear({ version: 5, calls: ['c'] })
  assert.deepEqual(shown(), { version: 5, calls: ['c'], queues: ['q'] })
  hear({ version: 6 })
  assert.equal(supabase.asked[0].name, 'desk')
})

test('desks go on while a snapshot can not be had, which is asked for again', async () => {
  await joined(() => followDesk(supabase, 'ana', onState))
  await answer({ version: 1, calls: [] })
  page.dispatchEvent(new Event('visibilitychange'))
  await answer(null, new Error('down'))
  assert.equal(told.at(-1).error.message, 'down')
  hear({ version: 2, calls: ['c'] })
  assert.deepEqual(shown().calls, ['c'])
  mock.timers.tick(1_000)
  await turns()
  await answer({ version: 2, calls: ['c'] })
  assert.deepEqual(told.at(-1), { state: { version: 2, calls: ['c'] }, live: true, error: null })
})

test('a channel that ends is removed, and another is made after pauses that grow', async () => {
  await joined()
  await answer(board(1))
  supabase.log = []
  supabase.last.say('CHANNEL_ERROR', new Error('gone'))
  await turns()
  assert.deepEqual([told.at(-1).live, told.at(-1).error.message], [false, 'gone'])
  for (const pause of [2_500, 5_000, 10_000]) {
    mock.timers.tick(pause - 1)
    await turns()
    assert.deepEqual(supabase.log, ['removeChannel'])
    mock.timers.tick(1)
    await turns()
    assert.deepEqual(supabase.log, ['removeChannel', 'setAuth', 'channel'])
    supabase.log = []
    supabase.last.say('TIMED_OUT')
    await turns()
  }
})

test('joined again, it takes the snapshot whatever it knew before', async () => {
  await joined()
  await answer(board(9))
  supabase.last.say('CLOSED')
  await turns()
  mock.timers.tick(2_500)
  await turns()
  supabase.last.say('SUBSCRIBED')
  await answer(board(3))
  assert.deepEqual([shown().version, told.at(-1).live, told.at(-1).error], [3, true, null])
})

test('it looks again when the page is seen again, and each half minute while it is not live', async () => {
  await joined()
  await answer(board(1))
  page.hidden = true
  page.dispatchEvent(new Event('visibilitychange'))
  assert.equal(supabase.asked.length, 0)
  page.hidden = false
  page.dispatchEvent(new Event('visibilitychange'))
  await answer(board(1))
  mock.timers.tick(30_000)
  assert.equal(supabase.asked.length, 0)
  supabase.last.say('CLOSED')
  mock.timers.tick(30_000)
  assert.equal(supabase.asked.length, 1)
})

test('stopped, it leaves, says no more and asks for nothing', async () => {
  const stop = await joined()
  await answer(board(1))
  const before = told.length
  page.dispatchEvent(new Event('visibilitychange'))
  await stop()
  await answer(board(2))
  page.dispatchEvent(new Event('visibilitychange'))
  mock.timers.tick(600_000)
  await turns()
  assert.deepEqual([told.length, supabase.asked.length, supabase.channels.length], [before, 0, 1])
  assert.equal(supabase.log.at(-1), 'removeChannel')
})
