'use client'
import { tenantKey, tenantPath, useApi } from '#components/live'
import type { ConfigurationView } from '#lib/configuration/revision'

export function useConfiguration(tenant: string, application: string, environment: string): ReturnType<typeof useApi<ConfigurationView>> {
  return useApi<ConfigurationView>(
    tenantKey(tenant, 'board', 'configuration', application, environment),
    tenantPath(tenant, 'applications', application, 'configuration'),
    { query: { environment }, isEnabled: application !== '' && environment !== '' },
  )
}
