import { ChevronDown } from 'lucide-react'
import { memo, useMemo } from 'react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card, Chip, toneOf } from '../ui/card'
import { Choice, Choices } from '../ui/menu'
import { Elapsed } from '../ui/time'
import { useWords } from '../words'
import { useSupervision, useWall } from './wall'
import { useWallWords } from './words'

const ORDER = ['on_call', 'on_hold', 'ringing', 'busy', 'wrap_up', 'available', 'break', 'offline']

/** Agents, those at work first. */
export function Agents() {
  const words = useWallWords()
  const { agents } = useWall()
  const sorted = useMemo(() => {
    const rank = ({ state }: Document['AgentRow']) => ORDER.indexOf(state ?? 'offline')
    return [...agents].sort(
      (one, other) => rank(one) - rank(other) || one.extension.localeCompare(other.extension),
    )
  }, [agents])
  return (
    <Card title={words.agents}>
      <ul className="grid gap-x-6 sm:grid-cols-2">
        {sorted.map((agent) => (
          <Agent key={agent.id} agent={agent} />
        ))}
      </ul>
    </Card>
  )
}

const Agent = memo(function Agent({ agent }: { agent: Document['AgentRow'] }) {
  const words = useWords()
  const state = agent.state ?? 'offline'
  const name = agent.name ?? agent.extension
  return (
    <li className="flex min-w-0 items-center gap-2 border-t border-line py-1">
      <div className="min-w-0 grow">
        <p className="truncate font-medium">{name}</p>
        <p className="truncate text-sm text-soft">
          {[agent.extension, agent.reason && (words.outcomes[agent.reason] ?? agent.reason)]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <Elapsed since={agent.since} className="text-sm text-soft" />
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
