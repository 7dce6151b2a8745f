import { CircleCheck, TriangleAlert } from 'lucide-react'
import type { Document } from '../client'
import { useMoments } from '../ui/time'
import { ACTIONS, type Menu } from './document'
import { placeOf, useFaults } from './faults'
import { useMenuWords } from './words'
import type { MenuWords } from './words/es'

interface Props {
  menus: Menu[]
  checked: boolean
  usage: Document['ScriptUsage'] | undefined
  /** Goes to a menu, by its place among them. */
  onGo: (menu: number) => void
}

/** Whether a script would work, with the way to each place where it does not; and who hears it. */
export function Summary({ menus, checked, usage, onGo }: Props) {
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
                onClick={() => onGo(placeOf(fault.place).menu ?? 0)}
              >
                {[...whereIs(fault.place, menus, words), fault.reason].join(': ')}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

/** What a fault is about, in the words of the screen; none: the script as a whole. */
function whereIs(place: string, menus: Menu[], words: MenuWords): string[] {
  const { menu: m, option: o } = placeOf(place)
  const menu = menus[m ?? -1]
  const option = menu?.options?.[o ?? -1]
  const named = [
    menu && words.menu(menu.id || words.unnamed),
    option && words.option(option.digit ?? ''),
    fieldOf(place.split('.').at(-1) ?? '', !!option, words),
  ].filter(Boolean)
  return named.length ? [named.join(', ')] : []
}

/** What a field of the document is called; undefined: it is no field of the screen. */
function fieldOf(name: string, ofOption: boolean, words: MenuWords): string | undefined {
  const names: Record<string, string> = {
    name: words.name,
    description: ofOption ? words.says : words.description,
    language: words.language,
    welcome_message: words.welcome,
    id: words.id,
    message: words.message,
    retryMessage: words.retry,
    maxAttempts: words.attempts,
    timeout: words.timeout,
    defaultQueue: words.otherwise,
    options: words.options,
    digit: words.key,
    keywords: words.keywords,
    ...Object.fromEntries(ACTIONS.map((action) => [action, words.leads])),
  }
  return names[name]
}
