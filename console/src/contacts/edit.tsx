import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Contact, ContactChange } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Field } from '../ui/fields'
import { notify } from '../ui/notices'
import { SelectField } from '../ui/select-field'
import { useWords } from '../words'
import { TYPES, wordsIn } from './contact'
import { type CustomField, CustomFields, customFields, fieldsOf } from './custom-fields'
import { type Refusal, refusalOf } from './refusals'
import { useContactWords } from './words'
import { WordsField, withWord } from './words-field'

const TEXTS = ['first_name', 'last_name', 'email', 'company_name', 'company_phone', 'source'] as const
type Text = (typeof TEXTS)[number] | 'phone_number' | 'notes'

type Written = Record<Text, string> & {
  other_numbers: string[]
  tags: string[]
  contact_type: string
  do_not_call: boolean
  custom: CustomField[]
  /** What is written beside the texts of these, and is saved with them. */
  adding: { other_numbers: string; tags: string }
}

interface Props {
  /** Null: a new one. */
  contact: Contact | null
  onDone: (id: string) => void
  onCancel: () => void
}

/** Everything that a user may write of a contact. What the database refuses stands beside its field. */
export default function Edit({ contact, onDone, onCancel }: Props) {
  const all = useWords()
  const words = useContactWords()
  const [written, setWritten] = useState(() => writtenOf(contact))
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const save = useSave(contact)
  const [busy, setBusy] = useState(false)
  const set = (change: Partial<Written>) => setWritten((before) => ({ ...before, ...change }))
  const refused = (column: string) => (refusal?.column === column ? refusal.reason : undefined)
  const text = (column: Text) => ({
    label: words.fields[column],
    value: written[column],
    onChange: (value: string) => set({ [column]: value }),
    error: refused(column),
  })
  const adding = (column: keyof Written['adding']) => ({
    written: written.adding[column],
    onWritten: (text: string) =>
      setWritten((before) => ({ ...before, adding: { ...before.adding, [column]: text } })),
  })
  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setRefusal(null)
    try {
      onDone(await save(written))
    } catch (error) {
      const why = refusalOf(error, words, all)
      setRefusal(why)
      if (!why.column) notify(why.reason, true)
    }
    setBusy(false)
  }
  return (
    <form className="@container grid gap-3" onSubmit={submit} noValidate>
      <div className="grid gap-3 @lg:grid-cols-2">
        <Field {...text('phone_number')} type="tel" autoFocus={!contact} />
        <WordsField
          label={words.fields.other_numbers}
          value={written.other_numbers}
          onChange={(other_numbers) => set({ other_numbers })}
          {...adding('other_numbers')}
          error={refused('other_numbers')}
        />
        {TEXTS.map((column) => (
          <Field
            key={column}
            {...text(column)}
            autoFocus={!!contact && column === 'first_name'}
            {...(column === 'email' ? { type: 'email' } : {})}
            {...(column === 'company_phone' ? { type: 'tel' } : {})}
          />
        ))}
        <SelectField
          label={words.fields.contact_type}
          value={written.contact_type}
          options={TYPES.map((type) => [type, all.contact.types[type] ?? type])}
          onChange={(contact_type) => set({ contact_type })}
        />
        <WordsField
          label={words.fields.tags}
          value={written.tags}
          onChange={(tags) => set({ tags })}
          {...adding('tags')}
          error={refused('tags')}
        />
      </div>
      <label className="flex items-center gap-2 py-1">
        <input
          type="checkbox"
          className="size-5"
          checked={written.do_not_call}
          onChange={(event) => set({ do_not_call: event.target.checked })}
        />
        {words.fields.do_not_call}
      </label>
      <CustomFields
        value={written.custom}
        onChange={(custom) => set({ custom })}
        error={refused('custom_fields')}
      />
      <Field {...text('notes')} rows={3} />
      <div className="flex justify-end gap-2">
        <Button onPress={onCancel}>{all.cancel}</Button>
        <Button type="submit" look="primary" isDisabled={busy}>
          {busy ? all.saving : all.save}
        </Button>
      </div>
    </form>
  )
}

function writtenOf(contact: Contact | null): Written {
  const texts = Object.fromEntries(
    (['phone_number', 'notes', ...TEXTS] as const).map((column) => [column, contact?.[column] ?? '']),
  ) as Record<Text, string>
  return {
    ...texts,
    other_numbers: contact?.other_numbers ?? [],
    tags: wordsIn(contact?.tags),
    contact_type: contact?.contact_type ?? 'lead',
    do_not_call: contact?.do_not_call ?? false,
    custom: customFields(contact?.custom_fields),
    adding: { other_numbers: '', tags: '' },
  }
}

/** Only what was changed is written, for a colleague may be changing something else. */
function useSave(contact: Contact | null) {
  const { contacts } = useClient()
  const queries = useQueryClient()
  const [before] = useState(() => changeOf(writtenOf(contact)))
  return async (written: Written) => {
    const now = changeOf(written)
    const change = Object.fromEntries(
      Object.entries(now).filter(
        ([column, value]) =>
          !contact || JSON.stringify(value) !== JSON.stringify(before[column as keyof ContactChange]),
      ),
    )
    const id = contact ? contact.id : (await contacts.add(change)).id
    if (contact && Object.keys(change).length > 0) await contacts.save(id, change)
    await Promise.all(
      [['contact', id], ['contacts']].map((queryKey) => queries.invalidateQueries({ queryKey })),
    )
    return id
  }
}

function changeOf({ custom, adding, ...written }: Written): ContactChange {
  const plain = Object.entries(written).map(([column, value]) => [
    column,
    typeof value === 'string' ? value.trim() || null : value,
  ])
  return {
    ...Object.fromEntries(plain),
    other_numbers: withWord(written.other_numbers, adding.other_numbers),
    tags: withWord(written.tags, adding.tags),
    custom_fields: fieldsOf(custom),
  }
}
