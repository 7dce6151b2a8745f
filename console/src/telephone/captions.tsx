import { Volume2, VolumeX } from 'lucide-react'
import { useEffect } from 'react'
import { Button } from '../ui/button'
import { usePreference } from '../ui/preferences'
import { useLocale, useWords } from '../words'

/** What the line says, of a telephone without sound: to be read, and said aloud by the browser if that is wanted. */
export function Captions({ caption }: { caption: string | null }) {
  const words = useWords().telephone
  const locale = useLocale()
  const [speaks, setSpeaks] = usePreference('speak')
  useEffect(() => {
    if (!speaks || !caption) return
    const said = new SpeechSynthesisUtterance(caption)
    said.lang = locale
    speechSynthesis.speak(said)
    return () => speechSynthesis.cancel()
  }, [speaks, caption, locale])
  return (
    <>
      <span className="text-soft">{words.silent}</span>
      <Button
        look="quiet"
        icon={speaks ? Volume2 : VolumeX}
        aria-pressed={speaks}
        onPress={() => setSpeaks(!speaks)}
      >
        {words.speak}
      </Button>
      {caption && (
        <span className="w-full min-w-0 truncate text-soft">
          {words.caption}: «{caption}»
        </span>
      )}
    </>
  )
}
