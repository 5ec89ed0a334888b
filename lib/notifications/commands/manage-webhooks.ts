import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { notedOf, noteWebhook } from '#lib/notifications/internal/note-webhook'
import { signingSecret } from '#lib/notifications/internal/signing'
import {
  mayReplay,
  mayResume,
  mayTest,
  overlapMs,
  type createWebhookInput,
  type WebhookView,
  type WebhookWithSecret,
} from '#lib/notifications/webhook'
import { findWebhook, presentWebhook } from '#lib/notifications/queries/list-webhooks'
import { actorId, type TenantContext } from '#lib/platform/context'
import { isUniqueViolation } from '#lib/platform/database'
import { refuseUnsafeUrl } from '#lib/platform/egress'
import { newId } from '#lib/platform/id'
import { emit } from '#lib/platform/outbox'
import { demand, Refusal } from '#lib/platform/refusal'

/** A target for events. The answer has its secret, this once. */
export async function createWebhook(ctx: TenantContext, input: z.output<typeof createWebhookInput>): Promise<WebhookWithSecret> {
  authorize(ctx.actor, 'webhook.manage')
  refuseUnsafeUrl(input.url)
  try {
    return await ctx.write(async (tx) => {
      const id = newId()
      const row = await tx.webhookTarget.create({ data: { id, tenantId: ctx.tenant.id, ...input, createdBy: actorId(ctx.actor) } })
      await noteWebhook(tx, ctx, row, 'webhook.created', { after: notedOf(row) })
      return { ...(await presentWebhook(tx, row)), secret: signingSecret(id, row.secretVersion) }
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'webhook_target_one_name')) throw error
    throw new Refusal('conflict', `There is a webhook ${input.name} already.`, { fix: 'Choose another name.', cause: error })
  }
}

/** What waits for it is not sent any more; its log of deliveries stays. */
export async function removeWebhook(ctx: TenantContext, { webhook }: { webhook: string }): Promise<void> {
  authorize(ctx.actor, 'webhook.manage')
  await ctx.write(async (tx) => {
    const row = await findWebhook(tx, webhook)
    await tx.$executeRaw`update webhook_target set removed_at = now() where id = ${row.id}`
    await noteWebhook(tx, ctx, row, 'webhook.removed')
  })
}

/** A new secret; the one before signs too for a day, so that the listener can change in its own time. */
export async function rotateWebhook(ctx: TenantContext, { webhook }: { webhook: string }): Promise<WebhookWithSecret> {
  authorize(ctx.actor, 'webhook.manage')
  return ctx.write(async (tx) => {
    const { id } = await findWebhook(tx, webhook)
    await tx.$executeRaw`
      update webhook_target set secret_version = secret_version + 1, previous_until = now() + ${overlapMs} * interval '1 millisecond' where id = ${id}`
    const row = await findWebhook(tx, webhook)
    await noteWebhook(tx, ctx, row, 'webhook.secret_rotated', { after: { version: row.secretVersion } })
    return { ...(await presentWebhook(tx, row)), secret: signingSecret(id, row.secretVersion) }
  })
}

/** Switches on again what somebody paused, or what was switched off after it failed for too long; what waited goes out. */
export async function resumeWebhook(ctx: TenantContext, { webhook }: { webhook: string }): Promise<WebhookView> {
  authorize(ctx.actor, 'webhook.manage')
  return ctx.write(async (tx) => {
    const row = await findWebhook(tx, webhook)
    demand(mayResume(row))
    await tx.$executeRaw`update webhook_target set disabled_at = null, disabled_reason = '', paused_by = '', failing_since = null where id = ${row.id}`
    await noteWebhook(tx, ctx, row, 'webhook.resumed')
    return presentWebhook(tx, await findWebhook(tx, webhook))
  })
}

/** A delivery that says nothing but that it is a test, to this target alone. */
export async function testWebhook(ctx: TenantContext, { webhook }: { webhook: string }): Promise<void> {
  authorize(ctx.actor, 'webhook.manage')
  await ctx.write(async (tx) => {
    const row = await findWebhook(tx, webhook)
    demand(mayTest(row))
    const data = { tenant: ctx.tenant.slug, webhook: row.name }
    await emit(tx, { tenantId: ctx.tenant.id, topic: 'webhook.tested', at: ctx.now().toISOString(), data, targetId: row.id })
    await noteWebhook(tx, ctx, row, 'webhook.test_requested')
  })
}

/** Sends what was sent before once more, with the same id: whoever listens knows it again. */
export async function replayDelivery(ctx: TenantContext, { webhook, delivery }: { webhook: string; delivery: string }): Promise<void> {
  authorize(ctx.actor, 'webhook.manage')
  await ctx.write(async (tx) => {
    const target = await findWebhook(tx, webhook)
    demand(mayTest(target))
    const row = await tx.webhookDelivery.findFirst({ where: { id: delivery, targetId: target.id } })
    if (!row) throw new Refusal('not_found', `There is no delivery ${delivery} of this webhook.`, { fix: 'List its deliveries.' })
    demand(mayReplay(row))
    const { eventId, targetId, tenantId } = row
    await tx.webhookDelivery.create({ data: { id: newId(), tenantId, eventId, targetId, replayOf: row.id, replayedBy: actorId(ctx.actor) } })
    await noteWebhook(tx, ctx, target, 'webhook.delivery_replayed', { after: { delivery: row.id } })
  })
}
