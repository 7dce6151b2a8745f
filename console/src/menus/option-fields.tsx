import { type ReactNode, useId, useRef } from 'react'
import {
  ACTIONS,
  type Action,
  actionOf,
  KEYS,
  leadTo,
  type Menu,
  type Option,
  TARGETS,
  type TargetKind,
  targetOf,
} from './document'
import { FaultAt } from './faults'
import { Names, SelectAt, TextAt } from './fields'
import { useQueues } from './queues'
import { useMenuWords } from './words'

interface Props {
  option: Option
  /** That it may lead to. */
  menus: Menu[]
  place: string
  onChange: (option: Option) => void
  children?: ReactNode
}

/** What one key of a menu does, and what may be said for it. */
export function OptionFields({ option, menus, place, onChange, children }: Props) {
  const words = useMenuWords()
  const action = actionOf(option)
  const keyFault = useId()
  // Whoever looks at another kind and comes back finds what was chosen.
  const chosenBefore = useRef<Partial<Record<TargetKind, string>>>({})
  const lead = (next: Action) => {
    chosenBefore.current[TARGETS[action]] = targetOf(option)
    onChange(leadTo(option, next, chosenBefore.current[TARGETS[next]] ?? ''))
  }
  return (
    <div className="grid gap-2 sm:grid-cols-[5rem_1fr_1fr_1fr]">
      <SelectAt
        place={`${place}.digit`}
        label={words.key}
        saidIn={keyFault}
        value={option.digit ?? ''}
        onChange={(digit) => onChange({ ...option, digit })}
      >
        <Names names={KEYS} value={option.digit ?? ''} none="?" />
      </SelectAt>
      <FaultAt place={`${place}.digit`} id={keyFault} className="sm:col-span-full sm:row-start-2" />
      <TextAt
        place={`${place}.description`}
        label={words.says}
        maxLength={200}
        value={option.description}
        onChange={(description) => onChange({ ...option, description })}
      />
      <SelectAt
        place={`${place}.action`}
        label={words.leads}
        value={action}
        onChange={(chosen) => lead(chosen as Action)}
      >
        {ACTIONS.map((name) => (
          <option key={name} value={name}>
            {words.actions[name]}
          </option>
        ))}
      </SelectAt>
      <Target option={option} menus={menus} place={place} onChange={onChange} />
      <div className="sm:col-span-3">
        <Keywords option={option} place={place} onChange={onChange} />
      </div>
      <div className="flex items-end justify-end">{children}</div>
    </div>
  )
}

function Target({ option, menus, place, onChange }: Props) {
  const words = useMenuWords()
  const queues = useQueues()
  const action = actionOf(option)
  const target = targetOf(option)
  const own = { place: `${place}.${action}`, value: target }
  const set = (chosen: string) => onChange(leadTo(option, action, chosen))
  const kind = TARGETS[action]
  if (kind === 'number')
    return <TextAt {...own} label={words.target.number} inputMode="tel" maxLength={30} onChange={set} />
  return (
    <SelectAt {...own} label={words.target[kind]} onChange={set}>
      <Names
        names={kind === 'menu' ? menus.map(({ id }) => id ?? '').filter(Boolean) : queues}
        value={target}
        none={words.choose}
      />
    </SelectAt>
  )
}

function Keywords({ option, place, onChange }: Omit<Props, 'menus'>) {
  const words = useMenuWords()
  const shown = Array.isArray(option.keywords) ? option.keywords.join(', ') : ''
  return (
    <TextAt
      place={`${place}.keywords`}
      label={words.keywords}
      hint={words.keywordsHint}
      value={shown}
      onChange={(text) => {
        // A comma at the end is about to be followed by a word.
        const keywords = text.split(',').map((word) => word.trimStart())
        const { keywords: _, ...bare } = option
        onChange(text ? { ...bare, keywords } : bare)
      }}
    />
  )
}
