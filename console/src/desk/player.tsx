import { Play } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { notify, sentenceOf } from '../ui/notices'
import { useWords } from '../words'

/** A recording, heard in place. Its link is asked for when somebody wants to hear it, for that is written down.
 * onPlaying: it can be heard. */
export function Player({ recording, onPlaying }: { recording: string; onPlaying?: () => void }) {
  const words = useWords()
  const client = useClient()
  const [link, setLink] = useState<string | null>(null)
  async function play() {
    try {
      const sid = recording.match(/RE[0-9a-f]{32}/)?.[0] ?? recording
      setLink((await client.calls.linkTo(sid)).url)
    } catch (error) {
      notify(sentenceOf(error, words), true)
    }
  }
  function fail() {
    setLink(null)
    notify(words.contact.notPlayed, true)
  }
  if (!link) {
    return (
      <div>
        <Button icon={Play} onPress={play}>
          {words.contact.play}
        </Button>
      </div>
    )
  }
  return (
    // biome-ignore lint/a11y/useMediaCaption: a conversation has no captions; a message's words stand beside it.
    <audio
      controls
      autoPlay
      src={link}
      aria-label={words.contact.recording}
      className="h-9 w-full"
      onPlaying={onPlaying}
      onError={fail}
    />
  )
}
