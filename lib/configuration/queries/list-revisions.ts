import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { currentRevision } from '#lib/configuration/queries/current-revision'
import { findPlace } from '#lib/configuration/queries/find-place'
import { firstRevision, readRevision, type oneRevisionInput, type placeInput, type Revision, type RevisionView } from '#lib/configuration/revision'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'

/** The newest 100 revisions of an overlay, newest first; revision 0 (the built-in defaults) closes the list. */
export async function listRevisions(ctx: TenantContext, input: z.output<typeof placeInput>): Promise<RevisionView[]> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const { application, environment } = await findPlace(tx, input)
    const written = await views(tx, { applicationId: application.id, environmentId: environment.id })
    if (written.length > 0) return [...written, unwritten(firstRevision)]
    const current = await currentRevision(tx, environment.id, application.id)
    return current.number === 0 ? [unwritten(current)] : [unwritten(current), unwritten(firstRevision)]
  })
}

/** One revision. `not_found` names the newest one's absence in words. */
export async function getRevision(ctx: TenantContext, input: z.output<typeof oneRevisionInput>): Promise<RevisionView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const { application, environment } = await findPlace(tx, input)
    const view = await presentRevision(tx, application.id, environment.id, input.number)
    if (!view) throw new Refusal('not_found', `${input.application} has no configuration r${input.number} in ${input.environment}.`)
    return view
  })
}

/** The same inside a transaction; undefined where there is none. */
export async function presentRevision(tx: Tx, applicationId: string, environmentId: string, number: number): Promise<RevisionView | undefined> {
  if (number === 0) return unwritten(firstRevision)
  const [view] = await views(tx, { applicationId, environmentId, number })
  if (view || number !== 1) return view
  const current = await currentRevision(tx, environmentId, applicationId)
  return current.number === 1 ? unwritten(current) : undefined
}

function unwritten(revision: Revision): RevisionView {
  return { ...revision, createdAt: null, createdBy: null }
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
