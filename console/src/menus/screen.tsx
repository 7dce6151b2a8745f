import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card, Chip } from '../ui/card'
import { Loading } from '../ui/loading'
import { type Draft, draftOf, isSame, type Script } from './document'
import { Editor } from './editor'
import { NewScript } from './new-script'
import { useMenuWords } from './words'

/** What callers hear first: scripts, each with its menus, as the database plays them. */
export default function MenusScreen() {
  const words = useMenuWords()
  const client = useClient()
  const { data: scripts, error } = useQuery({ queryKey: ['scripts'], queryFn: client.scripts.all })
  const [drafts, setDrafts] = useState<Record<string, Draft>>({})
  const [chosen, setChosen] = useState<string | null>(null)
  const [creating, setCreating] = useState(false)
  const isChanged = (script: Script) => {
    const draft = drafts[script.id]
    return !!draft && !isSame(draft, draftOf(script))
  }
  useWarning(scripts?.some(isChanged) ?? false)
  if (!scripts) return <Loading failed={error} />
  const shown = scripts.find(({ id }) => id === chosen) ?? scripts[0]
  return (
    <div className="grid items-start gap-4 p-4 max-sm:p-2 lg:grid-cols-[16rem_1fr]">
      <Card
        title={words.scripts}
        aside={
          <Button bare look="quiet" icon={Plus} onPress={() => setCreating(true)}>
            {words.create}
          </Button>
        }
      >
        <h1 className="sr-only">{words.title}</h1>
        {!shown && <p className="text-soft">{words.none}</p>}
        <ul className="grid gap-1">
          {scripts.map((script) => (
            <li key={script.id}>
              <button
                type="button"
                aria-current={script === shown}
                onClick={() => setChosen(script.id)}
                className="grid w-full justify-items-start gap-1 rounded-lg px-3 py-2 text-left hover:bg-raised aria-[current=true]:bg-raised"
              >
                <span className="font-medium">{script.name}</span>
                <span className="flex flex-wrap gap-1">
                  <Chip tone={script.active ? 'good' : 'soft'}>
                    {script.active ? words.active : words.draft}
                  </Chip>
                  {isChanged(script) && <Chip tone="warn">{words.unsaved}</Chip>}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </Card>
      {shown && (
        <Editor
          key={shown.id}
          script={shown}
          draft={drafts[shown.id] ?? null}
          onChange={(draft) => setDrafts((all) => without(all, shown.id, draft))}
          onSaved={(draft) =>
            setDrafts((all) => (all[shown.id] === draft ? without(all, shown.id, null) : all))
          }
        />
      )}
      <NewScript isOpen={creating} onClose={() => setCreating(false)} onMade={setChosen} />
    </div>
  )
}

function without(all: Record<string, Draft>, id: string, draft: Draft | null): Record<string, Draft> {
  const { [id]: _, ...others } = all
  return draft ? { ...others, [id]: draft } : others
}

/** Whoever leaves the page is asked, while something is not saved. */
function useWarning(on: boolean) {
  useEffect(() => {
    if (!on) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [on])
}
