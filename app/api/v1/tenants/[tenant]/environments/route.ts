import { created, door, ok } from '#app/api/door'
import { createEnvironment } from '#lib/tenants/commands/create-environment'
import { listEnvironments } from '#lib/tenants/queries/list-environments'

export const GET = door('GET /api/v1/tenants/{tenant}/environments', async (ctx) => ok(await listEnvironments(ctx)))

export const POST = door('POST /api/v1/tenants/{tenant}/environments', async (ctx, input) => created(await createEnvironment(ctx, input)))
