import { appendEntry } from '#lib/audit/commands/append-entry'
import { configText, type LayerDocument } from '#lib/configuration/config-document'
import { compareEntries } from '#lib/configuration/entries'
import type { Place } from '#lib/configuration/queries/find-place'
import { loadDefaults } from '#lib/configuration/queries/current-revision'
import { nextRevision, type Revision } from '#lib/configuration/revision'
import { actorId, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'

/**
 * Writes what a place says from now on as its next revision, over the defaults as they are now, in the caller's transaction and
 * with its entry. Answers `current` where nothing would differ.
 */
export async function writeRevision(tx: Tx, ctx: TenantContext, place: Place, current: Revision, own: LayerDocument, note = ''): Promise<Revision> {
  const defaults = await loadDefaults(tx, { environmentId: place.environment.id, applicationId: place.application.id })
  const before = await ensureWritten(tx, ctx, place, current)
  const revision = nextRevision(before.number, own, defaults, note)
  // The same values from other layers are still another statement: what the place says itself would be lost.
  if (revision.hash === before.hash && (before.number === 0 || configText(own) === configText(before.own))) return before
  await insert(tx, ctx, place, before, revision)
  return revision
}

/** Writes the revision that the defaults make of a place, when it is not written yet: something is about to refer to it. */
export async function ensureWritten(tx: Tx, ctx: TenantContext, place: Place, current: Revision): Promise<Revision> {
  if (current.number !== 1) return current
  const { environment, application } = place
  const [standing] = await tx.$queryRaw<{ id: string }[]>`
    select id from config_revision where environment_id = ${environment.id} and application_id = ${application.id} and number = 1`
  if (!standing) await insert(tx, ctx, place, undefined, current)
  return current
}

async function insert(
  tx: Tx,
  ctx: TenantContext,
  { application, environment }: Place,
  before: Revision | undefined,
  revision: Revision,
): Promise<void> {
  await tx.configRevision.create({
    data: {
      id: newId(),
      tenantId: ctx.tenant.id,
      environmentId: environment.id,
      applicationId: application.id,
      number: revision.number,
      document: configText(revision.document),
      own: configText(revision.own),
      layers: JSON.stringify(revision.layers),
      note: revision.note,
      hash: revision.hash,
      createdBy: actorId(ctx.actor),
    },
  })
  const changes = compareEntries(before?.document, revision.document).filter(({ change }) => change !== 'same')
  await appendEntry(tx, ctx, {
    action: 'configuration.saved',
    subject: {
      kind: 'configuration',
      id: `${environment.slug}/${application.slug}`,
      name: `${application.slug} in ${environment.slug} r${revision.number}`,
    },
    before: before ? { revision: before.number, hash: before.hash, replicas: before.document.replicas } : { revision: 0 },
    after: {
      revision: revision.number,
      hash: revision.hash,
      replicas: revision.document.replicas,
      changedKeys: changes.map(({ key }) => key).sort(),
      ...(revision.note === '' ? {} : { note: revision.note }),
    },
  })
  await announce(tx, ctx.tenant.id, 'board', application.slug)
}
