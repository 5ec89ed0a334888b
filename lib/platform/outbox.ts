import { createHmac, timingSafeEqual } from 'node:crypto'
import { canonicalJson } from '#lib/platform/canonical-json'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { secretKey } from '#lib/platform/keys'

export interface EventInput {
  tenantId: string
  topic: string
  /** ISO 8601. */
  at: string
  data: Record<string, unknown>
  /** Only to this target, whatever it listens to: a test. */
  targetId?: string
}

/**
 * Writes an event in the transaction of its change: it leaves after the commit or not at all. Nothing is written where the tenant has no
 * target. The MAC tells an event of ours from a row that somebody put into the table.
 */
export async function emit(tx: Tx, { tenantId, topic, at, data, targetId }: EventInput): Promise<void> {
  const id = newId()
  const payload = canonicalJson({ type: topic, timestamp: at, data })
  const mac = eventMac({ id, tenantId, topic, payload })
  await tx.$executeRaw`
    insert into outbox_event (id, tenant_id, topic, payload, mac, target_id)
    select ${id}, ${tenantId}, ${topic}, ${payload}, ${mac}, ${targetId ?? null}
    where exists (select 1 from webhook_target where tenant_id = ${tenantId} and removed_at is null)`
}

interface StoredEvent {
  id: string
  tenantId: string
  topic: string
  payload: string
}

function eventMac({ id, tenantId, topic, payload }: StoredEvent): string {
  return createHmac('sha256', secretKey('outbox')).update([id, tenantId, topic, payload].join('\n')).digest('hex')
}

/** Whether this installation wrote the event, as it is. */
export function isOurs(event: StoredEvent & { mac: string }): boolean {
  const expected = Buffer.from(eventMac(event), 'hex')
  const actual = Buffer.from(event.mac, 'hex')
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
