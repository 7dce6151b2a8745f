import { X } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { Group } from 'react-aria-components'
import { isOfMicrophone, Refused, store } from '../client'
import { useWords } from '../words'
import type { Words } from '../words/es'
import { Button } from './button'

interface Notice {
  id: number
  bad: boolean
  text: string
  /** What was refused: it is news no longer once the same is done. */
  about: string | null
}

const notices = store<Notice[]>([])
let next = 0

export function notify(text: string, bad = false, about: string | null = null) {
  notices.set([...notices.get().filter((n) => n.text !== text), { id: next++, bad, text, about }].slice(-3))
}

/** Something is done now: that it was refused before is over. */
export function settle(about: string) {
  if (notices.get().some((n) => n.about === about))
    notices.set(notices.get().filter((n) => n.about !== about))
}

const dismiss = (id: number) => notices.set(notices.get().filter((n) => n.id !== id))

/** A sentence for people about what went wrong, in their language whoever said it. */
export function sentenceOf(error: unknown, { errors }: Words): string {
  if (error instanceof Refused)
    return errors.codes[error.code] ?? (error.status < 500 ? errors.refused : errors.failed)
  if (isOfMicrophone(error)) return errors.microphone
  // fetch's own, and of one that took too long.
  if (error instanceof TypeError || error instanceof DOMException) return errors.network
  const { code, message = '' } = error as { code?: unknown; message?: string }
  if (typeof code === 'number') return errors.telephone(code)
  return typeof code === 'string' ? sentenceOfDatabase(code, message, errors) : message || String(error)
}

/** By Postgres's SQLSTATE; none: it was not reached. Who wrote a value that is refused is told its column. */
function sentenceOfDatabase(code: string, message: string, errors: Words['errors']): string {
  if (!code) return errors.network
  if (code === '42501') return errors.codes.http_403 ?? errors.refused
  if (code === '23505') return errors.exists
  const column = code === '22023' && errors.columns[message.split(':')[0] ?? '']
  return column ? errors.value(column) : errors.failed
}

// Of what went wrong, longer; and as long as it is pointed at or holds the focus.
const SHOWN_FOR = { good: 6000, bad: 15_000 }

/** What just happened, in a corner and to screen readers, above a window, too. */
export function Notices() {
  const shown = useSyncExternalStore(notices.subscribe, notices.get)
  return (
    <div
      role="status"
      aria-live="polite"
      // What a window before the page leaves to be read and pressed.
      data-react-aria-top-layer="true"
      className="fixed right-4 bottom-4 z-50 grid max-w-[min(24rem,calc(100vw-2rem))] gap-2"
    >
      {shown.map((notice) => (
        <Shown key={notice.id} {...notice} />
      ))}
    </div>
  )
}

function Shown({ id, bad, text }: Notice) {
  const words = useWords()
  const [pointedAt, setPointedAt] = useState(false)
  const [focused, setFocused] = useState(false)
  const held = pointedAt || focused
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => dismiss(id), bad ? SHOWN_FOR.bad : SHOWN_FOR.good)
    return () => clearTimeout(timer)
  }, [id, bad, held])
  return (
    <Group
      onHoverChange={setPointedAt}
      className={`flex items-start gap-2 rounded-lg border px-3 py-2 shadow-lg ${bad ? 'tint-bad border-bad' : 'tint-good border-good'}`}
    >
      <p className="grow py-1">{text}</p>
      <Button bare look="quiet" icon={X} onFocusChange={setFocused} onPress={() => dismiss(id)}>
        {words.close}
      </Button>
    </Group>
  )
}
