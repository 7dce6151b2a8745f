import { useEffect, useRef } from 'react'
import { usePreference } from './preferences'

/** Presses what it is for when a letter is typed, outside of texts and dialogs. Returns the letter, where it works. */
export function useShortcut(letter: string | undefined, act: () => void): string | undefined {
  const [on] = usePreference('shortcuts')
  const newest = useRef(act)
  newest.current = act
  const key = on ? letter : undefined
  useEffect(() => {
    if (!key) return
    const listen = (event: KeyboardEvent) => {
      if (event.key.toUpperCase() !== key || event.ctrlKey || event.metaKey || event.altKey || event.repeat)
        return
      if (isWriting(event.target) || document.querySelector('[role=dialog], [role=menu], [role=listbox]'))
        return
      event.preventDefault()
      newest.current()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [key])
  return key
}

function isWriting(target: EventTarget | null) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}
