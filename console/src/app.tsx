import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import { type Client, openClient } from './client'
import { ClientContext, useClient } from './session/client'
import { Frame } from './session/frame'
import { type Session, useSession } from './session/session'
import { SignIn } from './session/sign-in'
import { Unplaced } from './session/unplaced'
import { Button } from './ui/button'
import { Notices } from './ui/notices'
import { useWords, Worded } from './words'

/** A screen a folder: its address behind #, and who sees it. */
const SCREENS = [
  {
    at: 'desk',
    for: (session: Session) => !!session.person.agent,
    Screen: lazy(() => import('./desk/screen')),
  },
  {
    at: 'wall',
    for: (session: Session) => session.person.isSupervisor,
    Screen: lazy(() => import('./wall/screen')),
  },
] as const

export type Place = (typeof SCREENS)[number]['at']

const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 15_000, retry: 1 } } })

export function App() {
  return (
    <Worded>
      <QueryClientProvider client={queries}>
        <Opened />
        <Notices />
      </QueryClientProvider>
    </Worded>
  )
}

/** The console once it knows where Supabase and the service are. */
function Opened() {
  const words = useWords()
  const [client, setClient] = useState<Client | null>(null)
  const [error, setError] = useState<Error | null>(null)
  useEffect(() => {
    openClient().then(setClient, setError)
  }, [])
  if (error) return <Message text={error.message} />
  if (!client) return <Message text={words.loading} />
  return (
    <ClientContext value={client}>
      <SignedIn />
    </ClientContext>
  )
}

function SignedIn() {
  const words = useWords()
  const client = useClient()
  const { session, failed, again } = useSession(client)
  const hash = useHash()
  if (failed) {
    return (
      <Message text={words.errors.network}>
        <Button onPress={again}>{words.tryAgain}</Button>
      </Message>
    )
  }
  if (session === undefined) return <Message text={words.loading} />
  if (session === null) return <SignIn />
  const screens = SCREENS.filter((screen) => screen.for(session))
  const shown = screens.find((screen) => screen.at === hash) ?? screens[0]
  if (!shown) return <Unplaced session={session} />
  return (
    <Frame session={session} screens={screens.map(({ at }) => at)} at={shown.at}>
      <Suspense fallback={<Message text={words.loading} />}>
        <shown.Screen session={session} />
      </Suspense>
    </Frame>
  )
}

function useHash() {
  const [hash, setHash] = useState(location.hash.slice(1))
  useEffect(() => {
    const changed = () => setHash(location.hash.slice(1))
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return hash
}

function Message({ text, children }: { text: string; children?: React.ReactNode }) {
  return (
    <main className="grid min-h-40 place-items-center p-8">
      <div className="grid justify-items-center gap-4">
        <p className="text-soft">{text}</p>
        {children}
      </div>
    </main>
  )
}
