import type { z } from 'zod'
import { authorize, may } from '#lib/access/authorize'
import { eventTopics } from '#lib/audit/event-topics'
import {
  mayPause,
  mayReplay,
  mayResume,
  mayTest,
  withoutPath,
  type DeliveryView,
  type listDeliveriesInput,
  type WebhookView,
} from '#lib/notifications/webhook'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { WebhookTarget } from '#lib/platform/generated/client'
import { Refusal, type Verdict } from '#lib/platform/refusal'
import { peopleNames } from '#lib/releases/queries/people-names'

/** Where events of the tenant go, and which topics there are. */
export async function listWebhooks(ctx: TenantContext): Promise<{ items: WebhookView[]; topics: { topic: string; says: string }[] }> {
  authorize(ctx.actor, 'settings.read')
  const manage = may(ctx.actor, 'webhook.manage')
  return ctx.read(async (tx) => {
    const rows = await tx.webhookTarget.findMany({ where: { removedAt: null }, orderBy: { createdAt: 'asc' } })
    const items: WebhookView[] = []
    for (const row of rows) items.push(manage.allowed ? await presentWebhook(tx, row) : asRead(await presentWebhook(tx, row), manage))
    return { items, topics: Object.entries(eventTopics).map(([topic, says]) => ({ topic, says })) }
  })
}

/** What went to one target, newest first, with every attempt. */
export async function listDeliveries(
  ctx: TenantContext,
  { webhook, limit }: z.output<typeof listDeliveriesInput>,
): Promise<{ items: DeliveryView[] }> {
  authorize(ctx.actor, 'settings.read')
  const manage = may(ctx.actor, 'webhook.manage')
  return ctx.read(async (tx) => {
    const { id: targetId } = await findWebhook(tx, webhook)
    const rows = await tx.webhookDelivery.findMany({ where: { targetId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit })
    const events = await tx.outboxEvent.findMany({ where: { id: { in: rows.map(({ eventId }) => eventId) } } })
    const attempts = await tx.webhookAttempt.findMany({ where: { deliveryId: { in: rows.map(({ id }) => id) } }, orderBy: { number: 'asc' } })
    const items = rows.map((row): DeliveryView => {
      const event = events.find(({ id }) => id === row.eventId)
      return {
        id: row.id,
        eventId: row.eventId,
        topic: event?.topic ?? '',
        state: row.state as DeliveryView['state'],
        attempts: row.attempts,
        createdAt: row.createdAt.toISOString(),
        nextAt: row.state === 'pending' ? row.nextAt.toISOString() : null,
        settledAt: row.settledAt?.toISOString() ?? null,
        replayOf: row.replayOf,
        payload: event?.payload ?? '',
        log: attempts
          .filter(({ deliveryId }) => deliveryId === row.id)
          .map(({ number, at, tookMs, status, body, error }) => ({ number, at: at.toISOString(), tookMs, status, body, error })),
        mayReplay: manage.allowed ? mayReplay(row) : manage,
      }
    })
    return { items }
  })
}

/** As somebody sees it who only reads: without the part of the address that may be a password. */
function asRead(view: WebhookView, manage: Verdict): WebhookView {
  return { ...view, url: withoutPath(view.url), may: { test: manage, resume: manage, pause: manage } }
}

/** A webhook by id or name. Unknown, foreign and removed are the same `not_found`. */
export async function findWebhook(tx: Tx, webhook: string): Promise<WebhookTarget> {
  const row = await tx.webhookTarget.findFirst({ where: { removedAt: null, OR: [{ id: webhook }, { name: webhook }] } })
  if (!row) throw new Refusal('not_found', `There is no webhook ${webhook} here.`, { fix: 'List the webhooks of the tenant.' })
  return row
}

export async function presentWebhook(tx: Tx, row: WebhookTarget): Promise<WebhookView> {
  const groups = await tx.webhookDelivery.groupBy({ by: ['state'], where: { targetId: row.id }, _count: true })
  const count = (state: string) => groups.find((group) => group.state === state)?._count ?? 0
  const names = await peopleNames(tx, [row.createdBy, row.pausedBy])
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    topics: row.topics,
    createdAt: row.createdAt.toISOString(),
    createdBy: names.get(row.createdBy) ?? row.createdBy,
    state: row.disabledAt ? (row.pausedBy === '' ? 'disabled' : 'paused') : row.failingSince ? 'failing' : 'active',
    failingSince: row.failingSince?.toISOString() ?? null,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    disabledReason: row.pausedBy === '' ? row.disabledReason : `Paused by ${names.get(row.pausedBy) ?? row.pausedBy}.`,
    previousUntil: row.previousUntil && row.previousUntil > new Date() ? row.previousUntil.toISOString() : null,
    counts: { pending: count('pending'), delivered: count('delivered'), dead: count('dead') },
    may: { test: mayTest(row), resume: mayResume(row), pause: mayPause(row) },
  }
}
