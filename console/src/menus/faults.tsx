import { TriangleAlert } from 'lucide-react'
import { createContext, type ReactNode, useContext } from 'react'
import type { Document } from '../client'
import { useMenuWords } from './words'

const Faults = createContext<Document['ScriptFault'][]>([])

/** What the database would refuse, said beside what it is about. */
export function Faulty({ faults, children }: { faults: Document['ScriptFault'][]; children: ReactNode }) {
  return <Faults value={faults}>{children}</Faults>
}

/** The reason why the value at a place can't stay so. */
export function useFault(place: string): string | undefined {
  return useContext(Faults).find((fault) => fault.place === place)?.reason
}

/** How much is wrong at a place and within it. */
export function useFaultsWithin(place: string): number {
  return useContext(Faults).filter(
    (fault) =>
      fault.place === place ||
      (/^[.[]/.test(fault.place.slice(place.length)) && fault.place.startsWith(place)),
  ).length
}

export const useFaults = () => useContext(Faults)

/** Marks a part in which something is wrong. */
export function FaultMark({ place }: { place: string }) {
  const words = useMenuWords()
  const count = useFaultsWithin(place)
  if (!count) return null
  return (
    <span className="inline-flex items-center gap-1 text-sm text-bad">
      <TriangleAlert aria-hidden size={14} />
      <span className="sr-only">{words.faults(count)}</span>
      <span aria-hidden>{count}</span>
    </span>
  )
}

/** A reason in its place, where it is about no single field. */
export function FaultAt({ place }: { place: string }) {
  const fault = useFault(place)
  return fault ? <p className="text-sm font-medium text-bad">{fault}</p> : null
}
