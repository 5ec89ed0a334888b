import type { RouteTable } from '#app/api/route-spec'
import { listRecoveriesInput } from '#lib/promotions/recovery'

export const recoveryRoutes = {
  'GET /api/v1/tenants/{tenant}/recoveries': {
    permission: 'tenant.read',
    summary: 'Rollbacks of an application, newest first, with how long each took from stop to verified',
    input: listRecoveriesInput,
    status: 200,
  },
} as const satisfies RouteTable
