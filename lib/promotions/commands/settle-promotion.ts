import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { announcePromotion } from '#lib/promotions/internal/advance'
import { insertHold } from '#lib/promotions/internal/insert-hold'
import { lockPromotion, type LockedPromotion } from '#lib/promotions/internal/lock-promotion'
import { enqueue } from '#lib/platform/jobs'
import { demand } from '#lib/platform/refusal'
import { mayFollow } from '#lib/promotions/automatic-rollback'
import { mayPromotion } from '#lib/promotions/promotion-state'
import { environmentPolicySchema } from '#lib/tenants/environment-policy'

export interface Settlement {
  /** completed: applied and verified · failed: the software or a gate said no, or it was cancelled · errored: we or the runtime broke */
  state: 'completed' | 'failed' | 'errored'
  /** One sentence with what is where; '' for completed. */
  outcome: string
}

/**
 * Settles a promotion that rolls out, in the transaction that settles its rollout. `conflict` for one that does not roll out. After a
 * rollback, however it ended, its place is held: nothing new comes in before a person has looked.
 */
export async function settlePromotion(tx: Tx, ctx: TenantContext, promotionId: string, settlement: Settlement): Promise<void> {
  const row = await lockPromotion(tx, promotionId)
  demand(mayPromotion('settle', row))
  await tx.$executeRaw`update promotion set state = ${settlement.state}, settled_at = now(), outcome = ${settlement.outcome} where id = ${promotionId}`
  await appendEntry(tx, ctx, {
    action: `promotion.${settlement.state}`,
    subject: { kind: 'promotion', id: promotionId, name: row.name },
    outcome: settlement.state === 'completed' ? 'done' : 'failed',
    before: { state: row.state },
    after: { state: settlement.state },
    reason: settlement.outcome,
  })
  if (row.kind === 'rollback') {
    if (settlement.state === 'completed') await stopClock(tx, promotionId)
    await holdAfter(tx, ctx, row)
  }
  if (settlement.state === 'failed') await askForRollback(tx, ctx, row)
  await announcePromotion(tx, ctx, row)
}

/** Completed is verified: the recovery ends here. */
async function stopClock(tx: Tx, promotionId: string): Promise<void> {
  await tx.$executeRaw`
    update rollout set recovery_ms = least(greatest(extract(epoch from now() - recovery_from) * 1000, 0), 2147483647)::int
    where promotion_id = ${promotionId} and recovery_from is not null`
}

/** Where the policy says so, what failed is followed by a rollback; never what is one itself. */
async function askForRollback(tx: Tx, ctx: TenantContext, { id, kind, environmentId }: LockedPromotion): Promise<void> {
  if (!mayFollow(kind)) return
  const [policy] = await tx.$queryRaw<{ document: string }[]>`
    select document from environment_policy where environment_id = ${environmentId} order by version desc limit 1`
  const isAutomatic = policy && environmentPolicySchema.parse(JSON.parse(policy.document)).rollback.onFailure === 'roll_back'
  if (isAutomatic) await enqueue(tx, 'roll-back-failed', { tenantId: ctx.tenant.id, promotionId: id }, { key: `roll-back:${id}` })
}

async function holdAfter(
  tx: Tx,
  ctx: TenantContext,
  { id, applicationId, environmentId, requestedBy, reason, incident }: LockedPromotion,
): Promise<void> {
  const application = await tx.application.findUniqueOrThrow({ where: { id: applicationId }, select: { slug: true } })
  const environment = await tx.environment.findUniqueOrThrow({ where: { id: environmentId }, select: { slug: true } })
  await insertHold(tx, ctx, {
    environmentId,
    applicationId,
    name: `${application.slug} in ${environment.slug}`,
    reason: ['rolled back', reason === '' ? '' : `“${reason}”`, incident === '' ? '' : `(${incident})`].filter(Boolean).join(' '),
    setBy: requestedBy,
    promotionId: id,
  })
}
