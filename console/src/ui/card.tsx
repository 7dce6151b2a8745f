import { type ReactNode, useId } from 'react'

/** A part of a screen with its heading. */
export function Card({
  title,
  aside,
  children,
  tone,
}: {
  title: string
  aside?: ReactNode
  children: ReactNode
  tone?: string
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={`rounded-card border bg-surface ${tone ?? 'border-line'}`}>
      <header className="flex min-h-11 items-center justify-between gap-3 px-4 pt-2">
        <h2 id={id} className="text-sm text-soft">
          {title}
        </h2>
        {aside}
      </header>
      <div className="px-4 pt-1 pb-4">{children}</div>
    </section>
  )
}

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'soft'
const TONES: Record<Tone, string> = {
  good: 'tint-good',
  busy: 'tint-busy',
  warn: 'tint-warn',
  bad: 'tint-bad',
  soft: 'bg-raised text-soft',
}

/** A state in a word; its colour says it once more. */
export function Chip({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-sm font-medium whitespace-nowrap ${TONES[tone]}`}
    >
      <span aria-hidden className="size-1.5 rounded-full bg-current" />
      {children}
    </span>
  )
}

export function toneOf(state: string | null | undefined): Tone {
  if (state === 'available') return 'good'
  if (state === 'on_call' || state === 'busy') return 'busy'
  if (state === 'ringing' || state === 'wrap_up' || state === 'on_hold') return 'warn'
  return 'soft'
}
