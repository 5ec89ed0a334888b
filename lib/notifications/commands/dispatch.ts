// The dispatcher: events become deliveries, deliveries are tried until they are taken or dead. Any number of workers at once: rows are
// claimed with a lease, by the database's clock.
import { appendEntry } from '#lib/audit/commands/append-entry'
import { signedHeaders } from '#lib/notifications/internal/signing'
import { disableAfterMs, mostAttempts, waitAfter } from '#lib/notifications/webhook'
import { createContext, systemActor, type TenantContext } from '#lib/platform/context'
import { database, inTransaction, type Tx } from '#lib/platform/database'
import { post, type EgressAnswer } from '#lib/platform/egress'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { isOurs } from '#lib/platform/outbox'

const eventsAtOnce = 100
const deliveriesAtOnce = 10
const leaseSeconds = 60
const timeoutMs = 10_000

export interface DispatchOptions {
  workerId: string
  send?: typeof post
  chance?: () => number
}

/** One turn: what waits now. Tells how much it did, so that a busy worker goes on at once. */
export async function dispatch(options: DispatchOptions): Promise<number> {
  const taken = await takeEvents()
  const claimed = await claimDeliveries(options.workerId)
  await Promise.all(claimed.map((delivery) => attempt(delivery, options)))
  return taken + claimed.length
}

const asPlatform = <T>(work: (tx: Tx) => Promise<T>) => inTransaction(database(), { role: 'caisson_platform' }, work)

interface EventRow {
  id: string
  tenantId: string
  topic: string
  payload: string
  mac: string
  targetId: string | null
}

/** A delivery for each target that listens; an event that this installation did not write goes nowhere and raises an alarm. */
async function takeEvents(): Promise<number> {
  const forged: EventRow[] = []
  const count = await asPlatform(async (tx) => {
    const events = await tx.$queryRaw<EventRow[]>`
      select id, tenant_id as "tenantId", topic, payload, mac, target_id as "targetId" from outbox_event
      where taken_at is null order by created_at limit ${eventsAtOnce} for update skip locked`
    for (const event of events) {
      const isGenuine = isOurs(event)
      if (!isGenuine) forged.push(event)
      await tx.$executeRaw`update outbox_event set taken_at = now(), rejected = ${isGenuine ? '' : 'not written by this installation'} where id = ${event.id}`
      if (!isGenuine) continue
      const targets = await tx.$queryRaw<{ id: string }[]>`
        select id from webhook_target where tenant_id = ${event.tenantId} and removed_at is null and disabled_at is null
          and (case when ${event.targetId}::text is null then cardinality(topics) = 0 or ${event.topic} = any(topics) else id = ${event.targetId} end)`
      for (const { id: targetId } of targets) {
        await tx.$executeRaw`
          insert into webhook_delivery (id, tenant_id, event_id, target_id) values (${newId()}, ${event.tenantId}, ${event.id}, ${targetId})
          on conflict (event_id, target_id) where replay_of is null do nothing`
      }
    }
    return events.length
  })
  for (const event of forged) {
    await inTenant(event.tenantId, (tx, ctx) =>
      appendEntry(tx, ctx, {
        action: 'event.rejected',
        subject: { kind: 'event', id: event.id, name: event.topic },
        outcome: 'failed',
        reason: 'This event was not written by this installation: somebody put it into the table.',
      }),
    )
  }
  return count
}

interface Claimed {
  id: string
  tenantId: string
  eventId: string
  targetId: string
  attempts: number
}

async function claimDeliveries(workerId: string): Promise<Claimed[]> {
  return asPlatform(
    (tx) => tx.$queryRaw<Claimed[]>`
      update webhook_delivery set lease_until = now() + ${leaseSeconds} * interval '1 second', lease_owner = ${workerId}, attempts = attempts + 1
      where id in (
        select d.id from webhook_delivery d join webhook_target t on t.id = d.target_id
        where d.state = 'pending' and d.next_at <= now()
          and (d.lease_until is null or d.lease_until not between now() and now() + 2 * ${leaseSeconds} * interval '1 second')
          and t.removed_at is null and t.disabled_at is null
        order by d.next_at limit ${deliveriesAtOnce} for update of d skip locked)
      returning id, tenant_id as "tenantId", event_id as "eventId", target_id as "targetId", attempts`,
  )
}

