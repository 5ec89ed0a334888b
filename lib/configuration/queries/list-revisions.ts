import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { configHash, defaultConfig, type listRevisionsInput, type oneRevisionInput, type RevisionView } from '#lib/configuration/config-document'
import { readRevision } from '#lib/configuration/queries/current-revision'
import { findPlace } from '#lib/configuration/queries/find-place'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'

const defaults: RevisionView = { number: 0, hash: configHash(defaultConfig), document: defaultConfig, createdAt: null, createdBy: null }

/** The newest 100 revisions of an overlay, newest first; revision 0 (the defaults) closes the list. */
export async function listRevisions(ctx: TenantContext, input: z.output<typeof listRevisionsInput>): Promise<RevisionView[]> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const { application, environment } = await findPlace(tx, input)
    return [...(await views(tx, { applicationId: application.id, environmentId: environment.id })), defaults]
  })
}

/** One revision. `not_found` names the newest one's absence in words. */
export async function getRevision(ctx: TenantContext, input: z.output<typeof oneRevisionInput>): Promise<RevisionView> {
  authorize(ctx.actor, 'tenant.read')
  if (input.number === 0) return defaults
  return ctx.read(async (tx) => {
    const { application, environment } = await findPlace(tx, input)
    const view = await presentRevision(tx, application.id, environment.id, input.number)
    if (!view) throw new Refusal('not_found', `${input.application} has no configuration r${input.number} in ${input.environment}.`)
    return view
  })
}

/** The same inside a transaction; undefined where there is none. */
export async function presentRevision(tx: Tx, applicationId: string, environmentId: string, number: number): Promise<RevisionView | undefined> {
  return number === 0 ? defaults : (await views(tx, { applicationId, environmentId, number }))[0]
}

async function views(tx: Tx, where: { applicationId: string; environmentId: string; number?: number }): Promise<RevisionView[]> {
  const rows = await tx.configRevision.findMany({ where, orderBy: { number: 'desc' }, take: 100 })
  const people = await tx.user.findMany({ where: { id: { in: rows.map(({ createdBy }) => createdBy) } }, select: { id: true, name: true } })
  return rows.map((row) => ({
    ...readRevision(row),
    createdAt: row.createdAt.toISOString(),
    createdBy: { id: row.createdBy, name: people.find(({ id }) => id === row.createdBy)?.name ?? row.createdBy },
  }))
}
