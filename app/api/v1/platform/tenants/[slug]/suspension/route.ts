import { door, noContent } from '#app/api/door'
import { suspendTenant, resumeTenant } from '#lib/tenants/commands/suspend-tenant'

export const PUT = door('PUT /api/v1/platform/tenants/{slug}/suspension', async (ctx, input) => {
  await suspendTenant(ctx, input)
  return noContent()
})

export const DELETE = door('DELETE /api/v1/platform/tenants/{slug}/suspension', async (ctx, input) => {
  await resumeTenant(ctx, input)
  return noContent()
})
