import { useWordsOf } from '../../words'
import { en } from './en'
import { es } from './es'

export type { ContactWords } from './es'
export const LANGUAGES = { es, en }

export const useContactWords = () => useWordsOf(LANGUAGES)
