'use client'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { ArtifactChanges, ConfigurationChanges } from '#components/promotion/lane-changes'
import { isWaiting } from '#components/promotion/promotion-words'
import type { RevisionView } from '#lib/configuration/revision'
import { keyChanges } from '#lib/promotions/lanes'
import type { PromotionView } from '#lib/promotions/promotion'
import { bringsRelease } from '#lib/promotions/promotion-kind'
import type { SheetView } from '#lib/promotions/sheet'

interface PlanLanesProps {
  tenant: string
  promotion: PromotionView
}

/** Keys and layers that a plan changes. */
export function PlanLanes(props: PlanLanesProps): ReactNode {
  return (
    <div className="grid gap-4 empty:hidden">
      <ConfigurationLane {...props} />
      {isWaiting(props.promotion.state) && bringsRelease(props.promotion.kind) && <ArtifactLane {...props} />}
    </div>
  )
}

/** Revisions never change, so what a settled plan changed is known as well; the hash in the plan says that it is the same document. */
function ConfigurationLane({ tenant, promotion }: PlanLanesProps): ReactNode {
  const { baseline, config } = promotion.plan
  const before = useRevision(tenant, promotion, baseline?.configRevision)
  const after = useRevision(tenant, promotion, config.revision)
  if (after?.hash !== config.hash || (baseline && !before)) return null
  return <ConfigurationChanges configuration={keyChanges(baseline ? before : undefined, after)} />
}

function useRevision(tenant: string, { application, environment }: PromotionView, number: number | undefined): RevisionView | undefined {
  return useApi<RevisionView>(
    tenantKey(tenant, 'settings', 'revision', application.slug, number),
    tenantPath(tenant, 'applications', application.slug, 'config-revisions', String(number ?? 0)),
    { query: { environment: environment.slug }, isEnabled: number !== undefined },
  ).data
}

/** Layers are of a preview, so they are shown only while the preview's plan is the very plan of the promotion. */
function ArtifactLane({ tenant, promotion }: PlanLanesProps): ReactNode {
  const now = usePreview(tenant, promotion, 'now', true)
  const then = usePreview(tenant, promotion, 'then', promotion.kind === 'rollback')
  const same = [now, then].find((sheet) => sheet?.planDigest === promotion.planDigest)
  return same && <ArtifactChanges artifact={same.lanes.artifact} />
}

function usePreview(tenant: string, promotion: PromotionView, config: 'now' | 'then', isEnabled: boolean): SheetView | undefined {
  const { id, kind, application, environment, release, planDigest } = promotion
  return useApi<SheetView>(tenantKey(tenant, 'promotion', id, 'preview', planDigest), tenantPath(tenant, 'promotion-previews'), {
    query: { application: application.slug, environment: environment.slug, kind, release, config },
    isEnabled,
  }).data
}
