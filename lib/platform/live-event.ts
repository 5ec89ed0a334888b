import type { Tx } from '#lib/platform/database'
import { gather, type Gathering } from '#lib/platform/gathered'
import { Prisma } from '#lib/platform/generated/client'

export type LiveTopic = 'board' | 'promotion' | 'rollout' | 'replica' | 'release' | 'audit' | 'settings'

interface LiveEvent {
  tenantId: string
  topic: LiveTopic
  subject: string
}

const liveEvents: Gathering<LiveEvent> = {
  name: 'live_events',
  // What is said twice is heard once.
  write: (rows) => Prisma.sql`
    insert into live_event (tenant_id, topic, subject)
    select distinct * from unnest(${rows.map(({ tenantId }) => tenantId)}::text[], ${rows.map(({ topic }) => topic)}::text[], ${rows.map(({ subject }) => subject)}::text[])`,
}

/** Tells open pages that something changed, once the transaction commits. They ask again; nothing is decided from it. */
export async function announce(tx: Tx, tenantId: string, topic: LiveTopic, subject: string): Promise<void> {
  gather(tx, liveEvents, { tenantId, topic, subject })
}
