import { createContext, type ReactNode, useContext, useMemo, useRef, useSyncExternalStore } from 'react'
import { useLocale } from '../words'

const listeners = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | undefined
let now = Date.now()

function subscribe(told: () => void) {
  listeners.add(told)
  ticking ??= setInterval(() => {
    now = Date.now()
    for (const tell of listeners) tell()
  }, 500)
  return () => {
    listeners.delete(told)
    if (listeners.size === 0) {
      clearInterval(ticking)
      ticking = undefined
    }
  }
}

/** The server's clock, by which moments in rows are: a PC's clock may be minutes off. */
const Ahead = createContext(0)
const Zone = createContext<string | undefined>(undefined)

/** `at`: what the server's clock said when a snapshot came; `zone`: the centre's. */
export function Clock({ at, zone, children }: { at?: string; zone?: string; children: ReactNode }) {
  const seen = useRef<{ at?: string; ahead: number }>({ ahead: 0 })
  if (at && at !== seen.current.at) seen.current = { at, ahead: Date.parse(at) - Date.now() }
  return (
    <Ahead value={seen.current.ahead}>
      <Zone value={zone}>{children}</Zone>
    </Ahead>
  )
}

/** Seconds since a moment (negative: until), by the server's clock; changes every second. */
export function useSecondsSince(moment: string | null | undefined): number {
  const ahead = useContext(Ahead)
  const seconds = () => (moment ? Math.floor((now + ahead - Date.parse(moment)) / 1000) : 0)
  return useSyncExternalStore(subscribe, seconds)
}

export function clock(seconds: number): string {
  const all = Math.max(0, seconds)
  const [h, m, s] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60), all % 60]
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
const two = (value: number) => String(value).padStart(2, '0')

/** A running clock. Screen readers can read it and are not told of each second. */
export function Elapsed({ since, className }: { since: string | null | undefined; className?: string }) {
  const seconds = useSecondsSince(since)
  if (!since) return null
  return (
    <span role="timer" aria-live="off" className={`tabular-nums ${className ?? ''}`}>
      {clock(seconds)}
    </span>
  )
}

/** Says moments in the centre's zone, those of today without their day. */
export function useMoments() {
  const locale = useLocale()
  const timeZone = useContext(Zone)
  return useMemo(() => {
    const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone })
    const both = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone })
    const day = new Intl.DateTimeFormat('en-CA', { timeZone })
    return (moment: string) => {
      const date = new Date(moment)
      return (day.format(date) === day.format(new Date()) ? time : both).format(date)
    }
  }, [locale, timeZone])
}

export const useZone = () => useContext(Zone)

/** A moment as a zone's clocks show it, as fields for moments have it: 2027-01-11T09:30. */
export function wallTime(moment: Date, timeZone: string | undefined): string {
  const shown = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone })
  return shown.format(moment).replace(' ', 'T')
}

/** The moment at which a zone's clocks show this. */
export function fromWallTime(written: string, timeZone: string | undefined): Date {
  const wanted = Date.parse(`${written}Z`)
  const shift = (at: number) => Date.parse(`${wallTime(new Date(at), timeZone)}Z`) - at
  // Once more, for the shift may be another on the other side of a change of clocks.
  return new Date(wanted - shift(wanted - shift(wanted)))
}
