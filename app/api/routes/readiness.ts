import type { RouteTable } from '#app/api/route-spec'
import { readinessInput } from '#lib/readiness/deployment'
import { historyInput } from '#lib/readiness/history'

export const readinessRoutes = {
  'GET /api/v1/tenants/{tenant}/readiness': {
    permission: 'tenant.read',
    summary:
      'Readiness of everything that is promised to run, environment by environment: components in start order, replicas, drift, failed deploys',
    input: readinessInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/readiness/history': {
    permission: 'tenant.read',
    summary: 'What was observed over one day or seven, as intervals, and the uptime; time in which nobody looked is unknown',
    input: historyInput,
    status: 200,
  },
} as const satisfies RouteTable
