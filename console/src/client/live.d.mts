import type { Document, Supabase } from './database'

/** live: whether changes are heard at the moment; error: why not. */
export interface Liveness {
  live: boolean
  error: Error | null
}
type OnState<State> = (state: State | null, how: Liveness) => void
type Stop = () => Promise<void>

export function followDesk(supabase: Supabase, agentId: string, onState: OnState<Document['Desk']>): Stop
export function followQueue(
  supabase: Supabase,
  queueId: string,
  onState: OnState<Document['QueueOnDesk']>,
): Stop
export function followWallboard(supabase: Supabase, onState: OnState<Document['Wallboard']>): Stop
