import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { PromotionState } from '#lib/promotions/promotion-state'
import { percentile, type listRecoveriesInput, type RecoveryHistory, type RecoveryView } from '#lib/promotions/recovery'
import { isWithinTarget } from '#lib/promotions/recovery-target'
import { recoveryTargetSeconds } from '#lib/promotions/rollback'
import { peopleNames } from '#lib/releases/queries/people-names'
import { findApplication } from '#lib/tenants/queries/find-application'
import { findEnvironment } from '#lib/tenants/queries/find-environment'

interface Row {
  promotionId: string
  environment: string
  release: string
  before: string | null
  requestedBy: string
  startedAt: Date
  state: string
  recoveryMs: number | null
  targetSeconds: number | null
  reason: string
  incident: string
}

/** The rollbacks of an application that rolled out, newest first, with how long each took from stop to verified (S4.25). */
export async function listRecoveries(ctx: TenantContext, input: z.output<typeof listRecoveriesInput>): Promise<RecoveryHistory> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const application = await findApplication(tx, input.application)
    const environment = input.environment === undefined ? null : await findEnvironment(tx, input.environment)
    const rows = await tx.$queryRaw<Row[]>`
      select p.id as "promotionId", e.slug as environment, r.name as release, p.plan::jsonb #>> '{baseline,release}' as before,
        p.requested_by as "requestedBy", coalesce(o.recovery_from, p.requested_at) as "startedAt", p.state,
        o.recovery_ms as "recoveryMs", o.recovery_target_seconds as "targetSeconds", p.reason, p.incident
      from promotion p join rollout o on o.promotion_id = p.id join release r on r.id = p.release_id join environment e on e.id = p.environment_id
      where p.application_id = ${application.id} and p.kind = 'rollback' and (${environment?.id ?? null}::text is null or p.environment_id = ${environment?.id ?? null})
      order by p.requested_at desc limit 100`
    const people = await peopleNames(
      tx,
      rows.map(({ requestedBy }) => requestedBy),
    )
    const items = rows.map(({ before, requestedBy, startedAt, state, targetSeconds, ...row }): RecoveryView => ({
      ...row,
      from: before ?? '',
      requestedBy: { id: requestedBy, name: people.get(requestedBy) ?? requestedBy },
      startedAt: startedAt.toISOString(),
      state: state as PromotionState,
      targetSeconds: targetSeconds ?? recoveryTargetSeconds,
    }))
    const verified = items.flatMap(({ recoveryMs, targetSeconds }) => (recoveryMs === null ? [] : [{ recoveryMs, targetSeconds }]))
    const times = verified.map(({ recoveryMs }) => recoveryMs)
    return {
      items,
      p50Ms: percentile(times, 50),
      p90Ms: percentile(times, 90),
      verified: verified.length,
      withinTarget: verified.filter(({ recoveryMs, targetSeconds }) => isWithinTarget(recoveryMs, targetSeconds)).length,
    }
  })
}
