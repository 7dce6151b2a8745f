import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Phone } from 'lucide-react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card, Chip } from '../ui/card'
import { clock, useMoments } from '../ui/time'
import { useWords } from '../words'
import { useDesk } from './desk'
import { useDial } from './dial'
import { Player } from './player'

/** The messages of my queues, the newest first. */
export function Voicemails() {
  const words = useWords()
  const client = useClient()
  const queries = useQueryClient()
  const moment = useMoments()
  const dial = useDial()
  const { person } = useDesk()
  const { data } = useQuery({
    queryKey: ['voicemails'],
    queryFn: client.records.voicemails,
    refetchInterval: 30_000,
  })
  async function heard(id: string) {
    await client.records.markListened(id, person.agent?.id ?? null)
    await queries.invalidateQueries({ queryKey: ['voicemails'] })
  }
  const unheard = data?.filter((voicemail) => !voicemail.is_listened).length ?? 0
  return (
    <Card title={words.lists.voicemails} aside={unheard > 0 && <Chip tone="warn">{unheard}</Chip>}>
      {data?.length === 0 && <p className="text-soft">{words.lists.noVoicemails}</p>}
      <ul className="grid max-h-96 divide-y divide-line overflow-y-auto">
        {data?.map((voicemail) => (
          <li key={voicemail.id} className="grid gap-1 py-2">
            <p className="flex items-center gap-2">
              <span className={voicemail.is_listened ? '' : 'font-semibold'}>
                {voicemail.caller_name || voicemail.caller_number}
              </span>
              <span className="sr-only">
                {voicemail.is_listened ? words.lists.heard : words.lists.unheard}
              </span>
              <span className="ml-auto text-sm text-soft">
                {moment(voicemail.created_at)} · {clock(voicemail.duration_seconds)}
              </span>
            </p>
            {voicemail.transcription && <p className="text-sm">«{voicemail.transcription}»</p>}
            <div className="flex flex-wrap items-center gap-2">
              {voicemail.recording_url && (
                <Player
                  recording={voicemail.recording_url}
                  onPlaying={() => voicemail.is_listened || void heard(voicemail.id)}
                />
              )}
              {dial.possible && voicemail.caller_number.startsWith('+') && (
                <Button
                  icon={Phone}
                  isDisabled={dial.busy}
                  onPress={() => dial.call(voicemail.caller_number)}
                >
                  {words.lists.callBack}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  )
}
