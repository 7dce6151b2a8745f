import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import type { Client, Person } from '../client'

export interface Session {
  person: Person
}

/** Who is signed in; null: nobody, undefined: not known yet. Another user of the same tab is another session. */
export function useSession(client: Client) {
  const queries = useQueryClient()
  const [user, setUser] = useState<{ id: string; email?: string | undefined } | null | undefined>(undefined)
  const [session, setSession] = useState<Session | null | undefined>(undefined)
  const [failed, setFailed] = useState(false)

  useEffect(() => {
    const { data } = client.auth.onAuthStateChange((_event, signedIn) => {
      const next = signedIn?.user ?? null
      setUser((known) => (known && next && known.id === next.id ? known : next))
    })
    return () => data.subscription.unsubscribe()
  }, [client])

  const look = useCallback(async () => {
    setFailed(false)
    if (!user) return setSession(user)
    setSession(undefined)
    try {
      setSession({ person: await client.whoIs(user) })
    } catch {
      setFailed(true)
    }
  }, [client, user])
  useEffect(() => {
    look()
    // Who signs out, in whichever tab, or whose session ends leaves neither their telephone nor what they read.
    return () => client.telephone.disconnect()
  }, [client, look])
  useEffect(() => {
    if (!session) queries.clear()
  }, [session, queries])

  return { session, failed, again: look }
}
