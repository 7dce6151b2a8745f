import { useSyncExternalStore } from 'react'
import { useClient } from '../session/client'

/** The telephone in this tab, as it is. */
export function useTelephone() {
  const { state } = useClient().telephone
  return useSyncExternalStore(state.subscribe, state.get)
}
