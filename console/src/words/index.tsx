import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react'
import { I18nProvider } from 'react-aria-components'
import { usePreference } from '../ui/preferences'
import { en } from './en'
import { es, type Words } from './es'

const LANGUAGES = { es, en } satisfies Record<string, Words>
type Name = keyof typeof LANGUAGES

interface Language {
  name: Name
  words: Words
  locale: string
}

const Context = createContext<Language>({ name: 'es', words: es, locale: 'es' })

/** The words of the language that was chosen, or the browser's, or Spanish. */
export function Worded({ children }: { children: ReactNode }) {
  const [chosen] = usePreference('language')
  const language = useMemo(() => languageOf(chosen), [chosen])
  useEffect(() => {
    document.documentElement.lang = language.locale
    document.title = language.words.title
  }, [language])
  return (
    <Context.Provider value={language}>
      <I18nProvider locale={language.locale}>{children}</I18nProvider>
    </Context.Provider>
  )
}

function languageOf(chosen: string): Language {
  const wanted = chosen === 'browser' ? navigator.languages : [chosen]
  for (const locale of wanted) {
    const name = locale.slice(0, 2).toLowerCase()
    if (name === 'es' || name === 'en') return { name, words: LANGUAGES[name], locale }
  }
  return { name: 'es', words: es, locale: 'es' }
}

export const useWords = () => useContext(Context).words

/** The words of a screen that are loaded with it, in the language of all others. */
export function useWordsOf<Own>(languages: Record<Name, Own>): Own {
  return languages[useContext(Context).name]
}

export const useLocale = () => useContext(Context).locale
