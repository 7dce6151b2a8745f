import { useQuery } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Choice, Choices, MoreChoices } from '../ui/menu'
import { useWords } from '../words'
import { useAnswering } from './listening'
import { useSupervision, useWall } from './wall'
import { useWallWords } from './words'

const Routing = lazy(() => import('./routing'))

/** What a supervisor may do with a call, asked when it is opened, and why it went to whom. */
export function CallMenu({ call, name }: { call: string; name: string }) {
  const words = useWallWords()
  const [explained, setExplained] = useState(false)
  return (
    <>
      <Choices
        label={`${words.more}: ${name}`}
        button={
          <Button look="quiet" icon={ChevronDown} aria-label={`${words.more}: ${name}`}>
            {words.more}
          </Button>
        }
      >
        <Possible call={call} />
        <Choice onAction={() => setExplained(true)}>{words.why}</Choice>
      </Choices>
      {explained && (
        <Suspense>
          <Routing call={call} name={name} onClose={() => setExplained(false)} />
        </Suspense>
      )}
    </>
  )
}

function Possible({ call }: { call: string }) {
  const words = useWords()
  const wall = useWallWords()
  const { calls } = useClient()
  const { mutate } = useSupervision()
  const answering = useAnswering()
  const { data } = useQuery({ queryKey: ['call', call], queryFn: () => calls.readCall(call), staleTime: 0 })
  if (!data) return <Choice isDisabled>{words.loading}</Choice>
  const can = (action: string) => data.call.allowed_actions.includes(action)
  // Who is in the call already is not rung for it.
  const come: typeof answering = (id, ask) => (data.call.purpose ? ask() : answering(id, ask))
  const modes = ['listen', 'whisper', 'barge'] as const
  return (
    <>
      {can('supervise') &&
        modes.map((mode) => (
          <Choice key={mode} onAction={() => mutate(() => come(call, () => calls.supervise(call, mode)))}>
            {wall[mode]}
          </Choice>
        ))}
      {can('stop_supervising') && (
        <Choice onAction={() => mutate(() => calls.stopSupervising(call))}>{wall.stop}</Choice>
      )}
      {can('take_over') && (
        <Choice onAction={() => mutate(() => come(call, () => calls.takeOver(call)))}>{wall.takeOver}</Choice>
      )}
      {can('move') && <Move call={call} from={data.call.queue} />}
      {can('end') && <Choice onAction={() => mutate(() => calls.end(call))}>{wall.end}</Choice>}
      {!can('supervise') && !can('end') && <Choice isDisabled>{wall.nothing}</Choice>}
    </>
  )
}

function Move({ call, from }: { call: string; from: string | null }) {
  const words = useWallWords()
  const { calls } = useClient()
  const { mutate } = useSupervision()
  const { queues } = useWall()
  return (
    <MoreChoices text={words.move} label={words.move}>
      {queues
        .filter(({ name, active }) => active && name !== from)
        .map(({ id, name, waiting, agents_available }) => (
          <Choice key={id} onAction={() => mutate(() => calls.move(call, name))}>
            {words.moveTo(name, waiting, agents_available)}
          </Choice>
        ))}
    </MoreChoices>
  )
}
