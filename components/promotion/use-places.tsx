'use client'
import { tenantKey, tenantPath, useApi } from '#components/live'
import type { ApplicationView } from '#lib/tenants/application'
import type { EnvironmentView } from '#lib/tenants/environment'

/** Slugs of the applications and, by rank, of the environments of a tenant; empty until they are there. */
export function usePlaces(tenant: string): { applications: string[]; environments: string[] } {
  const applications = useApi<{ items: ApplicationView[] }>(tenantKey(tenant, 'settings', 'applications'), tenantPath(tenant, 'applications'))
  const environments = useApi<{ items: EnvironmentView[] }>(tenantKey(tenant, 'settings', 'environments'), tenantPath(tenant, 'environments'))
  return {
    applications: (applications.data?.items ?? []).map(({ slug }) => slug),
    environments: (environments.data?.items ?? []).map(({ slug }) => slug),
  }
}
