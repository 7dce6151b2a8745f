/** A value that changes, and who wants to know: what React's useSyncExternalStore takes. */
export interface Store<Value> {
  get: () => Value
  set: (value: Value) => void
  subscribe: (told: () => void) => () => void
}

export function store<Value>(first: Value): Store<Value> {
  const listeners = new Set<() => void>()
  let value = first
  return {
    get: () => value,
    set: (next) => {
      value = next
      for (const told of listeners) told()
    },
    subscribe: (told) => {
      listeners.add(told)
      return () => listeners.delete(told)
    },
  }
}
