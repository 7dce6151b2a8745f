import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps } from 'react-aria-components'
import { useShortcut } from './shortcuts'

const LOOKS = {
  plain: 'border border-line bg-surface text-ink hover:bg-raised',
  quiet: 'text-ink hover:bg-raised',
  primary: 'bg-accent text-on-accent hover:opacity-90',
  good: 'bg-good text-on-good hover:opacity-90',
  bad: 'bg-bad text-on-bad hover:opacity-90',
}

interface Props extends Omit<ButtonProps, 'children' | 'className' | 'onPress'> {
  onPress?: () => void
  look?: keyof typeof LOOKS
  icon?: LucideIcon
  /** A letter that presses it, while no text is being written. */
  shortcut?: string
  /** The icon alone is seen; the words are its name. */
  bare?: boolean
  wide?: boolean
  children: ReactNode
}

export function Button({ look = 'plain', icon: Icon, shortcut, bare, wide, children, ...props }: Props) {
  const key = useShortcut(props.isDisabled ? undefined : shortcut, () => props.onPress?.())
  return (
    <AriaButton
      {...props}
      aria-keyshortcuts={key}
      aria-label={bare && typeof children === 'string' ? children : props['aria-label']}
      className={`inline-flex min-h-9 items-center justify-center gap-2 rounded-lg px-3 py-1.5 font-medium whitespace-nowrap motion-safe:transition-colors data-disabled:cursor-not-allowed data-disabled:opacity-45 ${LOOKS[look]} ${wide ? 'w-full' : ''}`}
    >
      {Icon && <Icon aria-hidden size={16} className="shrink-0" />}
      {!bare && children}
      {key && !bare && (
        <kbd
          aria-hidden
          className="rounded border border-current px-1 font-mono text-xs opacity-80 max-sm:hidden"
        >
          {key}
        </kbd>
      )}
    </AriaButton>
  )
}
