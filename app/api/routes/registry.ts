import { z } from 'zod'
import type { RouteTable } from '#app/api/route-spec'
import { oneRepository } from '#lib/registry/repository-view'

export const registryRoutes = {
  'GET /api/v1/tenants/{tenant}/repositories': {
    permission: 'tenant.read',
    summary: 'Repositories of the registry: tags, size, last push',
    input: z.strictObject({}),
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/repositories/{application}': {
    permission: 'tenant.read',
    summary: 'One repository and its tags, newest first; `component` for one of several components',
    input: oneRepository,
    status: 200,
  },
} as const satisfies RouteTable
