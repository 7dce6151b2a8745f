import { useQuery } from '@tanstack/react-query'
import { memo, useId, useState } from 'react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { Card } from '../ui/card'
import { FIELD } from '../ui/fields'
import { Loading } from '../ui/loading'
import { Cell, Table, TableRow } from '../ui/table'
import { clock, useMoments } from '../ui/time'
import { Chart } from './today-chart'
import { useWall } from './wall'
import { useWallWords } from './words'

type Sums = Document['DaySums']

/** The day so far by quarters of an hour, of a queue or of all. */
export default function Today() {
  const words = useWallWords().today
  const { queues, targets } = useWall()
  const { records } = useClient()
  const [queue, setQueue] = useState('')
  const { data, failureReason } = useQuery({
    queryKey: ['today', queue],
    queryFn: () => records.todayByQuarter(queue || null),
    refetchInterval: 30_000,
  })
  return (
    <Card
      title={words.title}
      aside={
        <select
          aria-label={words.queue}
          className={`${FIELD} max-w-56`}
          value={queue}
          onChange={(event) => setQueue(event.target.value)}
        >
          <option value="">{words.every}</option>
          {queues.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      }
    >
      {data ? <Quarters today={data} target={targets.service_level} /> : <Loading failed={failureReason} />}
    </Card>
  )
}

// Figures come every second, and the day twice a minute.
const Quarters = memo(function Quarters({
  today,
  target,
}: {
  today: Document['TodayByQuarter']
  target: number
}) {
  const words = useWallWords().today
  const from = today.quarters.findIndex(({ offered }) => offered > 0)
  if (from < 0) return <p className="text-soft">{words.none}</p>
  const quarters = today.quarters.slice(from)
  return (
    <div className="grid gap-2">
      <Chart quarters={quarters} total={today.total} target={target} />
      <Numbers quarters={quarters} total={today.total} />
    </div>
  )
})

function Numbers({ quarters, total }: { quarters: Sums[]; total: Sums }) {
  const words = useWallWords().today
  const moments = useMoments()
  const [open, setOpen] = useState(false)
  const columns = [words.quarter, words.offered, words.answered, words.abandoned, words.level, words.wait]
  const id = useId()
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary id={id} className="cursor-pointer text-soft">
        {words.table}
      </summary>
      {open && (
        <Table label={words.title} columns={columns}>
          <Quarter name={words.total} sums={total} />
          {quarters.toReversed().map((sums) => (
            <Quarter key={sums.start} name={moments(sums.start ?? '')} sums={sums} />
          ))}
        </Table>
      )}
    </details>
  )
}

function Quarter({ name, sums }: { name: string; sums: Sums }) {
  return (
    <TableRow head={name}>
      <Cell>{sums.offered}</Cell>
      <Cell>{sums.answered}</Cell>
      <Cell>{sums.abandoned}</Cell>
      <Cell>{sums.service_level === null ? '–' : `${Math.round(sums.service_level)} %`}</Cell>
      <Cell>{sums.average_wait_seconds === null ? '–' : clock(Math.round(sums.average_wait_seconds))}</Cell>
    </TableRow>
  )
}
