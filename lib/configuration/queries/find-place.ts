import type { Tx } from '#lib/platform/database'
import { Prisma } from '#lib/platform/generated/client'
import { reading, readTogether } from '#lib/platform/together'
import { demandApplication } from '#lib/tenants/queries/find-application'
import { demandEnvironment } from '#lib/tenants/queries/find-environment'

export interface Place {
  application: { id: string; slug: string; name: string }
  environment: { id: string; slug: string; name: string; isProtected: boolean }
}

/** An application and an environment of the transaction's tenant by their slugs; unknown and foreign are the same 404. One statement. */
export async function findPlace(tx: Tx, slugs: { application: string; environment: string }): Promise<Place> {
  const { applications, environments } = await readTogether(tx, {
    applications: reading<Place['application']>(Prisma.sql`select id, slug, name from application where slug = ${slugs.application}`),
    environments: reading<Place['environment']>(
      Prisma.sql`select id, slug, name, is_protected as "isProtected" from environment where slug = ${slugs.environment}`,
    ),
  })
  return { application: demandApplication(applications[0], slugs.application), environment: demandEnvironment(environments[0], slugs.environment) }
}
