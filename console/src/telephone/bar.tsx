import { Phone, PhoneOff, Power } from 'lucide-react'
import { useEffect } from 'react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { sentenceOf } from '../ui/notices'
import { useWords } from '../words'
import { Captions } from './captions'
import { useTelephone } from './use-telephone'

/** The telephone in this tab; or, where the agent has another, where that is. onDemand: off until it is wanted. */
export function TelephoneBar({ telephone, onDemand }: { telephone: string | null; onDemand?: boolean }) {
  const words = useWords()
  const client = useClient()
  const { state, why, caption } = useTelephone()
  useEffect(() => {
    if (!telephone && !onDemand) client.telephone.connect()
  }, [client, telephone, onDemand])
  if (telephone) {
    return (
      <p className="flex items-center gap-2 px-1 text-sm text-soft">
        <Phone aria-hidden size={15} />
        {words.telephone.desk(telephone)}
      </p>
    )
  }
  const works = state === 'ready'
  const on = works || state === 'connecting' || state === 'away'
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-1 text-sm">
      <span className={`flex items-center gap-2 ${works ? 'text-good' : 'text-warn'}`}>
        {works ? <Phone aria-hidden size={15} /> : <PhoneOff aria-hidden size={15} />}
        <span role="status">{words.telephone.states[state]}</span>
      </span>
      {why && <span className="min-w-0 truncate text-soft">{sentenceOf(why, words)}</span>}
      {client.config.telephone_url && on && <Captions caption={caption} />}
      <span className="ml-auto">
        {state === 'elsewhere' ? (
          <Button icon={Power} onPress={() => client.telephone.connect({ anyway: true })}>
            {words.telephone.takeOver}
          </Button>
        ) : (
          <Button
            look="quiet"
            icon={Power}
            onPress={() => (on ? client.telephone.disconnect() : client.telephone.connect())}
          >
            {on ? words.telephone.turnOff : words.telephone.turnOn}
          </Button>
        )}
      </span>
    </div>
  )
}
