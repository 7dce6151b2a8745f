import { PhoneIncoming, PhoneOff } from 'lucide-react'
import { useEffect } from 'react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { startRinging } from '../telephone/ring'
import { useTelephone } from '../telephone/use-telephone'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { usePreference } from '../ui/preferences'
import { Elapsed } from '../ui/time'
import { useWords } from '../words'
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
  useEffect(() => {
    if (here && goesOn) client.telephone.accept([call.id])
    return here && !goesOn && sound ? startRinging() : undefined
  }, [here, goesOn, sound, client, call.id])
  const who = nameOf(call.customer)
  const partyName = usePartyName()
  const inside = call.parties.filter((party) => party.role !== 'customer' && party !== mine).map(partyName)
  return (
    <Card title={placed ? actions.outbound : words.title} tone="border-good ring-pulse">
      <p role="alert" className="sr-only">
        {placed ? words.first : words.announced(who, call.queue ?? '')}
      </p>
      <div className="grid gap-4">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <p className="min-w-0 truncate text-2xl font-semibold">{who}</p>
          {!placed && (
            <p className="text-soft">
              {words.waited}{' '}
              <Elapsed since={call.queued_at ?? call.started_at} className="text-2xl text-ink" />
            </p>
          )}
          <p className="w-full text-soft">
            {[call.customer.name && call.customer.number, call.queue && words.from(call.queue)]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
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
