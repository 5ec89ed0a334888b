import { createHmac, timingSafeEqual } from 'node:crypto'
import { canonicalJson } from '#lib/platform/canonical-json'
import type { Tx } from '#lib/platform/database'
import { gather, type Gathering } from '#lib/platform/gathered'
import { Prisma } from '#lib/platform/generated/client'
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
  gather(tx, events, { id, tenantId, topic, payload, mac: eventMac({ id, tenantId, topic, payload }), targetId: targetId ?? null })
}

const events: Gathering<StoredEvent & { mac: string; targetId: string | null }> = {
  name: 'events',
  write: (rows) => Prisma.sql`
    insert into outbox_event (id, tenant_id, topic, payload, mac, target_id)
    select * from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map(({ tenantId }) => tenantId)}::text[], ${rows.map(({ topic }) => topic)}::text[],
      ${rows.map(({ payload }) => payload)}::text[], ${rows.map(({ mac }) => mac)}::text[], ${rows.map((row) => row.targetId)}::text[])
      as event (id, tenant_id, topic, payload, mac, target_id)
    where exists (select 1 from webhook_target t where t.tenant_id = event.tenant_id and t.removed_at is null)`,
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
