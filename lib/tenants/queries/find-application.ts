import type { Tx } from '#lib/platform/database'
import type { Application, Component } from '#lib/platform/generated/client'
import { Refusal } from '#lib/platform/refusal'

/** The application of this tenant with this slug. Unknown and foreign are the same `not_found`. */
export async function findApplication(tx: Tx, slug: string): Promise<Application> {
  return demandApplication(await tx.application.findFirst({ where: { slug } }), slug)
}

/** The one that was found; `not_found` for none. */
export function demandApplication<A>(found: A | null | undefined, slug: string): A {
  if (found) return found
  throw new Refusal('not_found', `There is no application ${slug} here.`, { fix: 'List the applications of the tenant.' })
}

export async function findComponent(tx: Tx, application: { id: string; slug: string }, name: string): Promise<Component> {
  const row = await tx.component.findUnique({ where: { applicationId_name: { applicationId: application.id, name } } })
  if (!row)
    throw new Refusal('not_found', `${application.slug} has no component ${name}.`, { fix: `Look at ${application.slug} for its components.` })
  return row
}
