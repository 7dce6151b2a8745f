import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Hours as Written } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Window } from '../ui/dialog'
import { Field } from '../ui/fields'
import { notify, sentenceOf } from '../ui/notices'
import { useWords } from '../words'
import { Select } from './fields'
import { useQueueRows } from './queues'
import { type Week, WeekFields } from './week'
import { useMenuWords } from './words'

type QueueRow = ReturnType<typeof useQueueRows>[number]

/** When queues take calls, and what is said when they do not. */
export function Hours({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const words = useMenuWords()
  const queues = useQueueRows()
  const [chosen, setChosen] = useState('')
  const queue = queues.find(({ id }) => id === chosen) ?? queues[0]
  return (
    <Window title={words.hours} isOpen={isOpen} onClose={onClose}>
      <p className="text-soft">{words.hoursHint}</p>
      <Select label={words.queue} value={queue?.id ?? ''} onChange={setChosen}>
        {queues.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      {queue && <QueueHours key={queue.id} queue={queue} />}
    </Window>
  )
}

function QueueHours({ queue }: { queue: QueueRow }) {
  const all = useWords()
  const words = useMenuWords()
  const client = useClient()
  const queries = useQueryClient()
  const [week, setWeek] = useState(queue.opening_hours as Week | null)
  const [holidays, setHolidays] = useState(((queue.holidays ?? []) as string[]).join(', '))
  const [zone, setZone] = useState(queue.time_zone ?? '')
  const [closed, setClosed] = useState(queue.closed_message ?? '')
  async function save() {
    const days = holidays.split(',').map((day) => day.trim())
    const hours = {
      opening_hours: week,
      holidays: days.filter(Boolean),
      time_zone: zone || null,
      closed_message: closed || null,
    }
    try {
      await client.scripts.saveHours(queue.id, hours as Written)
      await queries.invalidateQueries({ queryKey: ['queue-hours'] })
      notify(words.hoursSaved(queue.name ?? ''))
    } catch (error) {
      const refused = /^22/.test((error as { code?: string }).code ?? '')
      notify(refused ? words.hoursRefused : sentenceOf(error, all), true)
    }
  }
  return (
    <div className="grid gap-3">
      <label className="flex cursor-pointer items-center gap-2">
        <input
          type="checkbox"
          checked={week === null}
          onChange={(event) => setWeek(event.target.checked ? null : {})}
        />
        {words.always}
      </label>
      {week && <WeekFields week={week} onChange={setWeek} />}
      <Field label={words.holidays} value={holidays} onChange={setHolidays} />
      <Select label={words.zone} value={zone} onChange={setZone}>
        <option value="">{words.centreZone}</option>
        {Intl.supportedValuesOf('timeZone').map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      <Field label={words.closedMessage} rows={2} value={closed} onChange={setClosed} maxLength={4000} />
      <Button look="primary" onPress={() => void save()}>
        {all.save}
      </Button>
    </div>
  )
}
