import type { Stay } from '#lib/kits/dossier'
import type { Tx } from '#lib/platform/database'

/** Where a release ran, and from when until when: from its first rollout there that was applied to the next one of another release, or one that stopped it. */
export async function loadStays(tx: Tx, releaseId: string): Promise<Stay[]> {
  const rows = await tx.$queryRaw<{ slug: string; name: string; since: Date; until: Date | null }[]>`
    with applied as (
      select p.environment_id, p.application_id, p.release_id, p.kind, coalesce(o.applied_at, o.settled_at) as at
      from promotion p join rollout o on o.promotion_id = p.id
      where o.phase = 'applied' and p.application_id = (select application_id from release where id = ${releaseId})),
    own as (
      select a.environment_id, a.at, (
        select min(n.at) from applied n where n.environment_id = a.environment_id and n.at > a.at
          and (n.release_id <> a.release_id or n.kind = 'stop')) as until
      from applied a where a.release_id = ${releaseId} and a.kind <> 'stop')
    select e.slug, e.name, min(a.at) as since, a.until from own a join environment e on e.id = a.environment_id
    group by e.slug, e.name, a.until order by since`
  return rows.map(({ slug, name, since, until }) => ({
    environment: { slug, name },
    since: since.toISOString(),
    until: until?.toISOString() ?? null,
  }))
}
