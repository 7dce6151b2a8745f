import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Window } from '../ui/dialog'
import { FIELD } from '../ui/fields'
import { notify, sentenceOf } from '../ui/notices'
import { useWords } from '../words'
import { useWall } from './wall'
import { useWallWords } from './words'

type Targets = Document['Targets']

/** What the figures are to be, and how long each queue promises that one waits. */
export default function TargetsWindow({ onClose }: { onClose: () => void }) {
  const words = useWords()
  const { targets: own } = useWallWords()
  const { records } = useClient()
  const board = useWall()
  // As they were when it was opened: what is told meanwhile does not take away what is typed.
  const [{ targets, queues }] = useState(board)
  const { mutate, isPending } = useMutation({
    mutationFn: (form: FormData) => save(records, targets, queues, form),
    onSuccess: () => {
      notify(words.saved)
      onClose()
    },
    onError: (error) => notify(sentenceOf(error, words), true),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    mutate(new FormData(event.currentTarget))
  }
  return (
    <Window title={own.title} isOpen onClose={onClose}>
      <form onSubmit={submit} className="grid gap-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <Whole name="waiting" label={own.waiting} value={targets.waiting} />
          <Whole name="available" label={own.available} value={targets.available} />
          <Whole name="service_level" label={own.level} value={targets.service_level} max={100} />
          <Whole
            name="service_level_alarm"
            label={own.levelAlarm}
            value={targets.service_level_alarm}
            max={100}
          />
          <Whole name="abandoned" label={own.abandoned} value={targets.abandoned} max={100} />
          <Whole
            name="abandoned_alarm"
            label={own.abandonedAlarm}
            value={targets.abandoned_alarm}
            max={100}
          />
          <Whole name="callbacks" label={own.callbacks} value={targets.callbacks} />
        </div>
        <fieldset className="grid gap-3 sm:grid-cols-2">
          <legend className="pb-1 font-medium">{own.promise}</legend>
          <p className="text-sm text-soft sm:col-span-2">{own.promiseHint}</p>
          {queues.map(({ id, name, service_level_seconds }) => (
            <Whole key={id} name={id} label={name} value={service_level_seconds} min={1} />
          ))}
        </fieldset>
        <Button type="submit" look="primary" isDisabled={isPending}>
          {isPending ? words.saving : words.save}
        </Button>
      </form>
    </Window>
  )
}

function Whole(props: { name: string; label: string; value: number; min?: number; max?: number }) {
  const { label, value, min = 0, max = 9999, name } = props
  return (
    <label className="grid content-end gap-1 text-sm text-soft">
      {label}
      <input className={FIELD} type="number" required step={1} {...{ name, min, max }} defaultValue={value} />
    </label>
  )
}

async function save(
  records: ReturnType<typeof useClient>['records'],
  targets: Targets,
  queues: Document['QueueRow'][],
  form: FormData,
) {
  const names = Object.keys(targets) as (keyof Targets)[]
  await records.setTargets(Object.fromEntries(names.map((name) => [name, Number(form.get(name))])))
  const promised = ({ id }: { id: string }) => Number(form.get(id))
  for (const queue of queues.filter((one) => promised(one) !== one.service_level_seconds))
    await records.promiseWithin(queue.id, promised(queue))
}
