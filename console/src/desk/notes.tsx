import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useClient } from '../session/client'
import { Field } from '../ui/fields'
import { useWords } from '../words'

const PAUSE = 600

/** Notes on a call, saved a moment after each pause in the writing, and tried again until they are. */
export function Notes({ call }: { call: string }) {
  const words = useWords()
  const client = useClient()
  const queries = useQueryClient()
  const { data } = useQuery({
    queryKey: ['notes', call],
    queryFn: () => client.records.notesOf(call),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [written, setWritten] = useState<string | null>(null)
  const [state, setState] = useState<'saved' | 'saving' | 'failed' | null>(null)
  const unsaved = useRef<string | null>(null)

  useEffect(() => {
    if (written === null || unsaved.current === null) return
    const save = async () => {
      const text = written
      try {
        await client.records.saveNotes(call, text)
        queries.setQueryData(['notes', call], text)
        if (unsaved.current === text) unsaved.current = null
        setState('saved')
      } catch {
        setState('failed')
        timer = setTimeout(save, 5 * PAUSE)
      }
    }
    let timer = setTimeout(save, PAUSE)
    return () => clearTimeout(timer)
  }, [written, call, client, queries])

  // Whoever goes on before the pause is over loses nothing, and finds it where the notes are shown next.
  useEffect(
    () => () => {
      if (unsaved.current === null) return
      queries.setQueryData(['notes', call], unsaved.current)
      void client.records.saveNotes(call, unsaved.current).catch(() => {})
    },
    [call, client, queries],
  )

  // Nor does whoever closes the page, loads it anew or, on a telephone, looks at another.
  useEffect(() => {
    const part = () => unsaved.current !== null && client.savePartingNotes(call, unsaved.current)
    const hide = () => document.visibilityState === 'hidden' && part()
    addEventListener('pagehide', part)
    document.addEventListener('visibilitychange', hide)
    return () => {
      removeEventListener('pagehide', part)
      document.removeEventListener('visibilitychange', hide)
    }
  }, [call, client])

  const write = (text: string) => {
    unsaved.current = text
    setState('saving')
    setWritten(text)
  }
  const said = { saved: words.saved, saving: words.saving, failed: words.notSaved }
  return (
    <div className="grid gap-1">
      <Field
        label={words.notes.title}
        placeholder={words.notes.placeholder}
        rows={3}
        maxLength={20_000}
        value={written ?? data ?? ''}
        onChange={write}
        isDisabled={data === undefined}
      />
      <p role="status" className={`min-h-5 text-sm ${state === 'failed' ? 'text-bad' : 'text-soft'}`}>
        {state && said[state]}
      </p>
    </div>
  )
}
