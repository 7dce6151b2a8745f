import { LogOut } from 'lucide-react'
import { useState } from 'react'
import type { Client, Person } from '../client'
import { Button } from '../ui/button'
import { Window } from '../ui/dialog'
import { useWords } from '../words'
import type { Words } from '../words/es'
import { useClient } from './client'

// Whoever wants to go is not kept for long by a service that is silent.
const PATIENCE = 4000

/** The way out. During a call it asks first, for that costs the customer their agent. */
export function SignOut({ person }: { person: Person }) {
  const words = useWords()
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState<keyof Words['leaving']['calls'] | null>(null)
  async function leave() {
    setAsking(null)
    setBusy(true)
    await signOut(client, person)
    setBusy(false)
  }
  async function press() {
    setBusy(true)
    const left = await leftBy(client, person)
    setBusy(false)
    if (left) setAsking(left)
    else await leave()
  }
  return (
    <>
      <Button bare look="quiet" icon={LogOut} isDisabled={busy} onPress={press}>
        {words.signIn.out}
      </Button>
      <Window title={words.leaving.title} isOpen={!!asking} onClose={() => setAsking(null)}>
        {asking && <p>{words.leaving.calls[asking]}</p>}
        <p>{words.leaving.offShift}</p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button autoFocus onPress={() => setAsking(null)}>
            {words.leaving.stay}
          </Button>
          <Button look="bad" icon={LogOut} onPress={leave}>
            {words.leaving.leave}
          </Button>
        </div>
      </Window>
    </>
  )
}

/** What an agent would leave; where the service is silent, by what this page's telephone knows. Who listens leaves
 * nobody. */
async function leftBy(client: Client, { agent }: Person): Promise<keyof Words['leaving']['calls'] | null> {
  if (!agent) return null
  const me = await inTime(client.calls.readMe())
  const { open, ringing } = client.telephone.state.get()
  if (!me) return open.length ? 'talking' : ringing.length ? 'ringing' : null
  const calls = me.calls.filter(({ ended_at, purpose }) => !ended_at && purpose && purpose !== 'supervise')
  if (calls.length === 0) return null
  const talking = calls.some(({ parties }) =>
    parties.some(({ agent_id, state }) => agent_id === agent.id && state !== 'ringing'),
  )
  if (!talking) return 'ringing'
  return agent.phone_number ? 'onTelephone' : 'talking'
}

/** Ends the session in this browser. An agent is off shift from then on: nobody is rung at an empty desk. */
async function signOut(client: Client, person: Person) {
  if (person.agent) await inTime(client.calls.setStatus({ status: 'offline', reason: null }))
  await client.auth.signOut({ scope: 'local' })
}

/** What is answered in time; null: nothing is, or it was refused. */
function inTime<T>(asked: Promise<T>): Promise<T | null> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE, null))
  return Promise.race([asked.catch(() => null), late])
}
