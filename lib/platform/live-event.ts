import type { Tx } from '#lib/platform/database'

export type LiveTopic = 'board' | 'promotion' | 'rollout' | 'replica' | 'release' | 'audit' | 'settings'

/** Tells open pages that something changed, once the transaction commits. They ask again; nothing is decided from it. */
export async function announce(tx: Tx, tenantId: string, topic: LiveTopic, subject: string): Promise<void> {
  await tx.liveEvent.create({ data: { tenantId, topic, subject }, select: { id: true } })
}
