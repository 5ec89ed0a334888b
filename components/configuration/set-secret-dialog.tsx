'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState, type FormEvent, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { tenantPath } from '#components/live'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { Dialog } from '#components/ui/dialog'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import type { SecretView } from '#lib/configuration/secret'

interface SetSecretDialogProps {
  tenant: string
  application: string
  environment: string
  /** '' for a new one. */
  name: string
  onClose: () => void
}

/** The value goes out once and is forgotten here as it is there. */
export function SetSecretDialog({ tenant, application, environment, name: given, onClose }: SetSecretDialogProps): ReactNode {
  const client = useQueryClient()
  const form = useId()
  const [name, setName] = useState(given)
  const [value, setValue] = useState('')
  const [isLong, setLong] = useState(false)
  const save = useMutation<SecretView, Problem>({
    mutationFn: () => apiSend('PUT', tenantPath(tenant, 'applications', application, 'secrets', name), { environment, value }),
    onSuccess: async () => {
      setValue('')
      await client.invalidateQueries({ queryKey: ['t', tenant, 'board'] })
      onClose()
    },
  })
  const reason = name === '' ? 'It needs a name.' : value === '' ? 'It needs a value.' : undefined
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (reason === undefined) save.mutate()
  }
  const words = { label: 'Value', autoComplete: 'off', spellCheck: false, value, error: save.error?.field('value') } as const
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="sm"
      title={given === '' ? 'Set a secret' : `Replace ${given}`}
      description={`For ${application} in ${environment}. What runs keeps its version until you apply the new one.`}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} tone="primary" busy={save.isPending} disabledReason={reason}>
            Set it
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="grid gap-4" noValidate autoComplete="off">
        <TextField
          label="Name"
          isMono
          autoComplete="off"
          spellCheck={false}
          readOnly={given !== ''}
          placeholder="orders-db"
          value={name}
          onChange={(event) => setName(event.target.value.trim())}
          error={save.error?.field('name')}
        />
        {isLong ? (
          <Textarea {...words} isMono rows={6} onChange={(event) => setValue(event.target.value)} />
        ) : (
          <TextField {...words} type="password" isMono autoComplete="new-password" onChange={(event) => setValue(event.target.value)} />
        )}
        <Checkbox
          label="It has several lines"
          checked={isLong}
          onChange={(event) => {
            setLong(event.target.checked)
            setValue('')
          }}
        />
        {save.error && <ProblemNotice problem={save.error} title="It was not set" />}
      </form>
    </Dialog>
  )
}
