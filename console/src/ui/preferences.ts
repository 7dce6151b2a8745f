import { useSyncExternalStore } from 'react'
import { store } from '../client'

/** What a person chose for this browser. */
export interface Preferences {
  theme: 'system' | 'light' | 'dark'
  language: 'browser' | 'es' | 'en'
  shortcuts: boolean
  ring: boolean
  /** Says what the line says, where the telephone has no sound. */
  speak: boolean
}

const KEY = 'callcenter-preferences'
const DEFAULTS: Preferences = {
  theme: 'system',
  language: 'browser',
  shortcuts: true,
  ring: true,
  speak: false,
}
const preferences = store<Preferences>(read())
show(preferences.get())

function read(): Preferences {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? '{}') }
  } catch {
    return DEFAULTS
  }
}

function show({ theme }: Preferences) {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function usePreference<Name extends keyof Preferences>(name: Name) {
  const all = useSyncExternalStore(preferences.subscribe, preferences.get)
  const set = (value: Preferences[Name]) => {
    const chosen = { ...preferences.get(), [name]: value }
    localStorage.setItem(KEY, JSON.stringify(chosen))
    show(chosen)
    preferences.set(chosen)
  }
  return [all[name], set] as const
}
