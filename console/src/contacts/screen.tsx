import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, Download, Upload, UserPlus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useClient } from '../session/client'
import type { Session } from '../session/session'
import { useAddress } from '../ui/address'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { notify } from '../ui/notices'
import { Clock } from '../ui/time'
import { useLocale, useWords } from '../words'
import Edit from './edit'
import { Page } from './page'
import { refusalOf } from './refusals'
import { Search } from './search'
import { useContactWords } from './words'

const Import = lazy(() => import('./import'))

const goTo = (within: string) => {
  location.hash = within ? `contacts/${within}` : 'contacts'
}

/** The contacts: finding one, and beside it their page, a new one (#contacts/new), or an import (#contacts/import). */
export default function ContactsScreen({ session }: { session: Session }) {
  const all = useWords()
  const words = useContactWords()
  const { within } = useAddress()
  const exports = useExport()
  const client = useClient()
  const { data } = useQuery({
    queryKey: ['zone'],
    queryFn: async () => (await client.records.directory()).time_zone,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <div className="mx-auto grid max-w-[90rem] gap-4 p-4 max-sm:p-2 lg:grid-cols-[24rem_minmax(0,1fr)]">
      <div className={`grid content-start gap-4 ${within ? 'max-lg:hidden' : ''}`}>
        <h1 className="text-lg">{words.title}</h1>
        <div className="flex flex-wrap gap-2">
          <Button icon={UserPlus} shortcut="N" onPress={() => goTo('new')}>
            {words.add}
          </Button>
          <Button icon={Upload} onPress={() => goTo('import')}>
            {words.import}
          </Button>
          <Button icon={Download} isDisabled={exports.busy} onPress={() => void exports.start()}>
            {exports.said ?? words.export}
          </Button>
        </div>
        <Search label={words.search} shown={within} onChoose={({ id }) => goTo(id)} />
      </div>
      <div className={`grid content-start gap-3 ${within ? '' : 'max-lg:hidden'}`}>
        {within && (
          <div className="lg:hidden">
            <Button icon={ArrowLeft} look="quiet" onPress={() => goTo('')}>
              {words.back}
            </Button>
          </div>
        )}
        <Clock {...(data ? { zone: data } : {})}>
          <Suspense fallback={<p className="text-soft">{all.loading}</p>}>
            <Within key={within} within={within} session={session} />
          </Suspense>
        </Clock>
      </div>
    </div>
  )
}

function Within({ within, session }: { within: string; session: Session }) {
  const words = useContactWords()
  if (!within) return <p className="p-8 text-center text-soft">{words.choose}</p>
  if (within === 'import') return <Import />
  if (within === 'new') {
    return (
      <Card title={words.add}>
        <Edit
          contact={null}
          onDone={(id) => {
            notify(words.added)
            goTo(id)
          }}
          onCancel={() => goTo('')}
        />
      </Card>
    )
  }
  return <Page id={within} isSupervisor={session.person.isSupervisor} onGone={() => goTo('')} />
}

/** Everybody as a file, and how far that is. */
function useExport() {
  const all = useWords()
  const words = useContactWords()
  const locale = useLocale()
  const { contacts } = useClient()
  const [count, setCount] = useState<number | null>(null)
  const number = (value: number) => value.toLocaleString(locale)
  async function start() {
    setCount(0)
    try {
      const { exportContacts } = await import('./export')
      const exported = await exportContacts(contacts.everybody(), words, all.contact.types, setCount)
      notify(words.csv.exported(number(exported)))
    } catch (error) {
      notify(refusalOf(error, words, all).reason, true)
    }
    setCount(null)
  }
  return { start, busy: count !== null, said: count === null ? null : words.csv.exporting(number(count)) }
}
