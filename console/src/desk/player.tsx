import { Play } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { notify, sentenceOf } from '../ui/notices'
import { useWords } from '../words'

/** A recording, heard in place. Its link is asked for when somebody wants to hear it, for that is written down. */
export function Player({ recording, onPlay }: { recording: string; onPlay?: () => void }) {
  const words = useWords()
  const client = useClient()
  const [link, setLink] = useState<string | null>(null)
  async function play() {
    try {
      const sid = recording.match(/RE[0-9a-f]{32}/)?.[0] ?? recording
      setLink((await client.calls.linkTo(sid)).url)
      onPlay?.()
    } catch (error) {
      notify(sentenceOf(error, words), true)
    }
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
  // biome-ignore lint/a11y/useMediaCaption: a conversation has no captions; a message's words stand beside it.
  return <audio controls autoPlay src={link} className="h-9 w-full" onError={() => setLink(null)} />
}
