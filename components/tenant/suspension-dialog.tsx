'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { TextField } from '#components/ui/text-field'
import type { TenantView } from '#lib/tenants/tenant'

/** Suspends a tenant, which asks for its slug and a reason, or resumes it. */
export function SuspensionDialog({ tenant, onClose }: { tenant: TenantView; onClose: () => void }): ReactNode {
  const [reason, setReason] = useState('')
  const path = `/platform/tenants/${encodeURIComponent(tenant.slug)}/suspension`
  const keys = [['t', tenant.slug] as const, ['me'] as const, ['tenants'] as const, ['platform'] as const]
  const change = useChange(
    () => (tenant.isSuspended ? apiSend('DELETE', path) : apiSend('PUT', path, { reason })),
    [tenantKey(tenant.slug, 'settings'), ...keys],
  )
  const frame = { change, input: undefined, onClose }
  if (tenant.isSuspended) {
    return (
      <ConfirmDialog {...frame} tone="primary" title={`Resume ${tenant.slug}`} act={`Resume ${tenant.slug}`}>
        <p>Its people can change things again, by the roles and policies that they had.</p>
      </ConfirmDialog>
    )
  }
  return (
    <ConfirmDialog
      {...frame}
      title={`Suspend ${tenant.slug}`}
      act={`Suspend ${tenant.slug}`}
      typed={tenant.slug}
      missing={reason.trim().length < 3 && 'Say why first; it stands in the log of the tenant.'}
    >
      <p>It can be read, and nothing in it changes: no upload, no promotion, no new member. What runs goes on running. It can be resumed.</p>
      <TextField label="Reason" value={reason} error={change.error?.field('reason')} onChange={(event) => setReason(event.target.value)} />
    </ConfirmDialog>
  )
}
