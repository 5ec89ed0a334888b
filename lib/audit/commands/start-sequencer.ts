import { setTimeout as sleep } from 'node:timers/promises'
import { defaultBatchSize, sealLog, type SealOptions, type SealResult } from '#lib/audit/commands/seal-entries'
import { sweepLog } from '#lib/audit/commands/sweep-log'
import { acrossLogs } from '#lib/audit/internal/log-store'
import { database, type Database } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { log as logger } from '#lib/platform/log'

/** Seals every log until nothing waits. Returns how many entries got their place. */
export async function sealAll(options: SealOptions & { owner?: string } = {}): Promise<number> {
  const db = options.db ?? database()
  const owner = options.owner ?? newId()
  let sealed = 0
  for (const log of await unsealedLogs(db, true)) sealed += (await drainLog(log, owner, { ...options, db })).sealed
  return sealed
}

async function drainLog(log: string, owner: string, options: SealOptions & { db: Database }): Promise<SealResult> {
  const total = await sealLog(log, owner, options)
  for (let last = total; mayHaveMore(last, options);) {
    last = await sealLog(log, owner, options)
    total.sealed += last.sealed
    total.size = last.size ?? total.size
    total.outcome = last.outcome
    total.refused.push(...last.refused)
    total.findings.push(...last.findings)
  }
  return total
}

/** A batch that was full is seldom the last. */
function mayHaveMore({ outcome, sealed, refused }: SealResult, { batchSize = defaultBatchSize }: SealOptions): boolean {
  return outcome === 'sealed' && sealed + refused.length >= batchSize
}

/** Logs with entries that wait; with `isThorough` also those whose newest place is not signed yet. */
async function unsealedLogs(db: Database, isThorough: boolean): Promise<string[]> {
  const rows = await acrossLogs(
    (tx) => tx.$queryRaw<{ log: string }[]>`
      select distinct log from audit_unsealed
      union
      select s.log from audit_log_state s where ${isThorough}
        and coalesce((select max(c.seq) + 1 from audit_chain c where c.log = s.log), 0)
          > coalesce((select max(p.size) from audit_checkpoint p where p.log = s.log), 0)`,
    db,
  )
  return rows.map(({ log }) => log)
}

const thoroughEveryMs = 10_000
const lateAfterMs = 5000
const mostAtOnce = 4
const longestPauseMs = 60_000

/**
 * The sequencer of a worker: looks for waiting entries until the signal, and seals a batch of each log in turn, so that none waits for
 * another one in which much waits. After a turn that left something it rests for as long as that took: whoever waits for an
 * acknowledgement goes before what is acknowledged already. A log that fails or is halted rests, longer each time, and the others go
 * on. Resolves when it has stopped.
 */
export async function startSequencer(options: SequencerOptions): Promise<void> {
  const { signal, batchSize, intervalMs = 250, db = database() } = options
  const sealing = { db, ...(batchSize === undefined ? {} : { batchSize }) }
  const owner = newId()
  const resting: Resting = new Map()
  let thoroughAt = 0
  while (!signal.aborted) {
    const startedAt = performance.now()
    let isBehind = false
    const isThorough = startedAt >= thoroughAt
    if (isThorough) thoroughAt = startedAt + thoroughEveryMs
    try {
      const logs = (await unsealedLogs(db, isThorough)).filter((log) => (resting.get(log)?.until ?? 0) <= performance.now())
      for (let start = 0; start < logs.length; start += mostAtOnce) {
        const left = await Promise.all(logs.slice(start, start + mostAtOnce).map((log) => sealOrRest(log, owner, sealing, resting)))
        isBehind ||= left.includes(true)
      }
      if (isThorough) await warnWhenLate(db)
    } catch (error) {
      logger.error({ error: String(error) }, 'the sequencer could not look for entries')
      await pause(1000, signal)
    }
    await pause(isBehind ? performance.now() - startedAt : intervalMs, signal)
  }
}

export interface SequencerOptions extends Pick<SealOptions, 'db' | 'batchSize'> {
  intervalMs?: number
  signal: AbortSignal
}

/** Logs that are not looked at for a while. */
type Resting = Map<string, { until: number; pauseMs: number }>

/** Seals a batch; whether more may wait. */
async function sealOrRest(log: string, owner: string, options: SealOptions & { db: Database }, resting: Resting): Promise<boolean> {
  try {
    const result = await sealLog(log, owner, options)
    if (result.outcome !== 'halted' && result.refused.length === 0) {
      resting.delete(log)
      return mayHaveMore(result, options)
    }
    logger.error({ log, findings: result.findings, refused: result.refused }, 'the audit log was tampered with: sealing it is halted')
    await sweepLog(log, { db: options.db })
  } catch (error) {
    logger.error({ log, error: String(error) }, 'a log could not be sealed')
  }
  const pauseMs = Math.min((resting.get(log)?.pauseMs ?? 500) * 2, longestPauseMs)
  resting.set(log, { until: performance.now() + pauseMs, pauseMs })
  return false
}

async function warnWhenLate(db: Database): Promise<void> {
  const [late] = await acrossLogs(
    (tx) => tx.$queryRaw<{ count: bigint; ms: number }[]>`
      select count(*) as count, coalesce(extract(epoch from clock_timestamp() - min(created_at)) * 1000, 0)::float8 as ms from audit_unsealed`,
    db,
  )
  if (late && late.ms > lateAfterMs)
    logger.warn({ unsealed: Number(late.count), oldestMs: Math.round(late.ms) }, 'audit entries wait too long to be sealed')
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {})
}
