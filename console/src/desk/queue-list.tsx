import type { Document } from '../client'
import { Card } from '../ui/card'
import { Elapsed } from '../ui/time'
import { useWords } from '../words'
import { useDesk } from './desk'

export function QueueList() {
  const words = useWords().queues
  const { desk } = useDesk()
  return (
    <Card title={words.title}>
      {desk.queues.length === 0 && <p className="text-soft">{words.none}</p>}
      <ul className="grid divide-y divide-line">
        {desk.queues.map((queue) => (
          <Queue key={queue.id} queue={queue} />
        ))}
      </ul>
    </Card>
  )
}

function Queue({ queue }: { queue: Document['QueueOnDesk'] }) {
  const words = useWords().queues
  return (
    <li className="grid grid-cols-[1fr_auto] gap-x-3 py-2">
      <span className="truncate font-medium">{queue.name}</span>
      <span className={queue.waiting ? 'font-semibold text-warn' : 'text-soft'}>
        {queue.active ? `${queue.waiting} ${words.waiting}` : words.closed}
      </span>
      <span className="text-sm text-soft">
        {words.free(queue.agents_available, queue.agents_total)}
        {queue.callbacks > 0 && ` · ${words.callbacks(queue.callbacks)}`}
      </span>
      <Elapsed since={queue.oldest_joined_at} className="text-right text-sm text-soft" />
    </li>
  )
}
