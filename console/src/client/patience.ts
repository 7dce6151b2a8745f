/** As fetch, but for so many milliseconds at most: who is not answered is told so, and may ask again. */
export function fetchWithin(milliseconds: number): typeof fetch {
  return (input, init) => {
    const given = init?.signal ?? (input instanceof Request ? input.signal : null)
    const over = AbortSignal.timeout(milliseconds)
    return fetch(input, { ...init, signal: given ? AbortSignal.any([given, over]) : over })
  }
}

// Longer than an operation waits for Twilio, and than a statement may take.
export const PATIENCE = 20_000
