import { createContext, useContext } from 'react'
import { useClient } from '../session/client'
import { useWords } from '../words'

const RINGS_WITHIN = 20_000

/** Where a supervisor is rung who is an agent with another telephone than that of a tab; null: in this one. */
export const OtherTelephone = createContext<string | null>(null)

/** Asks for an operation by which one is rung for a call, and answers by itself: the telephone in this tab, which is
 * turned on for it. Throws, and asks for nothing, where that can't be rung. */
export function useAnswering() {
  const { telephone } = useClient()
  const { states } = useWords().telephone
  const other = useContext(OtherTelephone)
  return async <Answered>(call: string, ask: () => Promise<Answered>): Promise<Answered> => {
    if (other) return ask()
    await telephone.connect()
    const { state, why } = telephone.state.get()
    if (state !== 'ready') throw why ?? new Error(states[state])
    const answer = () => telephone.state.get().ringing.includes(call) && telephone.accept([call])
    const stop = telephone.state.subscribe(answer)
    setTimeout(stop, RINGS_WITHIN)
    return ask()
  }
}
