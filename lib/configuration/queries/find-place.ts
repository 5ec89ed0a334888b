import type { Tx } from '#lib/platform/database'
import { findApplication } from '#lib/tenants/queries/find-application'
import { findEnvironment } from '#lib/tenants/queries/find-environment'

export interface Place {
  application: { id: string; slug: string; name: string }
  environment: { id: string; slug: string; name: string; isProtected: boolean }
}

/** An application and an environment of the transaction's tenant by their slugs; unknown and foreign are the same 404. */
export async function findPlace(tx: Tx, slugs: { application: string; environment: string }): Promise<Place> {
  return { application: await findApplication(tx, slugs.application), environment: await findEnvironment(tx, slugs.environment) }
}
