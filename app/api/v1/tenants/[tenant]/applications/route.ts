import { created, door, ok } from '#app/api/door'
import { createApplication } from '#lib/tenants/commands/create-application'
import { listApplications } from '#lib/tenants/queries/list-applications'

export const GET = door('GET /api/v1/tenants/{tenant}/applications', async (ctx) => ok(await listApplications(ctx)))

export const POST = door('POST /api/v1/tenants/{tenant}/applications', async (ctx, input) => created(await createApplication(ctx, input)))
