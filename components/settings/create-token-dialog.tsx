'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { SecretOnce } from '#components/settings/secret-once'
import { VerbPicker } from '#components/settings/verb-picker'
import { useChange } from '#components/tenant/use-change'
import { exactWords } from '#components/ui/relative-time'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import type { CreatedToken } from '#lib/access/api-token'

const lives = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'a year' },
  { value: '', label: 'until it is revoked' },
] as const

interface TokenBody {
  name: string
  verbs: string[]
  expiresInDays?: number
}

/** A token for a machine; its secret is shown once. */
export function CreateTokenDialog({ tenant, offered, onClose }: { tenant: string; offered: readonly string[]; onClose: () => void }): ReactNode {
  const [name, setName] = useState('')
  const [verbs, setVerbs] = useState<string[]>([])
  const [days, setDays] = useState<(typeof lives)[number]['value']>('90')
  const create = useChange((body: TokenBody) => apiSend<CreatedToken>('POST', tenantPath(tenant, 'tokens'), body), [tenantKey(tenant, 'settings')])
  const made = create.data
  // A token that only looks is asked for by its one verb.
  const body = { name, verbs: verbs.length === 0 ? ['tenant.read'] : verbs, ...(days === '' ? {} : { expiresInDays: Number(days) }) }
  return (
    <ActDialog
      change={create}
      input={body}
      onClose={onClose}
      size={made ? 'md' : 'lg'}
      title={made ? `The token ${made.name}` : 'Create a token'}
      act="Create the token"
      missing={name.trim() === '' && 'Name it first, after the machine that will hold it.'}
      failed="The token was not created"
      result={({ secret, expiresAt }) => (
        <SecretOnce title="Shown once, now" secret={secret} copyLabel="Copy the secret">
          Keep it where the machine keeps its secrets; here only its hash stays. It works{' '}
          {expiresAt === '' ? 'until it is revoked' : `until ${exactWords(expiresAt)}`}, and ends when you leave the tenant.
        </SecretOnce>
      )}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label="Name" placeholder="ci" value={name} error={create.error?.field('name')} onChange={(event) => setName(event.target.value)} />
        <Select label="Works for" value={days} options={lives} onChange={setDays} error={create.error?.field('expiresInDays')} />
      </div>
      <VerbPicker offered={offered} value={verbs} onChange={setVerbs} />
    </ActDialog>
  )
}
