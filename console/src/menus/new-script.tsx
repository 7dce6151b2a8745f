import { useQueryClient } from '@tanstack/react-query'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Window } from '../ui/dialog'
import { Field } from '../ui/fields'
import { notify, sentenceOf } from '../ui/notices'
import { useLocale, useWords } from '../words'
import { useMenuWords } from './words'

interface Props {
  isOpen: boolean
  onClose: () => void
  onMade: (id: string) => void
}

/** A script is made as a draft, to be written. */
export function NewScript({ isOpen, onClose, onMade }: Props) {
  const all = useWords()
  const words = useMenuWords()
  const locale = useLocale()
  const client = useClient()
  const queries = useQueryClient()
  async function make(name: string) {
    try {
      const made = await client.scripts.create(name, locale.slice(0, 2))
      await queries.invalidateQueries({ queryKey: ['scripts'] })
      onMade(made.id)
      onClose()
    } catch (error) {
      notify(sentenceOf(error, all), true)
    }
  }
  return (
    <Window title={words.create} isOpen={isOpen} onClose={onClose}>
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void make(String(new FormData(event.currentTarget).get('name')))
        }}
      >
        <Field label={words.name} name="name" maxLength={100} isRequired autoFocus />
        <Button type="submit" look="primary">
          {words.create}
        </Button>
      </form>
    </Window>
  )
}
