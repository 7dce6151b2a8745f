import { useQueryClient } from '@tanstack/react-query'
import { Download, FileUp } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { notify } from '../ui/notices'
import { SelectField } from '../ui/select-field'
import { Cell, Table, TableRow } from '../ui/table'
import { useWords } from '../words'
import { en } from '../words/en'
import { es } from '../words/es'
import { beginning, COLUMNS, type Line, type Meaning, meaningOf, textIn, written } from './csv'
import { save } from './export'
import { refusalOf } from './refusals'
import { type Given, NOTHING, type Progress, type RefusedLine, takeInFile } from './taking-in'
import { useContactWords } from './words'

const SHOWN = 50
const TYPES = [es.contact.types, en.contact.types]

interface Chosen extends Omit<Given, 'meanings'> {
  name: string
  rows: Line[]
}

/** Contacts out of a file: chosen, looked at, taken in, and what became of its rows. */
export default function Import() {
  const words = useContactWords().csv
  const [file, setFile] = useState<Chosen | null>(null)
  const [meanings, setMeanings] = useState<Meaning[]>([])
  const running = useTakingIn()
  async function choose(files: FileList | null) {
    const picked = files?.[0]
    if (!picked) return
    const text = await textIn(picked)
    const [names, ...rows] = beginning(text, 6)
    const headers = names?.cells ?? []
    setFile({ name: picked.name, text, headers, rows })
    setMeanings(headers.map(meaningOf))
    running.reset()
  }
  return (
    <Card title={words.importTitle}>
      <div className="grid gap-3">
        <p>{words.hint}</p>
        <div className="flex flex-wrap items-center gap-3">
          <FileTrigger
            acceptedFileTypes={['.csv', '.txt', 'text/csv']}
            onSelect={(files) => void choose(files)}
          >
            <Button icon={FileUp} isDisabled={running.state === 'running'}>
              {file ? words.again : words.pick}
            </Button>
          </FileTrigger>
          {file && <p className="text-soft">{words.file(file.name)}</p>}
        </div>
        {file?.rows.length === 0 && <p className="text-bad">{words.empty}</p>}
        {file && file.rows.length > 0 && running.state === 'idle' && (
          <Preview
            file={file}
            meanings={meanings}
            onChange={setMeanings}
            onStart={() => void running.start({ ...file, meanings })}
          />
        )}
        {file && running.state !== 'idle' && (
          <Result
            headers={file.headers}
            progress={running.progress}
            state={running.state}
            onStop={running.stop}
          />
        )}
      </div>
    </Card>
  )
}

type State = 'idle' | 'running' | 'done' | 'stopped'

function useTakingIn() {
  const all = useWords()
  const words = useContactWords()
  const client = useClient()
  const queries = useQueryClient()
  const [progress, setProgress] = useState<Progress>(NOTHING)
  const [state, setState] = useState<State>('idle')
  const stopped = useRef(false)
  const stop = useCallback(() => {
    stopped.current = true
  }, [])
  // Who goes elsewhere does not go on with it unseen.
  useEffect(() => stop, [stop])
  async function start(given: Given) {
    stopped.current = false
    setProgress(NOTHING)
    setState('running')
    try {
      await takeInFile(given, client, words, TYPES, setProgress, () => stopped.current)
    } catch (error) {
      stopped.current = true
      notify(refusalOf(error, words, all).reason, true)
    }
    setState(stopped.current ? 'stopped' : 'done')
    await queries.invalidateQueries({ queryKey: ['contacts'] })
  }
  return { progress, state, start, stop, reset: () => setState('idle') }
}

interface PreviewProps {
  file: Chosen
  meanings: Meaning[]
  onChange: (meanings: Meaning[]) => void
  onStart: () => void
}

function Preview({ file, meanings, onChange, onStart }: PreviewProps) {
  const words = useContactWords()
  const options: [string, string][] = [
    ['ignore', words.csv.ignore],
    ...COLUMNS.map((column): [string, string] => [column, words.fields[column]]),
    ['custom', words.csv.custom],
  ]
  const hasNumber = meanings.includes('phone_number')
  return (
    <>
      <Table label={words.csv.columns} columns={[words.csv.column, words.csv.meaning, words.csv.example]}>
        {file.headers.map((header, place) => (
          <TableRow key={place} head={header}>
            <Cell className="min-w-44">
              <SelectField
                label={header}
                hideLabel
                value={meanings[place] ?? 'ignore'}
                options={options}
                onChange={(meaning) =>
                  onChange(meanings.map((before, at) => (at === place ? (meaning as Meaning) : before)))
                }
              />
            </Cell>
            <Cell className="max-w-80 truncate text-soft">
              {file.rows
                .map(({ cells }) => cells[place])
                .filter(Boolean)
                .slice(0, 3)
                .join(' · ')}
            </Cell>
          </TableRow>
        ))}
      </Table>
      {!hasNumber && <p className="text-bad">{words.csv.noNumber}</p>}
      <div>
        <Button look="primary" isDisabled={!hasNumber} onPress={onStart}>
          {words.csv.start}
        </Button>
      </div>
    </>
  )
}

interface ResultProps {
  headers: string[]
  progress: Progress
  state: State
  onStop: () => void
}

function Result({ headers, progress, state, onStop }: ResultProps) {
  const words = useContactWords().csv
  const { created, updated, unchanged, refused } = progress
  const counts = { created, updated, unchanged, refused: refused.length }
  return (
    <>
      <p role="status" className="font-medium">
        {state === 'done' && words.done}
        {state === 'stopped' && words.stopped}
      </p>
      {state === 'running' && (
        <div className="flex items-center gap-3">
          <progress aria-label={words.progress} max={1} value={progress.done} className="grow" />
          <Button onPress={onStop}>{words.stop}</Button>
        </div>
      )}
      <dl className="grid grid-cols-2 gap-2 sm:grid-cols-4">
        {(Object.keys(counts) as (keyof typeof counts)[]).map((what) => (
          <div key={what} className="rounded-lg bg-raised px-3 py-2">
            <dt className="text-sm text-soft">{words[what]}</dt>
            <dd className="text-xl tabular-nums">{counts[what]}</dd>
          </div>
        ))}
      </dl>
      {refused.length > 0 && <Refused headers={headers} refused={refused} />}
    </>
  )
}

function Refused({ headers, refused }: { headers: string[]; refused: RefusedLine[] }) {
  const words = useContactWords()
  const why = ({ column, reason }: RefusedLine) => (column ? `${words.fields[column]}: ${reason}` : reason)
  function download() {
    const rows = refused.map((row) => [
      ...headers.map((_, place) => row.cells[place] ?? ''),
      String(row.line),
      why(row),
    ])
    const text = written([[...headers, words.csv.line, words.csv.reason], ...rows])
    save(new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }), words.csv.refusedFile)
  }
  return (
    <>
      <Table label={words.csv.refused} columns={[words.csv.line, words.csv.reason]}>
        {refused.slice(0, SHOWN).map((row) => (
          <TableRow key={row.line} head={row.line}>
            <Cell>{why(row)}</Cell>
          </TableRow>
        ))}
      </Table>
      {refused.length > SHOWN && <p className="text-soft">{words.csv.first(SHOWN, refused.length)}</p>}
      <div>
        <Button icon={Download} onPress={download}>
          {words.csv.download}
        </Button>
      </div>
    </>
  )
}
