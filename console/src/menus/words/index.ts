import { useWordsOf } from '../../words'
import { en } from './en'
import { es } from './es'

export const LANGUAGES = { es, en }

export const useMenuWords = () => useWordsOf(LANGUAGES)
