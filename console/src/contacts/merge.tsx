import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Label, Radio, RadioGroup } from 'react-aria-components'
import type { Contact } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Window } from '../ui/dialog'
import { notify } from '../ui/notices'
import { useWords } from '../words'
import { nameOf } from './contact'
import { refusalOf } from './refusals'
import { Search } from './search'
import { useContactWords } from './words'

interface Props {
  contact: Contact
  isOpen: boolean
  onClose: () => void
}

/** Making another contact part of this one: which one, and of what differs which value stays. */
export function MergeWindow({ contact, isOpen, onClose }: Props) {
  const words = useContactWords()
  const [other, setOther] = useState<Contact | null>(null)
  function close() {
    setOther(null)
    onClose()
  }
  return (
    <Window title={words.mergeTitle} isOpen={isOpen} onClose={close}>
      <p>{words.mergeHint}</p>
      {other ? (
        <Choose keep={contact} other={other} onBack={() => setOther(null)} onDone={close} />
      ) : (
        <Search label={words.mergeSearch} without={contact.id} onChoose={setOther} />
      )}
    </Window>
  )
}

const COLUMNS = [
  'first_name',
  'last_name',
  'email',
  'company_name',
  'company_phone',
  'contact_type',
  'source',
] as const

function Choose(props: { keep: Contact; other: Contact; onBack: () => void; onDone: () => void }) {
  const { keep, other, onBack, onDone } = props
  const all = useWords()
  const words = useContactWords()
  const [take, setTake] = useState<string[]>([])
  const merge = useMerge(keep.id, other.id, onDone)
  const differing = COLUMNS.filter(
    (column) => keep[column] && other[column] && keep[column] !== other[column],
  )
  const shown = (value: string | null) => all.contact.types[value ?? ''] ?? value
  return (
    <>
      <p className="font-semibold">
        {nameOf(keep)} ← {nameOf(other)}
        <span className="block text-sm font-normal text-soft">
          {keep.phone_number} ← {other.phone_number}
        </span>
      </p>
      {differing.length > 0 && <h3>{words.mergeWhich}</h3>}
      {differing.map((column) => (
        <RadioGroup
          key={column}
          value={take.includes(column) ? 'other' : 'keep'}
          onChange={(which) =>
            setTake([...take.filter((taken) => taken !== column), ...(which === 'other' ? [column] : [])])
          }
          className="grid gap-1"
        >
          <Label className="text-sm text-soft">{words.fields[column]}</Label>
          <div className="flex flex-wrap gap-2">
            {Object.entries({ keep, other }).map(([which, { [column]: value }]) => (
              <Radio
                key={which}
                value={which}
                className="cursor-pointer rounded-lg border border-edge px-3 py-1.5 break-all data-selected:border-accent data-selected:bg-accent data-selected:text-on-accent"
              >
                {shown(value)}
              </Radio>
            ))}
          </div>
        </RadioGroup>
      ))}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onPress={onBack}>{words.mergeOther}</Button>
        <Button look="primary" autoFocus onPress={() => void merge(take)}>
          {words.mergeNow}
        </Button>
      </div>
    </>
  )
}

function useMerge(keep: string, other: string, onDone: () => void) {
  const all = useWords()
  const words = useContactWords()
  const { contacts } = useClient()
  const queries = useQueryClient()
  return async (take: string[]) => {
    try {
      queries.setQueryData(['contact', keep], await contacts.merge(keep, other, take))
      await Promise.all(
        [['contacts'], ['history', keep]].map((queryKey) => queries.invalidateQueries({ queryKey })),
      )
      notify(words.merged)
      onDone()
    } catch (error) {
      notify(refusalOf(error, words, all).reason, true)
    }
  }
}
