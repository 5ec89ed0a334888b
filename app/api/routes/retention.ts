import type { RouteTable } from '#app/api/route-spec'
import { pinInput, pruneInput, retentionInput, setRetentionInput, unpinInput } from '#lib/promotions/retention'

export const retentionRoutes = {
  'GET /api/v1/tenants/{tenant}/applications/{application}/retention': {
    permission: 'tenant.read',
    summary: 'How many releases are kept, and of each release whether it is, was or would be pruned, and why',
    input: retentionInput,
    status: 200,
  },
  'PUT /api/v1/tenants/{tenant}/applications/{application}/retention': {
    permission: 'policy.edit',
    summary: 'Say how many of the newest releases are kept; nothing goes yet',
    input: setRetentionInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/applications/{application}/retention/prunings': {
    permission: 'policy.edit',
    summary: 'Prune what the preview listed, by name; `plan_moved` when something else would go by now',
    input: pruneInput,
    status: 200,
  },
  'PUT /api/v1/tenants/{tenant}/applications/{application}/releases/{release}/pin': {
    permission: 'retention.pin',
    summary: 'Keep a release whatever the rule says, with the reason why',
    input: pinInput,
    status: 200,
  },
  'DELETE /api/v1/tenants/{tenant}/applications/{application}/releases/{release}/pin': {
    permission: 'retention.pin',
    summary: 'Let a pinned release go',
    input: unpinInput,
    status: 200,
  },
} as const satisfies RouteTable
