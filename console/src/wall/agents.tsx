import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown } from 'lucide-react'
import { memo, type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card, Chip, toneOf } from '../ui/card'
import { Field } from '../ui/fields'
import { fold } from '../ui/fold'
import { Choice, Choices } from '../ui/menu'
import { APART, Elapsed } from '../ui/time'
import { useWords } from '../words'
import { useSupervision, useWall } from './wall'
import { useWallWords } from './words'

const ORDER = ['on_call', 'on_hold', 'ringing', 'busy', 'wrap_up', 'available', 'break', 'offline']

const HEIGHT = 50
// An agent's name, why they are in a pause and their state, side by side.
const LANE = 400

type Row = Document['AgentRow']
const nameOfRow = ({ name, extension }: Row) => name ?? extension

/** Agents, those at work first. */
export function Agents() {
  const words = useWallWords()
  const { agents } = useWall()
  const [sought, setSought] = useState('')
  const sorted = useMemo(() => {
    const rank = ({ state }: Row) => ORDER.indexOf(state ?? 'offline')
    return [...agents].sort(
      (one, other) => rank(one) - rank(other) || one.extension.localeCompare(other.extension),
    )
  }, [agents])
  const wanted = fold(sought.trim())
  const found = wanted
    ? sorted.filter(({ name, extension }) => fold(`${extension} ${name ?? ''}`).includes(wanted))
    : sorted
  return (
    <Card
      title={`${words.agents} (${agents.length})`}
      aside={
        <Field label={words.seek} hideLabel placeholder={words.seek} value={sought} onChange={setSought} />
      }
    >
      <Rows agents={found} />
    </Card>
  )
}

/** Of hundreds, those that are in view. */
function Rows({ agents }: { agents: Row[] }) {
  const scrolled = useRef<HTMLDivElement>(null)
  const lanes = Math.max(1, Math.floor(useWidth(scrolled) / LANE))
  const rows = useVirtualizer({
    count: agents.length,
    getScrollElement: () => scrolled.current,
    getItemKey: (place) => agents[place]?.id ?? place,
    estimateSize: () => HEIGHT,
    overscan: 8,
    lanes,
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <div ref={scrolled} tabIndex={0} className="max-h-144 overflow-y-auto">
      <ul className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start, lane }) => {
          const agent = agents[index]
          const at = { top: start, left: lane / lanes, width: 1 / lanes, place: index + 1, of: agents.length }
          return agent && <Agent key={key} agent={agent} {...at} />
        })}
      </ul>
    </div>
  )
}

/** How wide an element is, in pixels; 0 before it stands. */
function useWidth(of: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = of.current
    if (!element) return
    const measure = () => setWidth(element.clientWidth)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [of])
  return width
}

interface At {
  top: number
  left: number
  width: number
  place: number
  of: number
}

const Agent = memo(function Agent({ agent, top, left, width, place, of }: { agent: Row } & At) {
  const words = useWords()
  const state = agent.state ?? 'offline'
  const name = nameOfRow(agent)
  return (
    <li
      aria-posinset={place}
      aria-setsize={of}
      className="absolute flex items-center gap-2 border-t border-line pr-3 contain-strict"
      style={{ top, left: `${left * 100}%`, width: `${width * 100}%`, height: HEIGHT }}
    >
      <div className="min-w-0 grow">
        <p className="truncate font-medium">{name}</p>
        <p className="truncate text-sm text-soft">
          {[agent.extension, agent.reason && (words.outcomes[agent.reason] ?? agent.reason)]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <Elapsed since={agent.since} className={`text-right text-sm text-soft ${APART}`} />
      <Chip tone={toneOf(state)}>{words.status.states[state] ?? state}</Chip>
      <AgentMenu id={agent.id} state={state} name={name} />
    </li>
  )
})

function AgentMenu({ id, state, name }: { id: string; state: string; name: string }) {
  const words = useWords()
  const wall = useWallWords()
  const { calls } = useClient()
  const { mutate } = useSupervision()
  const set = (status: 'available' | 'break' | 'offline') => () =>
    mutate(() => calls.setStatusOf(id, { status, reason: null }))
  return (
    <Choices
      label={wall.change(name)}
      button={
        <Button bare look="quiet" icon={ChevronDown}>
          {wall.change(name)}
        </Button>
      }
    >
      {state === 'wrap_up' && (
        <Choice onAction={() => mutate(() => calls.finishWrapUpOf(id))}>{wall.endWrapUp}</Choice>
      )}
      {(['available', 'break', 'offline'] as const)
        .filter((status) => status !== state)
        .map((status) => (
          <Choice key={status} onAction={set(status)}>
            {words.status.states[status]}
          </Choice>
        ))}
    </Choices>
  )
}
