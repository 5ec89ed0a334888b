import type { Stay } from '#lib/kits/dossier'
import type { Tx } from '#lib/platform/database'

/** Where a release ran, and from when until when: from its first rollout there that was applied to the next one of another release. */
export async function loadStays(tx: Tx, releaseId: string): Promise<Stay[]> {
  const rows = await tx.$queryRaw<{ slug: string; name: string; since: Date; until: Date | null }[]>`
    with applied as (
      select p.environment_id, o.applied_at, (
        select min(n.applied_at) from promotion q join rollout n on n.promotion_id = q.id
        where q.application_id = p.application_id and q.environment_id = p.environment_id and q.release_id <> p.release_id
          and n.applied_at > o.applied_at) as until
      from promotion p join rollout o on o.promotion_id = p.id where p.release_id = ${releaseId} and o.applied_at is not null)
    select e.slug, e.name, min(a.applied_at) as since, a.until from applied a join environment e on e.id = a.environment_id
    group by e.slug, e.name, a.until order by since`
  return rows.map(({ slug, name, since, until }) => ({
    environment: { slug, name },
    since: since.toISOString(),
    until: until?.toISOString() ?? null,
  }))
}
