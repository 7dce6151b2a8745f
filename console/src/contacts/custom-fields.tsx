import { Plus, X } from 'lucide-react'
import { Button } from '../ui/button'
import { Field } from '../ui/fields'
import { fieldsIn, textOf } from './contact'
import { useContactWords } from './words'

/** A field of the company's own as it is being edited; `was`: the value that is not a text. */
export interface CustomField {
  key: number
  name: string
  text: string
  was?: unknown
}

let next = 0

export const customFields = (value: unknown): CustomField[] =>
  Object.entries(fieldsIn(value)).map(([name, was]) => ({ key: next++, name, text: textOf(was), was }))

/** What is kept of them: a value that nobody changed is as it was, of whatever kind. */
export function fieldsOf(edited: CustomField[]): Record<string, unknown> {
  return Object.fromEntries(
    edited
      .filter(({ name }) => name.trim())
      .map(({ name, text, was }) => [name.trim(), text === textOf(was) && was !== undefined ? was : text]),
  )
}

/** Names and values, of which any number may be added. */
export function CustomFields({
  value,
  onChange,
  error,
}: {
  value: CustomField[]
  onChange: (value: CustomField[]) => void
  error?: string | undefined
}) {
  const words = useContactWords()
  const change = (key: number, part: Partial<CustomField>) =>
    onChange(value.map((field) => (field.key === key ? { ...field, ...part } : field)))
  return (
    <fieldset className="grid gap-2">
      <legend className="text-sm text-soft">{words.fields.custom_fields}</legend>
      {value.map(({ key, name, text }) => (
        <div key={key} className="grid grid-cols-[1fr_1fr_auto] items-start gap-2">
          <Field
            label={words.fieldName}
            hideLabel
            placeholder={words.fieldName}
            value={name}
            onChange={(changed) => change(key, { name: changed })}
          />
          <Field
            label={`${words.fieldValue}: ${name}`}
            hideLabel
            placeholder={words.fieldValue}
            value={text}
            onChange={(changed) => change(key, { text: changed })}
          />
          <Button
            bare
            look="quiet"
            icon={X}
            onPress={() => onChange(value.filter((field) => field.key !== key))}
          >
            {words.remove(name || words.fieldName)}
          </Button>
        </div>
      ))}
      {error && <p className="text-sm text-bad">{error}</p>}
      <div>
        <Button icon={Plus} onPress={() => onChange([...value, { key: next++, name: '', text: '' }])}>
          {words.addField}
        </Button>
      </div>
    </fieldset>
  )
}
