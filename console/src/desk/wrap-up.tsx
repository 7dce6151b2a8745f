import { Check, Plus } from 'lucide-react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { clock, useSecondsSince } from '../ui/time'
import { useWords } from '../words'
import { useCustomerName, useOperation } from './desk'
import { Disposition } from './disposition'
import { Notes } from './notes'
import { PromiseCallback } from './promise-callback'

const MORE = 60

/** After a call: what came of it, and the time for that, which can be made longer. */
export function WrapUp({ wrapUp, call }: { wrapUp: Document['WrapUp']; call: Document['Call'] | null }) {
  const words = useWords().wrapUp
  const client = useClient()
  const nameOf = useCustomerName()
  const { mutate, isPending } = useOperation()
  const more = Math.min(MORE, wrapUp.extendable_seconds)
  return (
    <Card title={words.title} aside={<Countdown wrapUp={wrapUp} />} tone="border-warn">
      <div className="grid gap-4">
        {call && <p className="truncate text-2xl font-semibold">{nameOf(call.customer)}</p>}
        {wrapUp.disposition_required && <p className="tint-warn rounded-lg px-3 py-2">{words.owed}</p>}
        {call && <Notes call={call.id} />}
        {call && <Disposition call={call} />}
        {call?.allowed_actions.includes('callback') && <PromiseCallback call={call.id} />}
        <div className="flex flex-wrap justify-end gap-2">
          {more > 0 && (
            <Button
              icon={Plus}
              isDisabled={isPending}
              onPress={() => mutate(() => client.calls.extendWrapUp(more))}
            >
              {words.more(more)}
            </Button>
          )}
          <Button
            look="primary"
            icon={Check}
            shortcut="F"
            isDisabled={isPending || wrapUp.disposition_required}
            onPress={() => mutate(() => client.calls.finishWrapUp())}
          >
            {words.finish}
          </Button>
        </div>
      </div>
    </Card>
  )
}

/** An owed disposition has no end that time brings. */
function Countdown({ wrapUp }: { wrapUp: Document['WrapUp'] }) {
  const words = useWords().wrapUp
  const left = -useSecondsSince(wrapUp.until)
  if (left <= 0 || left > 24 * 3600) return null
  return (
    <span
      role="timer"
      aria-live="off"
      className={`text-xl tabular-nums ${left <= 10 ? 'text-bad' : 'text-warn'}`}
    >
      <span className="sr-only">{words.left}: </span>
      {clock(left)}
    </span>
  )
}
