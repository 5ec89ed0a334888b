import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import { loadVersionNumbers } from '#lib/configuration/queries/list-secrets'
import { parsePlan, type PlanDocument } from '#lib/promotions/plan'
import type { RanView, whatRanInput, WhatRanView } from '#lib/promotions/timeline'
import { findApplication } from '#lib/tenants/queries/find-application'
import { findEnvironment } from '#lib/tenants/queries/find-environment'

interface AppliedRow {
  applicationId: string
  slug: string
  name: string
  promotionId: string
  plan: string
  kind: string
  since: Date
}

interface OtherRow {
  applicationId: string
  promotionId: string
  release: string
  at: Date
}

/**
 * What ran in an environment at a time, by the records: for each application the promotion that was last applied by then (also one whose
 * verification failed afterwards: it ran), what was being changed just then, and what failed half-way since and may have left something.
 */
export async function getWhatRan(ctx: TenantContext, input: z.output<typeof whatRanInput>): Promise<WhatRanView> {
  authorize(ctx.actor, 'tenant.read')
  const at = new Date(input.at)
  return ctx.read(async (tx) => {
    const environment = await findEnvironment(tx, input.environment)
    const only = input.application === undefined ? null : (await findApplication(tx, input.application)).id
    const applied = await tx.$queryRaw<AppliedRow[]>`
      select distinct on (p.application_id) p.application_id as "applicationId", a.slug, a.name, p.id as "promotionId", p.plan, p.kind,
        coalesce(o.applied_at, o.settled_at) as since
      from promotion p join rollout o on o.promotion_id = p.id join application a on a.id = p.application_id
      where p.environment_id = ${environment.id} and (${only}::text is null or p.application_id = ${only})
        and o.phase = 'applied' and coalesce(o.applied_at, o.settled_at) <= ${at}
      order by p.application_id, coalesce(o.applied_at, o.settled_at) desc, p.id desc`
    const underWay = await tx.$queryRaw<OtherRow[]>`
      select p.application_id as "applicationId", p.id as "promotionId", r.name as release, (o.phase_times::jsonb ->> 'applying')::timestamptz as at
      from promotion p join rollout o on o.promotion_id = p.id join release r on r.id = p.release_id
      where p.environment_id = ${environment.id} and (o.phase_times::jsonb ->> 'applying')::timestamptz <= ${at}
        and coalesce(o.applied_at, o.settled_at, 'infinity'::timestamptz) > ${at}`
    const broken = await tx.$queryRaw<OtherRow[]>`
      select p.application_id as "applicationId", p.id as "promotionId", r.name as release, o.settled_at as at
      from promotion p join rollout o on o.promotion_id = p.id join release r on r.id = p.release_id
      where p.environment_id = ${environment.id} and o.failed_phase = 'applying' and o.settled_at <= ${at} order by o.settled_at`
    const rows = applied.map(({ plan, ...row }) => ({ ...row, plan: parsePlan(plan) }))
    const versions = await loadVersionNumbers(
      tx,
      rows.flatMap(({ plan }) => plan.secrets),
    )
    return {
      environment: { slug: environment.slug, name: environment.name },
      at: at.toISOString(),
      applications: rows
        .map((row) => ran(row, { underWay, broken, versions }))
        .toSorted((left, right) => left.application.slug.localeCompare(right.application.slug)),
    }
  })
}

interface Beside {
  underWay: readonly OtherRow[]
  broken: readonly OtherRow[]
  versions: ReadonlyMap<string, number>
}

function ran({ plan, ...row }: Omit<AppliedRow, 'plan'> & { plan: PlanDocument }, { underWay, broken, versions }: Beside): RanView {
  const changing = underWay.find(({ applicationId }) => applicationId === row.applicationId)
  const disturbing = broken.findLast(({ applicationId, at }) => applicationId === row.applicationId && at > row.since)
  return {
    application: { slug: row.slug, name: row.name },
    release: plan.release.name,
    components: plan.release.components.map(({ name, digest }) => ({ name, digest })),
    configRevision: plan.config.revision,
    configHash: plan.config.hash,
    secrets: plan.secrets.map(({ name, versionId }) => ({ name, version: versions.get(versionId) ?? 0 })),
    replicas: plan.replicas,
    isStopped: row.kind === 'stop',
    since: row.since.toISOString(),
    promotionId: row.promotionId,
    underWay: changing ? { promotionId: changing.promotionId, release: changing.release, since: changing.at.toISOString() } : null,
    disturbedBy: disturbing ? { promotionId: disturbing.promotionId, release: disturbing.release, at: disturbing.at.toISOString() } : null,
  }
}
