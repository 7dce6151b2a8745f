import { useState } from 'react'
import {
  Header,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  SearchField,
} from 'react-aria-components'
import type { Document } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Chip, toneOf } from '../ui/card'
import { Window } from '../ui/dialog'
import { FIELD } from '../ui/fields'
import { fold } from '../ui/fold'
import { useWords } from '../words'
import { useDesk, useOperation } from './desk'
import { useDirectory } from './directory'

interface Destination {
  /** An extension, a queue's name or a number: what the service is told. */
  to: string
  kind: 'agent' | 'queue' | 'number'
}

type Props = { call: Document['Call']; isOpen: boolean; onClose: () => void }

/** Whom the call goes to, or who is asked or added, from a directory that shows how each is now. */
export function TransferWindow({ call, isOpen, onClose }: Props) {
  const words = useWords().transfer
  return (
    <Window title={words.title} isOpen={isOpen} onClose={onClose}>
      <Choose call={call} onClose={onClose} />
    </Window>
  )
}

function Choose({ call, onClose }: Omit<Props, 'isOpen'>) {
  const words = useWords().transfer
  const { calls } = useClient()
  const { mutate, isPending } = useOperation()
  const [written, setWritten] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const found = useDestinations(written)
  const destination =
    [...found.agents, ...found.queues, ...found.numbers].find(({ key }) => key === chosen) ?? null
  const can = (action: string) => call.allowed_actions.includes(action)
  const person = destination && destination.kind !== 'queue'
  const act = (operation: (call: string, to: string) => Promise<{ call: Document['Call'] }>) => () =>
    destination && mutate(() => operation(call.id, destination.to), { onSuccess: onClose })
  return (
    <>
      <SearchField value={written} onChange={setWritten} autoFocus className="grid gap-1">
        <Label className="text-sm text-soft">{words.to}</Label>
        <Input className={FIELD} />
      </SearchField>
      <ListBox
        aria-label={words.choose}
        selectionMode="single"
        selectedKeys={chosen ? [chosen] : []}
        onSelectionChange={(keys) => setChosen(keys === 'all' ? null : ([...keys][0]?.toString() ?? null))}
        renderEmptyState={() => <p className="p-3 text-soft">{words.nobody}</p>}
        className="h-72 overflow-y-auto rounded-lg border border-line p-1 outline-none"
      >
        <Section title={words.number} items={found.numbers} />
        <Section title={words.colleagues} items={found.agents} />
        <Section title={words.queues} items={found.queues} />
      </ListBox>
      <div className="flex flex-wrap justify-end gap-2">
        {can('add_party') && (
          <Button isDisabled={!person || isPending} onPress={act(calls.addParty)}>
            {words.add}
          </Button>
        )}
        {can('consult') && (
          <Button isDisabled={!person || isPending} onPress={act(calls.consult)}>
            {words.consult}
          </Button>
        )}
        {can('transfer') && (
          <Button look="primary" isDisabled={!destination || isPending} onPress={act(calls.transfer)}>
            {words.blind}
          </Button>
        )}
      </div>
    </>
  )
}

interface Item extends Destination {
  key: string
  name: string
  detail: string
  state?: string | null
}

function Section({ title, items }: { title: string; items: Item[] }) {
  const words = useWords()
  if (items.length === 0) return null
  return (
    <ListBoxSection>
      <Header className="px-2 pt-2 pb-1 text-sm text-soft">{title}</Header>
      {items.map((item) => (
        <ListBoxItem
          key={item.key}
          id={item.key}
          textValue={item.name}
          className="flex cursor-pointer items-center gap-3 rounded-md px-2 py-1.5 outline-none data-focused:bg-raised data-selected:bg-accent data-selected:text-on-accent"
        >
          <span className="min-w-0 grow truncate font-medium">{item.name}</span>
          <span className="text-sm opacity-85">{item.detail}</span>
          {item.state && (
            <Chip tone={toneOf(item.state)}>{words.status.states[item.state] ?? item.state}</Chip>
          )}
        </ListBoxItem>
      ))}
    </ListBoxSection>
  )
}

/** Who matches what is written, those first who are free; a number is itself. */
function useDestinations(written: string) {
  const words = useWords().transfer
  const { me } = useDesk()
  const directory = useDirectory(true)
  const matches = (...texts: (string | null)[]) => fold(texts.join(' ')).includes(fold(written.trim()))
  const agents = (directory?.agents ?? [])
    .filter(({ id, name, extension }) => id !== me.id && matches(name, extension))
    .sort((one, other) => rank(one.state) - rank(other.state))
    .map(
      ({ id, name, extension, state }): Item => ({
        key: id,
        kind: 'agent',
        to: extension,
        name: name ?? extension,
        detail: extension,
        state: state ?? 'offline',
      }),
    )
  const queues = (directory?.queues ?? [])
    .filter(({ name, active }) => active && matches(name))
    .map(
      ({ id, name, agents_available }): Item => ({
        key: id,
        kind: 'queue',
        to: name,
        name,
        detail: words.free(agents_available),
      }),
    )
  const number = written.replace(/[^+0-9]/g, '')
  const numbers: Item[] =
    number.length >= 7
      ? [{ key: number, kind: 'number', to: written.trim(), name: written.trim(), detail: '' }]
      : []
  return { agents, queues, numbers }
}

const rank = (state: string | null) => (state === 'available' ? 0 : state === 'offline' || !state ? 2 : 1)
