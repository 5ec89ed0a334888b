// Somebody with every right on the database, who lacks only the keys, against the sweep; and the same against an auditor
// who has nothing but an export and what they kept.
import { createHmac } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { chainHash, contentHash, firstPrevHash } from '#lib/audit/chain'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { sealLog } from '#lib/audit/commands/seal-entries'
import { examineLog, sweepLog } from '#lib/audit/commands/sweep-log'
import { describeVerification, verifyAllLogs, verifyLog } from '#lib/audit/commands/verify-log'
import { listEntriesInput } from '#lib/audit/entry'
import { emptyFrontier, leafHash } from '#lib/audit/merkle'
import { exportEntries } from '#lib/audit/queries/export-entries'
import { getLogStatus } from '#lib/audit/queries/get-log-status'
import { listEntries } from '#lib/audit/queries/list-entries'
import { verifyExport, type Trusted } from '#lib/audit/verify-export'
import type { TenantContext } from '#lib/platform/context'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, makeTenant } from '#lib/testing/factories'

const test = useTestDatabase()

interface Attack {
  db: Client
  log: string
  /** Ids of the sealed entries by place. */
  ids: string[]
  anchors: string
  dataDir: string
  neighbour: TenantContext
}

/** A log of eleven sealed entries with checkpoints at 4, 8 and 11. */
async function sealedLog(): Promise<TenantContext> {
  const ctx = await actAs(await makeTenant(), 'auditor')
  for (const [from, to] of [
    [0, 4],
    [4, 8],
    [8, 11],
  ] as const) {
    await ctx.write(async (tx) => {
      for (let index = from; index < to; index += 1) {
        await appendEntry(tx, ctx, { action: 'release.sealed', subject: { kind: 'release', id: `r${index}` }, after: { size: index } })
      }
    })
    await sealLog(ctx.tenant.id, 'test')
  }
  return ctx
}

async function attack(ctx: TenantContext, act: (on: Attack) => Promise<unknown>, neighbour = ctx): Promise<void> {
  const db = new Client({ connectionString: test.ownerUrl })
  await db.connect()
  try {
    await db.query('set session_replication_role = replica') // no trigger and no foreign key: only what was computed remains
    const log = ctx.tenant.id
    const { rows } = await db.query<{ entry_id: string }>('select entry_id from audit_chain where log = $1 order by seq', [log])
    const anchors = join(test.dataDir, 'anchors', log)
    await act({ db, log, ids: rows.map(({ entry_id }) => entry_id), anchors, dataDir: test.dataDir, neighbour })
  } finally {
    await db.end()
  }
}

/** Everything that can be recomputed without a key, recomputed over whatever the entries say now. */
async function recompute({ db, log }: Attack): Promise<void> {
  const { rows } = await db.query<{ seq: string; entry_id: string; content: string }>(
    'select c.seq, c.entry_id, e.content from audit_chain c join audit_entry e on e.id = c.entry_id where c.log = $1 order by c.seq',
    [log],
  )
  await db.query('delete from audit_node where log = $1', [log])
  const frontier = emptyFrontier()
  let prevHash = firstPrevHash
  for (const { seq, entry_id, content } of rows) {
    const hash = chainHash(prevHash, content)
    await db.query('update audit_entry set hash = $2 where id = $1', [entry_id, contentHash(content)])
    await db.query('update audit_chain set prev_hash = $3, hash = $4 where log = $1 and seq = $2', [log, seq, prevHash, hash])
    for (const node of frontier.append(leafHash(content))) {
      await db.query('insert into audit_node (log, level, index, hash) values ($1, $2, $3, $4)', [log, node.level, node.index, node.hash])
    }
    prevHash = hash
  }
}

const editText = ({ db, ids }: Attack, seq: number) =>
  db.query(`update audit_entry set content = replace(content, '"size":${seq}', '"size":99') where id = $1`, [ids[seq]])
