import type { RouteTable } from '#app/api/route-spec'
import { deskInput, dossierInput, exportChangesInput } from '#lib/kits/desk'

export const deskRoutes = {
  'GET /api/v1/tenants/{tenant}/desk': {
    permission: 'desk.use',
    summary: "The auditor's desk: what reached production in a period, exceptions first, with who held which duty",
    input: deskInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/desk/changes': {
    permission: 'audit.export',
    summary: 'The changes of a period as CSV, or as JSONL with the entries and proofs that the offline verifier reads',
    input: exportChangesInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/applications/{application}/releases/{release}/dossier': {
    permission: 'desk.use',
    summary: 'Everything that was recorded about a release: seal, changes, approvals, gates, rollouts, entries with inclusion proofs',
    input: dossierInput,
    status: 200,
  },
} as const satisfies RouteTable
