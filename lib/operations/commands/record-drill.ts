import { appendEntry } from '#lib/audit/commands/append-entry'
import { recordEvidence } from '#lib/evidence/commands/record-evidence'
import { drillKinds, type RestoreReport } from '#lib/operations/backup'
import { actorId, createContext, type Context } from '#lib/platform/context'
import { newId } from '#lib/platform/id'

/** Checks that say whether the keys came back; the others say it of the data. */
const ofSecrets: readonly string[] = ['secrets', 'logs']

/**
 * Keeps, for each tenant in it, that a backup was restored in isolation and what came of it: one record for the data and one for the
 * secrets that make it readable (S0.19). A log verifies only with the keys that its entries were written with.
 */
export async function recordDrill(ctx: Context, report: RestoreReport): Promise<number> {
  const tenants = await ctx.read((tx) => tx.tenant.findMany({ where: { id: { in: report.tenants } } }))
  for (const tenant of tenants) {
    const own = createContext({
      actor: ctx.actor,
      tenant: { id: tenant.id, slug: tenant.slug, tier: tenant.tier, isSuspended: tenant.suspendedAt !== null },
      requestId: ctx.requestId,
      now: ctx.now,
    })
    await own.write(async (tx) => {
      for (const kind of drillKinds) {
        const checks = report.checks.filter(({ name }) => (kind === 'secrets' ? ofSecrets.includes(name) : name !== 'secrets'))
        const result = checks.every(({ isOk }) => isOk) ? 'passed' : 'failed'
        const told = checks.filter(({ isOk }) => result === 'passed' || !isOk)
        const id = newId()
        const row = { kind, result, backupDigest: report.digest, detail: told.map(({ words }) => words).join('; ') }
        const data = { ...row, at: ctx.now(), by: actorId(ctx.actor), backupAt: new Date(report.createdAt), sizeBytes: BigInt(report.sizeBytes) }
        await tx.restoreDrill.create({ data: { id, tenantId: tenant.id, tookMs: report.tookMs, ...data } })
        await recordEvidence(tx, own, {
          control: 'recovery',
          part: kind,
          scope: {},
          outcome: result === 'passed' ? 'pass' : 'fail',
          isObserved: true,
          summary: `A backup was restored in isolation: ${row.detail}.`,
          facts: { drill: id, archive: report.digest },
          content: {
            text: JSON.stringify({ checks, archive: report.digest, madeAt: report.createdAt, tookMs: report.tookMs }),
            mediaType: 'application/json',
          },
        })
        await appendEntry(tx, own, {
          action: 'restore.drilled',
          subject: { kind: 'drill', id },
          outcome: result === 'passed' ? 'done' : 'failed',
          after: row,
        })
      }
    })
  }
  return tenants.length
}
