import type { Document } from '../client'
import { Card, Chip } from '../ui/card'
import { Elapsed } from '../ui/time'
import { useWords } from '../words'
import { CallActions } from './call-actions'
import { ConsultBar } from './consult-bar'
import { useCustomerName, useDesk } from './desk'
import { Disposition } from './disposition'
import { Notes } from './notes'
import { Offer } from './offer'
import { Parties } from './parties'

/** A call that rings here or goes on. */
export function CallCard({ call }: { call: Document['Call'] }) {
  const { call: words, offer } = useWords()
  const nameOf = useCustomerName()
  const { me } = useDesk()
  const mine = call.parties.find((party) => party.agent_id === me.id)
  // Whoever is to be rung in a moment is no party yet.
  if (!mine && call.direction === 'inbound') return <Offer call={call} mine={mine} />
  if (mine?.state === 'ringing') return <Offer call={call} mine={mine} />
  const consulted =
    call.purpose === 'consult' ? offer.kinds.consult.title(call.invited_by ?? offer.colleague) : null
  return (
    <Card
      title={consulted ?? (call.direction === 'outbound' ? words.outbound : words.inbound)}
      aside={<Facts call={call} />}
      tone="border-busy"
    >
      <div className="grid gap-4">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4">
          <p className="min-w-0 truncate text-2xl font-semibold">{nameOf(call.customer)}</p>
          <p className="text-2xl">
            <span className="sr-only">{words.duration}: </span>
            <Elapsed since={call.answered_at ?? call.started_at} />
          </p>
          <p className="w-full text-soft">
            {[call.customer.name && call.customer.number, call.queue].filter(Boolean).join(' · ')}
          </p>
        </div>
        <Parties call={call} />
        <ConsultBar call={call} />
        <CallActions call={call} mine={mine} />
        <Notes call={call.id} />
        <Disposition call={call} />
      </div>
    </Card>
  )
}

function Facts({ call }: { call: Document['Call'] }) {
  const words = useWords().call
  return (
    <span className="flex flex-wrap justify-end gap-2">
      {call.held_since && (
        <Chip tone="warn">
          {words.held} <Elapsed since={call.held_since} />
        </Chip>
      )}
      <Chip tone={call.recording === 'on' ? 'bad' : 'soft'}>{words.recording[call.recording]}</Chip>
    </span>
  )
}
