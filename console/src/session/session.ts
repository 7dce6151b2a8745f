import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Client, Person } from '../client'
import { UNTIL_ANSWERED } from '../ui/queries'

export interface Session {
  person: Person
}

/** Who is signed in; null: nobody, undefined: not known yet, and `failed` why. */
export function useSession(client: Client) {
  const [user, setUser] = useState<{ id: string; email?: string | undefined } | null | undefined>(undefined)
  useEffect(() => {
    const { data } = client.auth.onAuthStateChange((_event, signedIn) => {
      const next = signedIn?.user ?? null
      setUser((known) => (known && next && known.id === next.id ? known : next))
    })
    return () => data.subscription.unsubscribe()
  }, [client])
  // Who signs out, in whichever tab, or whose session ends leaves no telephone.
  useEffect(() => (user ? () => client.telephone.disconnect() : undefined), [client, user])

  const { data, failureReason } = useQuery({
    queryKey: ['session', user?.id],
    queryFn: async (): Promise<Session | null> => (user ? { person: await client.whoIs(user) } : null),
    enabled: !!user,
    // What somebody may do is looked up whenever they sign in.
    gcTime: 0,
    ...UNTIL_ANSWERED,
  })
  return { session: user ? data : user, failed: failureReason }
}
