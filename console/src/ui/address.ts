import { startTransition, useEffect, useState } from 'react'

/** What stands behind # in the address: a screen, and what of it is shown (#contacts/7f…). */
export function useAddress(): { place: string; within: string } {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const changed = () => startTransition(() => setHash(location.hash))
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  const [place = '', ...within] = hash.slice(1).split('/')
  return { place, within: within.join('/') }
}
