'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, useApi } from '#components/live'
import { RetierReport } from '#components/tenant/retier-report'
import { TierChoice } from '#components/tenant/tier-choice'
import { useChange } from '#components/tenant/use-change'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { ProblemNotice } from '#components/ui/problem-notice'
import { SkeletonRows } from '#components/ui/skeleton'
import { TextField } from '#components/ui/text-field'
import type { RetierImpact, TenantView } from '#lib/tenants/tenant'
import type { Tier } from '#lib/tenants/tier'

/** Changes the tier of a tenant, after what it would do was looked at. Downwards it asks for the slug. */
export function RetierDialog({ tenant, onClose }: { tenant: TenantView; onClose: () => void }): ReactNode {
  const [tier, setTier] = useState(tenant.tier as Tier)
  const [reason, setReason] = useState('')
  const path = `/platform/tenants/${encodeURIComponent(tenant.slug)}`
  const isSame = tier === tenant.tier
  const preview = useApi<RetierImpact>(['platform', 'retier', tenant.slug], `${path}/retier-preview`, { query: { tier }, isEnabled: !isSame })
  const retier = useChange(
    (body: { tier: Tier; reason: string }) => apiSend<RetierImpact>('PUT', `${path}/tier`, body),
    [tenantKey(tenant.slug, 'settings'), tenantKey(tenant.slug, 'board'), ['me'], ['tenants'], ['platform']],
  )
  const isDown = preview.data?.direction === 'down'
  return (
    <ConfirmDialog
      change={retier}
      input={{ tier, reason }}
      onClose={onClose}
      title={`Change the tier of ${tenant.slug}`}
      act={isSame ? 'Change the tier' : `Change to ${tier}`}
      tone={isDown ? 'danger' : 'primary'}
      missing={[
        isSame && `It is ${tier} already: choose another tier.`,
        !preview.data && 'Wait for what it would do.',
        reason.trim().length < 3 && 'Say why first; it stands in the log of the tenant.',
      ]}
      typed={isDown ? tenant.slug : undefined}
    >
      <TierChoice value={tier} onChange={setTier} current={tenant.tier} />
      {!isSame && preview.error && <ProblemNotice problem={preview.error} title="What it would do could not be worked out" />}
      {!isSame && !preview.data && !preview.error && <SkeletonRows rows={2} label="Working out what it would do" />}
      {!isSame && preview.data && <RetierReport impact={preview.data} />}
      <TextField label="Reason" value={reason} error={retier.error?.field('reason')} onChange={(event) => setReason(event.target.value)} />
    </ConfirmDialog>
  )
}
