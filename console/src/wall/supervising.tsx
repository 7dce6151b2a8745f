import { lazy, Suspense } from 'react'
import { useTelephone } from '../telephone/use-telephone'
import { useWords } from '../words'
import { useWall } from './wall'

const Heard = lazy(() => import('./heard'))

/** The call that is heard in this tab, and who hears one in it; of a call of one's own, the way to the desk. */
export function Supervising() {
  const { withheld } = useWords()
  const { open } = useTelephone()
  const { calls } = useWall()
  const heard = calls.find(({ id }) => open.includes(id))
  if (!heard) return null
  return (
    <Suspense>
      <Heard call={heard.id} name={heard.name ?? heard.number ?? withheld} />
    </Suspense>
  )
}
