import { useMutation, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { Document } from '../client'
import { notify, sentenceOf } from '../ui/notices'
import { useMoments } from '../ui/time'
import { useWords } from '../words'
import { useWallWords } from './words'

export const WallContext = createContext<Document['Wallboard'] | null>(null)

export function useWall(): Document['Wallboard'] {
  const board = useContext(WallContext)
  if (!board) throw new Error('outside of a wall')
  return board
}

/** From when on a queue's answered and abandoned calls and its service level are counted, in words. */
export function useQuarter(): string | undefined {
  const words = useWallWords()
  const moments = useMoments()
  const start = useWall().queues[0]?.interval.start
  return start ? words.sinceQuarter(moments(start)) : undefined
}

/** Asks for an operation. What comes of it is told by the wallboard, and of a call at once; what is refused is said. */
export function useSupervision() {
  const words = useWords()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (operation: () => Promise<{ call: Document['Call'] } | Document['Me']>) => operation(),
    onSuccess: async (answered) => {
      if (!('call' in answered)) return
      const queryKey = ['call', answered.call.id]
      await queries.cancelQueries({ queryKey })
      queries.setQueryData(queryKey, answered)
    },
    onError: (error) => notify(sentenceOf(error, words), true),
  })
}

/** The name of an agent of the wallboard. */
export function nameOf(board: Document['Wallboard'], agentId: string | null): string {
  const agent = board.agents.find(({ id }) => id === agentId)
  return agent ? (agent.name ?? agent.extension) : ''
}
