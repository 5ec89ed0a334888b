'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { ProblemInView } from '#components/settings/problem-in-view'
import { TextField } from '#components/ui/text-field'
import type { ApplicationView } from '#lib/tenants/application'

/** A new row of the board. */
export function CreateApplicationDialog({ tenant, onClose }: { tenant: string; onClose: () => void }): ReactNode {
  const [draft, setDraft] = useState({ slug: '', name: '', components: 'app' })
  const create = useChange(
    (body: object) => apiSend<ApplicationView>('POST', tenantPath(tenant, 'applications'), body),
    [tenantKey(tenant, 'board'), tenantKey(tenant, 'settings')],
  )
  const body = { slug: draft.slug, name: draft.name || draft.slug, components: draft.components.split(/[\s,]+/).filter(Boolean) }
  const foot = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button
        tone="primary"
        busy={create.isPending}
        disabledReason={draft.slug === '' ? 'It needs a slug.' : undefined}
        onClick={() => create.mutate(body, { onSuccess: onClose })}
      >
        Create {draft.slug || 'the application'}
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Create an application"
      description="It gets a row on the board; a first JAR can be uploaded to it at once."
      foot={foot}
    >
      <div className="grid gap-4">
        <TextField
          label="Slug"
          isMono
          placeholder="orders"
          autoComplete="off"
          hint="Stands in addresses, repositories and command lines, and never changes: a-z, 0-9 and -."
          value={draft.slug}
          error={create.error?.field('slug')}
          onChange={(event) => setDraft({ ...draft, slug: event.target.value.toLowerCase() })}
        />
        <TextField
          label="Name"
          placeholder={draft.slug || 'Orders'}
          value={draft.name}
          error={create.error?.field('name')}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        <TextField
          label="Components"
          isMono
          hint="One JAR each, released together. Most have one: app."
          value={draft.components}
          error={create.error?.field('components')}
          onChange={(event) => setDraft({ ...draft, components: event.target.value })}
        />
        {create.error && <ProblemInView problem={create.error} title="The application was not created" />}
      </div>
    </Dialog>
  )
}
