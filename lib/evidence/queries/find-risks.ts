import type { Finding } from '#lib/audit/finding'
import type { Tx } from '#lib/platform/database'

export interface Risks {
  /** What the last verification of the tenant's log found, in words. */
  words: string[]
  /** Evidence whose own entry is missing, or was found damaged. */
  evidenceIds: Set<string>
}

/** Evidence stands on the log that says who recorded it and when: what the log's sweep finds is a risk to it. */
export async function findRisks(tx: Tx, tenantId: string, evidenceIds: readonly string[]): Promise<Risks> {
  const state = await tx.auditLogState.findUnique({ where: { log: tenantId }, select: { findings: true } })
  const findings = JSON.parse(state?.findings ?? '[]') as Finding[]
  const entries = await tx.auditEntry.findMany({
    where: { log: tenantId, subject: { in: evidenceIds.map((id) => `evidence:${id}`) }, action: 'evidence.recorded' },
    select: { id: true, subject: true },
  })
  const damaged = new Set(findings.map(({ entryId }) => entryId))
  const sound = new Set(entries.filter(({ id }) => !damaged.has(id)).map(({ subject }) => subject))
  return { words: findings.map(({ words }) => words), evidenceIds: new Set(evidenceIds.filter((id) => !sound.has(`evidence:${id}`))) }
}
