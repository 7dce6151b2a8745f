import { PhoneIncoming } from 'lucide-react'
import { useEffect } from 'react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { usePreference } from '../ui/preferences'
import { useWords } from '../words'
import { startRinging } from './ring'
import { useTelephone } from './use-telephone'

/** On every other screen than the desk: that the telephone in this tab rings. Who answers goes on at their desk. */
export function Ringing({ hasDesk }: { hasDesk: boolean }) {
  const words = useWords().offer
  const { telephone } = useClient()
  const { ringing } = useTelephone()
  const [sound] = usePreference('ring')
  const rings = ringing.length > 0
  useEffect(() => (rings && sound ? startRinging() : undefined), [rings, sound])
  if (!rings) return null
  const answer = () => {
    telephone.accept(ringing)
    if (hasDesk) location.hash = 'desk'
  }
  return (
    <div className="tint-good sticky top-0 z-30 flex flex-wrap items-center justify-center gap-3 px-4 py-2">
      <p role="alert" className="font-medium">
        {words.title}
      </p>
      <Button look="good" icon={PhoneIncoming} onPress={answer}>
        {words.accept}
      </Button>
    </div>
  )
}
