import { door, ok } from '#app/api/door'
import { editEnvironment } from '#lib/tenants/commands/edit-environment'
import { getEnvironment } from '#lib/tenants/queries/list-environments'

export const GET = door('GET /api/v1/tenants/{tenant}/environments/{environment}', async (ctx, input) => ok(await getEnvironment(ctx, input)))

export const PATCH = door('PATCH /api/v1/tenants/{tenant}/environments/{environment}', async (ctx, input) => ok(await editEnvironment(ctx, input)))
