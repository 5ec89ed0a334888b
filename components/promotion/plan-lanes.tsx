'use client'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { ArtifactChanges, ConfigurationChanges } from '#components/promotion/lane-changes'
import { isWaiting } from '#components/promotion/promotion-words'
import type { PromotionView } from '#lib/promotions/promotion'
import type { SheetView } from '#lib/promotions/sheet'

/**
 * Layers and keys that a waiting plan changes. They are of a preview, so they are shown only while the preview's plan is the
 * very plan of the promotion; a rollback to the configuration of then is asked for as such.
 */
export function PlanLanes({ tenant, promotion }: { tenant: string; promotion: PromotionView }): ReactNode {
  const { state, kind, plan } = promotion
  const now = useLanes(tenant, promotion, 'now', isWaiting(state))
  const then = useLanes(tenant, promotion, 'then', isWaiting(state) && kind === 'rollback')
  const same = [now, then].find((sheet) => sheet?.planDigest === promotion.planDigest && sheet.plan.config.hash === plan.config.hash)
  if (!same) return null
  return (
    <div className="grid gap-4">
      <ArtifactChanges artifact={same.lanes.artifact} />
      <ConfigurationChanges configuration={same.lanes.configuration} />
    </div>
  )
}

function useLanes(
  tenant: string,
  { id, kind, application, environment, release, plan }: PromotionView,
  config: 'now' | 'then',
  isEnabled: boolean,
): SheetView | undefined {
  const bringsRelease = kind === 'promote' || kind === 'deploy' || kind === 'rollback'
  return useApi<SheetView>(tenantKey(tenant, 'promotion', id, 'lanes', plan.config.hash), tenantPath(tenant, 'promotion-previews'), {
    query: {
      application: application.slug,
      environment: environment.slug,
      kind,
      release: bringsRelease ? release : undefined,
      config: kind === 'rollback' ? config : undefined,
      replicas: kind === 'scale' ? plan.replicas : undefined,
    },
    isEnabled,
  }).data
}
