import { RotateCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useWords } from '../words'
import { Button } from './button'
import { sentenceOf } from './notices'

const LONG = 6000

/** What is waited for. Where it takes long or failed, it says so, and what may be done; it is asked for again anyway. */
export function Loading({ failed }: { failed?: unknown }) {
  const words = useWords()
  const [long, setLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status" className="grid min-h-40 place-items-center p-8">
      <div className="grid justify-items-center gap-4 text-center">
        <p className="text-soft">{failed ? sentenceOf(failed, words) : words.loading}</p>
        {(failed || long) && <Reload text={words.connection.slow} />}
      </div>
    </div>
  )
}

/** The way out of what does not come right by itself. */
export function Reload({ text }: { text: string }) {
  const words = useWords()
  return (
    <>
      <p>{text}</p>
      <Button icon={RotateCw} onPress={() => location.reload()}>
        {words.reload}
      </Button>
    </>
  )
}
