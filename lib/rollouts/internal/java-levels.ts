import type { Tx } from '#lib/platform/database'

/** The Java release that each component of a promotion needs, from the inspection of its JAR; null where none was inspected. */
export async function loadJavaLevels(tx: Tx, promotionId: string): Promise<Map<string, number | null>> {
  const rows = await tx.$queryRaw<{ component: string; javaLevel: number | null }[]>`
    select c.component, (a.facts::jsonb ->> 'javaLevel')::int as "javaLevel"
    from promotion p join release_component c on c.release_id = p.release_id join image i on i.id = c.image_id
    left join artifact a on a.id = i.artifact_id where p.id = ${promotionId}`
  return new Map(rows.map(({ component, javaLevel }) => [component, javaLevel]))
}
