import { z } from 'zod'
import type { RouteTable } from '#app/api/route-spec'
import { exportLogInput, listEntriesInput } from '#lib/audit/entry'

const nothing = z.strictObject({})

export const auditRoutes = {
  'GET /api/v1/tenants/{tenant}/audit/entries': {
    permission: 'tenant.read',
    summary: 'Entries of the log, newest first: all with audit.read, else those about what every member sees and one’s own',
    input: listEntriesInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/audit/entries/{id}/proof': {
    permission: 'tenant.read',
    summary: 'That an entry is in the log that the newest checkpoint signs (RFC 6962 inclusion proof)',
    input: z.strictObject({ id: z.string().max(64) }),
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/audit/status': {
    permission: 'tenant.read',
    summary: 'How much of the log is sealed, signed, anchored and verified, and what the last verification found',
    input: nothing,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/audit/export': {
    permission: 'audit.export',
    summary: 'The whole log as JSONL for the offline verifier, or as CSV with the same in its last columns',
    input: exportLogInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/audit/verifications': {
    permission: 'audit.read',
    summary: 'Verify the whole log now',
    input: nothing,
    status: 201,
  },
} as const satisfies RouteTable
