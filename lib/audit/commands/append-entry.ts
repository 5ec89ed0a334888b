import { createHmac } from 'node:crypto'
import { canonicalJson, sha256Hex } from '#lib/platform/canonical-json'
import { actorId, type Context } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { secretKey } from '#lib/platform/keys'

export const platformLog = 'platform'

export interface EntryInput {
  /** noun.past-participle: `promotion.approved`. A denied one has the verb that was refused. */
  action: string
  subject: { kind: string; id: string; name?: string }
  outcome?: 'done' | 'denied' | 'failed'
  /** Field names and values that are no secret. */
  before?: Record<string, unknown>
  after?: Record<string, unknown>
  reason?: string
}

/** Appends one entry to the log of the context's tenant (the platform's without one), in the transaction of the change. */
export async function appendEntry(tx: Tx, ctx: Context, input: EntryInput): Promise<void> {
  const logId = ctx.tenant?.id ?? platformLog
  const keyId = '1'
  const entry = {
    id: newId(),
    log: logId,
    at: ctx.now().toISOString(),
    actor: { kind: ctx.actor.kind, id: actorId(ctx.actor), name: 'email' in ctx.actor ? ctx.actor.email : 'name' in ctx.actor ? ctx.actor.name : '' },
    action: input.action,
    subject: input.subject,
    outcome: input.outcome ?? 'done',
    requestId: ctx.requestId,
    before: input.before ?? {},
    after: input.after ?? {},
    reason: input.reason ?? '',
  }
  const content = canonicalJson(entry)
  const hash = sha256Hex(content)
  const hmac = createHmac('sha256', secretKey(`audit/${logId}.${keyId}`)).update(hash).digest('hex')
  await tx.auditEntry.create({
    data: {
      id: entry.id, log: logId, content, hash, keyId, hmac, at: new Date(entry.at), actor: entry.actor.id,
      action: entry.action, subject: `${input.subject.kind}:${input.subject.id}`, outcome: entry.outcome, requestId: ctx.requestId,
    },
    select: { id: true },
  })
}
