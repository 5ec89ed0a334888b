import { configDocumentSchema, configHash, defaultConfig, type ConfigDocument } from '#lib/configuration/config-document'
import type { Tx } from '#lib/platform/database'

export interface Revision {
  number: number
  hash: string
  document: ConfigDocument
}

/** The newest revision of an application's overlay in an environment; number 0 with the defaults where there is none. */
export async function currentRevision(tx: Tx, environmentId: string, applicationId: string): Promise<Revision> {
  const row = await tx.configRevision.findFirst({ where: { environmentId, applicationId }, orderBy: { number: 'desc' } })
  return row ? readRevision(row) : { number: 0, hash: configHash(defaultConfig), document: defaultConfig }
}

/** One revision by number; undefined where there is none. */
export async function findRevision(tx: Tx, environmentId: string, applicationId: string, number: number): Promise<Revision | undefined> {
  if (number === 0) return { number: 0, hash: configHash(defaultConfig), document: defaultConfig }
  const row = await tx.configRevision.findUnique({ where: { environmentId_applicationId_number: { environmentId, applicationId, number } } })
  return row ? readRevision(row) : undefined
}

export function readRevision(row: { number: number; hash: string; document: string }): Revision {
  return { number: row.number, hash: row.hash, document: configDocumentSchema.parse(JSON.parse(row.document)) }
}
