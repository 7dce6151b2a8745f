import { useQuery } from '@tanstack/react-query'
import { Phone, Volume2, VolumeX } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { CallerAnswer } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field } from '../ui/fields'
import { sentenceOf } from '../ui/notices'
import { useShortcut } from '../ui/shortcuts'
import { fromWallTime, useZone } from '../ui/time'
import { useWords } from '../words'
import { type Draft, written } from './document'
import { hush, speak } from './speech'
import { Steps } from './steps'
import { useMenuWords } from './words'

/** A caller's way through what is written, as the database itself leads them. */
export function Walk({ draft, works }: { draft: Draft; works: boolean }) {
  const words = useMenuWords()
  const [call, setCall] = useState<Draft | null>(null)
  const isWalking = call !== null && call === draft && works
  return (
    <Card
      title={words.walk}
      aside={
        <Button icon={Phone} isDisabled={!works} onPress={() => setCall(draft)}>
          {words.start}
        </Button>
      }
    >
      {isWalking ? (
        <Call draft={call} />
      ) : (
        <p className="text-soft">{works ? words.walkHint : words.walkFaulty}</p>
      )}
    </Card>
  )
}

function Call({ draft }: { draft: Draft }) {
  const all = useWords()
  const words = useMenuWords()
  const client = useClient()
  const zone = useZone()
  const [answers, setAnswers] = useState<CallerAnswer[]>([])
  const [aloud, setAloud] = useState(true)
  const [at, setAt] = useState('')
  const document = useMemo(() => written(draft), [draft])
  const moment = at ? fromWallTime(at, zone).toISOString() : null
  const { data: steps, error } = useQuery({
    queryKey: ['walk', document, answers, moment],
    queryFn: () => client.scripts.walk(document, answers, moment),
    placeholderData: (before) => before,
    staleTime: 0,
  })
  const last = steps?.at(-1)
  useEffect(() => {
    if (aloud && last?.say) speak(last.say, last.speech.language)
    return hush
  }, [aloud, last])
  const asks = last?.kind === 'menu' && steps?.length === answers.length + 1
  const answer = (given: CallerAnswer) => asks && setAnswers([...answers, given])
  return (
    <div className="grid gap-3">
      {error && <p className="text-bad">{sentenceOf(error, all)}</p>}
      <Steps steps={steps ?? []} answers={answers} />
      <div className="flex flex-wrap items-start gap-4">
        <Keypad isDisabled={!asks} onAnswer={answer} />
        <div className="grid grow gap-2">
          <Speech isDisabled={!asks} onAnswer={answer} />
          <div className="flex flex-wrap gap-2">
            <Button isDisabled={!asks} onPress={() => answer({})}>
              {words.silent}
            </Button>
            <Button onPress={() => setAnswers([])}>{words.restart}</Button>
            <Button icon={aloud ? Volume2 : VolumeX} aria-pressed={aloud} onPress={() => setAloud(!aloud)}>
              {words.aloud}
            </Button>
          </div>
          <Field label={words.at} type="datetime-local" value={at} onChange={setAt} />
        </div>
      </div>
    </div>
  )
}

type Answering = { isDisabled: boolean; onAnswer: (answer: CallerAnswer) => void }

function Keypad(answering: Answering) {
  const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#']
  return (
    <div className="grid w-44 grid-cols-3 gap-1">
      {keys.map((key) => (
        <Key key={key} digit={key} {...answering} />
      ))}
    </div>
  )
}

/** A key, which the keyboard's presses, too. */
function Key({ digit, isDisabled, onAnswer }: Answering & { digit: string }) {
  const words = useMenuWords()
  const press = () => onAnswer({ digits: digit })
  useShortcut(isDisabled ? undefined : digit, press)
  return (
    <Button aria-label={words.press(digit)} isDisabled={isDisabled} onPress={press}>
      {digit}
    </Button>
  )
}

function Speech({ isDisabled, onAnswer }: Answering) {
  const words = useMenuWords()
  const [said, setSaid] = useState('')
  return (
    <form
      className="flex items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (said.trim()) onAnswer({ speech: said.trim() })
        setSaid('')
      }}
    >
      <div className="grow">
        <Field label={words.say} value={said} onChange={setSaid} maxLength={200} />
      </div>
      <Button type="submit" isDisabled={isDisabled}>
        {words.saySomething}
      </Button>
    </form>
  )
}
