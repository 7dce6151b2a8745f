import { Button } from '../ui/button'
import { useWords } from '../words'
import { useClient } from './client'
import type { Session } from './session'

/** For who is neither an agent nor a supervisor. */
export function Unplaced({ session }: { session: Session }) {
  const words = useWords().signIn
  const client = useClient()
  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <div className="grid max-w-md gap-3 rounded-card border border-line bg-surface p-6">
        <h1 className="text-lg">{words.nobody}</h1>
        <p>{words.whomToAsk}</p>
        <p className="text-soft">{session.person.email}</p>
        <Button onPress={() => client.auth.signOut({ scope: 'local' })}>{words.out}</Button>
      </div>
    </main>
  )
}
