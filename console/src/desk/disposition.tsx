import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Field } from '../ui/fields'
import { useWords } from '../words'
import { useOperation } from './desk'

/** What came of a call: the queue's words, or any. */
export function Disposition({ call }: { call: Document['Call'] }) {
  const words = useWords().disposition
  const client = useClient()
  const { mutate, isPending } = useOperation()
  const [writing, setWriting] = useState(false)
  const title = useId()
  const { data } = useQuery({
    queryKey: ['dispositions', call.queue],
    queryFn: () => client.records.dispositionsOf(call.queue ?? ''),
    enabled: !!call.queue,
  })
  if (!call.allowed_actions.includes('disposition')) return null
  const own = data?.words ?? []
  const offered = own.length ? own : words.common
  const set = (disposition: string) => mutate(() => client.calls.setDisposition(call.id, disposition))
  const other = call.disposition && !offered.includes(call.disposition) ? call.disposition : null
  return (
    <fieldset aria-labelledby={title} className="grid gap-2">
      <p id={title} className="text-sm text-soft">
        {words.title}
        {data?.required && ` (${words.required})`}
        {other && `: ${words.telephony[other] ?? other}`}
      </p>
      <div className="flex flex-wrap gap-2">
        {offered.map((word) => (
          <Button
            key={word}
            look={call.disposition === word ? 'primary' : 'plain'}
            aria-pressed={call.disposition === word}
            isDisabled={isPending}
            onPress={() => set(word)}
          >
            {word}
          </Button>
        ))}
        {own.length === 0 && (
          <Button look="quiet" aria-expanded={writing} onPress={() => setWriting(!writing)}>
            {words.other}…
          </Button>
        )}
      </div>
      {writing && (
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            set(String(new FormData(event.currentTarget).get('disposition')))
            setWriting(false)
          }}
        >
          <Field label={words.other} name="disposition" maxLength={50} isRequired autoFocus />
          <Button type="submit">{words.set}</Button>
        </form>
      )}
    </fieldset>
  )
}
