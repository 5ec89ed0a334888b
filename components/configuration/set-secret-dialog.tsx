'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { ActDialog } from '#components/ui/act-dialog'
import { Checkbox } from '#components/ui/checkbox'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'

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
  const [name, setName] = useState(given)
  const [value, setValue] = useState('')
  const [isLong, setLong] = useState(false)
  const save = useChange(
    (body: object) => apiSend('PUT', tenantPath(tenant, 'applications', application, 'secrets', name), body),
    [tenantKey(tenant, 'board')],
  )
  const words = { label: 'Value', autoComplete: 'off', spellCheck: false, value, error: save.error?.field('value') } as const
  return (
    <ActDialog
      change={save}
      input={{ environment, value }}
      onClose={onClose}
      size="sm"
      title={given === '' ? 'Set a secret' : `Replace ${given}`}
      description={`For ${application} in ${environment}. What runs keeps its version until you apply the new one.`}
      act="Set it"
      missing={[name === '' && 'It needs a name.', value === '' && 'It needs a value.']}
      failed="It was not set"
    >
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
    </ActDialog>
  )
}
