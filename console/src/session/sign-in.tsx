import { Headset } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../ui/button'
import { Field } from '../ui/fields'
import { useWords } from '../words'
import { useClient } from './client'

export function SignIn() {
  const words = useWords().signIn
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    setBusy(true)
    setError(null)
    const { error } = await client.auth.signInWithPassword({
      email: String(given.get('email')).trim(),
      password: String(given.get('password')),
    })
    setBusy(false)
    if (error) setError(error.status === 400 ? words.wrong : words.failed)
  }

  return (
    <main className="grid min-h-dvh place-items-center p-4">
      <form
        onSubmit={submit}
        className="grid w-full max-w-sm gap-4 rounded-card border border-line bg-surface p-6"
      >
        <h1 className="flex items-center gap-3 text-xl">
          <Headset aria-hidden className="text-accent" />
          {words.title}
        </h1>
        <Field label={words.email} name="email" type="email" autoComplete="username" isRequired autoFocus />
        <Field
          label={words.password}
          name="password"
          type="password"
          autoComplete="current-password"
          isRequired
        />
        <p role="alert" className="min-h-6 text-bad">
          {error}
        </p>
        <Button type="submit" look="primary" isDisabled={busy} wide>
          {busy ? words.busy : words.submit}
        </Button>
      </form>
    </main>
  )
}
