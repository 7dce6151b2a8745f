// live.mjs: what happens in the call centre, for a screen. `supabase` is a client of supabase-js, signed in.
// onState(state, { live, error }) is called with every change of any of them; what is returned stops it.

const FETCH_WITHIN = 10_000, POLL_EVERY = 30_000, LONGEST_PAUSE = 60_000, JOINS_WITHIN = 2_000
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** An agent's own desk: {agent, calls, wrap_up, queues, at, version}. `queues` and `at` are as when fetched. */
export function followDesk(supabase, agentId, onState) {
  return follow(supabase, `agent:${agentId}`, onState, {
    event: 'desk',
    snapshot: (signal) => supabase.rpc('desk').abortSignal(signal),
    next: (desk, message) => message.calls ? { ...desk, ...message } : null,
  })
}

/** A queue that the agent who is signed in is a member of: its row; {gone: true} once it is archived. */
export function followQueue(supabase, queueId, onState) {
  return follow(supabase, `queue:${queueId}`, onState, {
    event: 'queue',
    snapshot: async (signal) => {
      const { data, error } = await supabase.rpc('desk').abortSignal(signal)
      const row = data?.queues.find(({ id }) => id === queueId)
      return { data: row, error: error ?? (row ? null : new Error('not one of your queues')) }
    },
    next: (_row, message) => message,
  })
}

/** A supervisor's wallboard: {queues, agents, calls, help, service_level, at, version}. */
export function followWallboard(supabase, onState) {
  return follow(supabase, 'supervisors', onState, {
    event: 'wallboard',
    snapshot: (signal) => supabase.rpc('wallboard').abortSignal(signal),
    next: (board, message) => {
      if (message.fetch || message.version !== board.version + 1) return null
      const { version, at } = message
      const rows = ['queues', 'agents', 'calls', 'help'].map((of) => [of, merged(board[of], message[of])])
      return { ...board, ...Object.fromEntries(rows), version, at }
    },
  })
}

function merged(rows, changed) {
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const row of changed) row.gone ? byId.delete(row.id) : byId.set(row.id, row)
  return [...byId.values()]
}

/** next(state, message): the state after a message, or null where only a snapshot can say. */
function follow(supabase, topic, onState, { event, snapshot, next }) {
  let channel = null, state = null, live = false, error = null, stopped = false
  let fetching = false, again = false, heard = [], tries = 0, rejoining
  const tell = () => { if (!stopped) onState(state, { live, error }) }

  async function join() {
    await supabase.realtime.setAuth()
    if (stopped) return
    const joined = channel = supabase.channel(topic, { config: { private: true } })
    joined.on('broadcast', { event }, ({ payload }) => hear(payload))
    joined.subscribe((status, reason) => {
      if (joined !== channel) return                    // the last words of one that was given up
      if (status !== 'SUBSCRIBED') return giveUp(reason ?? new Error(status))
      live = true
      tries = 0
      refresh()
    })
  }

  async function giveUp(reason) {
    const left = channel
    channel = null
    live = false
    error = reason
    tell()
    await supabase.removeChannel(left)
    if (!stopped) rejoining = setTimeout(join, Math.random() * Math.min(5_000 * 2 ** tries++, LONGEST_PAUSE))
  }

  function hear(message) {
    if (fetching) heard.push(message)
    if (!state) return
    apply(message)
    tell()
  }

  function apply(message) {
    if (message.version <= state.version) return
    const following = next(state, message)
    if (following) state = following
    else if (!fetching) refresh()
  }

  async function refresh() {
    again = true
    if (fetching) return                                // which then fetches once more
    fetching = true
    for (let pause = 1_000; again && !stopped; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      again = false
      const answer = await snapshot(AbortSignal.timeout(FETCH_WITHIN))
      if (answer.error) {
        error = answer.error
        again = true
        tell()
        await sleep((0.5 + Math.random()) * pause)
      } else {
        state = answer.data
        if (live) error = null
      }
    }
    fetching = false
    if (stopped) return
    for (const message of heard.splice(0)) apply(message)
    tell()
  }

  const look = () => { if (!document.hidden) refresh() }
  globalThis.document?.addEventListener('visibilitychange', look)
  // Live, too, though seldom: a message that was dropped for a quota may have been the last for long.
  const polling = setInterval(() => { if (!live || Math.random() < 0.1) refresh() },
    POLL_EVERY * (0.8 + 0.4 * Math.random()))
  // Whoever is long in joining has something to show meanwhile.
  const late = setTimeout(() => { if (!state) refresh() }, JOINS_WITHIN)
  join()

  return async function stop() {
    stopped = true
    clearTimeout(rejoining)
    clearTimeout(late)
    clearInterval(polling)
    globalThis.document?.removeEventListener('visibilitychange', look)
    const left = channel
    channel = null
    if (left) await supabase.removeChannel(left)
  }
}
