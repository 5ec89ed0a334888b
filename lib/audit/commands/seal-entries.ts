// The sequencer: gives entries their place in the chain and signs the log's size and root (docs/decisions/0040).
import { chainHash, contentHash, firstPrevHash, LogVerifier } from '#lib/audit/chain'
import { originOf, signCheckpoint } from '#lib/audit/checkpoint'
import { platformLog } from '#lib/audit/entry'
import { finding, type Finding } from '#lib/audit/finding'
import { writeAnchor, writeLastSigned } from '#lib/audit/internal/anchors'
import { checkpointKey, hmacChecker } from '#lib/audit/internal/audit-keys'
import { acrossLogs, chainHead, hashAt, loadFrontierNodes, loadRecords } from '#lib/audit/internal/log-store'
import { signedHistory } from '#lib/audit/internal/signed-roots'
import { frontierAt, leafHash, type TreeNode } from '#lib/audit/merkle'
import { database, type Database, type Tx } from '#lib/platform/database'
import { announce } from '#lib/platform/live-event'

/** Entries of one batch: what is signed with each of them costs as much as sealing many. */
export const defaultBatchSize = 4000

export type SealStep = 'appended' | 'verified' | 'anchored'

export interface SealOptions {
  db?: Database
  /** Entries that get their place in one transaction. */
  batchSize?: number
  /** How long nobody else may seal this log; long enough for one batch on a slow disk. */
  leaseMs?: number
  /** Called after each step; what it throws ends the sealing there, as a crash would. */
  onStep?: (step: SealStep) => void | Promise<void>
}

export interface SealResult {
  /**
   * `sealed`: whatever waited has its place (and more may wait); `held`: another sequencer is at it; `fenced`: another
   * took over while this one was slow; `halted`: the log is not the one that was signed, so nothing was written.
   */
  outcome: 'sealed' | 'held' | 'fenced' | 'halted'
  sealed: number
  /** Size of the checkpoint that was signed now. */
  size: number | null
  /** Entries that waited but were not written with the log's key: they get no place. */
  refused: string[]
  findings: Finding[]
}

/** Seals one batch of a log and signs a checkpoint over it. Safe to run in any number of processes at once. */
export async function sealLog(log: string, owner: string, options: SealOptions = {}): Promise<SealResult> {
  const db = options.db ?? database()
  const result: SealResult = { outcome: 'sealed', sealed: 0, size: null, refused: [], findings: [] }
  const token = await acrossLogs(async (tx) => {
    const claimed = await claimLease(tx, log, owner, options.leaseMs ?? 15_000)
    if (claimed !== undefined) await appendBatch(tx, log, options.batchSize ?? defaultBatchSize, result)
    return claimed
  }, db)
  if (token === undefined) return { ...result, outcome: 'held' }
  if (result.outcome === 'sealed') {
    await options.onStep?.('appended')
    await signHead(log, token, options, db, result)
  }
  await acrossLogs((tx) => releaseLease(tx, log, token), db)
  return result
}

/** The fencing token of the lease, or undefined while another has it. By the database's clock; what ends much later than any lease was written before it was set back. */
async function claimLease(tx: Tx, log: string, owner: string, leaseMs: number): Promise<bigint | undefined> {
  await tx.$executeRaw`insert into audit_log_state (log) values (${log}) on conflict do nothing`
  const rows = await tx.$queryRaw<{ token: bigint }[]>`
    update audit_log_state
    set lease_owner = ${owner}, lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1000}::float8), fencing_token = fencing_token + 1
    where log = ${log} and (lease_owner = ${owner} or lease_until is null
      or lease_until not between clock_timestamp() and clock_timestamp() + interval '5 minutes')
    returning fencing_token as token`
  return rows[0]?.token
}

async function releaseLease(tx: Tx, log: string, token: bigint): Promise<void> {
  await tx.$executeRaw`update audit_log_state set lease_owner = null, lease_until = null where log = ${log} and fencing_token = ${token}`
}

interface WaitingEntry {
  id: string
  content: string
  hash: string
  keyId: string
  hmac: string
}

/** The row of the log's state is locked by the claim, so one batch at a time is appended even without the lease. */
async function appendBatch(tx: Tx, log: string, batchSize: number, result: SealResult): Promise<void> {
  const head = await chainHead(tx, log)
  result.findings.push(...(await contradictions(tx, log, head.size)))
  if (result.findings.length > 0) {
    result.outcome = 'halted'
    return
  }
  const waiting = await tx.$queryRaw<WaitingEntry[]>`
    select e.id, e.content, e.hash, e.key_id as "keyId", e.hmac from audit_unsealed q join audit_entry e on e.id = q.entry_id
    where q.log = ${log} order by q.created_at, q.entry_id limit ${batchSize}`
  if (waiting.length === 0) return
  const check = hmacChecker(log)
  const judged = waiting.map((entry) => ({
    entry,
    isOurs: contentHash(entry.content) === entry.hash && check(entry.keyId, entry.hash, entry.hmac),
  }))
  if (judged.some(({ isOurs }) => isOurs === 'unknown')) {
    result.outcome = 'halted'
    result.findings.push(finding('key_missing', null, null, 'The data directory has no key of this log, so that no entry can be checked.'))
    return
  }
  const genuine = judged.flatMap(({ entry, isOurs }) => (isOurs === true ? [entry] : []))
  result.refused = judged.flatMap(({ entry, isOurs }) => (isOurs === true ? [] : [entry.id]))
  await appendLinks(tx, log, head, genuine)
  await tx.$executeRaw`delete from audit_unsealed where entry_id = any(${waiting.map(({ id }) => id)}::text[])`
  result.sealed = genuine.length
}

