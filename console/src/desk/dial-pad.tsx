import { Delete, Phone } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useClient } from '../session/client'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Field } from '../ui/fields'
import { useWords } from '../words'
import { useDial } from './dial'
import { Keys } from './keypad'

/** A number to be called, written or clicked. Which numbers there are is looked up when one is to be called. */
export function DialPad() {
  const words = useWords().dial
  const { config } = useClient()
  const dial = useDial()
  const [number, setNumber] = useState('')
  const [invalid, setInvalid] = useState(false)
  const write = (text: string) => {
    setInvalid(false)
    setNumber(text)
  }
  async function submit(event: FormEvent) {
    event.preventDefault()
    const { isValidPhoneNumber } = await import('libphonenumber-js/min')
    if (!isValidPhoneNumber(number, config.region as never)) return setInvalid(true)
    dial.call(number)
  }
  return (
    <Card title={words.title}>
      <form onSubmit={submit} className="mx-auto grid max-w-xs gap-2">
        <Field
          label={words.number}
          value={number}
          onChange={write}
          type="tel"
          autoComplete="off"
          isInvalid={invalid}
        />
        <p role="alert" className="min-h-5 text-sm text-bad">
          {invalid && words.invalid}
        </p>
        <Keys onPress={(key) => write(number + key)} />
        <div className="grid grid-cols-[1fr_auto] gap-2">
          <Button type="submit" look="good" icon={Phone} isDisabled={!number || !dial.possible || dial.busy}>
            {words.call}
          </Button>
          <Button bare icon={Delete} isDisabled={!number} onPress={() => write(number.slice(0, -1))}>
            {words.erase}
          </Button>
        </div>
        <p className="text-sm text-soft">{words.hint}</p>
      </form>
    </Card>
  )
}
