import { Square, Volume2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../ui/button'
import { useMenuWords } from './words'

/** Speaks words in their language, by the browser's voice for it; what is being said is broken off. */
export function speak(words: string[], language: string, over?: () => void) {
  if (!window.speechSynthesis) return over?.()
  speechSynthesis.cancel()
  const spoken = words.map((text) => Object.assign(new SpeechSynthesisUtterance(text), { lang: language }))
  const last = spoken.at(-1)
  if (last && over) last.onend = last.onerror = over
  for (const utterance of spoken) speechSynthesis.speak(utterance)
}

export const hush = () => window.speechSynthesis?.cancel()

interface Props {
  text: string | null | undefined
  language: string
  /** What is heard, for who does not see where the button stands. */
  what: string
}

/** Says a text, until its end or until it is pressed again. */
export function Hear({ text, language, what }: Props) {
  const words = useMenuWords()
  const [speaking, setSpeaking] = useState(false)
  useEffect(() => hush, [])
  const press = () => {
    if (speaking) return hush()
    setSpeaking(true)
    speak([text ?? ''], language, () => setSpeaking(false))
  }
  return (
    <div>
      <Button
        icon={speaking ? Square : Volume2}
        isDisabled={!text}
        onPress={press}
        aria-label={`${speaking ? words.stop : words.hear}: ${what}`}
      >
        {speaking ? words.stop : words.hear}
      </Button>
    </div>
  )
}
