import Papa, { type ParseResult, type Parser } from 'papaparse'
import type { Contact, ContactRow } from '../client'
import { fieldsIn, wordsIn } from './contact'
import type { Column } from './refusals'
import { type ContactWords, LANGUAGES } from './words'

/** What a spreadsheet would run as a formula, or what is written to look like none: a quote is put before it, and taken
 * away again when it is read. */
const FORMULA = /^'*[=+\-@\t\r]/

/** A column of a file: one of a contact's, a custom field of its own name, or nothing. */
export type Meaning = Column | 'custom' | 'ignore'

export const COLUMNS = Object.keys(LANGUAGES.es.fields) as Column[]

/** Rows as a file's text, with the line's end after each. */
export function written(rows: string[][]): string {
  return rows.length === 0 ? '' : `${Papa.unparse(rows, { escapeFormulae: FORMULA, newline: '\r\n' })}\r\n`
}

const read = (cell: string) => (FORMULA.test(cell) && cell.startsWith("'") ? cell.slice(1) : cell)

/** Short texts in one cell; where one of them has the sign between them, as JSON. */
const listed = (value: string[]) =>
  value.some((word) => /[;,]|^\[|^\s|\s$/.test(word)) ? JSON.stringify(value) : value.join('; ')

function listIn(cell: string): unknown {
  if (cell.startsWith('[')) return parsed(cell)
  return cell
    .split(/[;,]/)
    .map((word) => word.trim())
    .filter(Boolean)
}

function parsed(cell: string): unknown {
  try {
    return JSON.parse(cell)
  } catch {
    return cell
  }
}

/** A contact as a row of COLUMNS. types: what types of contacts are called. */
export function cellsOf(contact: Contact, words: ContactWords, types: Record<string, string>): string[] {
  return COLUMNS.map((column) => {
    if (column === 'tags' || column === 'other_numbers') return listed(wordsIn(contact[column]))
    if (column === 'contact_type') return types[contact.contact_type ?? ''] ?? ''
    if (column === 'do_not_call') return contact.do_not_call ? words.csv.yes : words.csv.no
    if (column === 'custom_fields') {
      return Object.keys(fieldsIn(contact.custom_fields)).length > 0
        ? JSON.stringify(contact.custom_fields)
        : ''
    }
    return contact[column] ?? ''
  })
}

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase()

/** What a column is, by its name in any of our languages. */
export function meaningOf(header: string): Meaning {
  const name = fold(header)
  for (const column of COLUMNS) {
    const names = Object.values(LANGUAGES).map((words) => words.fields[column])
    if ([column, ...names, ...(ALSO[column] ?? [])].some((known) => fold(known) === name)) return column
  }
  return 'ignore'
}

/** What else people call them. */
const ALSO: Partial<Record<Column, string[]>> = {
  phone_number: ['telefono', 'celular', 'movil', 'phone', 'telephone', 'mobile', 'numero de telefono'],
  email: ['correo electronico', 'mail', 'email'],
  first_name: ['nombres', 'name'],
  last_name: ['apellidos', 'surname'],
  company_name: ['compania', 'organizacion'],
  contact_type: ['tipo de contacto'],
  notes: ['notas', 'notes', 'observaciones'],
}

const YES = ['si', 'yes', 'true', '1', 'x']
const NO = ['no', 'false', '0']
const either = (cell: string) => (YES.includes(fold(cell)) ? true : NO.includes(fold(cell)) ? false : cell)

/** What a cell says, as the column holds it. What can't be is left as it is, for the database says why. */
function meant(column: Column, cell: string, types: Record<string, string>[]): unknown {
  if (cell === '') return null
  if (column === 'tags' || column === 'other_numbers') return listIn(cell)
  if (column === 'custom_fields') return parsed(cell)
  if (column === 'do_not_call') return either(cell)
  if (column === 'contact_type') {
    const named = types
      .flatMap((words) => Object.entries(words))
      .find(([, name]) => fold(name) === fold(cell))
    return named?.[0] ?? fold(cell)
  }
  return cell
}

/** A record of a file, and the line on which it begins. */
export interface Line {
  line: number
  cells: string[]
}

/** A record as what the database takes in. types: what types of contacts are called. */
export function rowOf(
  { line, cells }: Line,
  headers: string[],
  meanings: Meaning[],
  types: Record<string, string>[],
): ContactRow {
  const row: ContactRow = { line }
  const custom: Record<string, string> = {}
  for (const [place, meaning] of meanings.entries()) {
    const cell = (cells[place] ?? '').trim()
    if (meaning === 'ignore') continue
    if (meaning !== 'custom') row[meaning] = meant(meaning, cell, types)
    else if (cell) custom[headers[place] ?? ''] = cell
  }
  if (Object.keys(custom).length > 0) {
    const given = row.custom_fields
    row.custom_fields = typeof given === 'string' ? given : { ...fieldsIn(given), ...custom }
  }
  return row
}

/** The text of a file, in whichever way a spreadsheet wrote it. */
export async function textIn(file: File): Promise<string> {
  const bytes = await file.arrayBuffer()
  const [first, second] = new Uint8Array(bytes)
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

const CHUNK = 256 * 1024

/** The first records of a text, blank ones aside: the names of the columns, and some rows. */
export function beginning(text: string, count: number): Line[] {
  const { data } = Papa.parse<string[]>(text.slice(0, CHUNK), { preview: count * 2 })
  return linesOf(data, 1).lines.slice(0, count)
}

/** Hands over all records of a text, some at a time, and waits for each handful to be taken; `done`: how much of the
 * text that is, from 0 to 1. Ends where `stopped`. */
export function readAll(
  text: string,
  take: (lines: Line[], done: number) => Promise<void>,
  stopped: () => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let next = 1
    Papa.parse<string[]>(text, {
      chunkSize: CHUNK,
      chunk: ({ data, meta }: ParseResult<string[]>, parser: Parser) => {
        const read = linesOf(data, next)
        next = read.next
        parser.pause()
        take(read.lines, meta.cursor / text.length)
          .then(() => (stopped() ? parser.abort() : parser.resume()))
          .catch((error) => {
            parser.abort()
            reject(error)
          })
      },
      complete: () => resolve(),
      error: reject,
    })
  })
}

/** Records with the lines on which they begin, for a cell may have several. */
function linesOf(records: string[][], first: number): { lines: Line[]; next: number } {
  let next = first
  const lines: Line[] = []
  for (const record of records) {
    const line = next
    next += 1 + record.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0)
    const cells = record.map((cell) => read(cell.replaceAll('\0', '')))
    if (cells.some((cell) => cell.trim())) lines.push({ line, cells })
  }
  return { lines, next }
}
