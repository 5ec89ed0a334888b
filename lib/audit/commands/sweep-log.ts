// The full verification of a log against the database, its keys and its anchors.
import { setTimeout as sleep } from 'node:timers/promises'
import { LogVerifier } from '#lib/audit/chain'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { platformLog } from '#lib/audit/entry'
import { finding, type Finding } from '#lib/audit/finding'
import { anchoredLogs } from '#lib/audit/internal/anchors'
import { checkHmac } from '#lib/audit/internal/audit-keys'
import { acrossLogs, chainHead, loadNodesCompletedIn, loadRecords, nodeKey, storedLeaves } from '#lib/audit/internal/log-store'
import { signedHistory } from '#lib/audit/internal/signed-roots'
import { createContext, systemActor } from '#lib/platform/context'
import { database, type Database, type Tx } from '#lib/platform/database'
import { announce } from '#lib/platform/live-event'
import { log as logger } from '#lib/platform/log'

const pageSize = 2000

export interface SweepResult {
  log: string
  /** Places that were verified. */
  size: number
  anchorSize: number | null
  findings: Finding[]
}

/**
 * Verifies every entry, link, node and checkpoint of a log and keeps the result. What is new among the findings becomes
 * an entry of that log and an announcement. Changes nothing that it found.
 */
export async function sweepLog(log: string, options: { db?: Database } = {}): Promise<SweepResult> {
  const db = options.db ?? database()
  const result = await examineLog(log, db)
  await acrossLogs((tx) => keepResult(tx, result, db), db)
  return result
}

/** The verification alone: reads, and writes nothing. A log may grow meanwhile; what comes later is left for the next one. */
export async function examineLog(log: string, db: Database = database()): Promise<SweepResult> {
  // What was signed is read first: a checkpoint is never ahead of the entries that were committed before it.
  const signed = await acrossLogs((tx) => signedHistory(tx, log, 'all'), db)
  const head = await acrossLogs(async (tx) => ({ size: (await chainHead(tx, log)).size, leaves: await storedLeaves(tx, log) }), db)
  let nodes = new Map<string, Buffer>()
  let isKeyMissing = false
  const verifier = new LogVerifier(
    {
      log,
      checkHmac: (...entry) => {
        const verdict = checkHmac(log, ...entry)
        if (verdict === 'unknown') isKeyMissing = true
        return verdict
      },
      lostLeaf: (seq) => nodes.get(nodeKey(0, seq)),
    },
    signed.roots,
  )
  for (let start = 0; start < head.size; start += pageSize) {
    const end = Math.min(start + pageSize, head.size)
    const page = await acrossLogs(
      async (tx) => ({ records: await loadRecords(tx, log, start, end), nodes: await loadNodesCompletedIn(tx, log, start, end) }),
      db,
    )
    nodes = page.nodes
    for (const record of page.records) {
      verifier.push({ ...record, leaf: nodes.get(nodeKey(0, record.seq)) ?? null }, (level, index) => nodes.get(nodeKey(level, index)))
    }
  }
  // Leaves beyond the head are those that came after it was read, or those whose places were cut off.
  const cut = await acrossLogs((tx) => chainHead(tx, log), db)
  const findings = [...verifier.finish(cut.size < head.leaves ? head.leaves : 0), ...signed.findings]
  findings.push(...(await acrossLogs((tx) => strays(tx, log), db)))
  if (isKeyMissing)
    findings.push(
      finding('key_missing', null, null, 'The data directory has no key of this log, so that its entries cannot be told from forged ones.'),
    )
  return { log, size: head.size, anchorSize: signed.newestAnchorSize, findings }
}

