import { ArrowLeftRight, Check, Merge, X } from 'lucide-react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { useWords } from '../words'
import { useOperation } from './desk'
import { useDirectory } from './directory'

/** Whom I ask for advice, how that stands, and what may come of it. */
export function ConsultBar({ call }: { call: Document['Call'] }) {
  const words = useWords()
  const client = useClient()
  const { mutate, isPending } = useOperation()
  const { consult } = call
  const directory = useDirectory(!!consult?.agent_id)
  if (!consult) return null
  const can = (action: string) => call.allowed_actions.includes(action)
  const agent = directory?.agents.find(({ id }) => id === consult.agent_id)
  const who = agent?.name ?? consult.address ?? words.unknown
  const why = consult.why && (words.outcomes[consult.why] ?? consult.why)
  return (
    <div className="grid gap-2 rounded-lg bg-raised p-3">
      <p role="status">
        {words.consult.states[consult.state](who)}
        {why && ` (${why})`}
      </p>
      <div className="flex flex-wrap gap-2">
        {can('complete_consult') && (
          <Button
            look="primary"
            icon={Check}
            isDisabled={isPending}
            onPress={() => mutate(() => client.calls.completeConsult(call.id))}
          >
            {words.consult.complete}
          </Button>
        )}
        {can('swap_consult') && (
          <Button
            icon={ArrowLeftRight}
            isDisabled={isPending}
            onPress={() => mutate(() => client.calls.swapConsult(call.id))}
          >
            {words.consult.swap}
          </Button>
        )}
        {can('merge_consult') && (
          <Button
            icon={Merge}
            isDisabled={isPending}
            onPress={() => mutate(() => client.calls.mergeConsult(call.id))}
          >
            {words.consult.merge}
          </Button>
        )}
        {can('cancel_consult') && (
          <Button
            icon={X}
            isDisabled={isPending}
            onPress={() => mutate(() => client.calls.cancelConsult(call.id))}
          >
            {words.consult.cancel}
          </Button>
        )}
      </div>
    </div>
  )
}
