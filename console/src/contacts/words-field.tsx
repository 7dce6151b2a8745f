import { X } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { Button as AriaButton, Label, Tag, TagGroup, TagList } from 'react-aria-components'
import { Field } from '../ui/fields'
import { useContactWords } from './words'

interface Props {
  label: string
  value: string[]
  onChange: (value: string[]) => void
  /** What is being written, and is no part of the value yet. */
  written: string
  onWritten: (text: string) => void
  error?: string | undefined
}

/** Texts with one more. */
export const withWord = (value: string[], written: string) =>
  written.trim() && !value.includes(written.trim()) ? [...value, written.trim()] : value

/** Several short texts: one is added with Enter and removed with its button or the delete key. Nothing is added when the
 * field is left, for the page would move under the pointer that is about to save. */
export function WordsField({ label, value, onChange, written, onWritten, error }: Props) {
  const words = useContactWords()
  function pressed(event: KeyboardEvent) {
    if (event.key !== 'Enter' || !written.trim()) return
    event.preventDefault()
    onChange(withWord(value, written))
    onWritten('')
  }
  return (
    <div className="grid content-start gap-1">
      <TagGroup
        onRemove={(removed) => onChange(value.filter((word) => !removed.has(word)))}
        className="grid gap-1"
      >
        <Label className="text-sm text-soft">{label}</Label>
        <TagList className="flex flex-wrap gap-1 empty:hidden">
          {value.map((word) => (
            <Tag
              key={word}
              id={word}
              textValue={word}
              className="flex cursor-default items-center gap-1 rounded-full bg-raised py-0.5 pr-1 pl-2.5 text-sm text-ink"
            >
              {word}
              <AriaButton slot="remove" aria-label={words.remove(word)} className="rounded-full p-0.5">
                <X aria-hidden size={14} />
              </AriaButton>
            </Tag>
          ))}
        </TagList>
      </TagGroup>
      <Field
        label={words.addWord(label)}
        hideLabel
        placeholder={words.enterAdds}
        value={written}
        onChange={onWritten}
        onKeyDown={pressed}
        error={error}
      />
    </div>
  )
}
