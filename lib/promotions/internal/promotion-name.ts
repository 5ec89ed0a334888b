import type { Tx } from '#lib/platform/database'

/** What the log and the pages call a promotion that is there: `orders v1.2.3 → prod`. */
export async function promotionName(tx: Tx, id: string): Promise<string> {
  const [row] = await tx.$queryRaw<{ name: string }[]>`
    select a.slug || ' ' || r.name || ' → ' || e.slug as name
    from promotion p join application a on a.id = p.application_id join release r on r.id = p.release_id join environment e on e.id = p.environment_id
    where p.id = ${id}`
  return row?.name ?? id
}
