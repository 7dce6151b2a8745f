import type { Client } from '../client'
import { type Line, type Meaning, readAll, rowOf } from './csv'
import { type Refusal, reasonOf } from './refusals'
import type { ContactWords } from './words'

type Answer = Awaited<ReturnType<Client['contacts']['takeIn']>>

/** A row that was refused, as it was in the file, and why. */
export interface RefusedLine extends Line {
  column: Refusal['column']
  reason: string
}

export interface Progress {
  created: number
  updated: number
  unchanged: number
  refused: RefusedLine[]
  /** From 0 to 1. */
  done: number
}

export const NOTHING: Progress = { created: 0, updated: 0, unchanged: 0, refused: [], done: 0 }

/** A file that is to be taken in: its text, what its columns are called, and what they are. */
export interface Given {
  text: string
  headers: string[]
  meanings: Meaning[]
}

// The database is done with so many in some tenths of a second, for which a call's end may wait for a contact.
const BATCH = 100
const TRIES = 4

/** Takes in a file, a batch at a time; `told` after each. Throws what no repetition cured. Repeating all does no harm. */
export async function takeInFile(
  { text, headers, meanings }: Given,
  client: Client,
  words: ContactWords,
  types: Record<string, string>[],
  told: (progress: Progress) => void,
  stopped: () => boolean,
): Promise<void> {
  let progress = NOTHING
  let first = true
  async function take(lines: Line[], done: number) {
    const rows = first ? lines.slice(1) : lines
    first = first && lines.length === 0
    for (let from = 0; from < rows.length && !stopped(); from += BATCH) {
      const batch = rows.slice(from, from + BATCH)
      const asked = batch.map((line) => rowOf(line, headers, meanings, types))
      progress = added(progress, batch, await insisting(() => client.contacts.takeIn(asked)), words)
      told(progress)
    }
    progress = { ...progress, done }
    told(progress)
  }
  await readAll(text, take, stopped)
}

function added(before: Progress, batch: Line[], answer: Answer, words: ContactWords): Progress {
  const refused = answer.refused.map(({ line, column, reason }) => ({
    line: line ?? 0,
    cells: batch.find((given) => given.line === line)?.cells ?? [],
    column: column && column in words.fields ? (column as Refusal['column']) : null,
    reason: reasonOf(reason, words),
  }))
  return {
    created: before.created + answer.created,
    updated: before.updated + answer.updated,
    unchanged: before.unchanged + answer.unchanged,
    refused:
      refused.length > 0 ? [...before.refused, ...refused.sort((a, b) => a.line - b.line)] : before.refused,
    done: before.done,
  }
}

/** Asks again where nobody answered, or a database that does much else had no time. */
async function insisting<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask()
    } catch (error) {
      const { code = '' } = error as { code?: string }
      // Of Postgres, what was refused for what it is: PostgREST's own words (PT403), and faults of the data.
      if (tries === TRIES || /^(PT4|22|23|42|PGRST[123])/.test(code)) throw error
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** tries))
    }
  }
}
