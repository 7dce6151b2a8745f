import { CornerDownRight, CornerUpLeft, Plus } from 'lucide-react'
import type { Document } from '../client'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { actionOf, type Menu, type Option, targetOf } from './document'
import { FaultMark } from './faults'
import { optionUsage } from './usage'
import { useMenuWords } from './words'

interface Shown {
  menus: Menu[]
  /** The menu that is being written, by its place among them. */
  at: number
  usage: Document['ScriptUsage'] | undefined
  onGo: (menu: number) => void
}

/** Where each key leads from the first menu on, and the menus that nobody comes to. */
export function Tree({ onAdd, ...shown }: Shown & { onAdd: () => void }) {
  const words = useMenuWords()
  const { menus } = shown
  const first = Math.max(
    0,
    menus.findIndex(({ id }) => id === 'main'),
  )
  const reached = reachedFrom(menus, first)
  const others = menus.map((_, n) => n).filter((n) => !reached.has(n))
  return (
    <Card
      title={words.tree}
      aside={
        <Button bare look="quiet" icon={Plus} onPress={onAdd}>
          {words.newMenu}
        </Button>
      }
    >
      <nav aria-label={words.tree} className="overflow-x-auto">
        {menus.length > 0 && <Branch {...shown} menu={first} above={[]} note={words.starts} />}
        {others.length > 0 && <p className="mt-3 text-sm text-soft">{words.unreached}</p>}
        {others.map((menu) => (
          <Branch key={menu} {...shown} menu={menu} above={[]} />
        ))}
      </nav>
    </Card>
  )
}

/** A menu with what its keys lead to; of a menu that stands above it, that it leads back there. */
function Branch({
  menu: n,
  above,
  note,
  ...shown
}: Shown & { menu: number; above: number[]; note?: string }) {
  const words = useMenuWords()
  const menu = shown.menus[n]
  if (!menu) return null
  const name = menu.id || words.unnamed
  return (
    <div>
      <button
        type="button"
        aria-current={n === shown.at}
        onClick={() => shown.onGo(n)}
        className="flex items-center gap-2 rounded-lg px-2 py-1 text-left font-medium hover:bg-raised aria-[current=true]:bg-raised"
      >
        {words.menu(name)}
        {note && <span className="text-sm font-normal text-soft">{note}</span>}
        <FaultMark place={`script_data.menus[${n}]`} />
      </button>
      <ul className="ml-3 border-l border-line pl-2">
        {menu.options?.map((option, at) => (
          <li key={at} className="py-0.5">
            <Leaf {...shown} menu={menu} option={option} />
            <Below {...shown} option={option} above={[...above, n]} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Below({ option, above, ...shown }: Shown & { option: Option; above: number[] }) {
  const words = useMenuWords()
  if (actionOf(option) !== 'actionMenu') return null
  const target = targetOf(option)
  const menu = shown.menus.findIndex(({ id }) => id === target)
  if (menu < 0) return null
  if (!above.includes(menu)) return <Branch {...shown} menu={menu} above={above} />
  return (
    <p className="flex items-center gap-1 pl-6 text-sm text-soft">
      <CornerUpLeft aria-hidden size={14} />
      {words.again(target)}
    </p>
  )
}

function Leaf({ menu, option, usage }: Shown & { menu: Menu; option: Option }) {
  const words = useMenuWords()
  const action = actionOf(option)
  const calls = optionUsage(usage, menu, option)?.calls
  return (
    <p className="flex items-baseline gap-2 text-sm">
      <kbd className="min-w-5 shrink-0 rounded border border-edge px-1 text-center font-mono">
        {option.digit || '?'}
      </kbd>
      <span className="flex min-w-0 grow flex-wrap gap-x-2">
        {option.description && <span className="min-w-0">{option.description}</span>}
        <span className="inline-flex min-w-0 items-center gap-1 text-soft">
          <CornerDownRight aria-hidden size={14} className="shrink-0" />
          <span className="min-w-0">
            {words.short[action]} {targetOf(option) || '?'}
          </span>
        </span>
      </span>
      {calls !== undefined && (
        <span className="shrink-0 whitespace-nowrap text-soft tabular-nums">{words.calls(calls)}</span>
      )}
    </p>
  )
}

function reachedFrom(menus: Menu[], first: number): Set<number> {
  const reached = new Set<number>()
  const go = (n: number) => {
    if (n < 0 || reached.has(n)) return
    reached.add(n)
    for (const option of menus[n]?.options ?? [])
      if (actionOf(option) === 'actionMenu') go(menus.findIndex(({ id }) => id === targetOf(option)))
  }
  go(first)
  return reached
}
