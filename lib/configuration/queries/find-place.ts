import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'

export interface Place {
  application: { id: string; slug: string; name: string }
  environment: { id: string; slug: string; name: string; isProtected: boolean }
}

/** An application and an environment of the transaction's tenant by their slugs; unknown and foreign are the same 404. */
export async function findPlace(tx: Tx, slugs: { application: string; environment: string }): Promise<Place> {
  const application = await tx.application.findFirst({ where: { slug: slugs.application }, select: { id: true, slug: true, name: true } })
  if (!application) throw new Refusal('not_found', `There is no application ${slugs.application} that you can see.`)
  const environment = await tx.environment.findFirst({
    where: { slug: slugs.environment },
    select: { id: true, slug: true, name: true, isProtected: true },
  })
  if (!environment) throw new Refusal('not_found', `There is no environment ${slugs.environment} that you can see.`)
  return { application, environment }
}