const cutTail = async ({ db, log, ids }: Attack, from: number, what: readonly string[]) => {
  if (what.includes('entry')) await db.query('delete from audit_entry where id = any($1)', [ids.slice(from)])
  if (what.includes('chain')) await db.query('delete from audit_chain where log = $1 and seq >= $2', [log, from])
  if (what.includes('node')) await db.query('delete from audit_node where log = $1 and ((index + 1) << level) > $2', [log, from])
  if (what.includes('checkpoint')) await db.query('delete from audit_checkpoint where log = $1 and size > $2', [log, from])
}
const removeAnchors = ({ anchors }: Attack, above: number) => {
  for (const name of readdirSync(anchors)) if (Number.parseInt(name, 10) > above) rmSync(join(anchors, name))
}
/** Moves every place from one on by so many, past the unique key. */
const move = async ({ db, log }: Attack, from: number, by: number): Promise<void> => {
  await db.query('update audit_chain set seq = seq + 1000 where log = $1 and seq >= $2', [log, from])
  await db.query('update audit_chain set seq = seq - 1000 + $2 where log = $1 and seq >= 1000', [log, by])
}
const swapPlaces = async ({ db, log }: Attack): Promise<void> => {
  await db.query('update audit_chain set seq = seq + 1000 where log = $1 and seq in (3, 5)', [log])
  await db.query('update audit_chain set seq = 1008 - seq where log = $1 and seq >= 1000', [log])
}
const swapEntries = async ({ db, log, ids }: Attack): Promise<void> => {
  await db.query(`update audit_chain set entry_id = 'aside' where log = $1 and seq = 3`, [log])
  await db.query('update audit_chain set entry_id = $2 where log = $1 and seq = 5', [log, ids[3]])
  await db.query('update audit_chain set entry_id = $2 where log = $1 and seq = 3', [log, ids[5]])
}
const forged = ({ log }: Attack): string => `forged-${log}`
const insertForged = (on: Attack) =>
  on.db.query(
    `insert into audit_entry select $1, log, replace(content, id, $1), hash, key_id, hmac, at, actor, action, subject, outcome, request_id
     from audit_entry where id = $2`,
    [forged(on), on.ids[2]],
  )

