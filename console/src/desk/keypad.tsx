import { useEffect, useState } from 'react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Window } from '../ui/dialog'
import { useWords } from '../words'
import { useOperation } from './desk'

export const KEYS = [...'123456789*0#']

/** Keys that the customer's side hears: by click, or typed while the window is open. */
export function Keypad({ call, isOpen, onClose }: { call: string; isOpen: boolean; onClose: () => void }) {
  const words = useWords().keypad
  const client = useClient()
  const { mutate } = useOperation()
  const [pressed, setPressed] = useState('')
  const press = (key: string) => {
    setPressed((before) => before + key)
    mutate(() => client.calls.pressDigits(call, key))
  }
  useEffect(() => {
    if (!isOpen) return
    setPressed('')
    const listen = (event: KeyboardEvent) => {
      if (!KEYS.includes(event.key)) return
      setPressed((before) => before + event.key)
      mutate(() => client.calls.pressDigits(call, event.key))
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [isOpen, call, client, mutate])
  return (
    <Window title={words.title} isOpen={isOpen} onClose={onClose}>
      <output
        aria-label={words.pressed}
        className="min-h-9 rounded-lg bg-raised px-3 py-1.5 text-lg tracking-widest"
      >
        {pressed}
      </output>
      <Keys onPress={press} />
    </Window>
  )
}

export function Keys({ onPress }: { onPress: (key: string) => void }) {
  const words = useWords().keypad
  return (
    <div className="grid grid-cols-3 gap-2">
      {KEYS.map((key) => (
        <Button key={key} aria-label={words.key(key)} onPress={() => onPress(key)}>
          <span className="text-lg">{key}</span>
        </Button>
      ))}
    </div>
  )
}
