import { Plus, X } from 'lucide-react'
import { Button } from '../ui/button'
import { FIELD } from '../ui/fields'
import { replaced, without } from './document'
import { useMenuWords } from './words'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
type Span = [string, string]
/** The hours of each day; a day without any is closed. */
export type Week = Partial<Record<(typeof DAYS)[number], Span[]>>

/** The hours of a week. */
export function WeekFields({ week, onChange }: { week: Week; onChange: (week: Week) => void }) {
  return (
    <ul className="grid divide-y divide-line">
      {DAYS.map((day) => (
        <Day
          key={day}
          day={day}
          spans={week[day] ?? []}
          onChange={(spans) => onChange({ ...week, [day]: spans })}
        />
      ))}
    </ul>
  )
}

interface DayProps {
  day: (typeof DAYS)[number]
  spans: Span[]
  onChange: (spans: Span[]) => void
}

function Day({ day, spans, onChange }: DayProps) {
  const words = useMenuWords()
  const name = words.days[day]
  return (
    <li className="flex items-start gap-2 py-1.5 max-sm:flex-wrap">
      <span className="w-24 py-1.5">{name}</span>
      <div className={`grid grow gap-1 ${spans.length ? 'max-sm:order-last max-sm:basis-full' : ''}`}>
        {spans.length === 0 && <span className="py-1.5 text-soft">{words.closedDay}</span>}
        {spans.map((span, at) => (
          <div key={at} className="flex items-center gap-1">
            <Time
              label={words.from(name)}
              value={span[0]}
              onChange={(from) => onChange(replaced(spans, at, [from, span[1]]))}
            />
            –
            <Time
              label={words.until(name)}
              value={span[1]}
              onChange={(to) => onChange(replaced(spans, at, [span[0], to]))}
            />
            <Button bare look="quiet" icon={X} onPress={() => onChange(without(spans, at))}>
              {words.removeSpan(name)}
            </Button>
          </div>
        ))}
      </div>
      <div className="max-sm:ml-auto">
        <Button bare look="quiet" icon={Plus} onPress={() => onChange([...spans, ['08:00', '18:00']])}>
          {words.addSpan(name)}
        </Button>
      </div>
    </li>
  )
}

/** A time of the day. A day's end, 24:00, is 23:59 in a browser's field, and the day's last minute is open too. */
function Time(props: { label: string; value: string; onChange: (time: string) => void }) {
  return (
    <input
      type="time"
      aria-label={props.label}
      value={props.value === '24:00' ? '23:59' : props.value}
      onChange={(event) => props.onChange(event.target.value)}
      className={`${FIELD} w-auto`}
    />
  )
}
