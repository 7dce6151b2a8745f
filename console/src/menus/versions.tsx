import { useQuery } from '@tanstack/react-query'
import { RotateCcw } from 'lucide-react'
import type { Row } from '../client'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Window } from '../ui/dialog'
import { useMoments } from '../ui/time'
import type { Script } from './document'
import { useMenuWords } from './words'

type Kept = Pick<Script, 'language' | 'welcome_message' | 'script_data'>

interface Props {
  script: Script
  isOpen: boolean
  onClose: () => void
  /** Saves the script as it was; done: what is said then. */
  onRestore: (old: Kept, done: string) => void
}

/** What a script was each time that it was saved, and the way back there. */
export function Versions({ script, isOpen, onClose, onRestore }: Props) {
  const words = useMenuWords()
  const client = useClient()
  const { data: versions } = useQuery({
    queryKey: ['script-versions', script.id],
    queryFn: () => client.scripts.versions(script.id),
    enabled: isOpen,
  })
  return (
    <Window title={words.versions} isOpen={isOpen} onClose={onClose}>
      <ol className="grid divide-y divide-line">
        {versions?.map((version, at) => (
          <Version
            key={version.id}
            version={version}
            isNow={at === 0}
            onRestore={({ language, welcome_message, script_data }) =>
              onRestore(
                { language: language ?? script.language, welcome_message, script_data },
                words.restored(version.version ?? 0),
              )
            }
          />
        ))}
      </ol>
    </Window>
  )
}

type Of = Row<'ivr_script_versions'>

function Version(props: { version: Of; isNow: boolean; onRestore: (version: Of) => void }) {
  const words = useMenuWords()
  const moment = useMoments()
  const { version, isNow } = props
  const menus = (version.script_data as { menus?: { message?: string }[] } | null)?.menus
  return (
    <li className="flex flex-wrap items-center gap-3 py-2">
      <div className="min-w-0 grow basis-56">
        <p className="font-medium">
          {words.version(version.version ?? 0)}
          {isNow && <span className="font-normal text-soft"> · {words.now}</span>}
        </p>
        <p className="text-sm text-soft">
          {[
            version.saved_at && moment(version.saved_at),
            version.saved_by_name ?? words.somebody,
            Array.isArray(menus) && words.menusOf(menus.length),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <p className="line-clamp-3 text-sm" lang={version.language ?? undefined}>
          {Array.isArray(menus) ? menus[0]?.message : null}
        </p>
      </div>
      {!isNow && (
        <Button icon={RotateCcw} onPress={() => props.onRestore(version)}>
          {words.restore}
        </Button>
      )}
    </li>
  )
}
