'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { fieldsOf } from '#components/ui/draft-field'
import { SlugField, slugOf } from '#components/ui/slug-field'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { TextField } from '#components/ui/text-field'
import type { ApplicationView } from '#lib/tenants/application'

/** A new row of the board. */
export function CreateApplicationDialog({ tenant, onClose }: { tenant: string; onClose: () => void }): ReactNode {
  const [draft, setDraft] = useState({ slug: '', name: '' })
  const create = useChange(
    (body: object) => apiSend<ApplicationView>('POST', tenantPath(tenant, 'applications'), body),
    [tenantKey(tenant, 'board'), tenantKey(tenant, 'settings')],
  )
  const body = { slug: draft.slug, name: draft.name || draft.slug }
  const field = fieldsOf(draft, setDraft, create.error)
  return (
    <ActDialog
      change={create}
      input={body}
      onClose={onClose}
      title="Create an application"
      description="It gets a row on the board; a first JAR can be uploaded to it at once."
      act={`Create ${draft.slug || 'the application'}`}
      missing={draft.slug === '' && 'It needs a slug.'}
      failed="The application was not created"
    >
      <SlugField placeholder="orders" {...field('slug', slugOf)} />
      <TextField label="Name" placeholder={draft.slug || 'Orders'} {...field('name')} />
    </ActDialog>
  )
}
