import { ChevronDown, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { Menu, MenuItem, MenuTrigger, Popover, SubmenuTrigger } from 'react-aria-components'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card, Chip, toneOf } from '../ui/card'
import { Window } from '../ui/dialog'
import { Field } from '../ui/fields'
import { Elapsed } from '../ui/time'
import { useWords } from '../words'
import { useDesk, useOperation } from './desk'

const ITEM =
  'cursor-pointer rounded-md px-3 py-1.5 outline-none data-focused:bg-raised data-selected:font-semibold flex items-center justify-between gap-6'
const POPOVER = 'min-w-52 rounded-lg border border-line bg-surface p-1 shadow-xl'

type Choice = { status: 'available' | 'break' | 'offline'; reason: string | null }

/** What I do now, since when, and what I do next. */
export function Status() {
  const words = useWords()
  const client = useClient()
  const { me } = useDesk()
  const { mutate } = useOperation()
  const busy = me.status === 'busy'
  const choose = (choice: Choice) =>
    mutate(() => (busy ? client.calls.setNextStatus(choice) : client.calls.setStatus(choice)))
  const state = words.status.states[me.state ?? 'offline'] ?? me.state
  return (
    <Card title={words.status.title}>
      <div className="grid gap-3">
        <div className="flex items-center justify-between">
          <Chip tone={toneOf(me.state)}>{state}</Chip>
          <Elapsed since={me.since} className="text-xl" />
        </div>
        {me.reason && <p className="text-soft">{me.reason}</p>}
        {me.aside_reason && <p className="tint-warn rounded-lg px-3 py-2 text-sm">{words.status.aside}</p>}
        {me.missed_offers > 0 && <p className="text-sm text-soft">{words.status.missed(me.missed_offers)}</p>}
        <ChooseStatus label={busy ? words.status.next : words.status.choose} onChoose={choose} />
        <Next />
      </div>
    </Card>
  )
}

function Next() {
  const words = useWords().status
  const client = useClient()
  const { me } = useDesk()
  const { mutate } = useOperation()
  if (!me.next_status) return null
  const name = [words.states[me.next_status], me.next_reason].filter(Boolean).join(': ')
  return (
    <div className="flex items-center justify-between gap-2 rounded-lg bg-raised py-1 pr-1 pl-3">
      <span className="text-sm">{words.nextIs(name)}</span>
      <Button
        look="quiet"
        icon={Undo2}
        bare
        onPress={() => mutate(() => client.calls.setNextStatus({ status: null }))}
      >
        {words.takeBack}
      </Button>
    </div>
  )
}

function ChooseStatus({ label, onChoose }: { label: string; onChoose: (choice: Choice) => void }) {
  const words = useWords()
  const { states, reasons, breakReason, other } = words.status
  const [writing, setWriting] = useState(false)
  return (
    <>
      <MenuTrigger>
        <Button wide icon={ChevronDown}>
          {label}
        </Button>
        <Popover className={POPOVER}>
          <Menu className="outline-none">
            <MenuItem className={ITEM} onAction={() => onChoose({ status: 'available', reason: null })}>
              {states.available}
            </MenuItem>
            <SubmenuTrigger>
              <MenuItem className={ITEM}>
                {states.break}
                <span aria-hidden>›</span>
              </MenuItem>
              <Popover className={POPOVER}>
                <Menu aria-label={breakReason} className="outline-none">
                  {reasons.map((reason) => (
                    <MenuItem
                      key={reason}
                      className={ITEM}
                      onAction={() => onChoose({ status: 'break', reason })}
                    >
                      {reason}
                    </MenuItem>
                  ))}
                  <MenuItem className={ITEM} onAction={() => setWriting(true)}>
                    {other}…
                  </MenuItem>
                </Menu>
              </Popover>
            </SubmenuTrigger>
            <MenuItem className={ITEM} onAction={() => onChoose({ status: 'offline', reason: null })}>
              {states.offline}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      <Window title={breakReason} isOpen={writing} onClose={() => setWriting(false)}>
        <form
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            onChoose({ status: 'break', reason: String(new FormData(event.currentTarget).get('reason')) })
            setWriting(false)
          }}
        >
          <Field label={breakReason} name="reason" maxLength={100} isRequired autoFocus />
          <Button type="submit" look="primary">
            {states.break}
          </Button>
        </form>
      </Window>
    </>
  )
}
