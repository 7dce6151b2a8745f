import type { ReactNode } from 'react'
import type { Document } from '../client'
import { clock, useSecondsSince } from '../ui/time'
import { useWords } from '../words'
import { useWall } from './wall'

const LEVEL = { good: 90, bad: 60 }
const ABANDONED = { good: 5, bad: 10 }

type Mood = 'good' | 'warn' | 'bad' | null
const MOODS = { good: 'border-b-good', warn: 'border-b-warn', bad: 'border-b-bad' }

/** What counts now, each figure beside what it is to be. */
export function Figures() {
  const words = useWords().wall
  const { queues } = useWall()
  const sum = (of: (queue: Document['QueueRow']) => number) =>
    queues.reduce((all, queue) => all + of(queue), 0)
  const waiting = sum((queue) => queue.waiting)
  const offered = sum((queue) => queue.interval.offered)
  const level = percent(
    sum((queue) => queue.interval.answered_in_time),
    offered,
  )
  const abandoned = percent(
    sum((queue) => queue.interval.abandoned),
    offered,
  )
  const free = useWall().agents.filter(({ state }) => state === 'available').length
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-6">
      <Figure
        name={words.waiting}
        target={words.target('0')}
        mood={waiting > free ? 'bad' : waiting ? 'warn' : 'good'}
      >
        {waiting}
      </Figure>
      <LongestWait />
      <Figure name={words.level} target={words.target(`≥ ${LEVEL.good} %`)} mood={moodOf(level, LEVEL)}>
        {level === null ? '–' : `${Math.round(level)} %`}
      </Figure>
      <Figure
        name={words.abandoned}
        target={words.target(`≤ ${ABANDONED.good} %`)}
        mood={moodOf(abandoned, ABANDONED)}
      >
        {abandoned === null ? '–' : `${Math.round(abandoned)} %`}
      </Figure>
      <Figure
        name={words.available}
        target={words.target(`≥ ${waiting}`)}
        mood={free >= waiting && free > 0 ? 'good' : 'warn'}
      >
        {free}
      </Figure>
      <Figure name={words.callbacks} target={words.target('0')} mood={null}>
        {sum((queue) => queue.callbacks)}
      </Figure>
    </dl>
  )
}

function LongestWait() {
  const words = useWords().wall
  const waited = useWall()
    .queues.filter((queue) => queue.oldest_joined_at)
    .sort((one, other) => Date.parse(one.oldest_joined_at ?? '') - Date.parse(other.oldest_joined_at ?? ''))
  const oldest = waited[0]
  const promised = oldest?.service_level_seconds ?? null
  const seconds = useSecondsSince(oldest?.oldest_joined_at)
  const late = promised !== null && seconds > promised
  return (
    <Figure
      name={words.longest}
      target={promised === null ? '' : words.target(`≤ ${clock(promised)}`)}
      mood={oldest ? (late ? 'bad' : 'warn') : 'good'}
    >
      {oldest ? clock(seconds) : '–'}
    </Figure>
  )
}

function Figure({
  name,
  target,
  mood,
  children,
}: {
  name: string
  target: string
  mood: Mood
  children: ReactNode
}) {
  return (
    <div
      className={`rounded-card border border-b-4 border-line bg-surface px-4 py-3 ${mood ? MOODS[mood] : ''}`}
    >
      <dt className="truncate text-sm text-soft">{name}</dt>
      <dd className="flex flex-wrap items-baseline justify-between gap-x-2">
        <span className="text-4xl font-semibold tabular-nums">{children}</span>
        <span className="text-sm text-soft">{target}</span>
      </dd>
    </div>
  )
}

const percent = (part: number, whole: number) => (whole ? (100 * part) / whole : null)

/** Between two bounds: good at the first and beyond, bad at the second and beyond. */
function moodOf(value: number | null, { good, bad }: { good: number; bad: number }): Mood {
  if (value === null) return null
  const sign = good > bad ? 1 : -1
  return sign * value >= sign * good ? 'good' : sign * value <= sign * bad ? 'bad' : 'warn'
}
