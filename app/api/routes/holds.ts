import type { RouteTable } from '#app/api/route-spec'
import { liftHoldInput, listHoldsInput, setHoldInput } from '#lib/promotions/hold'

export const holdRoutes = {
  'GET /api/v1/tenants/{tenant}/holds': {
    permission: 'tenant.read',
    summary: 'Places that nothing new comes to until somebody lifts the hold',
    input: listHoldsInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/holds': {
    permission: 'hold.set',
    summary: 'Hold one application in one environment: nothing new comes in',
    input: setHoldInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/holds/{hold}/lifts': {
    permission: 'hold.set',
    summary: 'Lift a hold in your name, with your reason',
    input: liftHoldInput,
    status: 201,
  },
} as const satisfies RouteTable
