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
import type { Words } from '../words/es'
import { useDesk, useOperation } from './desk'
import { useDirectory } from './directory'

interface Destination {
  /** An extension, a queue's name or a number: what the service is told. */
  to: string
  kind: 'agent' | 'queue' | 'number'
}

type Props = { call: Document['Call']; onClose: () => void }

/** Whom the call goes to, or who is asked or added, from a directory that shows how each is now. */
export default function TransferWindow({ call, onClose }: Props) {
  const words = useWords().transfer
  return (
    <Window title={words.title} isOpen onClose={onClose}>
      <Choose call={call} onClose={onClose} />
    </Window>
  )
}

function Choose({ call, onClose }: Props) {
  const words = useWords().transfer
  const { calls } = useClient()
  const { mutate, isPending } = useOperation()
  const [written, setWritten] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const found = useDestinations(call, written)
  const destination =
    [...found.agents, ...found.queues, ...found.numbers].find(({ key }) => key === chosen) ?? null
  const can = (action: string) => call.allowed_actions.includes(action)
  const person = destination && destination.kind !== 'queue'
  const free = !!destination && !destination.why
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
        disallowEmptySelection
        selectedKeys={chosen ? [chosen] : []}
        onSelectionChange={(keys) => setChosen(keys === 'all' ? null : ([...keys][0]?.toString() ?? null))}
        renderEmptyState={() => <p className="p-3 text-soft">{words.nobody}</p>}
        className="h-72 overflow-y-auto rounded-lg border border-line p-1 outline-none"
      >
        <Section title={words.number} items={found.numbers} />
        <Section title={words.colleagues} items={found.agents} />
        <Section title={words.queues} items={found.queues} />
      </ListBox>
      <p role="status" className="min-h-5 text-sm text-warn">
        {destination?.why && words.notFree(destination.name, destination.why)}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        {can('add_party') && (
          <Button isDisabled={!person || !free || isPending} onPress={act(calls.addParty)}>
            {words.add}
          </Button>
        )}
        {can('consult') && (
          <Button isDisabled={!person || !free || isPending} onPress={act(calls.consult)}>
            {words.consult}
          </Button>
        )}
        {can('transfer') && (
          <Button look="primary" isDisabled={!free || isPending} onPress={act(calls.transfer)}>
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
  /** Why the service would refuse it. */
  why?: string | null
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
            <Chip tone={toneOf(item.state)}>
              {item.state === RESTING
                ? words.status.resting
                : (words.status.states[item.state] ?? item.state)}
            </Chip>
          )}
        </ListBoxItem>
      ))}
    </ListBoxSection>
  )
}

/** Who matches what is written, those first who are free; a number is itself. */
function useDestinations(call: Document['Call'], written: string) {
  const words = useWords()
  const { me } = useDesk()
  const directory = useDirectory(true)
  const matches = (...texts: (string | null)[]) => fold(texts.join(' ')).includes(fold(written.trim()))
  const agents = (directory?.agents ?? [])
    .filter(({ id, name, extension }) => id !== me.id && matches(name, extension))
    .sort((one, other) => rank(one) - rank(other))
    .map(
      (colleague): Item => ({
        key: colleague.id,
        kind: 'agent',
        to: colleague.extension,
        name: colleague.name ?? colleague.extension,
        detail: colleague.extension,
        ...standingOf(colleague, call, words),
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
        detail: words.transfer.free(agents_available),
      }),
    )
  const number = written.replace(/[^+0-9]/g, '')
  const numbers: Item[] =
    number.length >= 7
      ? [{ key: number, kind: 'number', to: written.trim(), name: written.trim(), detail: '' }]
      : []
  return { agents, queues, numbers }
}

// No state of an agent's: they are available, and not rung for a moment.
const RESTING = 'resting'

const rank = ({ free, state }: Document['Colleague']) => (free ? 0 : state === 'offline' || !state ? 2 : 1)

/** What a colleague does, and why the service would refuse to have them rung: null, where it would not. */
function standingOf(
  { id, state, free, rest_until }: Document['Colleague'],
  call: Document['Call'],
  words: Words,
) {
  const { states, resting } = words.status
  if (state === 'available' && rest_until) return { state: RESTING, why: resting.toLowerCase() }
  const inside = call.parties.some(({ agent_id }) => agent_id === id)
  const doing = (state === 'available' ? states.busy : states[state ?? 'offline']) ?? ''
  return {
    state: state ?? 'offline',
    why: inside ? words.transfer.inside : free ? null : doing.toLowerCase(),
  }
}
