// Which of the three layers a command edits, and where it is saved.
import { path, type Api } from '#bin/cli/api'
import type { ConfigurationView } from '#lib/configuration/revision'

export const layerRoutes = {
  place: { says: 'this place', path: (app: string, _environment: string) => path`/tenants/{tenant}/applications/${app}/config-revisions` },
  application: {
    says: 'the application in all environments',
    path: (app: string, _environment: string) => path`/tenants/{tenant}/applications/${app}/config-defaults`,
  },
  environment: {
    says: 'the environment for all applications',
    path: (_app: string, environment: string) => path`/tenants/{tenant}/environments/${environment}/config-defaults`,
  },
} as const
export type LayerChoice = keyof typeof layerRoutes

export function readConfiguration(api: Api, app: string, environment: string): Promise<ConfigurationView> {
  return api.call<ConfigurationView>('GET', path`/tenants/{tenant}/applications/${app}/configuration`, { environment })
}
