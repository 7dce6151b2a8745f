import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowDownLeft, ArrowUpRight, Pencil } from 'lucide-react'
import { useState } from 'react'
import type { Document, Row } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field } from '../ui/fields'
import { notify, sentenceOf } from '../ui/notices'
import { clock, useMoments } from '../ui/time'
import { useWords } from '../words'
import { Player } from './player'

/** Who the customer of a call is, to be edited in place, and what they had with us before. */
export function Contact({ call }: { call: Document['Call'] }) {
  const words = useWords().contact
  const client = useClient()
  const id = call.customer.contact_id
  const [editing, setEditing] = useState(false)
  const { data } = useQuery({
    queryKey: ['contact', id],
    queryFn: () => client.records.contact(id ?? ''),
    enabled: !!id,
  })
  return (
    <Card
      title={words.title}
      aside={
        data &&
        !editing && (
          <Button bare look="quiet" icon={Pencil} onPress={() => setEditing(true)}>
            {words.edit}
          </Button>
        )
      }
    >
      {!id && <p className="text-soft">{words.none}</p>}
      {data &&
        (editing ? <Edit contact={data} onDone={() => setEditing(false)} /> : <Facts contact={data} />)}
      {id && <History contact={id} now={call.id} />}
    </Card>
  )
}

function Facts({ contact }: { contact: Row<'crm_contacts'> }) {
  const words = useWords()
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(' ')
  return (
    <div className="grid gap-1">
      <p className="text-lg font-semibold">{name || contact.phone_number}</p>
      <p className="text-soft">{[contact.phone_number, contact.email].filter(Boolean).join(' · ')}</p>
      <p className="text-soft">
        {[contact.company_name, contact.contact_type, words.contact.calls(contact.total_call_count)]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {contact.notes && <p className="whitespace-pre-wrap">{contact.notes}</p>}
    </div>
  )
}

const FIELDS = ['first_name', 'last_name', 'email', 'company_name', 'contact_type', 'notes'] as const

function Edit({ contact, onDone }: { contact: Row<'crm_contacts'>; onDone: () => void }) {
  const words = useWords()
  const client = useClient()
  const queries = useQueryClient()
  const labels = {
    first_name: words.contact.firstName,
    last_name: words.contact.lastName,
    email: words.contact.email,
    company_name: words.contact.company,
    contact_type: words.contact.type,
    notes: words.contact.notes,
  }
  async function save(form: HTMLFormElement) {
    const given = new FormData(form)
    const change = Object.fromEntries(FIELDS.map((name) => [name, String(given.get(name)).trim() || null]))
    try {
      await client.records.saveContact(contact.id, change)
      await queries.invalidateQueries({ queryKey: ['contact', contact.id] })
      onDone()
    } catch (error) {
      notify(sentenceOf(error, words), true)
    }
  }
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        void save(event.currentTarget)
      }}
    >
      {FIELDS.map((name) => (
        <Field
          key={name}
          name={name}
          label={labels[name]}
          defaultValue={contact[name] ?? ''}
          autoFocus={name === 'first_name'}
          {...(name === 'notes' ? { rows: 3 } : {})}
          {...(name === 'email' ? { type: 'email' } : {})}
        />
      ))}
      <div className="flex justify-end gap-2">
        <Button onPress={onDone}>{words.cancel}</Button>
        <Button type="submit" look="primary">
          {words.save}
        </Button>
      </div>
    </form>
  )
}

function History({ contact, now }: { contact: string; now: string }) {
  const words = useWords()
  const client = useClient()
  const moment = useMoments()
  const { data } = useQuery({
    queryKey: ['history', contact],
    queryFn: () => client.records.historyOf(contact),
  })
  const before = data?.filter(({ id }) => id !== now)
  return (
    <section className="mt-4 border-t border-line pt-2">
      <h3 className="text-sm text-soft">{words.contact.history}</h3>
      {before?.length === 0 && <p className="py-1 text-soft">{words.contact.noHistory}</p>}
      <ul className="grid max-h-80 divide-y divide-line overflow-y-auto">
        {before?.map((call) => (
          <li key={call.id} className="grid gap-1 py-2">
            <p className="flex items-center gap-2">
              <Direction direction={call.call_direction} />
              <span>{call.started_at && moment(call.started_at)}</span>
              <span className="ml-auto text-soft tabular-nums">{clock(call.duration_seconds)}</span>
            </p>
            <p className="text-sm text-soft">
              {[
                call.queue_name,
                call.disposition && (words.disposition.telephony[call.disposition] ?? call.disposition),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
            {call.notes && <p className="text-sm whitespace-pre-wrap">{call.notes}</p>}
            {call.recording_url && <Player recording={call.recording_url} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Direction({ direction }: { direction: string }) {
  const words = useWords().call
  const out = direction === 'outbound'
  const Icon = out ? ArrowUpRight : ArrowDownLeft
  return (
    <>
      <Icon aria-hidden size={15} className="text-soft" />
      <span className="sr-only">{out ? words.outbound : words.inbound}</span>
    </>
  )
}
