import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Document } from '../client'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { leadTo, type Menu, moved, newOption, type Option, renamed, replaced, without } from './document'
import { FaultAt } from './faults'
import { Names, SelectAt, TextAt } from './fields'
import { OptionList } from './option-list'
import { useQueues } from './queues'
import { Hear } from './speech'
import { MenuUsage } from './usage'
import { useMenuWords } from './words'

interface Props {
  menus: Menu[]
  at: number
  language: string
  usage: Document['ScriptUsage'] | undefined
  onChange: (menus: Menu[]) => void
  onGo: (menu: number) => void
}

/** One menu: what is said, how it is asked again, and what its keys do. */
export function MenuForm({ menus, at, language, usage, onChange, onGo }: Props) {
  const words = useMenuWords()
  const queues = useQueues()
  const menu = menus[at] as Menu
  const place = `script_data.menus[${at}]`
  const set = (change: Partial<Menu>) => onChange(replaced(menus, at, { ...menu, ...change }))
  const move = (by: -1 | 1) => {
    onChange(moved(menus, at, by))
    onGo(at + by)
  }
  return (
    <Card
      title={words.menu(menu.id || words.unnamed)}
      aside={
        <div className="flex">
          <Button bare look="quiet" icon={ArrowUp} isDisabled={at === 0} onPress={() => move(-1)}>
            {words.menuUp}
          </Button>
          <Button
            bare
            look="quiet"
            icon={ArrowDown}
            isDisabled={at === menus.length - 1}
            onPress={() => move(1)}
          >
            {words.menuDown}
          </Button>
          <Button bare look="quiet" icon={Trash2} onPress={() => onChange(without(menus, at))}>
            {words.removeMenu}
          </Button>
        </div>
      }
    >
      <div className="grid gap-3">
        <FaultAt place={place} />
        <MenuUsage usage={usage} menu={menu} />
        <TextAt
          place={`${place}.message`}
          label={words.message}
          rows={3}
          maxLength={4000}
          value={menu.message}
          onChange={(message) => set({ message })}
        />
        <Hear text={menu.message} language={language} what={words.menu(menu.id ?? '')} />
        <div className="grid gap-3 sm:grid-cols-4">
          <MenuName
            key={menu.id}
            place={place}
            name={menu.id}
            onName={(id) => onChange(renamed(menus, at, id))}
          />
          <TextAt
            place={`${place}.maxAttempts`}
            label={words.attempts}
            inputMode="numeric"
            hint="3"
            value={menu.maxAttempts?.toString()}
            onChange={(value) => set({ maxAttempts: numberOf(value) })}
          />
          <TextAt
            place={`${place}.timeout`}
            label={words.timeout}
            inputMode="numeric"
            hint="10"
            value={menu.timeout?.toString()}
            onChange={(value) => set({ timeout: numberOf(value) })}
          />
          <SelectAt
            place={`${place}.defaultQueue`}
            label={words.otherwise}
            value={menu.defaultQueue ?? ''}
            onChange={(name) => set({ defaultQueue: name || undefined })}
          >
            <Names names={queues} value={menu.defaultQueue ?? ''} none={words.general} />
          </SelectAt>
        </div>
        <TextAt
          place={`${place}.retryMessage`}
          label={words.retry}
          maxLength={4000}
          value={menu.retryMessage}
          onChange={(retryMessage) => set({ retryMessage: retryMessage || undefined })}
        />
        <section className="grid gap-2">
          <h3 className="text-sm text-soft">{words.options}</h3>
          <FaultAt place={`${place}.options`} />
          {menu.options ? (
            <OptionList
              menus={menus}
              menu={menu}
              place={place}
              usage={usage}
              onChange={(options) => set({ options })}
            />
          ) : (
            <p className="text-soft">{words.noOptions}</p>
          )}
          <div>
            <Button
              icon={Plus}
              onPress={() =>
                set({ options: menu.options ? [...menu.options, newOption(menu)] : usual(menu) })
              }
            >
              {menu.options ? words.addOption : words.writeOptions}
            </Button>
          </div>
        </section>
      </div>
    </Card>
  )
}

/** The name goes on when it is written, for options lead to it. */
function MenuName({ place, name, onName }: { place: string; name?: string; onName: (name: string) => void }) {
  const words = useMenuWords()
  const [written, setWritten] = useState(name ?? '')
  useEffect(() => setWritten(name ?? ''), [name])
  return (
    <TextAt
      place={`${place}.id`}
      label={words.id}
      maxLength={100}
      value={written}
      onChange={setWritten}
      onBlur={() => written !== (name ?? '') && onName(written)}
    />
  )
}

/** What is no number is the database's to refuse. */
const numberOf = (value: string) => (/^\d+$/.test(value) ? Number(value) : value || undefined)

/** What a menu without options does, as options of its own. */
function usual(menu: Menu): Option[] {
  const options: Option[] = []
  for (const queue of ['sales', 'support', 'hr'])
    options.push(leadTo(newOption({ ...menu, options }), 'actionQueue', queue))
  return options
}
