import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { notedOf, noteWebhook } from '#lib/notifications/internal/note-webhook'
import { findWebhook, presentWebhook } from '#lib/notifications/queries/list-webhooks'
import { mayPause, type updateWebhookInput, type WebhookView } from '#lib/notifications/webhook'
import { actorId, type TenantContext } from '#lib/platform/context'
import { isUniqueViolation } from '#lib/platform/database'
import { refuseUnsafeUrl } from '#lib/platform/egress'
import { demand, Refusal } from '#lib/platform/refusal'

/** Another name, address or choice of topics; the secret stays. What waits goes to the new address, which has not failed yet. */
export async function updateWebhook(ctx: TenantContext, { webhook, ...input }: z.output<typeof updateWebhookInput>): Promise<WebhookView> {
  authorize(ctx.actor, 'webhook.manage')
  if (input.url !== undefined) refuseUnsafeUrl(input.url)
  try {
    return await ctx.write(async (tx) => {
      const row = await findWebhook(tx, webhook)
      const isElsewhere = input.url !== undefined && input.url !== row.url
      const changed = await tx.webhookTarget.update({
        where: { id: row.id },
        data: {
          ...(input.name === undefined ? {} : { name: input.name }),
          ...(input.url === undefined ? {} : { url: input.url }),
          ...(input.topics === undefined ? {} : { topics: input.topics }),
          ...(isElsewhere ? { failingSince: null } : {}),
        },
      })
      await noteWebhook(tx, ctx, changed, 'webhook.updated', { before: notedOf(row), after: notedOf(changed) })
      return presentWebhook(tx, changed)
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'webhook_target_one_name')) throw error
    throw new Refusal('conflict', `There is a webhook ${input.name ?? ''} already.`, { fix: 'Choose another name.', cause: error })
  }
}

/** Nothing is sent and nothing new is kept for it until somebody switches it on again; what waits goes out then. */
export async function pauseWebhook(ctx: TenantContext, { webhook }: { webhook: string }): Promise<WebhookView> {
  authorize(ctx.actor, 'webhook.manage')
  return ctx.write(async (tx) => {
    const row = await findWebhook(tx, webhook)
    demand(mayPause(row))
    await tx.$executeRaw`
      update webhook_target set disabled_at = now(), disabled_reason = 'Somebody paused it.', paused_by = ${actorId(ctx.actor)} where id = ${row.id}`
    await noteWebhook(tx, ctx, row, 'webhook.paused')
    return presentWebhook(tx, await findWebhook(tx, row.id))
  })
}
