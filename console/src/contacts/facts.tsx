import type { Contact } from '../client'
import { useWords } from '../words'
import { fieldsIn, nameOf, textOf, wordsIn } from './contact'

/** Who a contact is. */
export function Facts({ contact }: { contact: Contact }) {
  const words = useWords().contact
  const tags = wordsIn(contact.tags)
  const fields = Object.entries(fieldsIn(contact.custom_fields))
  return (
    <div className="grid gap-1">
      <p className="text-lg font-semibold break-words">{nameOf(contact)}</p>
      <p className="break-words text-soft">
        {[contact.phone_number, ...contact.other_numbers, contact.email].filter(Boolean).join(' · ')}
      </p>
      <p className="text-soft">
        {[
          contact.company_name,
          contact.company_phone,
          words.types[contact.contact_type ?? ''],
          words.calls(contact.total_call_count),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {contact.do_not_call && <p className="tint-bad rounded-lg px-2 py-1">{words.doNotCall}</p>}
      {tags.length > 0 && (
        <ul aria-label={words.tags} className="flex flex-wrap gap-1">
          {tags.map((tag) => (
            <li key={tag} className="rounded-full bg-raised px-2.5 py-0.5 text-sm text-ink">
              {tag}
            </li>
          ))}
        </ul>
      )}
      {fields.length > 0 && (
        <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-sm">
          {fields.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-soft">{name}</dt>
              <dd className="break-words">{textOf(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {contact.notes && <p className="break-words whitespace-pre-wrap">{contact.notes}</p>}
    </div>
  )
}
