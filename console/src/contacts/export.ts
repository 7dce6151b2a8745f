import type { Contact } from '../client'
import { COLUMNS, cellsOf, written } from './csv'
import type { ContactWords } from './words'

/** A spreadsheet takes a file without it for one of its own country's. */
const BYTE_ORDER_MARK = '\ufeff'

/** Has the browser save contacts as a file. Each page becomes a part of the file as it comes, which the browser keeps
 * outside of the page's memory. Answers how many there are. */
export async function exportContacts(
  pages: AsyncIterable<Contact[]>,
  words: ContactWords,
  types: Record<string, string>,
  told: (count: number) => void,
): Promise<number> {
  const parts = [new Blob([BYTE_ORDER_MARK, written([COLUMNS.map((column) => words.fields[column])])])]
  let count = 0
  for await (const contacts of pages) {
    parts.push(new Blob([written(contacts.map((contact) => cellsOf(contact, words, types)))]))
    count += contacts.length
    told(count)
  }
  save(new Blob(parts, { type: 'text/csv;charset=utf-8' }), words.csv.exportFile)
  return count
}

/** Has the browser save a file. */
export function save(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
