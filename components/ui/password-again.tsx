'use client'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { TextField } from '#components/ui/text-field'

interface PasswordAgainProps {
  /** Why it is asked for, as the server said it. */
  why: string
  /** Called once the password was right: do the act again. */
  onDone: () => void
}

/** Types the password again for an act that asks for a recent one; nothing of the act is lost. */
export function PasswordAgain({ why, onDone }: PasswordAgainProps): ReactNode {
  const [password, setPassword] = useState('')
  const form = useRef<HTMLFormElement>(null)
  // It appears below what was being read: take the reader there.
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  const authenticate = useMutation<unknown, Problem, { password: string }>({
    mutationFn: (body) => apiSend<unknown>('POST', '/sessions/current/authentications', body),
    onSuccess: () => {
      setPassword('')
      onDone()
    },
  })
  return (
    <form
      ref={form}
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (password !== '' && !authenticate.isPending) authenticate.mutate({ password })
      }}
    >
      <Banner tone="wait" role="status" title="Type your password again">
        {why}
      </Banner>
      <div className="flex flex-wrap items-end gap-2">
        <div className="min-w-0 flex-1 basis-56">
          <TextField
            label="Password"
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            error={authenticate.error?.detail}
          />
        </div>
        <Button type="submit" busy={authenticate.isPending} disabledReason={password === '' ? 'Type your password first.' : undefined}>
          Confirm and go on
        </Button>
      </div>
    </form>
  )
}
