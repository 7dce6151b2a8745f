import { X } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { Refused, store } from '../client'
import { useWords } from '../words'
import type { Words } from '../words/es'
import { Button } from './button'

interface Notice {
  id: number
  bad: boolean
  text: string
}

const notices = store<Notice[]>([])
let next = 0

export function notify(text: string, bad = false) {
  notices.set([...notices.get().filter((n) => n.text !== text), { id: next++, bad, text }].slice(-3))
}

const dismiss = (id: number) => notices.set(notices.get().filter((n) => n.id !== id))

/** A sentence for people about what went wrong. */
export function sentenceOf(error: unknown, words: Words): string {
  if (error instanceof Refused) return words.errors.codes[error.code] ?? error.message
  if (error instanceof TypeError) return words.errors.network
  if (error instanceof Error && /permission|NotAllowed|31402/i.test(error.message))
    return words.errors.microphone
  return error instanceof Error ? error.message : String((error as { message?: string })?.message ?? error)
}

/** What just happened, in a corner and to screen readers. What went wrong stays until it is closed. */
export function Notices() {
  const shown = useSyncExternalStore(notices.subscribe, notices.get)
  return (
    <div
      role="status"
      aria-live="polite"
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
  useEffect(() => {
    if (bad) return
    const timer = setTimeout(() => dismiss(id), 6000)
    return () => clearTimeout(timer)
  }, [id, bad])
  return (
    <div
      className={`flex items-start gap-2 rounded-lg border px-3 py-2 shadow-lg ${bad ? 'tint-bad border-bad' : 'tint-good border-good'}`}
    >
      <p className="grow py-1">{text}</p>
      <Button bare look="quiet" icon={X} onPress={() => dismiss(id)}>
        {words.close}
      </Button>
    </div>
  )
}
