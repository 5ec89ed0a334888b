import { z } from 'zod'
import type { RouteTable } from '#app/api/route-spec'
import { createApplicationInput, oneApplication, oneComponent, writeComponentSpecInput } from '#lib/tenants/application'
import { createEnvironmentInput, editEnvironmentInput, oneEnvironment } from '#lib/tenants/environment'
import { writePolicyInput } from '#lib/tenants/environment-policy'
import { createTenantInput, oneTenant, renameTenantInput, retierInput, retierPreviewInput, suspendInput } from '#lib/tenants/tenant'

const nothing = z.strictObject({})

export const tenantRoutes = {
  'GET /api/v1/tenants': { permission: 'signed_in', summary: 'The tenants that you are a member of', input: nothing, status: 200 },
  'POST /api/v1/tenants': {
    permission: 'platform:tenant.create',
    summary: 'Create a tenant with the environments of its tier',
    input: createTenantInput,
    status: 201,
  },
  'GET /api/v1/platform/tenants': {
    permission: 'platform:platform.settings',
    summary: 'Every tenant of the installation',
    input: nothing,
    status: 200,
  },
  'GET /api/v1/platform/tenants/{slug}/retier-preview': {
    permission: 'platform:tenant.retier',
    summary: 'What a change of tier would do',
    input: retierPreviewInput,
    status: 200,
  },
  'PUT /api/v1/platform/tenants/{slug}/tier': { permission: 'platform:tenant.retier', summary: 'Change the tier', input: retierInput, status: 200 },
  'PUT /api/v1/platform/tenants/{slug}/suspension': {
    permission: 'platform:tenant.suspend',
    summary: 'Suspend a tenant: it is read, and nothing in it changes',
    input: suspendInput,
    status: 204,
  },
  'DELETE /api/v1/platform/tenants/{slug}/suspension': {
    permission: 'platform:tenant.suspend',
    summary: 'Resume a suspended tenant',
    input: oneTenant,
    status: 204,
  },
  'GET /api/v1/tenants/{tenant}': { permission: 'tenant.read', summary: 'The tenant with usage against cap', input: nothing, status: 200 },
  'PATCH /api/v1/tenants/{tenant}': { permission: 'tenant.settings', summary: 'Rename the tenant', input: renameTenantInput, status: 200 },
  'GET /api/v1/tenants/{tenant}/environments': {
    permission: 'tenant.read',
    summary: 'Environments in the order of the board',
    input: nothing,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/environments': {
    permission: 'environment.manage',
    summary: 'Create a custom environment',
    input: createEnvironmentInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/environments/{environment}': {
    permission: 'tenant.read',
    summary: 'One environment',
    input: oneEnvironment,
    status: 200,
  },
  'PATCH /api/v1/tenants/{tenant}/environments/{environment}': {
    permission: 'environment.manage',
    summary: 'Change name, rank, protection or upstream of an environment',
    input: editEnvironmentInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/environments/{environment}/policy': {
    permission: 'tenant.read',
    summary: 'The gate policy that counts now',
    input: oneEnvironment,
    status: 200,
  },
  'PUT /api/v1/tenants/{tenant}/environments/{environment}/policy': {
    permission: 'policy.edit',
    summary: 'Write a new version of the gate policy',
    input: writePolicyInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/applications': { permission: 'tenant.read', summary: 'Applications by slug', input: nothing, status: 200 },
  'POST /api/v1/tenants/{tenant}/applications': {
    permission: 'environment.manage',
    summary: 'Create an application with its components',
    input: createApplicationInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/applications/{application}': {
    permission: 'tenant.read',
    summary: 'One application with the default specs of its components',
    input: oneApplication,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/applications/{application}/components/{component}/spec': {
    permission: 'tenant.read',
    summary: 'The default spec that the next upload starts from',
    input: oneComponent,
    status: 200,
  },
  'PUT /api/v1/tenants/{tenant}/applications/{application}/components/{component}/spec': {
    permission: 'artifact.upload',
    summary: 'Write the default spec of a component',
    input: writeComponentSpecInput,
    status: 200,
  },
} as const satisfies RouteTable
