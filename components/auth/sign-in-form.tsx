'use client'
import { signIn } from 'next-auth/react'
import { useState, type ReactNode, type SyntheticEvent } from 'react'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { TextField } from '#components/ui/text-field'

type Failure = 'wrong' | 'rate_limited' | 'fault' | 'network'

const words: Record<Failure, { title: string; fix: string }> = {
  wrong: { title: 'This email and password do not belong together.', fix: 'Check both and try again.' },
  rate_limited: { title: 'Too many attempts.', fix: 'Wait a quarter of an hour, then try again.' },
  fault: { title: 'Something broke on our side.', fix: 'Try again; if it stays so, look into the log of the server.' },
  network: { title: 'The server did not answer.', fix: 'Look at your connection, then try again.' },
}

interface SignInFormProps {
  /** Where to go then: an address of this installation. */
  next: string
  /** Known already, from an invitation. */
  email?: string | undefined
}

export function SignInForm({ next, email: knownEmail }: SignInFormProps): ReactNode {
  const [email, setEmail] = useState(knownEmail ?? '')
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({})
  const [failure, setFailure] = useState<Failure | null>(null)
  const [isBusy, setBusy] = useState(false)

  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault()
    const gaps = { ...(email.trim() ? {} : { email: 'Type your email address.' }), ...(password ? {} : { password: 'Type your password.' }) }
    setMissing(gaps)
    if (Object.keys(gaps).length > 0 || isBusy) return
    setBusy(true)
    setFailure(null)
    const failed = await enter(email.trim(), password)
    // A whole new page: nothing that an earlier person saw stays in memory.
    if (failed === null) return location.assign(next)
    setFailure(failed)
    setBusy(false)
  }
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-4">
      {failure && (
        <Banner tone="bad" role="alert" title={words[failure].title}>
          {words[failure].fix}
        </Banner>
      )}
      <TextField
        label="Email"
        type="email"
        name="email"
        autoComplete="username"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one thing to do on this page
        autoFocus={knownEmail === undefined}
        readOnly={knownEmail !== undefined}
        value={email}
        error={missing.email}
        onChange={(event) => setEmail(event.target.value)}
        className="h-9"
      />
      <TextField
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        value={password}
        error={missing.password}
        onChange={(event) => setPassword(event.target.value)}
        className="h-9"
      />
      <Button type="submit" tone="primary" busy={isBusy} className="h-9">
        {isBusy ? 'Signing in' : 'Sign in'}
      </Button>
    </form>
  )
}

/** null when the browser has its session; else why not, of the codes that the server lets out. */
async function enter(email: string, password: string): Promise<Failure | null> {
  try {
    const answer = await signIn('credentials', { email, password, redirect: false })
    if (answer?.ok && !answer.error) return null
    if (answer?.error === 'rate_limited') return 'rate_limited'
    return answer?.error === 'CredentialsSignin' ? 'wrong' : 'fault'
  } catch {
    return 'network'
  }
}
