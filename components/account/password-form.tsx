'use client'
import { useState, type ReactNode, type SyntheticEvent } from 'react'
import { apiSend } from '#components/api'
import { useChange } from '#components/tenant/use-change'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'
import { mayBePassword } from '#lib/access/may-be-password'

interface Passwords {
  currentPassword: string
  newPassword: string
}

const nothing: Passwords = { currentPassword: '', newPassword: '' }

export function PasswordForm({ email }: { email: string }): ReactNode {
  const [passwords, setPasswords] = useState(nothing)
  const [gaps, setGaps] = useState<Partial<Passwords>>({})
  const change = useChange((body: Passwords) => apiSend<{ sessionsEnded: number }>('PUT', '/me/password', body), [['sessions']])
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    const verdict = mayBePassword(passwords.newPassword, email)
    const found = {
      ...(passwords.currentPassword ? {} : { currentPassword: 'Type the password that you have now.' }),
      ...(verdict.allowed ? {} : { newPassword: verdict.reason }),
    }
    setGaps(found)
    if (Object.keys(found).length === 0 && !change.isPending) change.mutate(passwords, { onSuccess: () => setPasswords(nothing) })
  }
  return (
    <form noValidate onSubmit={submit} className="grid max-w-90 gap-4">
      {change.error && <ProblemNotice problem={change.error} title="The password was not changed" />}
      {change.data && (
        <Banner tone="ok" role="status" title="The password is changed">
          {endedWords(change.data.sessionsEnded)}
        </Banner>
      )}
      <input type="hidden" name="username" autoComplete="username" value={email} />
      <TextField
        label="Current password"
        type="password"
        autoComplete="current-password"
        value={passwords.currentPassword}
        error={gaps.currentPassword}
        onChange={(event) => setPasswords({ ...passwords, currentPassword: event.target.value })}
      />
      <TextField
        label="New password"
        type="password"
        hint="At least 12 characters; a few words will do. Your other sessions end."
        autoComplete="new-password"
        value={passwords.newPassword}
        error={gaps.newPassword}
        onChange={(event) => setPasswords({ ...passwords, newPassword: event.target.value })}
      />
      <Button type="submit" busy={change.isPending} className="justify-self-start">
        Change the password
      </Button>
    </form>
  )
}

function endedWords(count: number): string {
  if (count === 0) return 'There were no other sessions.'
  return count === 1 ? 'One other session has ended.' : `${count} other sessions have ended.`
}
