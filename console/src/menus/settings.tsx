import { Card } from '../ui/card'
import type { Draft } from './document'
import { SelectAt, TextAt } from './fields'
import { Hear } from './speech'
import { useMenuWords } from './words'

/** What is of the whole script. */
export function Settings({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const words = useMenuWords()
  const known = words.languages[draft.language]
  return (
    <Card
      title={words.settings}
      aside={
        <label className="flex cursor-pointer items-center gap-2">
          <input
            type="checkbox"
            checked={draft.active}
            onChange={(event) => onChange({ ...draft, active: event.target.checked })}
          />
          {words.activate}
        </label>
      }
    >
      <div className="grid gap-3">
        <TextAt
          place="name"
          label={words.name}
          maxLength={100}
          value={draft.name}
          onChange={(name) => onChange({ ...draft, name })}
        />
        <TextAt
          place="description"
          label={words.description}
          maxLength={1000}
          value={draft.description}
          onChange={(description) => onChange({ ...draft, description })}
        />
        <SelectAt
          place="language"
          label={words.language}
          value={draft.language}
          onChange={(language) => onChange({ ...draft, language })}
        >
          {!known && <option value={draft.language}>{draft.language}</option>}
          {Object.entries(words.languages).map(([language, name]) => (
            <option key={language} value={language}>
              {name}
            </option>
          ))}
        </SelectAt>
        <TextAt
          place="welcome_message"
          label={words.welcome}
          rows={2}
          maxLength={4000}
          value={draft.welcome_message}
          onChange={(welcome_message) => onChange({ ...draft, welcome_message })}
        />
        <Hear text={draft.welcome_message} language={draft.language} what={words.welcome} />
      </div>
    </Card>
  )
}
