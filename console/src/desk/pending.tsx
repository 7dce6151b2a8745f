import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Phone } from 'lucide-react'
import { useEffect } from 'react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card, Chip } from '../ui/card'
import { useMoments } from '../ui/time'
import { useWords } from '../words'
import { useDesk } from './desk'
import { useDial } from './dial'

/** Customers of my queues who are to be called back: those who asked, whom the router rings, and those who were missed. */
export function Pending() {
  const words = useWords().lists
  const client = useClient()
  const { data } = useQuery({
    queryKey: ['pending'],
    queryFn: client.records.pendingWork,
    refetchInterval: 20_000,
  })
  // A call of mine that begins or is over may be one of them.
  const queries = useQueryClient()
  const { desk } = useDesk()
  const mine = desk.calls.map(({ id }) => id).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it changed is.
  useEffect(() => void queries.invalidateQueries({ queryKey: ['pending'] }), [queries, mine])
  const missed = data?.missed ?? []
  const callbacks = data?.callbacks ?? []
  return (
    <>
      <Card title={words.missed} aside={missed.length > 0 && <Chip tone="warn">{missed.length}</Chip>}>
        {missed.length === 0 && <p className="text-soft">{words.noMissed}</p>}
        <ul className="grid max-h-72 divide-y divide-line overflow-y-auto">
          {missed.map((call) => (
            <Missed key={call.id} call={call} />
          ))}
        </ul>
      </Card>
      <Card
        title={words.callbacks}
        aside={callbacks.length > 0 && <Chip tone="busy">{callbacks.length}</Chip>}
      >
        {callbacks.length === 0 && <p className="text-soft">{words.noCallbacks}</p>}
        <ul className="grid max-h-72 divide-y divide-line overflow-y-auto">
          {callbacks.map((callback) => (
            <Waiting key={callback.id} callback={callback} />
          ))}
        </ul>
      </Card>
    </>
  )
}

function Missed({ call }: { call: Document['MissedCall'] }) {
  const words = useWords().lists
  const moment = useMoments()
  const dial = useDial()
  return (
    <li className="flex items-center gap-2 py-1.5">
      <div className="min-w-0 grow">
        <p className="truncate font-medium">{call.name || call.number}</p>
        <p className="truncate text-sm text-soft">
          {[call.name && call.number, call.queue, moment(call.at)].filter(Boolean).join(' · ')}
        </p>
      </div>
      {dial.possible && (
        <Button bare icon={Phone} isDisabled={dial.busy} onPress={() => dial.call(call.number)}>
          {`${words.callBack}: ${call.name || call.number}`}
        </Button>
      )}
    </li>
  )
}

function Waiting({ callback }: { callback: Document['WaitingCallback'] }) {
  const words = useWords().lists
  const moment = useMoments()
  const { desk } = useDesk()
  const mine = desk.calls.some(({ id, ended_at }) => id === callback.id && !ended_at)
  const how = mine
    ? words.mine
    : callback.at_work
      ? words.atWork
      : callback.not_before
        ? words.at(moment(callback.not_before))
        : words.soon
  return (
    <li className="py-1.5">
      <p className="truncate font-medium">{callback.name || callback.number}</p>
      <p className="truncate text-sm text-soft">
        {callback.queue} · {how}
      </p>
    </li>
  )
}
