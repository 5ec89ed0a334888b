import { z } from 'zod'
import type { RouteTable } from '#app/api/route-spec'
import { deploymentInput, environmentReadinessInput, replicaLogsInput } from '#lib/readiness/deployment'
import { rolloutInput } from '#lib/rollouts/rollout'

export const rolloutRoutes = {
  'GET /api/v1/tenants/{tenant}/promotions/{promotion}/rollout': {
    permission: 'tenant.read',
    summary: 'The rollout of a promotion: phases with their times, steps on replicas, verification, clock',
    input: rolloutInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/environments/{environment}/deployments': {
    permission: 'tenant.read',
    summary: 'Readiness of an environment: what is promised to run and what was observed, replica by replica',
    input: environmentReadinessInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/environments/{environment}/applications/{application}/deployment': {
    permission: 'tenant.read',
    summary: 'One application in one environment: promised, observed, replicas, address',
    input: deploymentInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/environments/{environment}/applications/{application}/replicas/{replica}/logs': {
    permission: 'tenant.read',
    summary: 'What a replica wrote, as text; follow=true goes on as it writes, tail=N starts at the last N lines',
    input: replicaLogsInput,
    status: 200,
    servedBy: 'http',
  },
  'GET /api/v1/tenants/{tenant}/live-events': {
    permission: 'tenant.read',
    summary: 'Server-sent events: what changed in the tenant, by topic; Last-Event-ID continues',
    input: z.strictObject({}),
    status: 200,
    servedBy: 'http',
  },
} as const satisfies RouteTable
