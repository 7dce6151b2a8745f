import { useMutation } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { Document, Person } from '../client'
import { notify, sentenceOf, settle } from '../ui/notices'
import { useWords } from '../words'

type Answered = { call: Document['Call'] } | Document['Me']

interface Desk {
  desk: Document['Desk']
  me: Document['Agent']
  person: Person
  /** Takes what an operation answered. */
  heard: (answered: Answered) => void
}

// What a desk is refused, in the notices.
const OPERATIONS = 'operations'

export const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('outside of a desk')
  return desk
}

/** Asks for an operation: what it answers is shown at once, and what it refuses is said. */
export function useOperation() {
  const { heard } = useDesk()
  const words = useWords()
  return useMutation({
    mutationFn: (operation: () => Promise<Answered>) => operation(),
    onSuccess: (answered) => {
      settle(OPERATIONS)
      heard(answered)
    },
    onError: (error) => notify(sentenceOf(error, words), true, OPERATIONS),
  })
}

/** Whom a call is with, in a word. */
export function useCustomerName() {
  const words = useWords()
  return (customer: Document['Customer']) => customer.name || customer.number || words.withheld
}
