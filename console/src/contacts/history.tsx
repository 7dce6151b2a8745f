import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ArrowDownLeft, ArrowUpRight, Voicemail } from 'lucide-react'
import type { Client, Contact } from '../client'
import { Player } from '../desk/player'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { clock, useMoments } from '../ui/time'
import { useWords } from '../words'

type Call = Awaited<ReturnType<Client['contacts']['callsOf']>>['calls'][number]
type Message = Awaited<ReturnType<Client['contacts']['voicemailsOf']>>[number]
type Item = { at: string; id: string } & ({ call: Call } | { message: Message })

/** What a contact had with us, the newest first: calls with their notes, and the messages they left. `now`: the call
 * that goes on, which is no past. */
export function History({ contact, now }: { contact: Contact; now?: string }) {
  const words = useWords()
  const { items, more, loading } = useHistory(contact, now)
  return (
    <section className="mt-4 border-t border-line pt-2">
      <h3 className="text-sm text-soft">{words.contact.history}</h3>
      {items?.length === 0 && <p className="py-1 text-soft">{words.contact.noHistory}</p>}
      <ul className="grid divide-y divide-line">
        {items?.map((item) => (
          <li key={item.id} className="grid gap-1 py-2">
            {'call' in item ? <PastCall call={item.call} /> : <LeftMessage message={item.message} />}
          </li>
        ))}
      </ul>
      {more && (
        <Button isDisabled={loading} onPress={more}>
          {words.contact.older}
        </Button>
      )}
    </section>
  )
}

function useHistory(contact: Contact, now: string | undefined) {
  const { contacts } = useClient()
  // A call that was just over may have got its recording since.
  const staleTime = 0
  const calls = useInfiniteQuery({
    queryKey: ['history', contact.id],
    queryFn: ({ pageParam }) => contacts.callsOf(contact.id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ calls, more }) => (more ? (calls.at(-1)?.started_at ?? undefined) : undefined),
    staleTime,
  })
  const numbers = [contact.phone_number, ...contact.other_numbers]
  const messages = useQuery({
    queryKey: ['messages', numbers],
    queryFn: () => contacts.voicemailsOf(numbers),
    staleTime,
  })
  if (!calls.data || !messages.data) return { items: undefined, loading: true }
  const before = calls.data.pages.flatMap((page) => page.calls).filter(({ id }) => id !== now)
  const items: Item[] = [
    ...before.map((call) => ({ at: call.started_at ?? '', id: call.id, call })),
    ...messages.data.map((message) => ({ at: message.created_at, id: message.id, message })),
  ]
  return {
    items: items.sort((one, other) => Date.parse(other.at) - Date.parse(one.at)),
    more: calls.hasNextPage ? () => void calls.fetchNextPage() : undefined,
    loading: calls.isFetching,
  }
}

function PastCall({ call }: { call: Call }) {
  const words = useWords()
  const moment = useMoments()
  const what = [
    call.queue_name,
    call.disposition && (words.disposition.telephony[call.disposition] ?? call.disposition),
  ]
  return (
    <>
      <p className="flex items-center gap-2">
        <Direction direction={call.call_direction} />
        <span>{call.started_at && moment(call.started_at)}</span>
        <span className="ml-auto text-soft tabular-nums">{clock(call.duration_seconds)}</span>
      </p>
      <p className="text-sm text-soft">{what.filter(Boolean).join(' · ')}</p>
      {[call.notes, ...call.written.map((note) => note.note_text)].filter(Boolean).map((text) => (
        <p key={text} className="text-sm break-words whitespace-pre-wrap">
          {text}
        </p>
      ))}
      {call.recording_url && <Player recording={call.recording_url} />}
    </>
  )
}

function LeftMessage({ message }: { message: Message }) {
  const words = useWords()
  const moment = useMoments()
  return (
    <>
      <p className="flex items-center gap-2">
        <Voicemail aria-hidden size={15} className="text-soft" />
        <span className="sr-only">{words.contact.message}</span>
        <span>{moment(message.created_at)}</span>
        <span className="ml-auto text-soft tabular-nums">{clock(message.duration_seconds)}</span>
      </p>
      {message.transcription && <p className="text-sm break-words">«{message.transcription}»</p>}
      {message.recording_url && <Player recording={message.recording_url} />}
    </>
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
