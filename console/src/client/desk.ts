import type { Document, Supabase } from './database'
import { followDesk, followQueue, type Liveness } from './live.mjs'
import { type Store, store } from './store'

export interface DeskState extends Liveness {
  desk: Document['Desk'] | null
}

/** An agent's desk with the figures of their queues, kept up to date until `stop`; `heard` takes what an operation
 * answered, which may be newer. */
export function openDesk(supabase: Supabase, agentId: string) {
  const state: Store<DeskState> = store<DeskState>({ desk: null, live: false, error: null })
  const queues = new Map<string, { row: Document['QueueOnDesk'] | null; stop: () => Promise<void> }>()

  const show = (desk: Document['Desk'], how: Liveness) => {
    const rows = desk.queues.map((row) => newer(queues.get(row.id)?.row, row))
    state.set({ desk: { ...desk, queues: rows }, ...how })
  }

  /** What an agent is a member of may change: the desk says what they are now. */
  function followQueues(desk: Document['Desk']) {
    const mine = new Set(desk.queues.map(({ id }) => id))
    for (const [id, { stop }] of queues) {
      if (mine.has(id)) continue
      queues.delete(id)
      void stop()
    }
    for (const id of mine) {
      if (queues.has(id)) continue
      const queue = { row: null, stop: followQueue(supabase, id, (row) => hearQueue(id, row)) }
      queues.set(id, queue)
    }
  }

  function hearQueue(id: string, row: Document['QueueOnDesk'] | null) {
    const queue = queues.get(id)
    const { desk, ...how } = state.get()
    if (!queue || !row || !desk) return
    queue.row = row
    show(desk, how)
  }

  const stopDesk = followDesk(supabase, agentId, (desk, how) => {
    if (!desk) return state.set({ desk, ...how })
    show(desk, how)
    followQueues(desk)
  })

  return {
    state,
    async stop() {
      await Promise.all([stopDesk(), ...[...queues.values()].map(({ stop }) => stop())])
    },
    heard(answered: { call: Document['Call'] } | Document['Me']) {
      const { desk, ...how } = state.get()
      if (!desk) return
      show('call' in answered ? withCall(desk, answered.call) : withState(desk, answered), how)
    },
  }
}

function newer(heard: Document['QueueOnDesk'] | null | undefined, known: Document['QueueOnDesk']) {
  return heard && heard.version > known.version ? heard : known
}

function withCall(desk: Document['Desk'], call: Document['Call']): Document['Desk'] {
  const newest = (known: Document['Call']) =>
    known.id === call.id && call.version > known.version ? call : known
  return { ...desk, calls: desk.calls.map(newest) }
}

function withState(desk: Document['Desk'], me: Document['Me']): Document['Desk'] {
  const { agent, calls, wrap_up, softphone, version } = me
  return version >= desk.version ? { ...desk, agent, calls, wrap_up, softphone, version } : desk
}