/** What was done · the codes that must be found, with their places · whether an export of it betrays it too. */
const attacks: [string, (on: Attack) => Promise<unknown>, [string, number | null][], 'export too' | 'sweep only'][] = [
  ['edited text', (on) => editText(on, 5), [['edited', 5]], 'export too'],
  [
    'edited text and its hash',
    async (on) => {
      await editText(on, 5)
      const { rows } = await on.db.query<{ content: string }>('select content from audit_entry where id = $1', [on.ids[5]])
      await on.db.query('update audit_entry set hash = $2 where id = $1', [on.ids[5], contentHash(rows[0]?.content ?? '')])
    },
    [['forged_hmac', 5]],
    'export too',
  ],
  [
    'edited HMAC',
    ({ db, ids }) => db.query(`update audit_entry set hmac = repeat('0', 64) where id = $1`, [ids[5]]),
    [['forged_hmac', 5]],
    'sweep only',
  ],
  ['another key id', ({ db, ids }) => db.query(`update audit_entry set key_id = '7' where id = $1`, [ids[5]]), [['forged_hmac', 5]], 'sweep only'],
  ['edited column', ({ db, ids }) => db.query(`update audit_entry set actor = 'somebody' where id = $1`, [ids[5]]), [['edited', 5]], 'sweep only'],
  ['edited first entry', (on) => editText(on, 0), [['edited', 0]], 'export too'],
  ['edited last entry', (on) => editText(on, 10), [['edited', 10]], 'export too'],
  ['entry gone', ({ db, ids }) => db.query('delete from audit_entry where id = $1', [ids[5]]), [['deleted', 5]], 'export too'],
  [
    'entry and place gone',
    async ({ db, log, ids }) => {
      await db.query('delete from audit_entry where id = $1', [ids[5]])
      await db.query('delete from audit_chain where log = $1 and seq = 5', [log])
    },
    [['deleted', 5]],
    'export too',
  ],
  [
    'first entries gone',
    async ({ db, log, ids }) => {
      await db.query('delete from audit_entry where id = any($1)', [ids.slice(0, 3)])
      await db.query('delete from audit_chain where log = $1 and seq < 3', [log])
    },
    [['deleted', 0]],
    'export too',
  ],
  [
    'entry gone and the gap closed',
    async (on) => {
      await on.db.query('delete from audit_entry where id = $1', [on.ids[5]])
      await on.db.query('delete from audit_chain where log = $1 and seq = 5', [on.log])
      await move(on, 6, -1)
    },
    [
      ['deleted', 5],
      ['truncated', 10],
    ],
    'export too',
  ],
  [
    'entry gone, everything recomputed',
    async (on) => {
      await on.db.query('delete from audit_chain where log = $1 and seq = 5', [on.log])
      await on.db.query('delete from audit_entry where id = $1', [on.ids[5]])
      await move(on, 6, -1)
      await recompute(on)
    },
    [
      ['rewritten', 4],
      ['truncated', 10],
    ],
    'export too',
  ],
  ['tail cut: entries, places, nodes', (on) => cutTail(on, 9, ['entry', 'chain', 'node']), [['truncated', 9]], 'export too'],
  [
    'tail cut: places and nodes, checkpoints too',
    (on) => cutTail(on, 10, ['entry', 'chain', 'node', 'checkpoint']),
    [['truncated', 10]],
    'sweep only',
  ],
  ['tail cut back to a checkpoint', (on) => cutTail(on, 8, ['entry', 'chain', 'node', 'checkpoint']), [['truncated', 8]], 'sweep only'],
  [
    'tail cut, and the anchors with it',
    async (on) => {
      await cutTail(on, 8, ['entry', 'chain', 'node', 'checkpoint'])
      removeAnchors(on, 8)
    },
    [['truncated', 8]],
    'sweep only',
  ],
  ['the whole log gone from the database', (on) => cutTail(on, 0, ['entry', 'chain', 'node', 'checkpoint']), [['truncated', 0]], 'sweep only'],
  [
    'places cut, entries left',
    (on) => cutTail(on, 9, ['chain', 'node']),
    [
      ['truncated', 9],
      ['inserted', null],
      ['inserted', null],
    ],
    'export too',
  ],
  ['forged entry without a place', (on) => insertForged(on), [['inserted', null]], 'sweep only'],
  [
    'forged entry put in between',
    async (on) => {
      await insertForged(on)
      await move(on, 5, 1)
      const { rows } = await on.db.query<{ hash: string; content: string }>(
        `select c.hash, e.content from audit_chain c, audit_entry e where c.log = $1 and c.seq = 4 and e.id = $2`,
        [on.log, forged(on)],
      )
      const [before] = rows
      await on.db.query('update audit_entry set hash = $1 where id = $2', [contentHash(before?.content ?? ''), forged(on)])
      await on.db.query(`insert into audit_chain (log, seq, entry_id, prev_hash, hash) values ($1, 5, $2, $3, $4)`, [
        on.log,
        forged(on),
        before?.hash,
        chainHash(before?.hash ?? '', before?.content ?? ''),
      ])
    },
    [['inserted', 5]],
    'export too',
  ],
  [
    'forged entry at the end',
    async (on) => {
      await insertForged(on)
      await on.db.query(`insert into audit_chain (log, seq, entry_id, prev_hash, hash) values ($1, 11, $2, '', '')`, [on.log, forged(on)])
      await recompute(on)
    },
    [['forged_hmac', 11]],
    'sweep only',
  ],
  [
    'two entries swapped',
    swapEntries,
    [
      ['reordered', 3],
      ['reordered', 5],
    ],
    'export too',
  ],
  [
    'two places swapped',
    swapPlaces,
    [
      ['reordered', 3],
      ['reordered', 5],
    ],
    'export too',
  ],
  [
    'two entries swapped, everything recomputed',
    async (on) => {
      await swapEntries(on)
      await recompute(on)
    },
    [['rewritten', 0]],
    'export too',
  ],
  [
    'edited link',
    ({ db, log }) => db.query(`update audit_chain set hash = repeat('a', 64) where log = $1 and seq = 5`, [log]),
    [['chain_broken', 5]],
    'export too',
  ],
  [
    'edited previous hash',
    ({ db, log }) => db.query(`update audit_chain set prev_hash = repeat('a', 64) where log = $1 and seq = 5`, [log]),
    [['chain_broken', 5]],
    'export too',
  ],
  [
    'edited text, everything recomputed without the key',
    async (on) => {
      await editText(on, 5)
      await recompute(on)
    },
    [
      ['rewritten', 4],
      ['forged_hmac', 5],
    ],
    'export too',
  ],
  [
    'edited text, everything recomputed with a stolen key',
    async (on) => {
      await editText(on, 5)
      await recompute(on)
      const key = Buffer.from(readFileSync(join(on.dataDir, 'keys/audit', `${on.log}.1`), 'utf8'), 'hex')
      const { rows } = await on.db.query<{ hash: string }>('select hash from audit_entry where id = $1', [on.ids[5]])
      await on.db.query('update audit_entry set hmac = $2 where id = $1', [
        on.ids[5],
        createHmac('sha256', key)
          .update(rows[0]?.hash ?? '')
          .digest('hex'),
      ])
    },
    [['rewritten', 4]],
    'export too',
  ],
  [
    'an entry of another log',
    async (on) => {
      const { rows } = await on.db.query<{ id: string }>('select id from audit_entry where log = $1 limit 1', [on.neighbour.tenant.id])
      await on.db.query('update audit_entry set content = o.content, hash = o.hash from audit_entry o where audit_entry.id = $1 and o.id = $2', [
        on.ids[5],
        rows[0]?.id,
      ])
    },
    [['forged_hmac', 5]],
    'export too',
  ],
  [
    'edited leaf',
    ({ db, log }) => db.query(`update audit_node set hash = '\\x00' where log = $1 and level = 0 and index = 5`, [log]),
    [['tree_broken', 5]],
    'sweep only',
  ],
  [
    'edited node',
    ({ db, log }) => db.query(`update audit_node set hash = '\\x00' where log = $1 and level = 1 and index = 2`, [log]),
    [['tree_broken', 4]],
    'sweep only',
  ],
  [
    'checkpoint of another log',
    ({ db, log, neighbour }) =>
      db.query(
        `update audit_checkpoint c set note = o.note, root = o.root from audit_checkpoint o where c.log = $1 and o.log = $2 and c.size = 8 and o.size = 8`,
        [log, neighbour.tenant.id],
      ),
    [['checkpoint_forged', 8]],
    'export too',
  ],
  [
    'checkpoint edited',
    ({ db, log }) => db.query(`update audit_checkpoint set root = 'x' where log = $1 and size = 11`, [log]),
    [['checkpoint_forged', 11]],
    'sweep only',
  ],
  [
    'newest checkpoint under an older size',
    ({ db, log }) =>
      db.query(`update audit_checkpoint c set note = o.note from audit_checkpoint o where c.log = $1 and o.log = $1 and c.size = 8 and o.size = 11`, [
        log,
      ]),
    [['checkpoint_forged', 8]],
    'sweep only',
  ],
  ['anchors rolled back', async (on) => removeAnchors(on, 8), [['anchor_rolled_back', 8]], 'sweep only'],
  ['anchors gone', async (on) => removeAnchors(on, -1), [['anchor_missing', null]], 'sweep only'],
]

