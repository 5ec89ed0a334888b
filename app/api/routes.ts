// Every route with the permission it asks for: the doors open by it, the API document is made from it, and a test fails
// for a route file that is not in it.
import type { RouteSpec, RouteTable } from '#app/api/route-spec'
import { auditRoutes } from '#app/api/routes/audit'
import { deskRoutes } from '#app/api/routes/desk'
import { configurationRoutes } from '#app/api/routes/configuration'
import { documentRoutes } from '#app/api/routes/document'
import { holdRoutes } from '#app/api/routes/holds'
import { evidenceRoutes } from '#app/api/routes/evidence'
import { operationRoutes } from '#app/api/routes/operations'
import { kitRoutes } from '#app/api/routes/kits'
import { peopleRoutes } from '#app/api/routes/people'
import { promotionRoutes } from '#app/api/routes/promotions'
import { readinessRoutes } from '#app/api/routes/readiness'
import { recoveryRoutes } from '#app/api/routes/recoveries'
import { registryRoutes } from '#app/api/routes/registry'
import { releaseRoutes } from '#app/api/routes/releases'
import { retentionRoutes } from '#app/api/routes/retention'
import { rolloutRoutes } from '#app/api/routes/rollouts'
import { tenantRoutes } from '#app/api/routes/tenants'
import { timelineRoutes } from '#app/api/routes/timeline'
import { webhookRoutes } from '#app/api/routes/webhooks'

export const routes = {
  ...auditRoutes,
  ...deskRoutes,
  ...configurationRoutes,
  ...documentRoutes,
  ...holdRoutes,
  ...evidenceRoutes,
  ...operationRoutes,
  ...kitRoutes,
  ...peopleRoutes,
  ...promotionRoutes,
  ...readinessRoutes,
  ...recoveryRoutes,
  ...registryRoutes,
  ...releaseRoutes,
  ...retentionRoutes,
  ...rolloutRoutes,
  ...tenantRoutes,
  ...timelineRoutes,
  ...webhookRoutes,
} as const satisfies RouteTable

export type RouteName = keyof typeof routes

export function routeSpec(name: RouteName): RouteSpec {
  return routes[name]
}
