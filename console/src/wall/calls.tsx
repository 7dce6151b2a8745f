import { ArrowDownLeft, ArrowUpRight } from 'lucide-react'
import { memo, useMemo } from 'react'
import type { Document } from '../client'
import { Card, Chip, type Tone } from '../ui/card'
import { Cell, Table, TableRow } from '../ui/table'
import { APART, Elapsed } from '../ui/time'
import { useWords } from '../words'
import { CallMenu } from './call-menu'
import { useWall } from './wall'
import { useWallWords } from './words'
import type { WallWords } from './words/es'

export function Calls() {
  const words = useWallWords()
  const board = useWall()
  const names = useMemo(
    () => new Map(board.agents.map(({ id, name, extension }) => [id, name ?? extension])),
    [board.agents],
  )
  return (
    <Card title={words.calls}>
      {board.calls.length === 0 ? (
        <p className="text-soft">{words.noCalls}</p>
      ) : (
        <Table
          label={words.calls}
          columns={[words.customer, words.queue, words.state, words.agent, words.since, words.actions]}
        >
          {board.calls.map((call) => (
            <Call key={call.id} call={call} agent={names.get(call.agent_id ?? '') ?? ''} />
          ))}
        </Table>
      )}
    </Card>
  )
}

/** Whoever is in no queue is not said to be in one: they hear a menu, leave a message, or are being rung. */
function stateOf({ callback, status, joined_at, stage, direction }: Document['CallRow'], words: WallWords) {
  if (callback) return words.callback
  if (status === 'queued' && !joined_at)
    return direction === 'outbound' ? words.placing : (words.stages[stage ?? ''] ?? words.statuses.queued)
  return words.statuses[status ?? ''] ?? status
}

const TONES: Record<string, Tone> = { queued: 'warn', ringing: 'warn', active: 'busy' }

const Call = memo(function Call({ call, agent }: { call: Document['CallRow']; agent: string }) {
  const words = useWords()
  const wall = useWallWords()
  const out = call.direction === 'outbound'
  const Icon = out ? ArrowUpRight : ArrowDownLeft
  const who = call.name ?? call.number ?? words.withheld
  const status = call.status ?? ''
  return (
    <TableRow
      head={
        <span className="flex items-center gap-2">
          <Icon aria-hidden size={15} className="shrink-0 text-soft" />
          <span className="sr-only">{out ? words.call.outbound : words.call.inbound}</span>
          {who}
        </span>
      }
    >
      <Cell>{call.queue ?? '–'}</Cell>
      <Cell>
        {call.held_since ? (
          <Chip tone="warn">{words.call.held}</Chip>
        ) : (
          <Chip tone={TONES[status] ?? 'soft'}>{stateOf(call, wall)}</Chip>
        )}
      </Cell>
      <Cell>{agent || '–'}</Cell>
      <Cell>
        <Elapsed
          since={call.joined_at ?? call.answered_at ?? call.queued_at ?? call.started_at}
          className={APART}
        />
      </Cell>
      <Cell className="w-0">
        <CallMenu call={call.id} name={who} />
      </Cell>
    </TableRow>
  )
})