async function lines(ctx: TenantContext): Promise<string[]> {
  const all: string[] = []
  for await (const line of exportEntries(ctx)) all.push(line)
  return all
}

/** What an auditor keeps: the verifier line and every checkpoint up to now. */
async function keep(ctx: TenantContext): Promise<Trusted> {
  const header = JSON.parse((await lines(ctx))[0] ?? '{}') as { verifierLine: string; checkpoints: string[] }
  return { verifierLine: header.verifierLine, checkpoints: header.checkpoints }
}

describe('S3.20: the sweep', () => {
  it('finds nothing in a clean log, nor does an auditor with an export', async () => {
    const ctx = await sealedLog()
    expect(await examineLog(ctx.tenant.id)).toEqual({ log: ctx.tenant.id, size: 11, anchorSize: 11, findings: [] })
    expect(await verifyExport(await lines(ctx), await keep(ctx))).toMatchObject({ size: 11, isOk: true, completeness: 'proven' })
  })

  it.each(attacks)('finds: %s', async (_what, act, expected, where) => {
    const [ctx, neighbour] = [await sealedLog(), await sealedLog()]
    const kept = await keep(ctx)
    await attack(ctx, act, neighbour)
    const { findings } = await sweepLog(ctx.tenant.id)
    const found = findings.map(({ code, seq }) => [code, seq])
    for (const one of expected) expect(found).toContainEqual(one)
    expect(found.length).toBeLessThanOrEqual(expected.length + 2)
    expect((await sweepLog(neighbour.tenant.id)).findings).toEqual([])
    const offline = await verifyExport(await lines(ctx), kept)
    // An export ends at the newest checkpoint that it has: what an auditor kept from before is what tells a tail that was cut.
    const hidesTail = expected.some(([code]) => code === 'truncated')
    expect(offline.isOk).toBe(where === 'sweep only' && !hidesTail)
  })

  it('raises one alarm in the log for what is new, and shows it until it is gone', async () => {
    const ctx = await sealedLog()
    await sweepLog(ctx.tenant.id)
    expect(await getLogStatus(ctx)).toMatchObject({ verification: { size: 11 }, findings: [] })
    await attack(ctx, (on) => editText(on, 5))
    await sweepLog(ctx.tenant.id)
    await sweepLog(ctx.tenant.id)
    const alarms = await listEntries(ctx, listEntriesInput.parse({ action: 'audit.alarm_raised' }), { sees: 'log' })
    expect(alarms.entries).toMatchObject([{ outcome: 'failed', after: { findings: [{ code: 'edited', seq: 5 }] } }])
    expect((await getLogStatus(ctx)).findings).toMatchObject([{ code: 'edited', seq: 5 }])
    await attack(ctx, ({ db, ids }) => db.query(`update audit_entry set content = replace(content, '"size":99', '"size":5') where id = $1`, [ids[5]]))
    await sweepLog(ctx.tenant.id)
    expect((await getLogStatus(ctx)).findings).toEqual([])
  })
})

