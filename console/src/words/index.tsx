import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { I18nProvider } from 'react-aria-components'
import { usePreference } from '../ui/preferences'
import type { Words } from './es'

/** Only the language that is spoken is loaded. */
const LANGUAGES = {
  es: () => import('./es').then(({ es }): Words => es),
  en: () => import('./en').then(({ en }): Words => en),
}
type Name = keyof typeof LANGUAGES

interface Language {
  name: Name
  words: Words
  locale: string
}

const Context = createContext<Language | undefined>(undefined)

/** The words of the language that was chosen, or the browser's, or Spanish. */
export function Worded({ children }: { children: ReactNode }) {
  const [chosen] = usePreference('language')
  const [language, setLanguage] = useState<Language>()
  useEffect(() => {
    let wanted = true
    const { name, locale } = languageOf(chosen)
    LANGUAGES[name]().then((words) => {
      if (!wanted) return
      setLanguage({ name, words, locale })
      document.documentElement.lang = locale
      document.title = words.title
    })
    return () => {
      wanted = false
    }
  }, [chosen])
  return (
    language && (
      <Context.Provider value={language}>
        <I18nProvider locale={language.locale}>{children}</I18nProvider>
      </Context.Provider>
    )
  )
}

function languageOf(chosen: string): Omit<Language, 'words'> {
  const wanted = chosen === 'browser' ? navigator.languages : [chosen]
  for (const locale of wanted) {
    const name = locale.slice(0, 2).toLowerCase()
    if (name === 'es' || name === 'en') return { name, locale }
  }
  return { name: 'es', locale: 'es' }
}

function useLanguage(): Language {
  const language = useContext(Context)
  if (!language) throw new Error('only within <Worded> is there a language')
  return language
}

export const useWords = () => useLanguage().words

/** The words of a screen that are loaded with it, in the language of all others. */
export function useWordsOf<Own>(languages: Record<Name, Own>): Own {
  return languages[useLanguage().name]
}

export const useLocale = () => useLanguage().locale