async function appendLinks(tx: Tx, log: string, head: { size: number; hash: string }, entries: readonly WaitingEntry[]): Promise<void> {
  const frontier = frontierAt(head.size, await loadFrontierNodes(tx, log, head.size))
  const nodes: TreeNode[] = []
  const links: { seq: bigint; entryId: string; prevHash: string; hash: string }[] = []
  let prevHash = head.size === 0 ? firstPrevHash : head.hash
  for (const { id, content } of entries) {
    const hash = chainHash(prevHash, content)
    links.push({ seq: BigInt(frontier.size), entryId: id, prevHash, hash })
    nodes.push(...frontier.append(leafHash(content)))
    prevHash = hash
  }
  await tx.$executeRaw`
    insert into audit_chain (log, seq, entry_id, prev_hash, hash)
    select ${log}, * from unnest(${links.map(({ seq }) => seq)}::bigint[], ${links.map(({ entryId }) => entryId)}::text[],
      ${links.map((link) => link.prevHash)}::text[], ${links.map(({ hash }) => hash)}::text[])`
  await tx.$executeRaw`
    insert into audit_node (log, level, index, hash)
    select ${log}, level, index, decode(hash, 'hex') from unnest(${nodes.map(({ level }) => level)}::int[],
      ${nodes.map(({ index }) => BigInt(index))}::bigint[], ${nodes.map(({ hash }) => hash.toString('hex'))}::text[]) as n (level, index, hash)`
}

/** Why this log cannot be the one that was signed: found without reading it whole, before anything is added to it. */
async function contradictions(tx: Tx, log: string, size: number): Promise<Finding[]> {
  const { roots, findings } = await signedHistory(tx, log, 'newest')
  // Anchors that are gone are an alarm of the sweep; they take nothing from the truth of the log and come back with the next.
  const grave = findings.filter(({ code }) => code === 'checkpoint_forged' || code === 'key_missing')
  for (const signed of roots) {
    if (signed.size > size) {
      grave.push(finding('truncated', size, null, `The log ends before place ${size}; ${signed.source} says ${signed.size}.`))
    } else if (!(await storedRoot(tx, log, signed.size))?.equals(signed.root)) {
      grave.push(finding('rewritten', 0, null, `The stored tree has another root than ${signed.source} at size ${signed.size}.`))
    }
  }
  return grave
}

async function storedRoot(tx: Tx, log: string, size: number): Promise<Buffer | undefined> {
  try {
    return frontierAt(size, await loadFrontierNodes(tx, log, size)).root()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Reads back what was committed since the last signature, verifies it, and only then signs. */
async function signHead(log: string, token: bigint, options: SealOptions, db: Database, result: SealResult): Promise<void> {
  const head = await acrossLogs((tx) => verifiedHead(tx, log, result), db)
  if (!head) return
  await options.onStep?.('verified')
  const root = head.root.toString('base64')
  const note = signCheckpoint({ origin: originOf(log), size: head.size, root: head.root }, checkpointKey())
  writeLastSigned(log, { size: head.size, root })
  if (!writeAnchor(log, head.size, note)) {
    result.outcome = 'halted'
    result.findings.push(finding('rewritten', head.size, null, `Another root was anchored at size ${head.size}.`))
    return
  }
  await options.onStep?.('anchored')
  await acrossLogs(async (tx) => {
    // A sequencer that was thought dead finds its token used up; what it anchored is true all the same.
    const [state] = await tx.$queryRaw<{ token: bigint }[]>`select fencing_token as token from audit_log_state where log = ${log} for update`
    if (state?.token !== token) {
      result.outcome = 'fenced'
      return
    }
    await tx.$executeRaw`insert into audit_checkpoint (log, size, root, note) values (${log}, ${BigInt(head.size)}, ${root}, ${note}) on conflict do nothing`
    if (log !== platformLog) await announce(tx, log, 'audit', log)
    result.size = head.size
  }, db)
}

/** Size and root to sign; undefined when there is nothing new, or something is wrong with it. */
async function verifiedHead(tx: Tx, log: string, result: SealResult): Promise<{ size: number; root: Buffer } | undefined> {
  const { size } = await chainHead(tx, log)
  const { roots } = await signedHistory(tx, log, 'newest')
  const [stored] = await tx.$queryRaw<{ size: bigint }[]>`select size from audit_checkpoint where log = ${log} order by size desc limit 1`
  if (size === 0 || Number(stored?.size ?? 0) >= size) return undefined
  const from = roots.reduce((least, signed) => Math.min(least, signed.size), stored ? Number(stored.size) : 0)
  const frontier = frontierAt(from, await loadFrontierNodes(tx, log, from))
  const prevHash = from === 0 ? firstPrevHash : ((await hashAt(tx, log, from - 1)) ?? '')
  const verifier = new LogVerifier({ log, checkHmac: hmacChecker(log), from: { frontier, prevHash } }, roots)
  const pageSize = 1000
  for (let start = from; start < size; start += pageSize) {
    for (const record of await loadRecords(tx, log, start, Math.min(start + pageSize, size))) verifier.push(record)
  }
  const root = verifier.root()
  const findings = verifier.finish()
  if (findings.length === 0 && (await storedRoot(tx, log, size))?.equals(root)) return { size, root }
  result.outcome = 'halted'
  result.findings.push(...findings)
  if (findings.length === 0)
    result.findings.push(finding('tree_broken', null, null, `The stored tree has another root than its entries at size ${size}.`))
  return undefined
}
