import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { useClient } from '../session/client'
import { notify, sentenceOf } from '../ui/notices'
import { useLocale, useWords } from '../words'
import { type Draft, type Script, written } from './document'
import { useMenuWords } from './words'

/** A value once it has not changed for some milliseconds. */
export function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return settled
}

/** What the database says of a document that is being written, and whether that is of what stands there now. */
export function useCheck(draft: Draft) {
  const client = useClient()
  const language = useLocale()
  const settled = useSettled(useDeferredValue(draft), 400)
  const document = useMemo(() => written(settled), [settled])
  const { data, isPlaceholderData } = useQuery({
    queryKey: ['script-faults', document, language],
    queryFn: () => client.scripts.faults(document, language),
    placeholderData: keepPreviousData,
  })
  return { faults: data ?? [], checked: !!data && !isPlaceholderData && settled === draft }
}

/** Saves a document over a script, unless somebody else did meanwhile; true: it is saved. */
export function useSave(script: Script) {
  const all = useWords()
  const words = useMenuWords()
  const client = useClient()
  const queries = useQueryClient()
  const [isSaving, setSaving] = useState(false)
  async function save(draft: Draft, done = words.saved): Promise<boolean> {
    setSaving(true)
    try {
      const saved = await client.scripts.save(script, written(draft))
      if (saved)
        queries.setQueryData<Script[]>(['scripts'], (all) =>
          all?.map((one) => (one.id === saved.id ? saved : one)),
        )
      notify(saved ? done : words.overtaken, !saved)
      for (const queryKey of [['scripts'], ['script-versions', script.id], ['script-usage', script.id]])
        void queries.invalidateQueries({ queryKey })
      return !!saved
    } catch (error) {
      // What is refused is said where it stands, by the check.
      const refused = (error as { code?: string }).code === '22023'
      notify(refused ? words.refused : sentenceOf(error, all), true)
      return false
    } finally {
      setSaving(false)
    }
  }
  return { save, isSaving }
}
