import { UserMinus } from 'lucide-react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Elapsed } from '../ui/time'
import { useWords } from '../words'
import { useDesk, useOperation } from './desk'

/** Everybody of a call, and how each is. */
export function Parties({ call }: { call: Document['Call'] }) {
  const words = useWords()
  return (
    <ul aria-label={words.call.parties} className="grid divide-y divide-line rounded-lg border border-line">
      {call.parties.map((party) => (
        <PartyRow key={party.party} call={call} party={party} />
      ))}
    </ul>
  )
}

function PartyRow({ call, party }: { call: Document['Call']; party: Document['Party'] }) {
  const words = useWords().call
  const client = useClient()
  const { me } = useDesk()
  const { mutate } = useOperation()
  const name = usePartyName()(party)
  const mine = party.agent_id === me.id
  const removable = call.allowed_actions.includes('remove_party') && party.role !== 'customer' && !mine
  return (
    <li className="flex min-h-10 items-center gap-3 px-3 py-1">
      <span className="min-w-0 grow truncate">
        <span className="font-medium">{name}</span>{' '}
        <span className="text-sm text-soft">
          {mine ? words.you : (words.roles[party.role] ?? party.role)}
        </span>
      </span>
      <span className="text-sm text-soft">
        {party.held_since ? (
          <span className="text-warn">
            {words.held} <Elapsed since={party.held_since} />
          </span>
        ) : (
          words.partyStates[party.state]
        )}
        {party.muted && <span className="text-warn"> · {words.muted}</span>}
      </span>
      {removable && (
        <Button
          bare
          look="quiet"
          icon={UserMinus}
          onPress={() => mutate(() => client.calls.removeParty(call.id, party.party))}
        >
          {words.removeParty(name)}
        </Button>
      )}
    </li>
  )
}

/** A party's name, or the number where they are rung. */
export function usePartyName() {
  const words = useWords()
  return (party: Pick<Document['Party'], 'name' | 'address'>) =>
    party.name || (party.address?.startsWith('client:') ? null : party.address) || words.unknown
}
