import type { Tx } from '#lib/platform/database'
import type { Environment } from '#lib/platform/generated/client'
import { Refusal } from '#lib/platform/refusal'

/** The environment of this tenant with this slug. Unknown and foreign are the same `not_found`. */
export async function findEnvironment(tx: Tx, slug: string): Promise<Environment> {
  return demandEnvironment(await tx.environment.findFirst({ where: { slug } }), slug)
}

/** The one that was found; `not_found` for none. */
export function demandEnvironment<E>(found: E | null | undefined, slug: string): E {
  if (found) return found
  throw new Refusal('not_found', `There is no environment ${slug} here.`, { fix: 'List the environments of the tenant.' })
}
