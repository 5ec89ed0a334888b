import { appendEntry } from '#lib/audit/commands/append-entry'
import { composeKit, type Added } from '#lib/kits/internal/compose'
import type { KitDocument } from '#lib/kits/document'
import { canonicalJson, digestOfJson } from '#lib/platform/canonical-json'
import { actorId, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { announce } from '#lib/platform/live-event'

interface NewRevision {
  kitId: string
  place: { application: string; environment: string; release: string }
  added: Added
  /** The newest revision and its document; null for the first. */
  before: { number: number; document: KitDocument } | null
  reason: string
}

/** Writes the next revision of a kit as everything is now, in the caller's transaction; older ones stay as they are. */
export async function writeKitRevision(tx: Tx, ctx: TenantContext, { kitId, place, added, before, reason }: NewRevision): Promise<number> {
  const number = (before?.number ?? 0) + 1
  const { document, subject } = await composeKit(tx, ctx, place, added, number, before?.document ?? null)
  const digest = digestOfJson(document)
  await tx.kitRevision.create({
    data: {
      kitId,
      tenantId: ctx.tenant.id,
      number,
      releaseId: subject.release.id,
      document: canonicalJson(document),
      digest,
      reason,
      createdBy: actorId(ctx.actor),
    },
    select: { number: true },
  })
  await appendEntry(tx, ctx, {
    action: number === 1 ? 'kit.created' : 'kit.revised',
    subject: { kind: 'kit', id: kitId, name: `${place.application} in ${place.environment}` },
    after: {
      revision: number,
      release: document.release.name,
      digests: document.release.components.map((component) => component.digest),
      configRevision: document.configuration.revision,
      digest,
    },
    reason,
  })
  await announce(tx, ctx.tenant.id, 'release', kitId)
  return number
}