describe('an entry that waits to be sealed', () => {
  it('is missed when somebody deletes it before it has its place', async () => {
    const ctx = await sealedLog()
    await ctx.write((tx) => appendEntry(tx, ctx, { action: 'release.sealed', subject: { kind: 'release', id: 'x' } }))
    expect(await verifyLog(ctx.tenant.id)).toMatchObject({ isOk: true, unsealed: 1 })
    await attack(ctx, ({ db, log }) =>
      db.query('delete from audit_entry e where e.log = $1 and exists (select 1 from audit_unsealed q where q.entry_id = e.id)', [log]),
    )
    expect(await verifyLog(ctx.tenant.id)).toMatchObject({ isOk: false, findings: [{ code: 'deleted', seq: null }] })
    await sealLog(ctx.tenant.id, 'test')
    expect(await verifyLog(ctx.tenant.id)).toMatchObject({ isOk: false, findings: [{ code: 'deleted' }] })
  })
})

describe('caisson audit verify', () => {
  it('says what is sealed, unsealed, newer than the anchor, and found', async () => {
    const ctx = await sealedLog()
    await ctx.write((tx) => appendEntry(tx, ctx, { action: 'release.sealed', subject: { kind: 'release', id: 'x' } }))
    const report = await verifyLog(ctx.tenant.id)
    expect(report).toMatchObject({ name: ctx.tenant.slug, isOk: true, size: 11, unsealed: 1, anchorSize: 11, newerThanAnchor: 0 })
    expect(describeVerification(report)).toContain('1 unsealed')
    await attack(ctx, (on) => editText(on, 5))
    expect(describeVerification(await verifyLog(ctx.tenant.id))).toContain('edited: The text of entry')
  })

  it('knows a log that only its anchors remember', async () => {
    const ctx = await sealedLog()
    await attack(ctx, (on) => cutTail(on, 0, ['entry', 'chain', 'node', 'checkpoint']))
    const reports = await verifyAllLogs()
    expect(reports.find(({ log }) => log === ctx.tenant.id)).toMatchObject({ isOk: false, findings: [{ code: 'truncated', seq: 0 }] })
    expect(reports.find(({ log }) => log === 'platform')).toMatchObject({ isOk: true })
  })

  it('tells a lost key from a forgery', async () => {
    const ctx = await sealedLog()
    rmSync(join(test.dataDir, 'keys/audit', `${ctx.tenant.id}.1`))
    mkdirSync(join(test.dataDir, 'keys/audit'), { recursive: true })
    expect((await examineLog(ctx.tenant.id)).findings).toMatchObject([{ code: 'key_missing' }])
  })
})

describe('the offline verifier', () => {
  it('proves nothing about the end without a checkpoint, a kept key, or an end', async () => {
    const ctx = await sealedLog()
    const all = await lines(ctx)
    const kept = await keep(ctx)
    expect(await verifyExport(all)).toMatchObject({ isOk: true, completeness: 'not_proven' })
    expect(await verifyExport(all.slice(0, -1), kept)).toMatchObject({ isOk: true, completeness: 'not_proven' })
    expect(await verifyExport(all.slice(0, -3), kept)).toMatchObject({ isOk: false, findings: [{ code: 'truncated', seq: 9 }] })
    const header = { ...(JSON.parse(all[0] ?? '{}') as object), checkpoints: [], size: 0 }
    expect(await verifyExport([JSON.stringify(header), ...all.slice(1)])).toMatchObject({ isOk: true, completeness: 'not_proven' })
    await expect(verifyExport(['{}'])).rejects.toThrow('first line is no header')
  })

  it('finds any line that is changed, left out, doubled or moved', async () => {
    const ctx = await sealedLog()
    const all = await lines(ctx)
    const kept = await keep(ctx)
    for (let at = 1; at <= 11; at += 1) {
      const line = all[at] ?? ''
      const changed = all.with(at, line.replace(`\\"size\\":${at - 1}`, '\\"size\\":99'))
      const swapped = all.with(at, all[(at % 11) + 1] ?? '').with((at % 11) + 1, line)
      for (const forgery of [changed, swapped, all.toSpliced(at, 1), all.toSpliced(at, 0, line)]) {
        expect(forgery).not.toEqual(all)
        expect(await verifyExport(forgery, kept)).toMatchObject({ isOk: false, completeness: 'not_proven' })
      }
    }
  })
})
