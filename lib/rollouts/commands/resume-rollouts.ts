import { database, inTransaction } from '#lib/platform/database'
import { enqueue } from '#lib/platform/jobs'

/** Asks for a run of every unsettled rollout that nobody holds and that is due, of all tenants. Returns how many. */
export async function resumeRollouts(): Promise<number> {
  return inTransaction(database(), { role: 'caisson_platform' }, async (tx) => {
    const rows = await tx.$queryRaw<{ id: string; tenantId: string }[]>`
      select id, tenant_id as "tenantId" from rollout
      where settled_at is null and (lease_until is null or lease_until < now()) and (resume_at is null or resume_at <= now() or cancelled_at is not null)
      order by created_at limit 500`
    for (const { id, tenantId } of rows) await enqueue(tx, 'run-rollout', { rolloutId: id, tenantId }, { key: `rollout:${id}` })
    return rows.length
  })
}
