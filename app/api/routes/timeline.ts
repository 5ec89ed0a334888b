import type { RouteTable } from '#app/api/route-spec'
import { timelineInput, whatRanInput } from '#lib/promotions/timeline'

export const timelineRoutes = {
  'GET /api/v1/tenants/{tenant}/environments/{environment}/timeline': {
    permission: 'tenant.read',
    summary: 'Everything that changed an environment, newest first, a page at a time',
    input: timelineInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/environments/{environment}/what-ran': {
    permission: 'tenant.read',
    summary: 'What ran in an environment at a time: release, digests, configuration, secret versions, replicas',
    input: whatRanInput,
    status: 200,
  },
} as const satisfies RouteTable
