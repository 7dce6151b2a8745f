import { WifiOff } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useWords } from '../words'

/** Says that the connection is lost: at once where the browser knows, else when that lasts longer than a moment. */
export function Connection({ live }: { live: boolean }) {
  const words = useWords().connection
  const online = useSyncExternalStore(subscribe, () => navigator.onLine)
  const [lost, setLost] = useState(false)
  useEffect(() => {
    if (live) return setLost(false)
    const timer = setTimeout(() => setLost(true), 2500)
    return () => clearTimeout(timer)
  }, [live])
  return (
    <div role="status" aria-live="polite" className="not-has-[p]:sr-only">
      {(lost || !online) && (
        <p className="tint-bad flex items-center justify-center gap-2 px-4 py-2 font-medium">
          <WifiOff aria-hidden size={16} />
          {words.lost}
        </p>
      )}
    </div>
  )
}

function subscribe(told: () => void) {
  addEventListener('online', told)
  addEventListener('offline', told)
  return () => {
    removeEventListener('online', told)
    removeEventListener('offline', told)
  }
}
