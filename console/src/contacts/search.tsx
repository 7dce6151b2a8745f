import { useInfiniteQuery } from '@tanstack/react-query'
import { useContext, useEffect, useState } from 'react'
import {
  Autocomplete,
  AutocompleteStateContext,
  Collection,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  ListBoxLoadMoreItem,
  SearchField,
} from 'react-aria-components'
import type { Contact } from '../client'
import { useClient } from '../session/client'
import { FIELD } from '../ui/fields'
import { SelectField } from '../ui/select-field'
import { useWords } from '../words'
import { nameOf, TYPES } from './contact'
import { useContactWords } from './words'

const PAUSE = 200

interface Props {
  label: string
  /** Whose page is shown. */
  shown?: string
  /** Whom not to find. */
  without?: string
  onChoose: (contact: Contact) => void
}

/** Finding a contact while typing: the arrows go through those found, Enter chooses, and who is written of is what
 * the focus stays on. */
export function Search({ label, shown, without, onChoose }: Props) {
  const all = useWords()
  const words = useContactWords()
  const [written, setWritten] = useState('')
  const [type, setType] = useState('')
  const { contacts, more, loading } = useFound(written, type)
  const found = contacts?.filter(({ id }) => id !== without)
  return (
    <div className="grid gap-3">
      <Autocomplete inputValue={written} onInputChange={setWritten} disableAutoFocusFirst>
        <SearchField className="grid gap-1" autoFocus>
          <Label className="text-sm text-soft">{label}</Label>
          <Input className={FIELD} />
        </SearchField>
        <SelectField
          label={words.type}
          value={type}
          options={[
            ['', words.anyType],
            ...TYPES.map((known): [string, string] => [known, all.contact.types[known] ?? known]),
          ]}
          onChange={setType}
        />
        <ListBox
          aria-label={words.found}
          selectionMode="single"
          selectedKeys={shown ? [shown] : []}
          onSelectionChange={(keys) => {
            const chosen = found?.find(({ id }) => keys !== 'all' && keys.has(id))
            if (chosen) onChoose(chosen)
          }}
          renderEmptyState={() => (
            <p className="p-3 text-soft">{found && !loading ? words.nobody : all.loading}</p>
          )}
          className="max-h-[60dvh] overflow-y-auto rounded-lg border border-line p-1"
        >
          <Collection items={found ?? []}>{(contact) => <Found contact={contact} />}</Collection>
          {more && (
            <ListBoxLoadMoreItem isLoading={loading} onLoadMore={more}>
              <p className="p-2 text-soft">{words.more}</p>
            </ListBoxLoadMoreItem>
          )}
        </ListBox>
        <WhoIsGone />
      </Autocomplete>
    </div>
  )
}

/** Takes the arrow keys' mark off who is found no more, which would be named to screen readers all the same. */
function WhoIsGone() {
  const state = useContext(AutocompleteStateContext)
  useEffect(() => {
    const marked = state?.focusedNodeId
    if (marked && !document.getElementById(marked)) state.setFocusedNodeId(null)
  })
  return null
}

function Found({ contact }: { contact: Contact }) {
  const name = nameOf(contact)
  const details = [name === contact.phone_number ? null : contact.phone_number, contact.company_name]
  return (
    <ListBoxItem
      id={contact.id}
      textValue={name}
      className="grid cursor-pointer rounded-md px-2 py-1.5 outline-none data-focused:bg-raised data-selected:bg-accent data-selected:text-on-accent"
    >
      <span className="truncate font-medium">{name}</span>
      <span className="truncate text-sm opacity-85">{details.filter(Boolean).join(' · ')}</span>
    </ListBoxItem>
  )
}

/** Those found of what was written a moment ago, page by page. */
function useFound(written: string, type: string) {
  const { contacts } = useClient()
  const [query, setQuery] = useState(written)
  useEffect(() => {
    const timer = setTimeout(() => setQuery(written), PAUSE)
    return () => clearTimeout(timer)
  }, [written])
  const { data, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['contacts', query.trim(), type],
    queryFn: ({ pageParam }) => contacts.search(query, type || null, pageParam),
    initialPageParam: undefined as Contact | undefined,
    getNextPageParam: ({ found, more }) => (more ? found.at(-1) : undefined),
    // What was found before stays until the next is there: a list that empties with each letter can't be read.
    placeholderData: (before) => before,
  })
  return {
    contacts: data?.pages.flatMap(({ found }) => found),
    more: hasNextPage ? () => void fetchNextPage() : undefined,
    loading: isFetching,
  }
}
