import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useDeferredValue, useMemo } from 'react'
import { openClient } from './client'
import { ClientContext, useClient } from './session/client'
import { Frame } from './session/frame'
import { type Session, useSession } from './session/session'
import { SignIn } from './session/sign-in'
import { Unplaced } from './session/unplaced'
import { useAddress } from './ui/address'
import { Boundary } from './ui/boundary'
import { Loading } from './ui/loading'
import { Notices } from './ui/notices'
import { newQueries, UNTIL_ANSWERED } from './ui/queries'
import { Worded } from './words'

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
  {
    at: 'contacts',
    for: ({ person }: Session) => !!person.agent || person.isSupervisor,
    Screen: lazy(() => import('./contacts/screen')),
  },
  {
    at: 'menus',
    for: (session: Session) => session.person.isSupervisor,
    Screen: lazy(() => import('./menus/screen')),
  },
] as const

export type Place = (typeof SCREENS)[number]['at']

const queries = newQueries()

export function App() {
  return (
    <Worded>
      <Boundary>
        <QueryClientProvider client={queries}>
          <Suspense fallback={<Loading />}>
            <Opened />
          </Suspense>
        </QueryClientProvider>
      </Boundary>
      <Notices />
    </Worded>
  )
}

/** The console once it knows where Supabase and the service are. */
function Opened() {
  const { data, failureReason } = useQuery({ queryKey: ['client'], queryFn: openClient, ...UNTIL_ANSWERED })
  if (!data) return <Loading failed={failureReason} />
  return (
    <ClientContext value={data}>
      <SignedIn />
    </ClientContext>
  )
}

function SignedIn() {
  const { session: known, failed } = useSession(useClient())
  // What is on the screen stays until the file of what comes next is there.
  const session = useDeferredValue(known)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whose what was read is.
  const read = useMemo(newQueries, [session])
  if (session === undefined) return <Loading failed={failed} />
  if (session === null) return <SignIn />
  return (
    <QueryClientProvider client={read}>
      <Screens session={session} />
    </QueryClientProvider>
  )
}

function Screens({ session }: { session: Session }) {
  const { place } = useAddress()
  const screens = SCREENS.filter((screen) => screen.for(session))
  const shown = screens.find((screen) => screen.at === place) ?? screens[0]
  if (!shown) return <Unplaced session={session} />
  return (
    <Frame session={session} screens={screens.map(({ at }) => at)} at={shown.at}>
      <Boundary key={shown.at}>
        <shown.Screen session={session} />
      </Boundary>
    </Frame>
  )
}
