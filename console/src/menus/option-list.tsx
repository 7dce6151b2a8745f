import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'
import { useLayoutEffect, useRef } from 'react'
import type { Document } from '../client'
import { Button } from '../ui/button'
import { KEY, type Menu, moved, type Option, replaced, without } from './document'
import { FaultAt } from './faults'
import { OptionFields } from './option-fields'
import { OptionUsage } from './usage'
import { useMenuWords } from './words'

interface Props {
  menus: Menu[]
  menu: Menu
  place: string
  usage: Document['ScriptUsage'] | undefined
  onChange: (options: Option[]) => void
}

/** What the keys of a menu do, in the order in which spoken words are looked for. */
export function OptionList({ menus, menu, place, usage, onChange }: Props) {
  const words = useMenuWords()
  const options = menu.options ?? []
  const rows = useRef<HTMLOListElement>(null)
  const keep = useFocusKept(rows)
  return (
    <ol ref={rows} className="grid gap-2">
      {options.map((option, at) => {
        const own = `${place}.options[${at}]`
        const name = words.option(option.digit ?? '')
        const move = (by: -1 | 1) => {
          keep(option[KEY], by)
          onChange(moved(options, at, by))
        }
        return (
          <li key={option[KEY]} data-row={option[KEY]}>
            <fieldset className="grid gap-2 rounded-lg border border-line p-3">
              <legend className="sr-only">{name}</legend>
              <OptionFields
                option={option}
                menus={menus.filter((other) => other !== menu)}
                place={own}
                onChange={(changed) => onChange(replaced(options, at, changed))}
              >
                <Button bare look="quiet" icon={ArrowUp} isDisabled={at === 0} onPress={() => move(-1)}>
                  {words.up(name)}
                </Button>
                <Button
                  bare
                  look="quiet"
                  icon={ArrowDown}
                  isDisabled={at === options.length - 1}
                  onPress={() => move(1)}
                >
                  {words.down(name)}
                </Button>
                <Button bare look="quiet" icon={Trash2} onPress={() => onChange(without(options, at))}>
                  {words.removeOption(name)}
                </Button>
              </OptionFields>
              <FaultAt place={own} />
              <OptionUsage usage={usage} menu={menu} option={option} />
            </fieldset>
          </li>
        )
      })}
    </ol>
  )
}

/** Who moved a row goes on moving it: a row that changes its place loses the focus, and what is pressed until it has it
 * again would be lost. */
function useFocusKept(rows: React.RefObject<HTMLOListElement | null>) {
  const wanted = useRef<{ row: number; by: -1 | 1 } | null>(null)
  useLayoutEffect(() => {
    if (!wanted.current) return
    const { row, by } = wanted.current
    wanted.current = null
    const [up, down] = rows.current?.querySelectorAll<HTMLButtonElement>(`[data-row="${row}"] button`) ?? []
    const [same, other] = by < 0 ? [up, down] : [down, up]
    ;(same?.disabled ? other : same)?.focus()
  })
  return (row: number, by: -1 | 1) => {
    wanted.current = { row, by }
  }
}
