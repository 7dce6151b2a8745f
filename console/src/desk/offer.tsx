import { PhoneIncoming, PhoneOff } from 'lucide-react'
import { useEffect } from 'react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { startRinging } from '../telephone/ring'
import { useTelephone } from '../telephone/use-telephone'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { usePreference } from '../ui/preferences'
import { Elapsed, useMoments } from '../ui/time'
import { useWords } from '../words'
import type { Words } from '../words/es'
import { useCustomerName, useOperation } from './desk'
import { usePartyName } from './parties'

/** A call that rings for me, or that I place and am rung for first. What answers it is the telephone that rings, which
 * may not be this tab's. */
export function Offer({ call, mine }: { call: Document['Call']; mine: Document['Party'] | undefined }) {
  const { offer: words, call: actions } = useWords()
  const client = useClient()
  const { mutate, isPending } = useOperation()
  const nameOf = useCustomerName()
  const { ringing, open } = useTelephone()
  const [sound] = usePreference('ring')
  const names = [call.id, ...(mine ? [mine.party] : [])]
  const here = names.some((name) => ringing.includes(name))
  // The telephone was lost in this conversation, as by a reload: it rings again to go on with it.
  const goesOn = call.purpose === 'return'
  const placed = call.purpose === 'placed'
  const kind = kindOf(call)
  const ofQueue = !kind || kind === 'callback'
  const asked = kind && words.kinds[kind]
  const title = placed ? actions.outbound : (asked?.title(call.invited_by ?? words.colleague) ?? words.title)
  useEffect(() => {
    if (here && goesOn) client.telephone.accept([call.id])
    return here && !goesOn && sound ? startRinging() : undefined
  }, [here, goesOn, sound, client, call.id])
  const who = nameOf(call.customer)
  const partyName = usePartyName()
  const inside = call.parties.filter((party) => party.role !== 'customer' && party !== mine).map(partyName)
  return (
    <Card title={title} tone="border-good ring-pulse">
      <p role="alert" className="sr-only">
        {placed ? words.first : [title, who, call.queue].filter(Boolean).join(', ')}
      </p>
      <div className="grid gap-4">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <p className="min-w-0 truncate text-2xl font-semibold">{who}</p>
          {!placed && <Waited call={call} kind={kind} />}
          <p className="w-full text-soft">
            {[call.customer.name && call.customer.number, ofQueue && call.queue && words.from(call.queue)]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        {asked && <p>{asked.hint}</p>}
        {inside.length > 0 && (
          <p>
            {words.inside}: {inside.join(', ')}
          </p>
        )}
        {names.some((name) => open.includes(name)) ? (
          <p>{words.answered}</p>
        ) : here ? (
          <div className="flex flex-wrap gap-2">
            <Button
              look="good"
              icon={PhoneIncoming}
              shortcut="A"
              onPress={() => client.telephone.accept(names)}
            >
              {words.accept}
            </Button>
            <Button icon={PhoneOff} shortcut="R" onPress={() => client.telephone.reject(names)}>
              {words.reject}
            </Button>
          </div>
        ) : (
          <p>
            {mine?.address && !mine.address.startsWith('client:')
              ? words.onTelephone(mine.address)
              : words.elsewhere}
          </p>
        )}
        {placed && !here && call.allowed_actions.includes('end') && (
          <div>
            <Button
              look="bad"
              icon={PhoneOff}
              isDisabled={isPending}
              onPress={() => mutate(() => client.calls.end(call.id))}
            >
              {actions.hangUp}
            </Button>
          </div>
        )}
      </div>
    </Card>
  )
}

type Kind = keyof Words['offer']['kinds']

/** What is offered, where it is no caller of a queue: a customer who is to be rung, or what a colleague asks for. */
function kindOf({ purpose, direction, parties }: Document['Call']): Kind | null {
  if (purpose === 'consult' || purpose === 'transfer' || purpose === 'party') return purpose
  // Whoever went back to a queue is on the line.
  const reached = parties.some(({ role }) => role === 'customer')
  return purpose === 'queue' && direction === 'outbound' && !reached ? 'callback' : null
}

/** How long a caller waited; of a callback, since when. */
function Waited({ call, kind }: { call: Document['Call']; kind: Kind | null }) {
  const words = useWords().offer
  const moment = useMoments()
  const since = call.queued_at ?? call.started_at
  if (kind === 'callback') return since && <p className="text-soft">{words.asked(moment(since))}</p>
  if (kind) return null
  return (
    <p className="text-soft">
      {words.waited} <Elapsed since={since} className="text-2xl text-ink" />
    </p>
  )
}
