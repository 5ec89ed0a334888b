import { authorize } from '#lib/access/authorize'
import { configHash, emptyLayer, layerDocumentSchema } from '#lib/configuration/config-document'
import type { DefaultRevisionView } from '#lib/configuration/revision'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { findApplication } from '#lib/tenants/queries/find-application'
import { findEnvironment } from '#lib/tenants/queries/find-environment'

const nothing: DefaultRevisionView = { number: 0, hash: configHash(emptyLayer), document: emptyLayer, createdAt: null, createdBy: null }

/** The newest 100 default revisions of an application, or of an environment, newest first; r0 (nothing) closes the list. */
export async function listDefaults(ctx: TenantContext, input: { application: string } | { environment: string }): Promise<DefaultRevisionView[]> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const { id } = 'application' in input ? await findApplication(tx, input.application) : await findEnvironment(tx, input.environment)
    return [...(await views(tx, { scopeId: id })), nothing]
  })
}

/** One of them inside a transaction; the newest without a number. */
export async function presentDefaults(tx: Tx, scope: { id: string }, number?: number): Promise<DefaultRevisionView> {
  const [view] = await views(tx, { scopeId: scope.id, ...(number === undefined ? {} : { number }) })
  return view ?? nothing
}

async function views(tx: Tx, where: { scopeId: string; number?: number }): Promise<DefaultRevisionView[]> {
  const rows = await tx.configDefault.findMany({ where, orderBy: { number: 'desc' }, take: 100 })
  const people = await tx.user.findMany({ where: { id: { in: rows.map(({ createdBy }) => createdBy) } }, select: { id: true, name: true } })
  return rows.map(({ number, hash, document, createdAt, createdBy }) => ({
    number,
    hash,
    document: layerDocumentSchema.parse(JSON.parse(document)),
    createdAt: createdAt.toISOString(),
    createdBy: { id: createdBy, name: people.find(({ id }) => id === createdBy)?.name ?? createdBy },
  }))
}
