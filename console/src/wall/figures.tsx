import type { ReactNode } from 'react'
import type { Document } from '../client'
import { clock, useSecondsSince } from '../ui/time'
import { useQuarter, useWall } from './wall'
import { useWallWords } from './words'

type Mood = 'good' | 'warn' | 'bad' | null
const MOODS = { good: 'border-b-good', warn: 'border-b-warn', bad: 'border-b-bad' }

/** What counts now, each figure beside what it is to be. */
export function Figures() {
  const words = useWallWords()
  const { queues, targets, agents } = useWall()
  const sum = (of: (queue: Document['QueueRow']) => number) =>
    queues.reduce((all, queue) => all + of(queue), 0)
  const waiting = sum((queue) => queue.waiting)
  const due = sum((queue) => queue.callbacks)
  const { level, abandoned } = rates(queues)
  const levels = { good: targets.service_level, bad: targets.service_level_alarm }
  const losses = { good: targets.abandoned, bad: targets.abandoned_alarm }
  const free = agents.filter(({ state }) => state === 'available').length
  const since = useQuarter()
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-6">
      <Figure
        name={words.waiting}
        target={words.target(`≤ ${targets.waiting}`)}
        mood={waiting <= targets.waiting ? 'good' : waiting > free ? 'bad' : 'warn'}
      >
        {waiting}
      </Figure>
      <LongestWait />
      <Figure
        name={words.level}
        target={words.target(`≥ ${levels.good} %`)}
        since={since}
        mood={moodOf(level, levels)}
      >
        {level === null ? '–' : `${Math.round(level)} %`}
      </Figure>
      <Figure
        name={words.abandoned}
        target={words.target(`≤ ${losses.good} %`)}
        since={since}
        mood={moodOf(abandoned, losses)}
      >
        {abandoned === null ? '–' : `${Math.round(abandoned)} %`}
      </Figure>
      <Figure
        name={words.available}
        target={words.target(`≥ ${targets.available}`)}
        mood={free >= targets.available ? 'good' : 'warn'}
      >
        {free}
      </Figure>
      <Figure
        name={words.callbacks}
        target={words.target(`≤ ${targets.callbacks}`)}
        mood={due <= targets.callbacks ? 'good' : 'warn'}
      >
        {due}
      </Figure>
    </dl>
  )
}

function LongestWait() {
  const words = useWallWords()
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
  since,
  mood,
  children,
}: {
  name: string
  target: string
  /** Of what is counted from a moment on. */
  since?: string | undefined
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
        {since && <span className="basis-full text-sm text-soft">{since}</span>}
      </dd>
    </div>
  )
}

/** Of all queues in this quarter of an hour, in percent; who went on to a second queue was offered once. */
function rates(queues: Document['QueueRow'][]) {
  const sum = (of: (interval: Document['QueueInterval']) => number) =>
    queues.reduce((all, { interval }) => all + of(interval), 0)
  const offered = sum((interval) => interval.offered - interval.overflowed)
  return {
    level: percent(
      sum((interval) => interval.answered_in_time),
      offered - sum((interval) => interval.abandoned_in_time),
    ),
    abandoned: percent(
      sum((interval) => interval.abandoned),
      offered,
    ),
  }
}

const percent = (part: number, whole: number) => (whole ? (100 * part) / whole : null)

/** Between two bounds: good at the first and beyond, bad at the second and beyond. */
function moodOf(value: number | null, { good, bad }: { good: number; bad: number }): Mood {
  if (value === null) return null
  const sign = good > bad ? 1 : -1
  return sign * value >= sign * good ? 'good' : sign * value <= sign * bad ? 'bad' : 'warn'
}
