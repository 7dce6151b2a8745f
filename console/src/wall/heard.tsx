import { useQuery } from '@tanstack/react-query'
import { Ear } from 'lucide-react'
import { useClient } from '../session/client'
import { useTelephone } from '../telephone/use-telephone'
import { Button } from '../ui/button'
import { useSupervision } from './wall'
import { useWallWords } from './words'

/** How one is heard in the call that is heard in this tab, and what else may be done with it. */
export default function Heard({ call, name }: { call: string; name: string }) {
  const words = useWallWords()
  const { calls } = useClient()
  const { mutate, isPending } = useSupervision()
  const { caption } = useTelephone()
  const { data } = useQuery({
    queryKey: ['call', call],
    queryFn: () => calls.readCall(call),
    refetchInterval: 3000,
  })
  const can = (action: string) => data?.call.allowed_actions.includes(action) ?? false
  return (
    <section
      aria-label={words.hears(name)}
      className="tint-busy flex flex-wrap items-center gap-2 rounded-card border border-busy px-4 py-2"
    >
      <Ear aria-hidden size={18} />
      <span className="font-medium">{words.hears(name)}</span>
      {caption && <span className="min-w-0 grow basis-40 truncate">«{caption}»</span>}
      <span className="ml-auto flex flex-wrap gap-2">
        {can('supervise') &&
          (['listen', 'whisper', 'barge'] as const).map((mode) => (
            <Button
              key={mode}
              look={mode === data?.call.supervising ? 'primary' : 'plain'}
              aria-pressed={mode === data?.call.supervising}
              isDisabled={isPending}
              onPress={() => mutate(() => calls.supervise(call, mode))}
            >
              {words[mode]}
            </Button>
          ))}
        {can('take_over') && (
          <Button isDisabled={isPending} onPress={() => mutate(() => calls.takeOver(call))}>
            {words.takeOver}
          </Button>
        )}
        {can('stop_supervising') && (
          <Button look="bad" isDisabled={isPending} onPress={() => mutate(() => calls.stopSupervising(call))}>
            {words.stop}
          </Button>
        )}
        {can('leave') && (
          <a href="#desk" className="rounded-lg px-3 py-1.5 font-medium underline hover:bg-raised">
            {words.toDesk}
          </a>
        )}
      </span>
    </section>
  )
}
