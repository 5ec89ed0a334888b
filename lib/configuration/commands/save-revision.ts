import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import {
  configDocumentSchema,
  configHash,
  configText,
  type ConfigDocument,
  type RevisionView,
  type SaveRevisionInput,
} from '#lib/configuration/config-document'
import { currentRevision, type Revision } from '#lib/configuration/queries/current-revision'
import { presentRevision } from '#lib/configuration/queries/list-revisions'
import { findPlace, type Place } from '#lib/configuration/queries/find-place'
import { actorId, type TenantContext } from '#lib/platform/context'
import { isUniqueViolation, type Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'

/**
 * Saves the next revision of an overlay. Nothing runs with it before it is applied by a promotion. Refuses (`conflict`)
 * when somebody saved one since the editor's; a document that equals the newest one changes nothing and is answered as it is.
 */
export async function saveRevision(ctx: TenantContext, input: SaveRevisionInput): Promise<RevisionView> {
  const document = configDocumentSchema.parse(input.document)
  try {
    return await ctx.write(async (tx) => {
      const place = await findPlace(tx, input)
      authorize(ctx.actor, 'overlay.edit', { environment: place.environment })
      const current = await currentRevision(tx, place.environment.id, place.application.id)
      if (current.number !== input.expected) throw lost(place, current.number, input.expected)
      const { number } = current.hash === configHash(document) ? current : await writeRevision(tx, ctx, place, current, document)
      const view = await presentRevision(tx, place.application.id, place.environment.id, number)
      if (!view) throw new TypeError('a revision that was just written has no view')
      return view
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'number')) throw error
    throw new Refusal(
      'conflict',
      `Somebody saved configuration r${input.expected + 1} of ${input.application} in ${input.environment} a moment ago.`,
      {
        fix: 'Open the newest revision, look at what changed, and save again.',
      },
    )
  }
}

/** Writes revision `current.number + 1` in the caller's transaction, with its entry. */
export async function writeRevision(tx: Tx, ctx: TenantContext, place: Place, current: Revision, document: ConfigDocument): Promise<Revision> {
  const revision = { number: current.number + 1, hash: configHash(document), document }
  const { application, environment } = place
  await tx.configRevision.create({
    data: {
      id: newId(),
      tenantId: ctx.tenant.id,
      environmentId: environment.id,
      applicationId: application.id,
      number: revision.number,
      document: configText(document),
      hash: revision.hash,
      createdBy: actorId(ctx.actor),
    },
  })
  const keys = new Set([...Object.keys(current.document.variables), ...Object.keys(document.variables)])
  await appendEntry(tx, ctx, {
    action: 'configuration.saved',
    subject: {
      kind: 'configuration',
      id: `${environment.slug}/${application.slug}`,
      name: `${application.slug} in ${environment.slug} r${revision.number}`,
    },
    before: { revision: current.number, hash: current.hash, replicas: current.document.replicas },
    after: {
      revision: revision.number,
      hash: revision.hash,
      replicas: document.replicas,
      changedKeys: [...keys].filter((key) => current.document.variables[key] !== document.variables[key]).sort(),
    },
  })
  await announce(tx, ctx.tenant.id, 'board', application.slug)
  return revision
}

function lost(place: Place, newest: number, expected: number): Refusal {
  return new Refusal(
    'conflict',
    `${place.application.slug} in ${place.environment.slug} has configuration r${newest}; this was made from r${expected}.`,
    { fix: 'Open the newest revision, look at what changed, and save again.', details: { newest } },
  )
}
