import type { ActTarget } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { demand } from '#lib/platform/refusal'
import { mayFreeze } from '#lib/promotions/may-freeze'

/** Refuses whoever may not close or open an environment; null or undefined: every one of the tenant. */
export async function demandFreeze(tx: Tx, ctx: TenantContext, environment: ActTarget['environment'] | null): Promise<void> {
  demand(mayFreeze(ctx.actor, environment ? [environment] : await tx.environment.findMany({ orderBy: { rank: 'asc' } })))
}
