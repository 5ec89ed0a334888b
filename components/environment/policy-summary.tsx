'use client'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { countWords } from '#components/ui/count-words'
import type { EnvironmentPolicyView } from '#lib/tenants/environment-policy'
import { gateMode, gateNames } from '#lib/tenants/gate-names'

/** How many gates block, and whose approval is asked for. */
export function PolicySummary({ tenant, environment, version }: { tenant: string; environment: string; version: number }): ReactNode {
  const policy = useApi<EnvironmentPolicyView>(
    tenantKey(tenant, 'board', 'policy', environment, version),
    tenantPath(tenant, 'environments', environment, 'policy'),
  )
  if (policy.error) return <span className="text-ink-3">{policy.error.detail}</span>
  if (!policy.data) return <span className="text-ink-3">loading</span>
  const { document } = policy.data
  const blocking = gateNames.filter((gate) => gateMode(document, gate, 'promote') === 'block')
  const warning = gateNames.filter((gate) => gateMode(document, gate, 'promote') === 'warn')
  const asks = blocking.includes('approvals') ? `, ${countWords(document.approvals.count, 'approval')}` : ''
  return (
    <span title={`Policy version ${version}. Blocking: ${blocking.join(', ') || 'none'}. Warning: ${warning.join(', ') || 'none'}.`}>
      {blocking.length} block{blocking.length === 1 ? 's' : ''}
      {warning.length > 0 && `, ${warning.length} warn${warning.length === 1 ? 's' : ''}`}
      {asks}
    </span>
  )
}