interface Outcome {
  tookMs: number
  answer: EgressAnswer | undefined
  error: string
}

async function attempt(delivery: Claimed, { workerId, send = post, chance = Math.random }: DispatchOptions): Promise<void> {
  const { event, target } = await asPlatform(async (tx) => ({
    event: await tx.outboxEvent.findUniqueOrThrow({ where: { id: delivery.eventId } }),
    target: await tx.webhookTarget.findUniqueOrThrow({ where: { id: delivery.targetId } }),
  }))
  const startedAt = performance.now()
  const outcome: Outcome = await send(target.url, signedHeaders(target, event.id, event.payload, new Date()), event.payload, timeoutMs).then(
    (answer) => ({ answer, error: '', tookMs: Math.round(performance.now() - startedAt) }),
    (error: Error) => ({ answer: undefined, error: error.message.slice(0, 500), tookMs: Math.round(performance.now() - startedAt) }),
  )
  await inTenant(delivery.tenantId, (tx, ctx) => settle(tx, ctx, delivery, workerId, outcome, chance()))
}

/** Keeps what came of an attempt. One whose lease was lost keeps nothing: another worker has it. */
async function settle(
  tx: Tx,
  ctx: TenantContext,
  delivery: Claimed,
  workerId: string,
  { answer, error, tookMs }: Outcome,
  chance: number,
): Promise<void> {
  const isTaken = answer !== undefined && answer.status >= 200 && answer.status < 300
  const isDead = !isTaken && delivery.attempts >= mostAttempts
  const state = isTaken ? 'delivered' : isDead ? 'dead' : 'pending'
  const waitMs = waitAfter(delivery.attempts, chance)
  const kept = await tx.$executeRaw`
    update webhook_delivery set state = ${state}, lease_until = null, lease_owner = null,
      settled_at = case when ${state} = 'pending' then null else now() end, next_at = now() + ${waitMs} * interval '1 millisecond'
    where id = ${delivery.id} and lease_owner = ${workerId} and attempts = ${delivery.attempts}`
  if (kept === 0) return
  await tx.webhookAttempt.create({
    data: {
      deliveryId: delivery.id,
      number: delivery.attempts,
      tenantId: delivery.tenantId,
      tookMs,
      status: answer?.status ?? null,
      body: answer?.body ?? '',
      error,
    },
  })
  await judgeTarget(tx, ctx, delivery.targetId, isTaken)
  if (isDead) {
    await appendEntry(tx, ctx, {
      action: 'webhook.delivery_died',
      subject: { kind: 'delivery', id: delivery.id },
      outcome: 'failed',
      after: { webhook: delivery.targetId, attempts: delivery.attempts, status: answer?.status ?? null },
      reason: error,
    })
  }
  await announce(tx, delivery.tenantId, 'settings', delivery.targetId)
}

/** A target that took nothing for three days is switched off, and everybody who looks at it sees why. */
async function judgeTarget(tx: Tx, ctx: TenantContext, targetId: string, isTaken: boolean): Promise<void> {
  if (isTaken) return void (await tx.$executeRaw`update webhook_target set failing_since = null where id = ${targetId} and failing_since is not null`)
  await tx.$executeRaw`update webhook_target set failing_since = coalesce(failing_since, now()) where id = ${targetId}`
  const reason = 'It took no delivery for three days.'
  const disabled = await tx.$executeRaw`
    update webhook_target set disabled_at = now(), disabled_reason = ${reason}
    where id = ${targetId} and disabled_at is null and failing_since < now() - ${disableAfterMs} * interval '1 millisecond'`
  if (disabled > 0) await appendEntry(tx, ctx, { action: 'webhook.disabled', subject: { kind: 'webhook', id: targetId }, outcome: 'failed', reason })
}

async function inTenant(tenantId: string, work: (tx: Tx, ctx: TenantContext) => Promise<void>): Promise<void> {
  const tenant = await asPlatform((tx) => tx.tenant.findUniqueOrThrow({ where: { id: tenantId } }))
  const ctx = createContext({
    actor: systemActor('webhooks'),
    tenant: { id: tenant.id, slug: tenant.slug, tier: tenant.tier, isSuspended: tenant.suspendedAt !== null },
  })
  await ctx.write((tx) => work(tx, ctx))
}
