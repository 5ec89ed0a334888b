'use client'
import { signIn } from 'next-auth/react'
import { useActionState, type ReactNode } from 'react'
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

interface Attempt {
  email: string
  missing: { email?: string; password?: string }
  failure: Failure | null
  isLeaving: boolean
}

/**
 * Sent as an action, so that whoever is quicker than the page is not lost: React keeps what was sent before it was there. An
 * ordinary form would then be sent by the browser itself, and the password would stand in the address.
 */
export function SignInForm({ next, email: knownEmail }: SignInFormProps): ReactNode {
  const attempt = async (_last: Attempt, form: FormData): Promise<Attempt> => {
    const [email, password] = [textOf(form, 'email').trim(), textOf(form, 'password')]
    const missing = { ...(email ? {} : { email: 'Type your email address.' }), ...(password ? {} : { password: 'Type your password.' }) }
    if (Object.keys(missing).length > 0) return { email, missing, failure: null, isLeaving: false }
    const failure = await enter(email, password)
    // A whole new page: nothing that an earlier person saw stays in memory.
    if (failure === null) location.assign(next)
    return { email, missing, failure, isLeaving: failure === null }
  }
  const [{ email, missing, failure, isLeaving }, send, isSending] = useActionState(attempt, {
    email: knownEmail ?? '',
    missing: {},
    failure: null,
    isLeaving: false,
  })
  const isBusy = isSending || isLeaving
  return (
    <form noValidate action={send} className="grid gap-4">
      {failure && !isSending && (
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
        defaultValue={email}
        error={missing.email}
        className="h-9"
      />
      <TextField label="Password" type="password" name="password" autoComplete="current-password" error={missing.password} className="h-9" />
      <Button type="submit" tone="primary" busy={isBusy} className="h-9">
        {isBusy ? 'Signing in' : 'Sign in'}
      </Button>
    </form>
  )
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
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
