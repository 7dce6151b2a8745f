import type { Document, Supabase } from './database'
import { followWallboard, type Liveness } from './live.mjs'
import { type Store, store } from './store'

export interface WallboardState extends Liveness {
  board: Document['Wallboard'] | null
}

/** The supervisors' wallboard, kept up to date until `stop`. */
export function openWallboard(supabase: Supabase) {
  const state: Store<WallboardState> = store<WallboardState>({ board: null, live: false, error: null })
  const stop = followWallboard(supabase, (board, how) => state.set({ board, ...how }))
  return { state, stop }
}
