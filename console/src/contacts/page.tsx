import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Merge as MergeIcon, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Window } from '../ui/dialog'
import { notify } from '../ui/notices'
import { useWords } from '../words'
import { nameOf } from './contact'
import Edit from './edit'
import { Facts } from './facts'
import { History } from './history'
import { MergeWindow } from './merge'
import { refusalOf } from './refusals'
import { useContactWords } from './words'

interface Props {
  id: string
  /** Whether who is signed in may delete and merge. */
  isSupervisor: boolean
  onGone: () => void
}

/** One contact: who they are, to be edited, and what they had with us. */
export function Page({ id, isSupervisor, onGone }: Props) {
  const all = useWords()
  const words = useContactWords()
  const { contacts } = useClient()
  const [open, setOpen] = useState<'edit' | 'merge' | 'remove' | null>(null)
  const close = () => setOpen(null)
  const { data } = useQuery({ queryKey: ['contact', id], queryFn: () => contacts.read(id) })
  if (data === undefined) return <p className="p-4 text-soft">{all.loading}</p>
  if (data === null) return <p className="p-4 text-soft">{words.gone}</p>
  return (
    <Card
      title={all.contact.title}
      aside={
        open !== 'edit' && (
          <div className="flex flex-wrap gap-2 py-1">
            <Button icon={Pencil} onPress={() => setOpen('edit')}>
              {all.contact.edit}
            </Button>
            {isSupervisor && (
              <>
                <Button icon={MergeIcon} onPress={() => setOpen('merge')}>
                  {words.merge}
                </Button>
                <Button icon={Trash2} onPress={() => setOpen('remove')}>
                  {words.removeContact}
                </Button>
              </>
            )}
          </div>
        )
      }
    >
      {open === 'edit' ? <Edit contact={data} onDone={close} onCancel={close} /> : <Facts contact={data} />}
      <History contact={data} />
      <MergeWindow contact={data} isOpen={open === 'merge'} onClose={close} />
      <Window title={words.removeTitle} isOpen={open === 'remove'} onClose={close}>
        <Remove id={id} name={nameOf(data)} onClose={close} onGone={onGone} />
      </Window>
    </Card>
  )
}

function Remove(props: { id: string; name: string; onClose: () => void; onGone: () => void }) {
  const { id, name, onClose, onGone } = props
  const all = useWords()
  const words = useContactWords()
  const { contacts } = useClient()
  const queries = useQueryClient()
  async function remove() {
    try {
      await contacts.remove(id)
      await queries.invalidateQueries({ queryKey: ['contacts'] })
      notify(words.removed)
      onGone()
    } catch (error) {
      notify(refusalOf(error, words, all).reason, true)
    }
  }
  return (
    <>
      <p className="font-semibold">{name}</p>
      <p>{words.removeHint}</p>
      <div className="flex justify-end gap-2">
        <Button onPress={onClose} autoFocus>
          {all.cancel}
        </Button>
        <Button look="bad" onPress={() => void remove()}>
          {words.removeContact}
        </Button>
      </div>
    </>
  )
}
