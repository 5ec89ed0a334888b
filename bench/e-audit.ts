// E1–E2: entries of their own, each acknowledged after its commit, while a sequencer in another process seals them. Peers on
// the same server: pgbench that inserts single rows without any chain, and a chain that is kept within each transaction.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { figureOf, interleave, percentile, type Figure } from '#bench/measure'
import type { Bench } from '#bench/run'
import { openStage, provide, runBeside, startChild, type Stage } from '#bench/stage'
import { appendOwnEntry } from '#lib/audit/commands/append-own-entry'
import { chainHash, firstPrevHash } from '#lib/audit/chain'
import { verifyLog } from '#lib/audit/commands/verify-log'
import type { TenantContext } from '#lib/platform/context'
import { database } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { eventually } from '#lib/testing/eventually'
import { actAs, makeTenant } from '#lib/testing/factories'

const rounds = 5
const seconds = 3
const callers = 64
/** Far more than a whole installation writes; the rate of the callers above is a burst, which is sealed when it is over. */
const pacedPerSecond = 1000
/** The same bytes in the row of pgbench, which takes a colon before a letter for a variable. */
const after = { environment: 'prod', release: 'v1.24.0', image: 'ab'.repeat(32) }

/** A refusal, as most entries of their own are. */
const entry = { action: 'promotion.request', subject: { kind: 'release', id: 'r1' }, outcome: 'denied', after } as const

export const auditBench: Bench = {
  ids: ['E1', 'E2'],
  async *run(wanted) {
    provide('pgbench')
    await using stage = await openStage()
    await database().pool.query(peerTables)
    if (wanted.includes('E1')) yield* await besidePlainInserts(stage)
    if (wanted.includes('E2')) yield await besideNaiveChain(stage)
  },
}

const peerTables = `
  create table bench_row (id bigint generated always as identity primary key, tenant text, actor text, action text, payload text, prev_hash text, hash text);
  create table bench_chain (seq bigint primary key, payload text, prev_hash text, hash text)`

async function besidePlainInserts(stage: Stage): Promise<Figure[]> {
  const script = join(stage.dir, 'insert.sql')
  const hash = 'ab'.repeat(32)
  writeFileSync(
    script,
    `insert into bench_row (tenant, actor, action, payload, prev_hash, hash) values ('${newId()}', '${newId()}', 'release.sealed', '${JSON.stringify(after)}', '${hash}', '${hash}');\n`,
  )
  const ctx = await actAs(await makeTenant(), 'developer')
  await using _sequencer = startChild('bench/sequencer-child.ts')
  const acknowledged: number[] = []
  const found = await interleave(rounds, {
    ours: async (round) => {
      const { perSecond, p99 } = await append(ctx)
      if (round > 0) acknowledged.push(p99)
      await untilSealed(ctx)
      return perSecond
    },
    pgbench: () => pgbench(stage.databaseUrl, script),
  })
  const paced = await actAs(await makeTenant(), 'developer')
  await atPace(paced)
  await untilSealed(paced)
  const lags = await sealingLags(paced)
  const reports = [await verifyLog(ctx.tenant.id), await verifyLog(paced.tenant.id)]
  if (reports.some(({ isOk }) => !isOk) || reports[1]?.size !== lags.length) throw new Error('E1: the log does not verify')
  return [
    figureOf({
      id: 'E1',
      what: `appends by ${callers} callers, acknowledged after commit`,
      unit: '/s',
      ours: found.ours,
      peer: { name: 'pgbench -c 32, rows without a chain', values: found.pgbench },
      goal: { of: 'ratio', bound: 'at least', floor: 0.6, target: 1.5 },
    }),
    figureOf({
      id: 'E1',
      what: 'p99 of an acknowledgement',
      unit: 'ms',
      ours: acknowledged,
      goal: { of: 'ours', bound: 'at most', floor: 50, target: 10 },
    }),
    figureOf({
      id: 'E1',
      what: `p99 from an entry to the signed checkpoint over it, at ${pacedPerSecond} a second`,
      unit: 'ms',
      ours: [percentile(lags, 0.99)],
      goal: { of: 'ours', bound: 'at most', floor: 1000, target: 1000 },
    }),
  ]
}

