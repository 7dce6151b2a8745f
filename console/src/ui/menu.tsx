import type { ReactElement } from 'react'
import {
  Menu,
  MenuItem,
  type MenuItemProps,
  MenuTrigger,
  Popover,
  SubmenuTrigger,
} from 'react-aria-components'

const POPOVER = 'min-w-52 overflow-y-auto rounded-lg border border-line bg-surface p-1 shadow-xl'

type Items = { label?: string; children: React.ReactNode }

/** A button with what may be chosen beneath it. */
export function Choices({ button, label, children }: Items & { button: ReactElement }) {
  return (
    <MenuTrigger>
      {button}
      <Popover className={POPOVER}>
        <Menu aria-label={label} className="outline-none">
          {children}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}

/** A choice that opens others. */
export function MoreChoices({ text, label, children }: Items & { text: string }) {
  return (
    <SubmenuTrigger>
      <Choice>
        {text}
        <span aria-hidden>›</span>
      </Choice>
      <Popover className={POPOVER}>
        <Menu aria-label={label} className="outline-none">
          {children}
        </Menu>
      </Popover>
    </SubmenuTrigger>
  )
}

export function Choice(props: Omit<MenuItemProps, 'className' | 'children'> & { children: React.ReactNode }) {
  return (
    <MenuItem
      {...props}
      textValue={typeof props.children === 'string' ? props.children : undefined}
      className="flex cursor-pointer items-center justify-between gap-6 rounded-md px-3 py-1.5 outline-none data-disabled:opacity-60 data-focused:bg-raised"
    />
  )
}
