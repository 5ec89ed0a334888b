import type { Tx } from '#lib/platform/database'
import type { Environment } from '#lib/platform/generated/client'
import { Refusal } from '#lib/platform/refusal'

/** The environment of this tenant with this slug. Unknown and foreign are the same `not_found`. */
export async function findEnvironment(tx: Tx, slug: string): Promise<Environment> {
  const row = await tx.environment.findFirst({ where: { slug } })
  if (!row) throw new Refusal('not_found', `There is no environment ${slug} here.`, { fix: 'List the environments of the tenant.' })
  return row
}
