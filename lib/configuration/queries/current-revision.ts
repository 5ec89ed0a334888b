import { layerDocumentSchema } from '#lib/configuration/config-document'
import { firstRevision, readRevision, unwrittenRevision, type DefaultRevision, type Defaults, type Revision } from '#lib/configuration/revision'
import type { Tx } from '#lib/platform/database'
import { Prisma } from '#lib/platform/generated/client'
import { reading, readTogether, type Reading } from '#lib/platform/together'

/** The newest revision of an application's overlay in an environment; where none was written, what the defaults make. */
export async function currentRevision(tx: Tx, environmentId: string, applicationId: string): Promise<Revision> {
  const row = await tx.configRevision.findFirst({ where: { environmentId, applicationId }, orderBy: { number: 'desc' } })
  return row ? readRevision(row) : unwrittenRevision(await loadDefaults(tx, { environmentId, applicationId }))
}

/** One revision by number; undefined where there is none. */
export async function findRevision(tx: Tx, environmentId: string, applicationId: string, number: number): Promise<Revision | undefined> {
  if (number === 0) return firstRevision
  const [row] = await tx.$queryRaw<Parameters<typeof readRevision>[0][]>`
    select number, hash, document, own, layers, note from config_revision
    where environment_id = ${environmentId} and application_id = ${applicationId} and number = ${number}`
  if (row) return readRevision(row)
  const unwritten = number === 1 ? await currentRevision(tx, environmentId, applicationId) : undefined
  return unwritten?.number === 1 ? unwritten : undefined
}

/** The newest defaults of an application and of an environment. */
export async function loadDefaults(tx: Tx, place: { environmentId: string; applicationId: string }): Promise<Defaults> {
  const all = await loadAllDefaults(tx, [place.applicationId, place.environmentId])
  const [application, environment] = [all.get(place.applicationId), all.get(place.environmentId)]
  return { ...(application ? { application } : {}), ...(environment ? { environment } : {}) }
}

interface DefaultRow {
  scopeId: string
  number: number
  document: string
}

/** The newest default revision of each of these applications and environments that has one. One statement. */
export async function loadAllDefaults(tx: Tx, scopeIds: string[]): Promise<Map<string, DefaultRevision>> {
  const { rows } = await readTogether(tx, { rows: defaultRows(scopeIds) })
  return defaultsOf(rows)
}

/** The same beside other readings: of these applications, and of every environment. */
export function defaultRowsWith(applicationIds: string[]): Reading<DefaultRow> {
  return newestDefaults(Prisma.sql`scope_id = any(${applicationIds}) or scope_id in (select id from environment)`)
}

function defaultRows(scopeIds: string[]): Reading<DefaultRow> {
  return newestDefaults(Prisma.sql`scope_id = any(${scopeIds})`)
}

function newestDefaults(where: Prisma.Sql): Reading<DefaultRow> {
  return reading<DefaultRow>(Prisma.sql`
    select distinct on (scope_id) scope_id as "scopeId", number, document from config_default where ${where} order by scope_id, number desc`)
}

export function defaultsOf(rows: readonly DefaultRow[]): Map<string, DefaultRevision> {
  return new Map(rows.map(({ scopeId, number, document }) => [scopeId, { number, document: layerDocumentSchema.parse(JSON.parse(document)) }]))
}
