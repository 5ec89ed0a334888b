// Defaults are layers of their own. Every place whose effective configuration they change gets a revision that says so, so that
// each place is still one list of immutable numbered states and nothing changes behind it.
import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { ensureWritten, writeRevision } from '#lib/configuration/commands/write-revision'
import { configHash, configText, emptyLayer, type LayerDocument } from '#lib/configuration/config-document'
import { currentRevision, loadAllDefaults } from '#lib/configuration/queries/current-revision'
import type { Place } from '#lib/configuration/queries/find-place'
import { presentDefaults } from '#lib/configuration/queries/list-defaults'
import { entriesOf } from '#lib/configuration/entries'
import type { DefaultRevisionView, Revision } from '#lib/configuration/revision'
import { actorId, type TenantContext } from '#lib/platform/context'
import { isUniqueViolation, type Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'
import { findApplication } from '#lib/tenants/queries/find-application'
import { findEnvironment } from '#lib/tenants/queries/find-environment'

interface Saved {
  expected: number
  document: LayerDocument
}

interface Scope {
  layer: 'application' | 'environment'
  id: string
  slug: string
}

/** The defaults of an application in all environments; whoever saves them may edit each of those overlays. */
export async function saveApplicationDefaults(ctx: TenantContext, input: Saved & { application: string }): Promise<DefaultRevisionView> {
  return save(ctx, input, async (tx) => {
    const application = await findApplication(tx, input.application)
    const environments = await tx.environment.findMany({ orderBy: { rank: 'asc' } })
    return { scope: { layer: 'application', ...application }, places: environments.map((environment) => ({ application, environment })) }
  })
}

/** The defaults of an environment for all applications. */
export async function saveEnvironmentDefaults(ctx: TenantContext, input: Saved & { environment: string }): Promise<DefaultRevisionView> {
  return save(ctx, input, async (tx) => {
    const environment = await findEnvironment(tx, input.environment)
    const applications = await tx.application.findMany({ orderBy: { slug: 'asc' } })
    return { scope: { layer: 'environment', ...environment }, places: applications.map((application) => ({ application, environment })) }
  })
}

async function save(ctx: TenantContext, input: Saved, find: (tx: Tx) => Promise<{ scope: Scope; places: Place[] }>): Promise<DefaultRevisionView> {
  try {
    return await ctx.write(async (tx) => {
      const { scope, places } = await find(tx)
      authorize(ctx.actor, 'overlay.edit')
      for (const { environment } of places) authorize(ctx.actor, 'overlay.edit', { environment })
      const standing = (await loadAllDefaults(tx, [scope.id])).get(scope.id)
      const before = standing ?? { number: 0, document: emptyLayer }
      if (before.number !== input.expected) throw lost(scope, before.number, input.expected)
      if (configText(before.document) === configText(input.document)) return presentDefaults(tx, scope, before.number)
      await write(tx, ctx, scope, before, input.document, places)
      return presentDefaults(tx, scope, before.number + 1)
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'number')) throw error
    throw new Refusal('conflict', 'Somebody saved these defaults, or one of the overlays over them, a moment ago.', {
      fix: 'Open the newest revision, look at what changed, and save again.',
      cause: error,
    })
  }
}

async function write(
  tx: Tx,
  ctx: TenantContext,
  scope: Scope,
  before: { number: number; document: LayerDocument },
  document: LayerDocument,
  places: Place[],
): Promise<void> {
  // What the defaults of before made of a place is a revision of it, also when nothing referred to it yet.
  const revisions: { place: Place; current: Revision }[] = []
  for (const place of places) {
    const current = await currentRevision(tx, place.environment.id, place.application.id)
    revisions.push({ place, current: await ensureWritten(tx, ctx, place, current) })
  }
  const number = before.number + 1
  await tx.configDefault.create({
    data: {
      id: newId(),
      tenantId: ctx.tenant.id,
      layer: scope.layer,
      scopeId: scope.id,
      number,
      document: configText(document),
      hash: configHash(document),
      createdBy: actorId(ctx.actor),
    },
  })
  const changed: string[] = []
  for (const { place, current } of revisions) {
    const next = await writeRevision(tx, ctx, place, current, current.own, `defaults of the ${scope.layer} r${number}`)
    if (next.number !== current.number) changed.push(`${place.application.slug} in ${place.environment.slug} r${next.number}`)
  }
  await appendEntry(tx, ctx, {
    action: 'configuration.defaults_saved',
    subject: { kind: 'configuration', id: `${scope.layer}/${scope.slug}`, name: `defaults of the ${scope.layer} ${scope.slug} r${number}` },
    before: { revision: before.number, hash: configHash(before.document) },
    after: { revision: number, hash: configHash(document), keys: entriesOf(document).map(({ key }) => key), changed },
  })
  await announce(tx, ctx.tenant.id, 'board', scope.slug)
}

function lost({ layer, slug }: Scope, newest: number, expected: number): Refusal {
  return new Refusal('conflict', `The defaults of the ${layer} ${slug} are r${newest}; this was made from r${expected}.`, {
    fix: 'Open the newest revision, look at what changed, and save again.',
    details: { newest },
  })
}
