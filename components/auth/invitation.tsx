'use client'
import { useMutation } from '@tanstack/react-query'
import { signIn } from 'next-auth/react'
import { useState, type ReactNode, type SyntheticEvent } from 'react'
import { apiSend, type Problem } from '#components/api'
import { SignInForm } from '#components/auth/sign-in-form'
import { leave } from '#components/layout/leave'
import { Button } from '#components/ui/button'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'
import type { InvitationPreview } from '#lib/access/invitation'
import { mayBePassword } from '#lib/access/may-be-password'

interface InvitationProps {
  token: string
  invitation: InvitationPreview
  /** Who is signed in in this browser, if anybody. */
  signedInAs: string | undefined
}

type Accepted = { tenant: string; email: string }
type Newcomer = { name: string; password: string }

function useAcceptance(token: string, onAccepted: (accepted: Accepted, sent: Newcomer | undefined) => void) {
  return useMutation<Accepted, Problem, Newcomer | undefined>({
    mutationFn: (newcomer) => apiSend<Accepted>('POST', `/invitations/${encodeURIComponent(token)}/acceptances`, newcomer ?? {}),
    onSuccess: onAccepted,
  })
}

/** What the holder of an open link does next: join, sign in to join, or become somebody. */
export function Invitation({ token, invitation, signedInAs }: InvitationProps): ReactNode {
  if (signedInAs === invitation.email) return <Join token={token} invitation={invitation} />
  if (signedInAs !== undefined) return <OtherPerson invitation={invitation} signedInAs={signedInAs} />
  if (invitation.hasAccount) return <SignInForm next={`/invitations/${encodeURIComponent(token)}`} email={invitation.email} />
  return <NewPerson token={token} invitation={invitation} />
}

function Join({ token, invitation }: { token: string; invitation: InvitationPreview }): ReactNode {
  const join = useAcceptance(token, ({ tenant }) => location.assign(`/t/${tenant}`))
  return (
    <div className="grid gap-4">
      {join.error && <ProblemNotice problem={join.error} />}
      <Button tone="primary" busy={join.isPending || join.isSuccess} className="h-9" onClick={() => join.mutate(undefined)}>
        Join {invitation.tenant.name}
      </Button>
    </div>
  )
}

function OtherPerson({ invitation, signedInAs }: { invitation: InvitationPreview; signedInAs: string }): ReactNode {
  return (
    <div className="grid gap-4">
      <p className="text-ink-2">
        It is to <strong className="font-[570] text-ink">{invitation.email}</strong>, and you are signed in as {signedInAs}. Sign out, then open the
        link again.
      </p>
      <Button onClick={() => void leave()} className="h-9">
        Sign out
      </Button>
    </div>
  )
}

function NewPerson({ token, invitation }: { token: string; invitation: InvitationPreview }): ReactNode {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [gaps, setGaps] = useState<{ name?: string; password?: string }>({})
  const accept = useAcceptance(token, (accepted, sent) => void enter(accepted, sent))
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    const verdict = mayBePassword(password, invitation.email)
    const found = { ...(name.trim() ? {} : { name: 'Type your name.' }), ...(verdict.allowed ? {} : { password: verdict.reason }) }
    setGaps(found)
    if (Object.keys(found).length === 0 && !accept.isPending) accept.mutate({ name: name.trim(), password })
  }
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      {accept.error && <ProblemNotice problem={accept.error} />}
      <TextField label="Email" type="email" autoComplete="username" readOnly value={invitation.email} className="h-9" />
      <TextField
        label="Your name"
        hint="As it stands beside what you approve and deploy."
        autoComplete="name"
        value={name}
        error={gaps.name ?? accept.error?.field('name')}
        onChange={(event) => setName(event.target.value)}
        className="h-9"
      />
      <TextField
        label="Password"
        type="password"
        hint="At least 12 characters; a few words will do."
        autoComplete="new-password"
        value={password}
        error={gaps.password ?? accept.error?.field('password')}
        onChange={(event) => setPassword(event.target.value)}
        className="h-9"
      />
      <Button type="submit" tone="primary" busy={accept.isPending || accept.isSuccess} className="h-9">
        Join {invitation.tenant.name}
      </Button>
    </form>
  )
}

/** The account is made; the session is opened like any other. */
async function enter({ tenant, email }: Accepted, sent: Newcomer | undefined): Promise<void> {
  await signIn('credentials', { email, password: sent?.password ?? '', redirect: false })
  location.assign(`/t/${tenant}`)
}
