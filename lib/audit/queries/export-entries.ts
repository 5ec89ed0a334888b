import { originOf, verifierLine } from '#lib/audit/checkpoint'
import { platformLog } from '#lib/audit/entry'
import type { ExportEntry, ExportHeader } from '#lib/audit/export-format'
import { checkpointVerifier } from '#lib/audit/internal/audit-keys'
import { actorId, type Context } from '#lib/platform/context'

const pageSize = 1000
// The export proves its end by the last one; the others let its past be compared with what an auditor kept.
const mostCheckpoints = 1000

/**
 * The log of the context's tenant (the platform's without one) up to its newest checkpoint, as lines of JSONL
 * (export-format.ts). Read page by page: any length, little memory.
 */
export async function* exportEntries(ctx: Context): AsyncGenerator<string> {
  const log = ctx.tenant?.id ?? platformLog
  const verifier = checkpointVerifier(log)
  const checkpoints = await ctx.read((tx) =>
    tx.auditCheckpoint.findMany({ where: { log }, orderBy: { size: 'desc' }, take: mostCheckpoints, select: { size: true, note: true } }),
  )
  const size = Number(checkpoints[0]?.size ?? 0)
  const header: ExportHeader = {
    type: 'caisson-audit-log',
    version: 1,
    log,
    origin: originOf(log),
    exportedAt: ctx.now().toISOString(),
    exportedBy: actorId(ctx.actor),
    verifierLine: verifier ? verifierLine(verifier) : '',
    size,
    checkpoints: checkpoints.map(({ note }) => note).toReversed(),
  }
  yield line(header)
  let entries = 0
  for (let start = 0; start < size; start += pageSize) {
    for (const entry of await readPage(ctx, log, start, Math.min(start + pageSize, size))) {
      yield line(entry)
      entries += 1
    }
  }
  yield line({ type: 'end', entries })
}

function readPage(ctx: Context, log: string, start: number, end: number): Promise<ExportEntry[]> {
  return ctx.read(async (tx) => {
    const rows = await tx.$queryRaw<(Omit<ExportEntry, 'seq' | 'type'> & { seq: bigint })[]>`
      select c.seq, e.id, e.content, e.hash as "contentHash", e.key_id as "keyId", e.hmac, c.prev_hash as "prevHash", c.hash
      from audit_chain c join audit_entry e on e.id = c.entry_id
      where c.log = ${log} and c.seq >= ${BigInt(start)} and c.seq < ${BigInt(end)} order by c.seq`
    return rows.map((row): ExportEntry => ({ type: 'entry', ...row, seq: Number(row.seq) }))
  })
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}
