import type { Document, Supabase } from './database'
import { followDesk, type Liveness } from './live.mjs'
import { type Store, store } from './store'

export interface DeskState extends Liveness {
  desk: Document['Desk'] | null
}

/** An agent's desk, kept up to date until `stop`; `heard` takes what an operation answered, which may be newer. */
export function openDesk(supabase: Supabase, agentId: string) {
  const state: Store<DeskState> = store<DeskState>({ desk: null, live: false, error: null })
  const stop = followDesk(supabase, agentId, (desk, how) => state.set({ desk, ...how }))
  return {
    state,
    stop,
    heard(answered: { call: Document['Call'] } | Document['Me']) {
      const { desk, ...how } = state.get()
      const newer = desk && ('call' in answered ? withCall(desk, answered.call) : withState(desk, answered))
      if (newer) state.set({ desk: newer, ...how })
    },
  }
}

function withCall(desk: Document['Desk'], call: Document['Call']): Document['Desk'] {
  const newest = (known: Document['Call']) =>
    known.id === call.id && call.version > known.version ? call : known
  return { ...desk, calls: desk.calls.map(newest) }
}

function withState(desk: Document['Desk'], me: Document['Me']): Document['Desk'] {
  const { agent, calls, wrap_up, version } = me
  return version >= desk.version ? { ...desk, agent, calls, wrap_up, version } : desk
}
