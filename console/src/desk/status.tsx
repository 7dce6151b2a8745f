import { ChevronDown, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card, Chip, toneOf } from '../ui/card'
import { Window } from '../ui/dialog'
import { Field } from '../ui/fields'
import { Choice, Choices, MoreChoices } from '../ui/menu'
import { clock, Elapsed, useSecondsSince } from '../ui/time'
import { useWords } from '../words'
import { useDesk, useOperation } from './desk'

type Chosen = { status: 'available' | 'break' | 'offline'; reason: string | null }

/** What I do now, since when, and what I do next. */
export function Status() {
  const words = useWords()
  const client = useClient()
  const { me } = useDesk()
  const { mutate } = useOperation()
  const busy = me.status === 'busy'
  const choose = (choice: Chosen) =>
    mutate(() => (busy ? client.calls.setNextStatus(choice) : client.calls.setStatus(choice)))
  const state = words.status.states[me.state ?? 'offline'] ?? me.state
  return (
    <Card title={words.status.title}>
      <div className="grid gap-3">
        <div className="flex items-center justify-between">
          <Chip tone={toneOf(me.state)}>{state}</Chip>
          <Elapsed since={me.since} className="text-xl" />
        </div>
        {me.reason && <p className="text-soft">{words.outcomes[me.reason] ?? me.reason}</p>}
        {me.aside_reason && <p className="tint-warn rounded-lg px-3 py-2 text-sm">{words.status.aside}</p>}
        {me.missed_offers > 0 && <p className="text-sm text-soft">{words.status.missed(me.missed_offers)}</p>}
        {me.state === 'available' && <Rest until={me.rest_until} />}
        <ChooseStatus label={busy ? words.status.next : words.status.choose} onChoose={choose} />
        <Next />
      </div>
    </Card>
  )
}

/** Free, and left alone for a moment: after an offer that was missed or turned down. */
function Rest({ until }: { until: string | null }) {
  const words = useWords().status
  const left = -useSecondsSince(until)
  return left > 0 ? (
    <p className="text-sm text-warn">
      {words.rests} <span className="tabular-nums">{clock(left)}</span>
    </p>
  ) : null
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

function ChooseStatus({ label, onChoose }: { label: string; onChoose: (choice: Chosen) => void }) {
  const words = useWords()
  const { states, reasons, breakReason, other } = words.status
  const [writing, setWriting] = useState(false)
  return (
    <>
      <Choices
        button={
          <Button wide icon={ChevronDown}>
            {label}
          </Button>
        }
      >
        <Choice onAction={() => onChoose({ status: 'available', reason: null })}>{states.available}</Choice>
        <MoreChoices text={states.break ?? ''} label={breakReason}>
          {reasons.map((reason) => (
            <Choice key={reason} onAction={() => onChoose({ status: 'break', reason })}>
              {reason}
            </Choice>
          ))}
          <Choice onAction={() => setWriting(true)}>{`${other}…`}</Choice>
        </MoreChoices>
        <Choice onAction={() => onChoose({ status: 'offline', reason: null })}>{states.offline}</Choice>
      </Choices>
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
