import { LifeBuoy, TimerReset } from 'lucide-react'
import type { Document } from '../client'
import { Elapsed, isLongerThan, useByClock } from '../ui/time'
import { useLocale } from '../words'
import { CallMenu } from './call-menu'
import { nameOf, useWall } from './wall'
import { useWallWords } from './words'

/** What somebody has to look at: agents who ask for help, and callers who wait longer than promised. */
export function Alarms() {
  const board = useWall()
  return (
    <div className="grid gap-2 empty:hidden">
      {board.help.map((help) => (
        <Help key={help.id} help={help} />
      ))}
      <Late queues={board.queues} />
    </div>
  )
}

function Help({ help }: { help: Document['HelpRow'] }) {
  const words = useWallWords()
  const board = useWall()
  const agent = nameOf(board, help.agent_id)
  return (
    <div
      role="alert"
      className="tint-warn flex flex-wrap items-center gap-3 rounded-card border border-warn px-4 py-2"
    >
      <LifeBuoy aria-hidden size={18} />
      <span className="font-medium">{words.help(agent)}</span>
      {help.reason && <span>{help.reason}</span>}
      <Elapsed since={help.asked_at} />
      <span className="ml-auto">
        <CallMenu call={help.id} name={agent} />
      </span>
    </div>
  )
}

/** One line for all queues: in a bad hour there are dozens of them. */
function Late({ queues }: { queues: Document['QueueRow'][] }) {
  const words = useWallWords()
  const locale = useLocale()
  const names = useByClock((at) =>
    queues
      .filter(({ oldest_joined_at, service_level_seconds: within }) =>
        isLongerThan(oldest_joined_at, within, at),
      )
      .map(({ name }) => name)
      .join('\n'),
  )
  if (!names) return null
  return (
    <div role="alert" className="tint-bad flex items-center gap-3 rounded-card border border-bad px-4 py-2">
      <TimerReset aria-hidden size={18} className="shrink-0" />
      <span className="font-medium">{words.late(new Intl.ListFormat(locale).format(names.split('\n')))}</span>
    </div>
  )
}
