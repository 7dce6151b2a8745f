import { Coffee, PhoneIncoming } from 'lucide-react'
import { Card } from '../ui/card'
import { useWords } from '../words'
import { useDesk } from './desk'

/** Nobody calls. */
export function Quiet() {
  const words = useWords().call
  const { me } = useDesk()
  const free = me.state === 'available'
  const Icon = free ? PhoneIncoming : Coffee
  return (
    <Card title={words.title}>
      <div className="grid justify-items-center gap-2 py-6 text-center">
        <Icon aria-hidden size={28} className={free ? 'text-good' : 'text-soft'} />
        <p className="text-lg font-medium">{words.quiet}</p>
        <p className="text-soft">{free ? words.quietHint.available : words.quietHint.other}</p>
      </div>
    </Card>
  )
}
