import {
  Grid3x3,
  LifeBuoy,
  LogOut,
  Mic,
  MicOff,
  Pause,
  PhoneForwarded,
  PhoneOff,
  Play,
  Radio,
} from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { Boundary } from '../ui/boundary'
import { Button } from '../ui/button'
import { notify } from '../ui/notices'
import { useWords } from '../words'
import { useOperation } from './desk'
import { Keypad } from './keypad'

// Not before a call, and then before it is wanted.
const loadTransfer = () => import('./transfer')
const TransferWindow = lazy(loadTransfer)

/** The buttons of a call: those that the document allows, and no others. */
export function CallActions({ call, mine }: { call: Document['Call']; mine: Document['Party'] | undefined }) {
  const words = useWords().call
  const { calls } = useClient()
  const { mutate, isPending } = useOperation()
  const [open, setOpen] = useState<'keypad' | 'transfer' | null>(null)
  useEffect(() => void loadTransfer().catch(() => {}), [])
  const can = (action: string) => call.allowed_actions.includes(action)
  const act = (operation: (call: string) => Promise<{ call: Document['Call'] }>) => () =>
    mutate(() => operation(call.id))
  const others = call.parties.length > 2
  return (
    <div className="flex flex-wrap gap-2">
      {can('hold') && (
        <Button icon={Pause} shortcut="H" isDisabled={isPending} onPress={act(calls.hold)}>
          {words.hold}
        </Button>
      )}
      {can('resume') && (
        <Button look="primary" icon={Play} shortcut="H" isDisabled={isPending} onPress={act(calls.resume)}>
          {words.resume}
        </Button>
      )}
      {can('mute') && !mine?.muted && (
        <Button icon={MicOff} shortcut="M" isDisabled={isPending} onPress={act(calls.mute)}>
          {words.mute}
        </Button>
      )}
      {can('unmute') && mine?.muted && (
        <Button look="primary" icon={Mic} shortcut="M" isDisabled={isPending} onPress={act(calls.unmute)}>
          {words.unmute}
        </Button>
      )}
      {can('digits') && (
        <Button icon={Grid3x3} shortcut="K" onPress={() => setOpen('keypad')}>
          {words.digits}
        </Button>
      )}
      {(can('transfer') || can('consult') || can('add_party')) && (
        <Button icon={PhoneForwarded} shortcut="T" onPress={() => setOpen('transfer')}>
          {words.transfer}
        </Button>
      )}
      {can('pause_recording') && call.recording !== 'off' && (
        <Button icon={Radio} isDisabled={isPending} onPress={act(calls.pauseRecording)}>
          {words.pauseRecording}
        </Button>
      )}
      {can('resume_recording') && call.recording !== 'off' && (
        <Button look="primary" icon={Radio} isDisabled={isPending} onPress={act(calls.resumeRecording)}>
          {words.resumeRecording}
        </Button>
      )}
      {can('help') && (
        <Button
          icon={LifeBuoy}
          isDisabled={isPending}
          onPress={() =>
            mutate(() => calls.askForHelp(call.id, null), { onSuccess: () => notify(words.helpAsked) })
          }
        >
          {words.help}
        </Button>
      )}
      <span className="ml-auto flex flex-wrap gap-2">
        {can('leave') && others && (
          <Button icon={LogOut} isDisabled={isPending} onPress={act(calls.leave)}>
            {words.leave}
          </Button>
        )}
        {can('end') ? (
          <Button look="bad" icon={PhoneOff} isDisabled={isPending} onPress={act(calls.end)}>
            {others ? words.endForAll : words.hangUp}
          </Button>
        ) : (
          can('leave') &&
          !others && (
            <Button look="bad" icon={PhoneOff} isDisabled={isPending} onPress={act(calls.leave)}>
              {words.hangUp}
            </Button>
          )
        )}
      </span>
      <Keypad call={call.id} isOpen={open === 'keypad'} onClose={() => setOpen(null)} />
      {open === 'transfer' && (
        <Boundary>
          <Suspense>
            <TransferWindow call={call} onClose={() => setOpen(null)} />
          </Suspense>
        </Boundary>
      )}
    </div>
  )
}
