import { findPlace } from '#lib/configuration/queries/find-place'
import type { TenantRef } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { loadSituation, type SituationOptions } from '#lib/promotions/queries/load-situation'
import type { Place } from '#lib/promotions/resolve-request'
import type { Situation } from '#lib/promotions/situation'

export interface Subject {
  situation: Situation
  place: Place
}

/** One application in one environment by their slugs, with everything that is decided about it. Unknown and foreign: `not_found`. */
export async function findSubject(
  tx: Tx,
  tenant: TenantRef,
  slugs: { application: string; environment: string },
  { isOneEnvironment, ...options }: Omit<SituationOptions, 'applicationIds' | 'judgedEnvironmentId'> & { isOneEnvironment?: boolean } = {},
): Promise<Subject> {
  const { application, environment } = await findPlace(tx, slugs)
  const judged = isOneEnvironment ? { judgedEnvironmentId: environment.id } : {}
  return loadSubject(tx, tenant, { applicationId: application.id, environmentId: environment.id }, { ...options, ...judged })
}

/** The same by ids. */
export async function loadSubject(
  tx: Tx,
  tenant: TenantRef,
  ids: { applicationId: string; environmentId: string },
  options: Omit<SituationOptions, 'applicationIds'> = {},
): Promise<Subject> {
  const situation = await loadSituation(tx, tenant, { ...options, applicationIds: [ids.applicationId] })
  const application = situation.applications[0]
  const environment = situation.environments.find(({ id }) => id === ids.environmentId)
  if (!application || !environment) throw new TypeError('the rows of a promotion name an application or environment that is not there')
  return { situation, place: { application, environment } }
}
