import { lazy, Suspense, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import type { Session } from '../session/session'
import { TelephoneBar } from '../telephone/bar'
import { Boundary } from '../ui/boundary'
import { Connection } from '../ui/connection'
import { Loading } from '../ui/loading'
import { Clock } from '../ui/time'
import { useWords } from '../words'
import { CallCard } from './call-card'
import { DeskContext } from './desk'
import { DialPad } from './dial-pad'
import { Pending } from './pending'
import { QueueList } from './queue-list'
import { Quiet } from './quiet'
import { Status } from './status'
import { Voicemails } from './voicemails'
import { WrapUp } from './wrap-up'

// Nobody waits for it before a call.
const Contact = lazy(() => import('./contact'))

/** An agent's desk: everything on it follows from the document of docs/live.md. */
export default function DeskScreen({ session }: { session: Session }) {
  const client = useClient()
  const words = useWords()
  const agent = session.person.agent
  const opened = useMemo(() => (agent ? client.openDesk(agent.id) : null), [client, agent])
  useEffect(() => () => void opened?.stop(), [opened])
  const state = useSyncExternalStore(opened?.state.subscribe ?? idle, opened?.state.get ?? nothing)
  const taken = state?.desk?.softphone
  useEffect(() => client.telephone.heard(taken), [client, taken])
  // What the line said of a consult is over when the call is one's own.
  const purposes = state?.desk?.calls.map(({ id, purpose }) => id + purpose).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it changed is.
  useEffect(() => void client.telephone.forgetCaption(), [client, purposes])
  if (!opened || !agent || !state?.desk) return <Loading failed={state?.error} />
  // Whose extension was taken from them while they were here.
  if (!state.desk.agent) return <p className="p-8 text-center">{words.signIn.nobody}</p>
  const { desk, live } = state
  const me = state.desk.agent
  // A call that was handed over goes on while it is wrapped up here.
  const handedOver = (call: Document['Call']) =>
    call.id === desk.wrap_up?.call_record_id && !call.parties.some((party) => party.agent_id === me.id)
  const calls = desk.calls.filter((call) => !call.ended_at && !handedOver(call))
  const over = desk.wrap_up && desk.calls.find((call) => call.id === desk.wrap_up?.call_record_id)
  const shown = calls[0] ?? over
  return (
    <DeskContext value={{ desk, me, person: session.person, heard: opened.heard }}>
      <Clock at={desk.at} zone={desk.time_zone}>
        <h1 className="sr-only">{words.nav.desk}</h1>
        <Connection live={live} />
        <div className="mx-auto grid max-w-[100rem] gap-4 p-4 max-sm:p-2 lg:grid-cols-[19rem_minmax(0,1fr)] xl:grid-cols-[19rem_minmax(0,1fr)_22rem]">
          <div className="grid content-start gap-4 max-lg:order-2">
            <Status />
            <QueueList />
          </div>
          <div className="grid content-start gap-4 max-lg:order-1">
            <TelephoneBar telephone={agent.phone_number} />
            {calls.map((call) => (
              <CallCard key={call.id} call={call} />
            ))}
            {desk.wrap_up && <WrapUp wrapUp={desk.wrap_up} call={over ?? null} />}
            {calls.length === 0 && !desk.wrap_up && <Quiet />}
            {calls.length === 0 && <DialPad />}
          </div>
          <div className="grid content-start gap-4 max-lg:order-3 lg:max-xl:col-span-2">
            <Boundary>
              <Suspense>{shown && <Contact call={shown} />}</Suspense>
            </Boundary>
            <Pending />
            <Voicemails />
          </div>
        </div>
      </Clock>
    </DeskContext>
  )
}

const idle = () => () => {}
const nothing = () => null
