import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { Document } from '../client'
import { useMoments } from '../ui/time'
import { useFaults } from './faults'
import { useMenuWords } from './words'

interface Props {
  checked: boolean
  usage: Document['ScriptUsage'] | undefined
  /** Goes to a menu, by its place among them. */
  onGo: (menu: number) => void
}

/** Whether a script would work, with the way to each place where it does not; and who hears it. */
export function Summary({ checked, usage, onGo }: Props) {
  const words = useMenuWords()
  const moment = useMoments()
  const faults = useFaults()
  return (
    <div className="grid gap-2">
      {usage && (
        <p className="text-soft">
          {usage.in_force ? words.inForce : words.notInForce}{' '}
          {usage.since ? words.usageOf(usage.calls, moment(usage.since)) : words.noUsage}
        </p>
      )}
      <div
        role="status"
        className={`rounded-card px-4 py-2 ${faults.length ? 'tint-bad' : checked ? 'tint-good' : 'bg-raised text-soft'}`}
      >
        <p className="flex items-center gap-2 font-medium">
          {faults.length > 0 && <TriangleAlert aria-hidden size={16} />}
          {faults.length === 0 && checked && <CircleCheck aria-hidden size={16} />}
          {faults.length ? words.faults(faults.length) : checked ? words.works : words.checking}
        </p>
        <ul>
          {faults.slice(0, 5).map((fault) => (
            <li key={fault.place + fault.reason}>
              <button
                type="button"
                className="py-0.5 text-left underline"
                onClick={() => onGo(Number(/menus\[(\d+)\]/.exec(fault.place)?.[1] ?? 0))}
              >
                {fault.reason}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
