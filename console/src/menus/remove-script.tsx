import { useQueryClient } from '@tanstack/react-query'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Window } from '../ui/dialog'
import { notify, sentenceOf } from '../ui/notices'
import { useWords } from '../words'
import type { Script } from './document'
import { useMenuWords } from './words'

/** Asks before a script goes, for nothing brings it back. */
export function RemoveScript(props: { script: Script; isOpen: boolean; onClose: () => void }) {
  const all = useWords()
  const words = useMenuWords()
  const client = useClient()
  const queries = useQueryClient()
  async function remove() {
    try {
      await client.scripts.remove(props.script.id)
      await queries.invalidateQueries({ queryKey: ['scripts'] })
    } catch (error) {
      notify(sentenceOf(error, all), true)
    }
    props.onClose()
  }
  return (
    <Window title={words.remove} isOpen={props.isOpen} onClose={props.onClose}>
      <p>{words.removeSure(props.script.name)}</p>
      <div className="flex justify-end gap-2">
        <Button onPress={props.onClose}>{all.cancel}</Button>
        <Button look="bad" onPress={() => void remove()}>
          {words.remove}
        </Button>
      </div>
    </Window>
  )
}
