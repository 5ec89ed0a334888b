import type { RouteTable } from '#app/api/route-spec'
import { createKitInput, handOffInput, listKitsInput, oneKitInput, takeStageInput } from '#lib/kits/kit'
import { kitDiffInput } from '#lib/kits/kit-diff'

/** The stage stands in the address, because each has a verb of its own. */
const stageInput = takeStageInput.omit({ stage: true })

export const kitRoutes = {
  'GET /api/v1/tenants/{tenant}/kits': {
    permission: 'tenant.read',
    summary: 'Install kits in their newest revision',
    input: listKitsInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/kits': {
    permission: 'kit.prepare',
    summary: 'Make the kit of an application in an environment, or its next revision',
    input: createKitInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/kits/{kit}': {
    permission: 'tenant.read',
    summary: 'A kit in its newest revision, or another: five artifacts, seven stages, and what you may do',
    input: oneKitInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/kits/{kit}/diff': {
    permission: 'tenant.read',
    summary: 'What differs between two revisions of a kit: which artifact, and line by line',
    input: kitDiffInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/kits/{kit}/archive': {
    permission: 'tenant.read',
    summary: 'A revision as a tar.gz with SHA256SUMS and a detached signature',
    input: oneKitInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/kits/{kit}/stages/package': {
    permission: 'kit.prepare',
    summary: 'Package: the five artifacts are complete; or it failed',
    input: stageInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/kits/{kit}/stages/review': {
    permission: 'promotion.approve',
    summary: 'Review: somebody else has read it; or it failed',
    input: stageInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/kits/{kit}/stages/secrets': {
    permission: 'secret.write',
    summary: 'Secrets: each has a place and an owner; or it failed',
    input: stageInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/kits/{kit}/stages/render': {
    permission: 'kit.prepare',
    summary: 'Render: the manifests are those of this release; or it failed',
    input: stageInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/kits/{kit}/stages/install': {
    permission: 'deployment.operate',
    summary: 'Install: what runs is what the kit names; or it failed',
    input: stageInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/kits/{kit}/stages/verify': {
    permission: 'deployment.operate',
    summary: 'Verify: every item of the checklist but the signature is settled; or it failed',
    input: stageInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/kits/{kit}/hand-offs': {
    permission: 'kit.accept',
    summary: 'Take the newest revision over: nine areas, and ownership from now on',
    input: handOffInput,
    status: 201,
  },
} as const satisfies RouteTable
