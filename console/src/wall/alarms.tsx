import { LifeBuoy, TimerReset } from 'lucide-react'
import type { Document } from '../client'
import { Elapsed, useSecondsSince } from '../ui/time'
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
      {board.queues.map((queue) => (
        <Late key={queue.id} queue={queue} />
      ))}
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

function Late({ queue }: { queue: Document['QueueRow'] }) {
  const words = useWallWords()
  const waited = useSecondsSince(queue.oldest_joined_at)
  if (!queue.oldest_joined_at || waited <= queue.service_level_seconds) return null
  return (
    <div role="alert" className="tint-bad flex items-center gap-3 rounded-card border border-bad px-4 py-2">
      <TimerReset aria-hidden size={18} />
      <span className="font-medium">{words.late(queue.name)}</span>
    </div>
  )
}
