// How many of the newest moments told are gone by, and how far off, in milliseconds, clocks may run for their sake: to
// have every running clock drawn anew costs more than they are worth.
const MOMENTS = 4
const OFF = 300

/** How far the server's clock is ahead of this machine's, from the moments at which snapshots were made. */
export function serverClock() {
  let last: string | undefined
  let by: number[] = []
  let ahead = 0
  return {
    /** Milliseconds, now that a snapshot of this moment is shown. Shown once more, for whatever else changed, it says
     * nothing new of the clock. All come late, some by seconds: the one that seems furthest ahead came soonest. */
    told(at: string | undefined, now: number): number {
      if (!at || at === last) return ahead
      last = at
      by = [Date.parse(at) - now, ...by].slice(0, MOMENTS)
      const soonest = Math.max(...by)
      if (by.length === 1 || Math.abs(soonest - ahead) > OFF) ahead = soonest
      return ahead
    },
  }
}
