import { door, ok } from '#app/api/door'
import { writeComponentSpec } from '#lib/tenants/commands/write-component-spec'
import { getComponentSpec } from '#lib/tenants/queries/list-applications'

export const GET = door('GET /api/v1/tenants/{tenant}/applications/{application}/components/{component}/spec', async (ctx, input) =>
  ok(await getComponentSpec(ctx, input)),
)

export const PUT = door('PUT /api/v1/tenants/{tenant}/applications/{application}/components/{component}/spec', async (ctx, input) =>
  ok(await writeComponentSpec(ctx, input)),
)
