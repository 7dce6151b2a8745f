import type { Document } from '../client'
import { actionOf, type Menu, type Option, targetOf } from './document'
import { useMenuWords } from './words'

type Usage = Document['ScriptUsage'] | undefined
const OUTCOMES = ['answered', 'voicemail', 'callback', 'transfer', 'abandoned', 'live'] as const

/** The last calls that chose an option, as long as it leads where it led. */
export function optionUsage(usage: Usage, menu: Menu, option: Option) {
  return usage?.options.find(
    (row) =>
      row.menu === menu.id &&
      row.option === option.digit &&
      row.action === actionOf(option) &&
      row.to === targetOf(option),
  )
}

/** What became of the last calls that chose an option. */
export function OptionUsage({ usage, menu, option }: { usage: Usage; menu: Menu; option: Option }) {
  const words = useMenuWords()
  const row = optionUsage(usage, menu, option)
  if (!row) return null
  const became = OUTCOMES.filter((outcome) => row[outcome] > 0)
  return (
    <p className="text-sm text-soft">
      {[words.calls(row.calls), ...became.map((outcome) => words.outcomes[outcome](row[outcome]))].join(
        ' · ',
      )}
    </p>
  )
}

/** How the last calls fared at a menu itself. */
export function MenuUsage({ usage, menu }: { usage: Usage; menu: Menu }) {
  const words = useMenuWords()
  const row = usage?.menus.find((row) => row.menu === menu.id)
  if (!row) return null
  const said = [
    words.heard(row.calls),
    row.silent > 0 && words.silentThere(row.silent),
    row.not_understood > 0 && words.notUnderstood(row.not_understood),
    row.hung_up > 0 && words.hungUp(row.hung_up),
  ]
  return <p className="text-sm text-soft">{said.filter(Boolean).join(' · ')}</p>
}
