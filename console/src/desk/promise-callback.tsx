import { CalendarClock } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Window } from '../ui/dialog'
import { Field } from '../ui/fields'
import { notify } from '../ui/notices'
import { fromWallTime, useMoments, useZone, wallTime } from '../ui/time'
import { useWords } from '../words'
import { useOperation } from './desk'

/** Has the customer called back at a time, which is written as the clocks of the centre show it. */
export function PromiseCallback({ call }: { call: string }) {
  const words = useWords()
  const client = useClient()
  const zone = useZone()
  const moment = useMoments()
  const { mutate, isPending } = useOperation()
  const [open, setOpen] = useState(false)
  const promise = (written: string) => {
    const at = fromWallTime(written, zone).toISOString()
    mutate(() => client.calls.scheduleCallback(call, at), {
      onSuccess: () => {
        notify(words.wrapUp.callbackDone(moment(at)))
        setOpen(false)
      },
    })
  }
  return (
    <div>
      <Button icon={CalendarClock} onPress={() => setOpen(true)}>
        {words.wrapUp.callback}
      </Button>
      <Window title={words.wrapUp.callback} isOpen={open} onClose={() => setOpen(false)}>
        <form
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            promise(String(new FormData(event.currentTarget).get('at')))
          }}
        >
          <Field
            label={`${words.wrapUp.callbackAt} (${zone ?? ''})`}
            name="at"
            type="datetime-local"
            defaultValue={wallTime(new Date(Date.now() + 3_600_000), zone)}
            isRequired
            autoFocus
          />
          <Button type="submit" look="primary" isDisabled={isPending}>
            {words.save}
          </Button>
        </form>
      </Window>
    </div>
  )
}