async function besideNaiveChain(stage: Stage): Promise<Figure> {
  const ctx = await actAs(await makeTenant(), 'developer')
  await using _sequencer = startChild('bench/sequencer-child.ts')
  const pool = new pg.Pool({ connectionString: stage.databaseUrl, max: 20 })
  try {
    const found = await interleave(rounds, {
      ours: async () => {
        const { perSecond } = await append(ctx)
        await untilSealed(ctx)
        return perSecond
      },
      naive: () => appendNaively(pool),
    })
    return figureOf({
      id: 'E2',
      what: `appends by ${callers} callers`,
      unit: '/s',
      ours: found.ours,
      peer: { name: 'a chain within each transaction', values: found.naive },
      goal: { of: 'ratio', bound: 'at least', floor: 10, target: 30 },
    })
  } finally {
    await pool.end()
  }
}

/** Each caller asks for its next entry once the last one is committed. */
async function append(ctx: TenantContext): Promise<{ perSecond: number; p99: number }> {
  const waited: number[] = []
  const perSecond = await inTurns(async () => {
    const startedAt = performance.now()
    await appendOwnEntry(ctx, entry)
    waited.push(performance.now() - startedAt)
  })
  return { perSecond, p99: percentile(waited, 0.99) }
}

/** Ten at a time, however long those before them take. */
async function atPace(ctx: TenantContext): Promise<void> {
  const asked: Promise<void>[] = []
  const startedAt = performance.now()
  for (let count = 0; count < pacedPerSecond * seconds; count += 10) {
    await sleep(Math.max(0, startedAt + (count * 1000) / pacedPerSecond - performance.now()))
    for (let one = 0; one < 10; one += 1) asked.push(appendOwnEntry(ctx, entry))
  }
  await Promise.all(asked)
}

async function appendNaively(pool: pg.Pool): Promise<number> {
  const payload = JSON.stringify(after)
  return inTurns(async () => {
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query('select pg_advisory_xact_lock(1)')
      const { rows } = await client.query<{ seq: string; hash: string }>('select seq, hash from bench_chain order by seq desc limit 1')
      const head = rows[0] ?? { seq: '-1', hash: firstPrevHash }
      const values = [Number(head.seq) + 1, payload, head.hash, chainHash(head.hash, payload)]
      await client.query('insert into bench_chain values ($1, $2, $3, $4)', values)
      await client.query('commit')
    } finally {
      client.release()
    }
  })
}

async function inTurns(act: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  const end = startedAt + seconds * 1000
  let count = 0
  const caller = async () => {
    while (performance.now() < end) {
      await act()
      count += 1
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return count / ((performance.now() - startedAt) / 1000)
}

async function pgbench(url: string, script: string): Promise<number> {
  const output = await runBeside('pgbench', ['-n', '-M', 'prepared', '-f', script, '-c', '32', '-j', '2', '-T', String(seconds), url])
  const perSecond = /tps = ([\d.]+)/.exec(output)?.[1]
  if (perSecond === undefined) throw new Error(`pgbench answered ${output}`)
  return Number(perSecond)
}

async function untilSealed(ctx: TenantContext): Promise<void> {
  await eventually('everything is sealed and signed', async () => {
    const { rows } = await database().pool.query<{ entries: string; signed: string }>(
      `select (select count(*) from audit_entry where log = $1) as entries, (select coalesce(max(size), 0) from audit_checkpoint where log = $1) as signed`,
      [ctx.tenant.id],
    )
    return rows[0]?.entries === rows[0]?.signed
  })
}

/** Milliseconds from each entry to the first checkpoint that covers it. */
async function sealingLags(ctx: TenantContext): Promise<number[]> {
  const { rows } = await database().pool.query<{ ms: number }>(
    `select extract(epoch from p.created_at - e.at)::float8 * 1000 as ms
     from audit_chain c join audit_entry e on e.id = c.entry_id
       cross join lateral (select created_at from audit_checkpoint where log = c.log and size > c.seq order by size limit 1) p
     where c.log = $1`,
    [ctx.tenant.id],
  )
  return rows.map(({ ms }) => ms)
}
