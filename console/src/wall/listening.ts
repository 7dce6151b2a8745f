import { useClient } from '../session/client'

const RINGS_WITHIN = 20_000

/** Hears a call, on the telephone in this tab, which is turned on for it, and answers by itself. */
export function useListening() {
  const { calls, telephone } = useClient()
  return async (call: string, mode: 'listen' | 'whisper' | 'barge') => {
    await telephone.connect()
    const answer = () => telephone.state.get().ringing.includes(call) && telephone.accept([call])
    const stop = telephone.state.subscribe(answer)
    setTimeout(stop, RINGS_WITHIN)
    await calls.supervise(call, mode)
  }
}
