import { useQuery } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Choice, Choices } from '../ui/menu'
import { useWords } from '../words'
import { useListening } from './listening'
import { useSupervision } from './wall'

/** What a supervisor may do with a call, asked when it is opened. */
export function CallMenu({ call, name }: { call: string; name: string }) {
  const words = useWords().wall
  return (
    <Choices
      label={`${words.more}: ${name}`}
      button={
        <Button look="quiet" icon={ChevronDown} aria-label={`${words.more}: ${name}`}>
          {words.more}
        </Button>
      }
    >
      <Possible call={call} />
    </Choices>
  )
}

function Possible({ call }: { call: string }) {
  const words = useWords()
  const { calls } = useClient()
  const { mutate } = useSupervision()
  const listen = useListening()
  const { data } = useQuery({ queryKey: ['call', call], queryFn: () => calls.readCall(call), staleTime: 0 })
  if (!data) return <Choice isDisabled>{words.loading}</Choice>
  const can = (action: string) => data.call.allowed_actions.includes(action)
  const modes = ['listen', 'whisper', 'barge'] as const
  return (
    <>
      {can('supervise') &&
        modes.map((mode) => (
          <Choice key={mode} onAction={() => mutate(() => listen(call, mode))}>
            {words.wall[mode]}
          </Choice>
        ))}
      {can('stop_supervising') && (
        <Choice onAction={() => mutate(() => calls.stopSupervising(call))}>{words.wall.stop}</Choice>
      )}
      {can('take_over') && (
        <Choice onAction={() => mutate(() => calls.takeOver(call))}>{words.wall.takeOver}</Choice>
      )}
      {can('end') && <Choice onAction={() => mutate(() => calls.end(call))}>{words.wall.end}</Choice>}
      {!can('supervise') && !can('end') && <Choice isDisabled>{words.wall.nothing}</Choice>}
    </>
  )
}
