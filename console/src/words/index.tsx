import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react'
import { I18nProvider } from 'react-aria-components'
import { usePreference } from '../ui/preferences'
import { en } from './en'
import { es, type Words } from './es'

const LANGUAGES: Record<string, Words> = { es, en }

interface Language {
  words: Words
  locale: string
}

const Context = createContext<Language>({ words: es, locale: 'es' })

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
    const words = LANGUAGES[locale.slice(0, 2).toLowerCase()]
    if (words) return { words, locale }
  }
  return { words: es, locale: 'es' }
}

export const useWords = () => useContext(Context).words
export const useLocale = () => useContext(Context).locale
