import type { CallerAnswer, Document } from '../client'
import { useMenuWords } from './words'

interface Props {
  steps: Document['WalkedStep'][]
  answers: CallerAnswer[]
}

/** What was heard and answered so far, the last of it told to who does not see it. */
export function Steps({ steps, answers }: Props) {
  return (
    <ol aria-live="polite" className="grid gap-2">
      {steps.map((step, at) => (
        <li key={at} className="grid gap-2">
          {at > 0 && <Answered answer={answers[at - 1]} />}
          <Heard step={step} />
        </li>
      ))}
    </ol>
  )
}

function Answered({ answer }: { answer: CallerAnswer | undefined }) {
  const words = useMenuWords()
  if (!answer) return null
  const { digits, speech } = answer
  return (
    <p className="tint-busy justify-self-end rounded-lg px-3 py-1.5">
      {digits ? words.pressed(digits) : speech ? words.said(speech) : words.silent}
    </p>
  )
}

function Heard({ step }: { step: Document['WalkedStep'] }) {
  const words = useMenuWords()
  const where = step.kind === 'menu' ? step.menu : (step.number ?? step.queue)
  return (
    <div className="grid max-w-prose gap-1 rounded-lg bg-raised px-3 py-2">
      <p className="text-sm text-soft">
        {[words.kinds[step.kind], where].filter(Boolean).join(' · ')}
        {step.why && ` · ${words.why[step.why]}`}
      </p>
      {step.play_url && <p>{words.plays}</p>}
      {step.say?.map((text) => (
        <p key={text} lang={step.speech.language}>
          {text}
        </p>
      ))}
      {step.wait && (
        <p lang={step.speech.language} className="text-sm">
          <span className="text-soft">{words.waits}: </span>
          {step.wait.join(' ')}
        </p>
      )}
    </div>
  )
}
