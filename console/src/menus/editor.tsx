import { useQuery } from '@tanstack/react-query'
import { CalendarClock, History, Save, Trash2, Undo2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Clock } from '../ui/time'
import { useWords } from '../words'
import { type Draft, draftOf, isSame, type Menu, newMenu, type Script } from './document'
import { Faulty } from './faults'
import { Hours } from './hours'
import { MenuForm } from './menu-form'
import { RemoveScript } from './remove-script'
import { useCheck, useSave } from './saving'
import { Settings } from './settings'
import { Summary } from './summary'
import { Tree } from './tree'
import { Versions } from './versions'
import { Walk } from './walk'
import { useMenuWords } from './words'

interface Props {
  script: Script
  /** What was written and not saved; null: nothing. */
  draft: Draft | null
  onChange: (draft: Draft | null) => void
  /** This was saved. Something else may have been written meanwhile. */
  onSaved: (draft: Draft) => void
}

/** One script: what it says, where it leads, how it sounds. */
export function Editor({ script, draft: unsaved, onChange, onSaved }: Props) {
  const all = useWords()
  const words = useMenuWords()
  const client = useClient()
  const saved = useMemo(() => draftOf(script), [script])
  const draft = unsaved ?? saved
  const menus = draft.script_data.menus
  const isChanged = !isSame(draft, saved)
  const [at, setAt] = useState(0)
  const [open, setOpen] = useState<'versions' | 'hours' | 'remove' | null>(null)
  const { faults, checked } = useCheck(draft)
  const { save, isSaving } = useSave(script)
  const { data: usage } = useQuery({
    queryKey: ['script-usage', script.id],
    queryFn: () => client.scripts.usage(script.id),
  })
  const write = (menus: Menu[]) => onChange({ ...draft, script_data: { ...draft.script_data, menus } })
  const shown = Math.min(at, menus.length - 1)
  const close = () => setOpen(null)
  return (
    <Clock zone={usage?.time_zone}>
      <Faulty faults={faults} menus={menus}>
        <div className="grid min-w-0 gap-4">
          <header className="flex flex-wrap items-center gap-2">
            <h2 className="mr-auto text-lg">{script.name}</h2>
            <Button icon={CalendarClock} onPress={() => setOpen('hours')}>
              {words.hours}
            </Button>
            <Button icon={History} onPress={() => setOpen('versions')}>
              {words.versions}
            </Button>
            <Button icon={Trash2} onPress={() => setOpen('remove')}>
              {words.remove}
            </Button>
            <Button icon={Undo2} isDisabled={!isChanged} onPress={() => onChange(null)}>
              {words.undo}
            </Button>
            <Button
              look="primary"
              icon={Save}
              isDisabled={!isChanged || isSaving}
              onPress={async () => (await save(draft)) && onSaved(draft)}
            >
              {all.save}
            </Button>
          </header>
          <Summary menus={menus} checked={checked} onGo={setAt} usage={usage} />
          <div className="grid items-start gap-4 xl:grid-cols-[20rem_1fr]">
            <div className="grid gap-4">
              <Settings draft={draft} onChange={onChange} />
              <Tree
                menus={menus}
                at={shown}
                usage={usage}
                onGo={setAt}
                onAdd={() => {
                  write([...menus, newMenu(menus, words.menuName)])
                  setAt(menus.length)
                }}
              />
            </div>
            <div className="grid gap-4">
              {shown >= 0 && (
                <MenuForm
                  key={shown}
                  menus={menus}
                  at={shown}
                  language={draft.language}
                  usage={usage}
                  onChange={write}
                  onGo={setAt}
                />
              )}
              <Walk draft={draft} works={checked && faults.length === 0} />
            </div>
          </div>
        </div>
        <Versions
          script={script}
          isOpen={open === 'versions'}
          onClose={close}
          onRestore={async (old, done) => {
            if (!(await save({ ...saved, ...draftOf({ ...script, ...old }) }, done))) return
            onChange(null)
            close()
          }}
        />
        <Hours isOpen={open === 'hours'} onClose={close} />
        <RemoveScript script={script} isOpen={open === 'remove'} onClose={close} />
      </Faulty>
    </Clock>
  )
}
