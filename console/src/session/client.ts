import { createContext, useContext } from 'react'
import type { Client } from '../client'

export const ClientContext = createContext<Client | null>(null)

/** What asks Supabase, the service and Twilio. */
export function useClient(): Client {
  const client = useContext(ClientContext)
  if (!client) throw new Error('outside of ClientContext')
  return client
}
