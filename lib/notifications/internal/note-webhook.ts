import { appendEntry } from '#lib/audit/commands/append-entry'
import { withoutPath } from '#lib/notifications/webhook'
import { sha256Hex } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { WebhookTarget } from '#lib/platform/generated/client'
import { announce } from '#lib/platform/live-event'

interface Change {
  before?: Record<string, unknown>
  after?: Record<string, unknown>
}

/** What an entry says of a webhook: who knows its whole address can often write to it, and entries are read by many. */
export function notedOf({ name, url, topics }: Pick<WebhookTarget, 'name' | 'url' | 'topics'>): Record<string, unknown> {
  return { name, url: withoutPath(url), urlDigest: `sha256:${sha256Hex(url)}`, topics }
}

/** The entry of an act on a webhook, and the news of it for open pages. */
export async function noteWebhook(tx: Tx, ctx: TenantContext, row: WebhookTarget, action: string, { before, after }: Change = {}): Promise<void> {
  await appendEntry(tx, ctx, { action, subject: { kind: 'webhook', id: row.id, name: row.name }, ...(before ? { before } : {}), after: after ?? {} })
  await announce(tx, ctx.tenant.id, 'settings', row.id)
}
