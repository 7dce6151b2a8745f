import { Headset, Settings2 } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { Place } from '../app'
import { Ringing } from '../telephone/ringing'
import { Boundary } from '../ui/boundary'
import { Button } from '../ui/button'
import { useWords } from '../words'
import type { Session } from './session'
import { SignOut } from './sign-out'

// Seldom wanted, and heavier than the rest of the frame.
const PreferencesWindow = lazy(() => import('./preferences-window'))

interface Props {
  session: Session
  screens: Place[]
  at: Place
  children: ReactNode
}

/** What stands around every screen: where one is, who one is, and the way out. */
export function Frame({ session, screens, at, children }: Props) {
  const words = useWords()
  const [choosing, setChoosing] = useState(false)
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr]">
      <button
        type="button"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-2"
        onClick={skip}
      >
        {words.nav.skip}
      </button>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-surface px-4 py-1.5 in-[:fullscreen]:hidden">
        <Headset aria-hidden size={20} className="text-accent" />
        <nav aria-label={words.nav.label} className="flex gap-1">
          {screens.map((screen) => (
            <a
              key={screen}
              href={`#${screen}`}
              aria-current={screen === at ? 'page' : undefined}
              className="rounded-lg px-3 py-1.5 text-soft hover:bg-raised aria-[current]:bg-raised aria-[current]:font-medium aria-[current]:text-ink"
            >
              {words.nav[screen]}
            </a>
          ))}
        </nav>
        <p className="ml-auto truncate text-soft max-sm:hidden">
          {session.person.name ?? session.person.email}
          {session.person.agent && ` · ${session.person.agent.extension}`}
        </p>
        <div className="flex max-sm:ml-auto">
          <Button bare look="quiet" icon={Settings2} onPress={() => setChoosing(true)}>
            {words.preferences.title}
          </Button>
          <SignOut person={session.person} />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="min-w-0 outline-none">
        {at !== 'desk' && <Ringing hasDesk={screens.includes('desk')} />}
        {children}
      </main>
      {choosing && (
        <Boundary>
          <Suspense>
            <PreferencesWindow onClose={() => setChoosing(false)} />
          </Suspense>
        </Boundary>
      )}
    </div>
  )
}

/** No link, for what stands behind # in the address is the screen. */
function skip() {
  document.getElementById('content')?.focus()
}
