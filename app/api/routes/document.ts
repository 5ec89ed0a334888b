import { z } from 'zod'
import type { RouteTable } from '#app/api/route-spec'

export const documentRoutes = {
  'GET /api/v1/openapi.json': {
    permission: 'public',
    summary: 'This API as an OpenAPI 3.1 document, made from the table that the doors open by',
    input: z.strictObject({}),
    status: 200,
  },
} as const satisfies RouteTable
