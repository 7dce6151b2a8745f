import {
  createContext,
  type ReactNode,
  useContext,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { useLocale } from '../words'
import { serverClock } from './server-clock'

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

/** `at`: what the server's clock said when a snapshot was made; `zone`: the centre's. */
export function Clock({ at, zone, children }: { at?: string; zone?: string; children: ReactNode }) {
  const [server] = useState(serverClock)
  const ahead = server.told(at, Date.now())
  return (
    <Ahead value={ahead}>
      <Zone value={zone}>{children}</Zone>
    </Ahead>
  )
}

/** What a moment is for something, by the server's clock: read twice a second, and told when it is another. */
export function useByClock<T extends string | number | boolean>(read: (now: number) => T): T {
  const ahead = useContext(Ahead)
  return useSyncExternalStore(subscribe, () => read(now + ahead))
}

const secondsFrom = (moment: string, until: number) => Math.floor((until - Date.parse(moment)) / 1000)

/** Seconds since a moment (negative: until), by the server's clock; changes every second. */
export const useSecondsSince = (moment: string | null | undefined): number =>
  useByClock((at) => (moment ? secondsFrom(moment, at) : 0))

/** Whether so many seconds are over since a moment, which there may be none of. */
export const isLongerThan = (moment: string | null | undefined, seconds: number, at: number): boolean =>
  !!moment && secondsFrom(moment, at) > seconds

export function clock(seconds: number): string {
  const all = Math.max(0, seconds)
  const [h, m, s] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60), all % 60]
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
const two = (value: number) => String(value).padStart(2, '0')

/** A running clock, written past React: a wall has some hundreds. Screen readers can read it and are not told of each
 * second. */
export function Elapsed({ since, className }: { since: string | null | undefined; className?: string }) {
  const ahead = useContext(Ahead)
  const shown = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const from = since ? Date.parse(since) : 0
    const show = () => {
      const text = clock(Math.floor((now + ahead - from) / 1000))
      if (shown.current && shown.current.textContent !== text) shown.current.textContent = text
    }
    if (!since) return
    show()
    return subscribe(show)
  }, [since, ahead])
  if (!since) return null
  return <span ref={shown} role="timer" aria-live="off" className={`tabular-nums ${className ?? ''}`} />
}

/** For running clocks in a crowd: what they say changes nothing around them, so nothing is laid out anew. */
export const APART = 'inline-block h-[1lh] w-[7ch] align-bottom contain-strict'

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
