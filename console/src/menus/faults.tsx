import { TriangleAlert } from 'lucide-react'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { Document } from '../client'
import type { Menu } from './document'
import { useMenuWords } from './words'

type Fault = Document['ScriptFault']

const Faults = createContext<Fault[]>([])
const Things = createContext<Fault[]>([])

/** What the database would refuse, said beside what it is about. */
export function Faulty({ faults, menus, children }: { faults: Fault[]; menus: Menu[]; children: ReactNode }) {
  const things = useMemo(() => once(faults, menus), [faults, menus])
  return (
    <Faults value={faults}>
      <Things value={things}>{children}</Things>
    </Faults>
  )
}

const IN_MENU = /^script_data\.menus\[(\d+)\](?:\.options\[(\d+)\])?/

/** The menu and the option that a place is in, by their places; undefined: in none. */
export function placeOf(place: string): { menu?: number; option?: number } {
  const [, menu, option] = IN_MENU.exec(place) ?? []
  return { menu: menu ? Number(menu) : undefined, option: option ? Number(option) : undefined }
}

/** Each thing once: two options of the same key, and two menus of the same name, are one thing to put right. */
function once(faults: Fault[], menus: Menu[]): Fault[] {
  const known = new Set<string>()
  return faults.filter(({ place, reason }) => {
    const { menu = -1, option = -1 } = placeOf(place)
    const digit = menus[menu]?.options?.[option]?.digit
    const thing = [menus[menu]?.id || menu, digit || option, place.replace(IN_MENU, ''), reason].join('\n')
    return known.size < known.add(thing).size
  })
}

/** The reason why the value at a place can't stay so. */
export function useFault(place: string): string | undefined {
  return useContext(Faults).find((fault) => fault.place === place)?.reason
}

/** How much is wrong at a place and within it. */
export function useFaultsWithin(place: string): number {
  return useContext(Things).filter(
    (fault) =>
      fault.place === place ||
      (/^[.[]/.test(fault.place.slice(place.length)) && fault.place.startsWith(place)),
  ).length
}

/** What is to be put right, each thing once. */
export const useFaults = () => useContext(Things)

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

/** A reason in its place, where it is about no single field, or one too narrow for it. */
export function FaultAt({ place, id, className }: { place: string; id?: string; className?: string }) {
  const fault = useFault(place)
  return fault ? (
    <p id={id} className={`text-sm font-medium text-bad ${className ?? ''}`}>
      {fault}
    </p>
  ) : null
}
