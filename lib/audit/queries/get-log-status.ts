import { originOf, verifierLine } from '#lib/audit/checkpoint'
import { platformLog } from '#lib/audit/entry'
import type { Finding, LogStatus } from '#lib/audit/finding'
import { newestAnchor } from '#lib/audit/internal/anchors'
import { checkpointVerifier } from '#lib/audit/internal/audit-keys'
import { chainHead } from '#lib/audit/internal/log-store'
import type { Context } from '#lib/platform/context'

const lateAfterMs = 5000

/** How the log of the context's tenant (the platform's without one) stands: cheap, it verifies nothing itself. */
export async function getLogStatus(ctx: Context): Promise<LogStatus> {
  const log = ctx.tenant?.id ?? platformLog
  const anchor = newestAnchor(log)
  const verifier = checkpointVerifier(log)
  return ctx.read(async (tx) => {
    const sealed = (await chainHead(tx, log)).size
    const [waiting] = await tx.$queryRaw<{ count: bigint; ms: number }[]>`
      select count(*) as count, coalesce(extract(epoch from clock_timestamp() - min(created_at)) * 1000, 0)::float8 as ms
      from audit_unsealed where log = ${log}`
    const checkpoint = await tx.auditCheckpoint.findFirst({ where: { log }, orderBy: { size: 'desc' } })
    const state = await tx.auditLogState.findUnique({ where: { log } })
    const unsealed = Number(waiting?.count ?? 0)
    const oldestUnsealedMs = Math.max(0, Math.round(waiting?.ms ?? 0))
    return {
      log,
      entries: sealed + unsealed,
      sealed,
      unsealed,
      oldestUnsealedMs,
      isSealingLate: oldestUnsealedMs > lateAfterMs,
      checkpoint: checkpoint
        ? { size: Number(checkpoint.size), root: checkpoint.root, at: checkpoint.createdAt.toISOString(), origin: originOf(log) }
        : null,
      anchor: anchor ? { size: anchor.size, at: anchor.at.toISOString() } : null,
      newerThanAnchor: Math.max(0, sealed - (anchor?.size ?? 0)),
      verification: state?.sweptAt ? { at: state.sweptAt.toISOString(), size: Number(state.sweptSize) } : null,
      findings: JSON.parse(state?.findings ?? '[]') as Finding[],
      verifierLine: verifier ? verifierLine(verifier) : '',
    }
  })
}
