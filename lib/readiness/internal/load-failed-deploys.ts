import type { Tx } from '#lib/platform/database'
import type { FailedDeploy } from '#lib/readiness/deployment'

type Row = Omit<FailedDeploy, 'at'> & { environmentId: string; applicationId: string; at: Date }

/** The rollout that settled last in each place, where it did not complete; by `environment id application id`. One statement. */
export async function loadFailedDeploys(tx: Tx, environmentIds: string[], applicationIds: string[]): Promise<Map<string, FailedDeploy>> {
  const rows = await tx.$queryRaw<Row[]>`
    select l.* from (
      select distinct on (p.environment_id, p.application_id) p.environment_id as "environmentId", p.application_id as "applicationId", p.id as "promotionId",
        a.slug as application, coalesce(r.name, '') as release, p.kind, p.state, coalesce(o.failed_phase, o.phase) as phase, coalesce(o.reason, '') as reason,
        coalesce(nullif(o.message, ''), p.outcome) as message, p.settled_at as at
      from promotion p join application a on a.id = p.application_id join rollout o on o.promotion_id = p.id left join release r on r.id = p.release_id
      where p.environment_id = any(${environmentIds}) and p.application_id = any(${applicationIds}) and p.state in ('completed', 'failed', 'errored')
      order by p.environment_id, p.application_id, p.settled_at desc
    ) l where l.state <> 'completed'`
  return new Map(rows.map(({ environmentId, applicationId, at, ...row }) => [`${environmentId} ${applicationId}`, { ...row, at: at.toISOString() }]))
}
