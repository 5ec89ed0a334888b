// The rows of a log, as the sequencer and the sweep read them.
import type { SealedRecord } from '#lib/audit/chain'
import { searchable, subjectColumn, type EntryContent } from '#lib/audit/entry'
import { fullSubtrees, type NodeLookup } from '#lib/audit/merkle'
import { database, inTransaction, type Database, type Tx } from '#lib/platform/database'

/** A transaction that sees every log: for sealing and sweeping. */
export function acrossLogs<T>(work: (tx: Tx) => Promise<T>, db: Database = database()): Promise<T> {
  return inTransaction(db, { role: 'caisson_platform' }, work)
}

/** How many places the chain has, going by its last one. */
export async function chainHead(tx: Tx, log: string): Promise<{ size: number; hash: string }> {
  const [row] = await tx.$queryRaw<{ seq: bigint; hash: string }[]>`
    select seq, hash from audit_chain where log = ${log} order by seq desc limit 1`
  return row ? { size: Number(row.seq) + 1, hash: row.hash } : { size: 0, hash: '' }
}

/** The hash at one place; undefined where there is none. */
export async function hashAt(tx: Tx, log: string, seq: number): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ hash: string }[]>`select hash from audit_chain where log = ${log} and seq = ${BigInt(seq)}`
  return row?.hash
}

/** Stored nodes as a lookup; it throws for one that is not there. */
export async function loadNodes(tx: Tx, log: string, wanted: readonly { level: number; index: number }[]): Promise<NodeLookup> {
  const rows = await tx.$queryRaw<NodeRow[]>`
    select n.level, n.index, n.hash from audit_node n
    join unnest(${wanted.map(({ level }) => level)}::int[], ${wanted.map(({ index }) => BigInt(index))}::bigint[]) as w (level, index)
      on n.level = w.level and n.index = w.index
    where n.log = ${log}`
  const nodes = nodeMap(rows)
  return (level, index) => {
    const hash = nodes.get(nodeKey(level, index))
    if (!hash) throw new RangeError(`the stored tree of ${log} has no node ${level}/${index}`)
    return hash
  }
}

/** The right edge of the stored tree at a size, for {@link frontierAt}. */
export function loadFrontierNodes(tx: Tx, log: string, size: number): Promise<NodeLookup> {
  return loadNodes(tx, log, fullSubtrees({ start: 0, end: size }))
}

/** Leaf hashes of places [start, end) and the nodes above that these complete. */
export async function loadNodesCompletedIn(tx: Tx, log: string, start: number, end: number): Promise<Map<string, Buffer>> {
  const rows = await tx.$queryRaw<NodeRow[]>`
    select n.level, n.index, n.hash from generate_series(0, 52) as l (level)
    join audit_node n on n.log = ${log} and n.level = l.level
      and n.index >= (${BigInt(start)}::bigint >> l.level) and n.index < (${BigInt(end)}::bigint >> l.level)`
  return nodeMap(rows)
}

/** How many leaves the stored tree has, going by its last one. */
export async function storedLeaves(tx: Tx, log: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ index: bigint }[]>`
    select index from audit_node where log = ${log} and level = 0 order by index desc limit 1`
  return row ? Number(row.index) + 1 : 0
}

interface NodeRow {
  level: number
  index: bigint
  hash: Uint8Array
}

export function nodeKey(level: number, index: number): string {
  return `${level}/${index}`
}

function nodeMap(rows: readonly NodeRow[]): Map<string, Buffer> {
  return new Map(rows.map(({ level, index, hash }) => [nodeKey(level, Number(index)), Buffer.from(hash)]))
}

interface ChainRow {
  seq: bigint
  entryId: string
  prevHash: string
  chainHash: string
  content: string | null
  hash: string
  keyId: string
  hmac: string
  actor: string
  action: string
  subject: string
  outcome: string
  requestId: string
  at: Date
  log: string
}

/** Places [start, end) of the chain with their entries, in order. */
export async function loadRecords(tx: Tx, log: string, start: number, end: number): Promise<SealedRecord[]> {
  const rows = await tx.$queryRaw<ChainRow[]>`
    select c.seq, c.entry_id as "entryId", c.prev_hash as "prevHash", c.hash as "chainHash", e.content, e.hash, e.key_id as "keyId", e.hmac,
           e.actor, e.action, e.subject, e.outcome, e.request_id as "requestId", e.at, e.log
    from audit_chain c left join audit_entry e on e.id = c.entry_id
    where c.log = ${log} and c.seq >= ${BigInt(start)} and c.seq < ${BigInt(end)} order by c.seq`
  return rows.map((row) => ({
    seq: Number(row.seq),
    entryId: row.entryId,
    prevHash: row.prevHash,
    hash: row.chainHash,
    entry: row.content === null ? null : { content: row.content, hash: row.hash, keyId: row.keyId, hmac: row.hmac },
    columns: { matches: (content: string) => differingColumn(row, content) },
  }))
}

/** The first searched column that does not repeat the entry's text. Not parsed by schema: a sweep asks it of every entry. */
function differingColumn(row: ChainRow, content: string): string | undefined {
  const said = JSON.parse(content) as Partial<EntryContent>
  const pairs: [string, string, string | undefined][] = [
    ['log', row.log, said.log],
    ['actor', row.actor, said.actor && searchable(said.actor.id)],
    ['action', row.action, said.action && searchable(said.action)],
    ['subject', row.subject, said.subject && subjectColumn(said.subject)],
    ['outcome', row.outcome, said.outcome],
    ['request_id', row.requestId, said.requestId && searchable(said.requestId)],
    ['at', row.at.toISOString(), said.at],
  ]
  return pairs.find(([, stored, expected]) => stored !== (expected ?? ''))?.[0]
}
