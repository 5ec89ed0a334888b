import { findRevision } from '#lib/configuration/queries/current-revision'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { assess, type Assessment } from '#lib/promotions/assess'
import { loadSubject, type Subject } from '#lib/promotions/internal/find-subject'
import { renderManifests } from '#lib/runtime/render-manifests'
import { requestParametersSchema } from '#lib/promotions/promotion'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import { newestRevision, revisionNumberOf, secretsOf, type Place, type Resolved } from '#lib/promotions/resolve-request'
import type { ReleaseFacts, RevisionFacts, UnsettledFacts } from '#lib/promotions/situation'

/** Loads the revision that a request runs with; the newest one is in the situation already. */
export async function resolveRevision(tx: Tx, place: Place, kind: PromotionKind, pinned: number | null): Promise<RevisionFacts> {
  const newest = newestRevision(place)
  const number = revisionNumberOf(place, kind, pinned)
  if (number === newest.number) return newest
  const revision = await findRevision(tx, place.environment.id, place.application.id, number)
  if (!revision) throw new TypeError(`configuration r${number} of ${place.application.slug} is gone`)
  return revision
}

export function resolved(place: Place, kind: PromotionKind, release: ReleaseFacts, revision: RevisionFacts): Resolved {
  return { kind, release, revision, replicas: kind === 'stop' ? 0 : revision.document.replicas, secrets: secretsOf(place, kind, revision) }
}

export interface Reassessed extends Subject {
  promotion: UnsettledFacts
  resolved: Resolved
  assessment: Assessment
}

/** A waiting or running promotion, judged anew by everything as it is now in this transaction. */
export async function reassess(tx: Tx, ctx: TenantContext, row: { id: string; applicationId: string; environmentId: string }): Promise<Reassessed> {
  const { situation, place } = await loadSubject(tx, ctx.tenant, row, { judgedEnvironmentId: row.environmentId })
  const promotion = place.application.unsettled.get(place.environment.id)
  const release = promotion && place.application.releases.get(promotion.releaseId)
  if (promotion?.id !== row.id || !release) throw new TypeError(`promotion ${row.id} is not the unsettled one of its place`)
  const { configRevision } = requestParametersSchema.parse(JSON.parse(promotion.parameters))
  const request = resolved(place, promotion.kind, release, await resolveRevision(tx, place, promotion.kind, configRevision))
  const asked = { requestedBy: promotion.requestedBy, decisions: promotion.approvals }
  return { situation, place, promotion, resolved: request, assessment: assess(situation, place, request, asked, renderManifests) }
}
