import { sentenceOf } from '../ui/notices'
import type { Words } from '../words/es'
import type { ContactWords } from './words'

export type Column = keyof ContactWords['fields']

/** Why something of a contact was refused: of which column (null: of the whole), and in words. */
export interface Refusal {
  column: Column | null
  reason: string
}

/** What the database said of a column, in the user's language where that is known. */
export function reasonOf(said: string, words: ContactWords): string {
  for (const [pattern, text] of words.refused.reasons) {
    if (pattern.test(said)) return said.replace(pattern, text)
  }
  return said
}

/** Of an error of PostgREST's, or of anything else that went wrong. */
export function refusalOf(error: unknown, words: ContactWords, all: Words): Refusal {
  const {
    message = '',
    code = '',
    details = '',
  } = error as {
    message?: string
    code?: string
    details?: string | null
  }
  const known = all.errors.codes[wordOf(details)]
  if (known) return { column: null, reason: known }
  if (code === 'PT409') return { column: null, reason: words.refused.busy }
  if (message.includes('crm_contacts_phone_number_key'))
    return { column: 'phone_number', reason: words.refused.taken }
  if (code === '23502') return { column: 'phone_number', reason: words.refused.noNumber }
  const [, column, said] = message.match(/^(\w+): (.*)$/s) ?? []
  if (column && said && column in words.fields) {
    return { column: column as Column, reason: reasonOf(said, words) }
  }
  return { column: null, reason: sentenceOf(error, all) }
}

function wordOf(details: string | null): string {
  try {
    return JSON.parse(details ?? '').code ?? ''
  } catch {
    return ''
  }
}
