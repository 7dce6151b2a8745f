import { memo } from 'react'
import type { Document } from '../client'
import { Card } from '../ui/card'
import { Cell, Table, TableRow } from '../ui/table'
import { APART, Elapsed, isLongerThan, useByClock } from '../ui/time'
import { useWords } from '../words'
import { useQuarter, useWall } from './wall'
import { useWallWords } from './words'

export function Queues() {
  const words = useWords()
  const wall = useWallWords()
  const { queues } = useWall()
  const since = useQuarter()
  return (
    <Card
      title={words.queues.all}
      aside={since && <p className="text-sm text-soft">{wall.ofQuarter(since)}</p>}
    >
      <Table
        label={words.queues.all}
        columns={[
          wall.queue,
          wall.waiting,
          wall.oldest,
          wall.free,
          wall.answered,
          wall.abandoned,
          wall.level,
        ]}
      >
        {queues.map((queue) => (
          <Queue key={queue.id} queue={queue} />
        ))}
      </Table>
    </Card>
  )
}

const Queue = memo(function Queue({ queue }: { queue: Document['QueueRow'] }) {
  const words = useWords()
  const wall = useWallWords()
  const { interval } = queue
  return (
    <TableRow head={queue.active ? queue.name : `${queue.name} (${words.queues.closed})`}>
      <Cell className={queue.waiting ? 'font-semibold' : 'text-soft'}>{queue.waiting}</Cell>
      <Oldest queue={queue} />
      <Cell>
        {queue.agents_available}
        <span className="text-soft"> / {queue.agents_total}</span>
      </Cell>
      <Cell>
        {interval.answered}
        <span className="text-soft"> / {interval.offered}</span>
      </Cell>
      <Cell>{interval.abandoned}</Cell>
      <Cell>
        {interval.service_level === null ? '–' : `${Math.round(interval.service_level)} %`}{' '}
        <span className="text-sm whitespace-nowrap text-soft">
          {wall.within(queue.service_level_seconds)}
        </span>
      </Cell>
    </TableRow>
  )
})

function Oldest({ queue }: { queue: Document['QueueRow'] }) {
  const late = useByClock((at) => isLongerThan(queue.oldest_joined_at, queue.service_level_seconds, at))
  if (!queue.oldest_joined_at) return <Cell className="text-soft">–</Cell>
  return (
    <Cell className={late ? 'font-semibold text-bad' : ''}>
      <Elapsed since={queue.oldest_joined_at} className={APART} />
    </Cell>
  )
}
