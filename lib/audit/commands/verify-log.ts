import { allLogs, sweepLog } from '#lib/audit/commands/sweep-log'
import { platformLog } from '#lib/audit/entry'
import type { VerificationReport } from '#lib/audit/finding'
import { acrossLogs, chainHead } from '#lib/audit/internal/log-store'
import { newestAnchor } from '#lib/audit/internal/anchors'
import { database, type Database } from '#lib/platform/database'

/** Verifies one log in full, keeps the result, and says how much of it is not sealed or not anchored yet. */
export async function verifyLog(log: string, options: { db?: Database } = {}): Promise<VerificationReport> {
  const db = options.db ?? database()
  const startedAt = performance.now()
  const { findings } = await sweepLog(log, { db })
  const anchorSize = newestAnchor(log)?.size ?? null
  const now = await acrossLogs(async (tx) => {
    const [waiting] = await tx.$queryRaw<{ count: bigint; ms: number }[]>`
      select count(*) as count, coalesce(extract(epoch from clock_timestamp() - min(created_at)) * 1000, 0)::float8 as ms
      from audit_unsealed where log = ${log}`
    const tenant = log === platformLog ? null : await tx.tenant.findUnique({ where: { id: log }, select: { slug: true } })
    return { size: (await chainHead(tx, log)).size, waiting, name: tenant?.slug ?? log }
  }, db)
  return {
    log,
    name: now.name,
    isOk: findings.length === 0,
    size: now.size,
    unsealed: Number(now.waiting?.count ?? 0),
    oldestUnsealedMs: Math.round(now.waiting?.ms ?? 0),
    anchorSize,
    newerThanAnchor: Math.max(0, now.size - (anchorSize ?? 0)),
    findings,
    tookMs: Math.round(performance.now() - startedAt),
  }
}

/** Every log of the installation, needing only the database and the data directory. */
export async function verifyAllLogs(options: { db?: Database } = {}): Promise<VerificationReport[]> {
  const reports: VerificationReport[] = []
  for (const log of await allLogs(options.db ?? database())) reports.push(await verifyLog(log, options))
  return reports
}

/** What `caisson audit verify` prints for one log, a line each. */
export function describeVerification(report: VerificationReport): string {
  const head = report.isOk
    ? `✓ ${report.name}: ${report.size} sealed entries verified in ${report.tookMs} ms`
    : `✗ ${report.name}: ${report.findings.length} ${report.findings.length === 1 ? 'finding' : 'findings'} among ${report.size} sealed entries`
  const anchor =
    report.anchorSize === null
      ? 'nothing is anchored outside the database yet'
      : `anchored up to ${report.anchorSize}, ${report.newerThanAnchor} newer than the anchor`
  const waiting =
    report.unsealed === 0 ? '0 unsealed' : `${report.unsealed} unsealed, the oldest for ${(report.oldestUnsealedMs / 1000).toFixed(1)} s`
  return [head, `  ${waiting} · ${anchor}`, ...report.findings.map(({ code, words }) => `  ${code}: ${words}`)].join('\n')
}