/** Entries that have no place and do not wait for one, and such as waited and are gone. */
async function strays(tx: Tx, log: string): Promise<Finding[]> {
  const gone = await tx.$queryRaw<{ id: string }[]>`
    select q.entry_id as id from audit_unsealed q
    where q.log = ${log} and not exists (select 1 from audit_entry e where e.id = q.entry_id) order by q.entry_id limit 100`
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select e.id from audit_entry e
    where e.log = ${log} and not exists (select 1 from audit_chain c where c.entry_id = e.id)
      and not exists (select 1 from audit_unsealed q where q.entry_id = e.id)
    order by e.id limit 100`
  return [
    ...rows.map(({ id }) => finding('inserted', null, id, `Entry ${id} was never sealed and does not wait to be: it did not come through Caisson.`)),
    ...gone.map(({ id }) => finding('deleted', null, id, `Entry ${id} is gone: it waited to be sealed, and no part of Caisson deletes one.`)),
  ]
}

async function keepResult(tx: Tx, { log, size, findings }: SweepResult, db: Database): Promise<void> {
  await tx.$executeRaw`insert into audit_log_state (log) values (${log}) on conflict do nothing`
  const [before] = await tx.$queryRaw<{ findings: string }[]>`select findings from audit_log_state where log = ${log} for update`
  const known = new Set((JSON.parse(before?.findings ?? '[]') as Finding[]).map(identity))
  await tx.$executeRaw`
    update audit_log_state set swept_at = clock_timestamp(), swept_size = ${BigInt(size)}, findings = ${JSON.stringify(findings)} where log = ${log}`
  const fresh = findings.filter((found) => !known.has(identity(found)))
  if (fresh.length > 0) await alarm(tx, log, fresh, db)
  if (log !== platformLog && (fresh.length > 0 || known.size !== findings.length)) await announceToTenant(tx, log)
}

/** The alarm is itself an entry: whoever hides the finding has one more to hide. */
async function alarm(tx: Tx, log: string, fresh: readonly Finding[], db: Database): Promise<void> {
  logger.error({ log, findings: fresh }, 'the audit log does not verify')
  const tenant = log === platformLog ? null : await tx.tenant.findUnique({ where: { id: log }, select: { id: true, slug: true, tier: true } })
  const ctx = createContext({ actor: systemActor('audit-sweep'), tenant: tenant ? { ...tenant, isSuspended: false } : null, db })
  await appendEntry(tx, ctx, {
    action: 'audit.alarm_raised',
    subject: { kind: 'audit_log', id: log },
    outcome: 'failed',
    after: { findings: fresh.slice(0, 20).map(({ code, seq, entryId }) => ({ code, seq, entryId })), count: fresh.length },
    reason: fresh[0]?.words ?? '',
  })
}

async function announceToTenant(tx: Tx, log: string): Promise<void> {
  const isTenant = (await tx.tenant.count({ where: { id: log } })) > 0
  if (isTenant) await announce(tx, log, 'audit', log)
}

function identity({ code, seq, entryId }: Finding): string {
  return `${code} ${seq} ${entryId}`
}

/** Every log that the database or the anchors know: one that is gone from one of them is still checked. */
export async function allLogs(db: Database = database()): Promise<string[]> {
  const rows = await acrossLogs(
    (tx) => tx.$queryRaw<{ log: string }[]>`
      select log from audit_log_state union select log from audit_unsealed union select log from audit_checkpoint union select id from tenant
      union select ${platformLog}`,
    db,
  )
  return [...new Set([...rows.map(({ log }) => log), ...anchoredLogs()])].sort()
}

/**
 * The sweeper of a worker: every log in full at the start, then each once an interval, spread over it. Resolves when the
 * signal has stopped it.
 */
export async function startSweeper(options: { intervalMs?: number; signal: AbortSignal; db?: Database }): Promise<void> {
  const db = options.db ?? database()
  const intervalMs = options.intervalMs ?? 3_600_000
  for (let isFirst = true; !options.signal.aborted; isFirst = false) {
    const logs = await allLogs(db).catch((error: unknown) => {
      logger.error({ error: String(error) }, 'the sweeper could not list the logs')
      return []
    })
    const restMs = isFirst ? 0 : intervalMs / Math.max(1, logs.length)
    for (const log of logs) {
      if (options.signal.aborted) return
      await sweepLog(log, { db }).catch((error: unknown) => logger.error({ log, error: String(error) }, 'a log could not be swept'))
      await pause(restMs, options.signal)
    }
    if (isFirst || logs.length === 0) await pause(intervalMs / Math.max(1, logs.length), options.signal)
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {})
}
