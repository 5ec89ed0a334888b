import type { RouteTable } from '#app/api/route-spec'
import {
  applicationDefaultsInput,
  diffInput,
  environmentDefaultsInput,
  matrixInput,
  oneRevisionInput,
  placeInput,
  restoreInput,
  saveApplicationDefaultsInput,
  saveEnvironmentDefaultsInput,
  saveRevisionInput,
} from '#lib/configuration/revision'
import { listSecretsInput, setSecretInput, unsetSecretInput } from '#lib/configuration/secret'

export const configurationRoutes = {
  'GET /api/v1/tenants/{tenant}/applications/{application}/configuration': {
    permission: 'tenant.read',
    summary: 'What counts in an environment, where each value comes from, what is wrong with it, and what runs instead',
    input: placeInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/applications/{application}/configuration/properties': {
    permission: 'tenant.read',
    summary: 'The properties that the release knows by its own Spring configuration metadata',
    input: placeInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/applications/{application}/configuration/matrix': {
    permission: 'tenant.read',
    summary: 'Every key of an application by environment',
    input: matrixInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/applications/{application}/configuration/diff': {
    permission: 'tenant.read',
    summary: 'Two configuration revisions key by key, also of two environments',
    input: diffInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/applications/{application}/config-revisions': {
    permission: 'tenant.read',
    summary: 'Configuration revisions of an application in an environment, newest first',
    input: placeInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/applications/{application}/config-revisions': {
    permission: 'overlay.edit',
    summary: 'Save the next revision; it runs once a promotion of kind config applied it',
    input: saveRevisionInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/applications/{application}/config-revisions/{number}': {
    permission: 'tenant.read',
    summary: 'One configuration revision',
    input: oneRevisionInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/applications/{application}/config-revisions/{number}/restorations': {
    permission: 'overlay.edit',
    summary: 'Make what an older revision was the newest one again',
    input: restoreInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/applications/{application}/config-defaults': {
    permission: 'tenant.read',
    summary: 'Default revisions of an application in all environments, newest first',
    input: applicationDefaultsInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/applications/{application}/config-defaults': {
    permission: 'overlay.edit',
    summary: 'Save the next defaults of an application; every environment that they change gets a revision',
    input: saveApplicationDefaultsInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/environments/{environment}/config-defaults': {
    permission: 'tenant.read',
    summary: 'Default revisions of an environment for all applications, newest first',
    input: environmentDefaultsInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/environments/{environment}/config-defaults': {
    permission: 'overlay.edit',
    summary: 'Save the next defaults of an environment; every application that they change gets a revision',
    input: saveEnvironmentDefaultsInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/applications/{application}/secrets': {
    permission: 'tenant.read',
    summary: 'Secrets of an application in an environment: age, who, whether they changed since; never a value',
    input: listSecretsInput,
    status: 200,
  },
  'PUT /api/v1/tenants/{tenant}/applications/{application}/secrets/{name}': {
    permission: 'secret.write',
    summary: 'Write the next version of a secret; nothing reads it back',
    input: setSecretInput,
    status: 200,
  },
  'DELETE /api/v1/tenants/{tenant}/applications/{application}/secrets/{name}': {
    permission: 'secret.write',
    summary: 'Take a secret away: nothing is started with it any more',
    input: unsetSecretInput,
    status: 200,
  },
} as const satisfies RouteTable
