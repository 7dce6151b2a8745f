import type { Row, ScriptDocument } from '../client'

export type Script = Row<'ivr_scripts'>

/** Which of a list's rows one is, whatever is written in it and wherever it is moved; never saved. */
export const KEY = Symbol('key')
let next = 0
const key = () => ({ [KEY]: next++ })

export const ACTIONS = [
  'actionQueue',
  'actionMenu',
  'actionVoicemail',
  'actionCallback',
  'actionTransfer',
] as const
export type Action = (typeof ACTIONS)[number]
/** What is named where an option leads. */
export const TARGETS = {
  actionQueue: 'queue',
  actionMenu: 'menu',
  actionVoicemail: 'queue',
  actionCallback: 'queue',
  actionTransfer: 'number',
} as const satisfies Record<Action, string>
export type TargetKind = (typeof TARGETS)[Action]

export interface Option extends Partial<Record<Action, unknown>> {
  [KEY]: number
  digit?: string
  description?: string
  keywords?: string[]
}
export interface Menu {
  [KEY]: number
  id?: string
  message?: string
  retryMessage?: string
  maxAttempts?: number | string
  timeout?: number | string
  defaultQueue?: string
  options?: Option[]
}
/** A script as it is being written. */
export interface Draft extends Omit<ScriptDocument, 'script_data'> {
  script_data: { menus: Menu[] }
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const keyed = (value: unknown) => ({ ...(value as object), ...key() })

/** What is saved, to be written on; what is no list of menus is none. */
export function draftOf(saved: ScriptDocument): Draft {
  const { name, description, language, welcome_message, active } = saved
  const data = saved.script_data as { menus?: unknown }
  const menus = list(data.menus).map((menu) => {
    const known = keyed(menu) as Menu
    return known.options ? { ...known, options: list(known.options).map(keyed) as Option[] } : known
  })
  return { name, description, language, welcome_message, active, script_data: { ...data, menus } }
}

/** What is saved of a draft: of words that may be said, those that are written. */
export const written = (draft: Draft): ScriptDocument =>
  JSON.parse(
    JSON.stringify(draft, (name, value) =>
      name === 'keywords' && Array.isArray(value)
        ? value.map((word) => String(word).trim()).filter(Boolean)
        : value,
    ),
  )
export const isSame = (one: Draft, other: Draft) => JSON.stringify(one) === JSON.stringify(other)

/** What an option does; of one that is being written, what it will do once it says where. */
export const actionOf = (option: Option): Action =>
  ACTIONS.find((action) => option[action]) ?? ACTIONS.find((action) => action in option) ?? 'actionQueue'
export const targetOf = (option: Option) => String(option[actionOf(option)] ?? '')

/** Where an option leads, and nowhere besides. */
export function leadTo(option: Option, action: Action, target: string): Option {
  const bare = { ...option }
  for (const other of ACTIONS) delete bare[other]
  return { ...bare, [action]: target }
}

export const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#']

export function newOption(menu: Menu): Option {
  const taken = new Set(menu.options?.map(({ digit }) => digit))
  return { ...key(), digit: KEYS.find((digit) => !taken.has(digit)) ?? '', description: '' }
}

export function newMenu(menus: Menu[], name: string): Menu {
  const taken = new Set(menus.map(({ id }) => id))
  let id = name
  for (let n = 2; taken.has(id); n += 1) id = `${name} ${n}`
  return { ...key(), id, message: '', options: [] }
}

/** Moves a row of a list up (-1) or down (1). */
export function moved<T>(rows: T[], at: number, by: -1 | 1): T[] {
  const [row, other] = [rows[at], rows[at + by]]
  if (row === undefined || other === undefined) return rows
  return rows.map((same, place) => (place === at ? other : place === at + by ? row : same))
}

export const replaced = <T>(rows: T[], at: number, row: T) => rows.map((same, n) => (n === at ? row : same))
export const without = <T>(rows: T[], at: number) => rows.filter((_, n) => n !== at)

/** A menu's new name stands wherever options lead to it, unless they might mean another. */
export function renamed(menus: Menu[], at: number, id: string): Menu[] {
  const old = menus[at]?.id
  const named = menus.map((menu, n) => (n === at ? { ...menu, id } : menu))
  if (!old || menus.some((menu, n) => n !== at && (menu.id === old || menu.id === id))) return named
  return named.map((menu) =>
    menu.options
      ? {
          ...menu,
          options: menu.options.map((option) =>
            option.actionMenu === old ? { ...option, actionMenu: id } : option,
          ),
        }
      : menu,
  )
}
