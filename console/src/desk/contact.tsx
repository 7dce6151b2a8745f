import { useQuery } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Document } from '../client'
import { Facts } from '../contacts/facts'
import { History } from '../contacts/history'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { useWords } from '../words'

// Most calls end without it.
const Edit = lazy(() => import('../contacts/edit'))

/** Who the customer of a call is, to be edited in place, and what they had with us before. */
export default function Contact({ call }: { call: Document['Call'] }) {
  const words = useWords()
  const client = useClient()
  const id = call.customer.contact_id
  const [editing, setEditing] = useState(false)
  const { data } = useQuery({
    queryKey: ['contact', id],
    queryFn: () => client.contacts.read(id ?? ''),
    enabled: !!id,
  })
  const stop = () => setEditing(false)
  return (
    <Card
      title={words.contact.title}
      aside={
        data &&
        !editing && (
          <Button bare look="quiet" icon={Pencil} onPress={() => setEditing(true)}>
            {words.contact.edit}
          </Button>
        )
      }
    >
      {!id && <p className="text-soft">{words.contact.none}</p>}
      {data &&
        (editing ? (
          <Suspense fallback={<p className="text-soft">{words.loading}</p>}>
            <Edit contact={data} onDone={stop} onCancel={stop} />
          </Suspense>
        ) : (
          <Facts contact={data} />
        ))}
      {data && (
        <div className="max-h-96 overflow-y-auto">
          <History contact={data} now={call.id} />
        </div>
      )}
    </Card>
  )
}
