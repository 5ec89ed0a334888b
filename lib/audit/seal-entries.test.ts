import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { sealLog, type SealStep } from '#lib/audit/commands/seal-entries'
import { sealAll, startSequencer } from '#lib/audit/commands/start-sequencer'
import { examineLog } from '#lib/audit/commands/sweep-log'
import { newestAnchor } from '#lib/audit/internal/anchors'
import { getLogStatus } from '#lib/audit/queries/get-log-status'
import { getEntryProof } from '#lib/audit/queries/get-entry-proof'
import { openCheckpoint, parseVerifierLine } from '#lib/audit/checkpoint'
import { leafHash, verifyInclusion } from '#lib/audit/merkle'
import type { TenantContext } from '#lib/platform/context'
import { useTestDatabase } from '#lib/testing/database'
import { eventually } from '#lib/testing/eventually'
import { actAs, asPlatform, makeTenant } from '#lib/testing/factories'

const test = useTestDatabase()

async function logWith(entries: number): Promise<TenantContext> {
  const ctx = await actAs(await makeTenant(), 'auditor')
  for (let index = 0; index < entries; index += 1) await say(ctx, index)
  return ctx
}

function say(ctx: TenantContext, index: number): Promise<void> {
  return ctx.write((tx) => appendEntry(tx, ctx, { action: 'release.sealed', subject: { kind: 'release', id: String(index) } }))
}

async function places(ctx: TenantContext): Promise<number[]> {
  const rows = await asPlatform((tx) => tx.auditChain.findMany({ where: { log: ctx.tenant.id }, orderBy: { seq: 'asc' }, select: { seq: true } }))
  return rows.map(({ seq }) => Number(seq))
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

const killAt =
  (at: SealStep) =>
  (now: SealStep): void => {
    if (now === at) throw new Error('killed')
  }

describe('the sequencer', () => {
  it('gives entries dense places in order, signs them, and writes the checkpoint outside the database', async () => {
    const ctx = await logWith(5)
    expect(await getLogStatus(ctx)).toMatchObject({ entries: 5, sealed: 0, unsealed: 5, checkpoint: null, anchor: null, verification: null })
    expect(await sealLog(ctx.tenant.id, 'a', { batchSize: 3 })).toMatchObject({ outcome: 'sealed', sealed: 3, size: 3 })
    expect(await sealLog(ctx.tenant.id, 'b', { batchSize: 3 })).toMatchObject({ outcome: 'sealed', sealed: 2, size: 5 })
    expect(await sealLog(ctx.tenant.id, 'a')).toMatchObject({ outcome: 'sealed', sealed: 0, size: null })
    expect(await places(ctx)).toEqual(upTo(5))
    const status = await getLogStatus(ctx)
    expect(status).toMatchObject({ sealed: 5, unsealed: 0, checkpoint: { size: 5 }, anchor: { size: 5 }, newerThanAnchor: 0, isSealingLate: false })
    const verifier = parseVerifierLine(status.verifierLine)
    expect(verifier && openCheckpoint(newestAnchor(ctx.tenant.id)?.note ?? '', verifier)?.root.toString('base64')).toBe(status.checkpoint?.root)
  })

  it('proves each entry to be in the signed log', async () => {
    const ctx = await logWith(7)
    await sealAll()
    const ids = await asPlatform((tx) => tx.auditEntry.findMany({ where: { log: ctx.tenant.id }, select: { id: true } }))
    for (const { id } of ids) {
      const proof = await getEntryProof(ctx, { id }, { sees: 'log' })
      const verifier = parseVerifierLine(proof.verifierLine)
      const checkpoint = verifier && openCheckpoint(proof.checkpoint.note, verifier)
      const path = proof.proof.map((hash) => Buffer.from(hash, 'base64'))
      expect(checkpoint && verifyInclusion(leafHash(proof.content), proof.seq, checkpoint.size, path, checkpoint.root)).toBe(true)
    }
    await say(ctx, 8)
    const waiting = await asPlatform((tx) => tx.auditUnsealed.findFirstOrThrow({ where: { log: ctx.tenant.id } }))
    await expect(getEntryProof(ctx, { id: waiting.entryId }, { sees: 'log' })).rejects.toMatchObject({ code: 'conflict' })
    const stranger = await logWith(0)
    await expect(getEntryProof(stranger, { id: ids[0]?.id ?? '' }, { sees: 'log' })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('yields one dense chain when several race while eight writers write', async () => {
    const ctx = await logWith(0)
    const stop = new AbortController()
    const sequencers = upTo(3).map(() => startSequencer({ intervalMs: 1, signal: stop.signal }))
    await Promise.all(
      upTo(8).map(async (writer) => {
        for (let index = 0; index < 15; index += 1) await say(ctx, writer * 100 + index)
      }),
    )
    await eventually('all are sealed', async () => (await getLogStatus(ctx)).checkpoint?.size === 120)
    stop.abort()
    await Promise.all(sequencers)
    expect(await places(ctx)).toEqual(upTo(120))
    expect(await examineLog(ctx.tenant.id)).toMatchObject({ size: 120, anchorSize: 120, findings: [] })
  })

  it('keeps nobody waiting for a log in which much waits', async () => {
    const [long, other] = [await logWith(400), await logWith(0)]
    const stop = new AbortController()
    const sequencer = startSequencer({ intervalMs: 1, batchSize: 10, signal: stop.signal })
    await eventually('it has begun', async () => (await places(long)).length > 0)
    await say(other, 0)
    await eventually('the other is sealed', async () => (await places(other)).length === 1)
    expect((await places(long)).length).toBeLessThan(400)
    await eventually('all are sealed', async () => (await getLogStatus(long)).checkpoint?.size === 400)
    stop.abort()
    await sequencer
    expect(await places(long)).toEqual(upTo(400))
  })

  it('goes on where a killed one ended, at every step', async () => {
    for (const step of ['appended', 'verified', 'anchored'] as const) {
      const ctx = await logWith(3)
      await expect(sealLog(ctx.tenant.id, 'killed', { leaseMs: 1, onStep: killAt(step) })).rejects.toThrow('killed')
      await say(ctx, 3)
      await eventually('the lease ran out', async () => (await sealLog(ctx.tenant.id, 'next')).outcome === 'sealed')
      expect(await places(ctx)).toEqual(upTo(4))
      expect(await examineLog(ctx.tenant.id)).toMatchObject({ size: 4, anchorSize: 4, findings: [] })
    }
  })

  it('fences one that was thought dead: the log has one history', async () => {
    const ctx = await logWith(3)
    const [reached, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const slow = sealLog(ctx.tenant.id, 'slow', {
      leaseMs: 1,
      async onStep(step) {
        if (step !== 'verified') return
        reached.resolve()
        await go.promise
      },
    })
    await reached.promise
    await say(ctx, 3)
    await eventually('another took over', async () => (await sealLog(ctx.tenant.id, 'quick')).size === 4)
    go.resolve()
    expect(await slow).toMatchObject({ outcome: 'fenced' })
    expect(await examineLog(ctx.tenant.id)).toMatchObject({ size: 4, anchorSize: 4, findings: [] })
    await say(ctx, 4)
    expect(await sealLog(ctx.tenant.id, 'quick')).toMatchObject({ outcome: 'sealed', size: 5 })
  })

  it('does nothing while another has the lease', async () => {
    const ctx = await logWith(1)
    const outcomes: string[] = []
    const held = sealLog(ctx.tenant.id, 'first', {
      async onStep() {
        outcomes.push((await sealLog(ctx.tenant.id, 'second')).outcome)
      },
    })
    expect(await held).toMatchObject({ outcome: 'sealed', size: 1 })
    expect(outcomes).toEqual(['held', 'held', 'held'])
  })

  it('gives no place to what was not written with the key of the log', async () => {
    const ctx = await logWith(2)
    await asPlatform(
      (tx) => tx.$executeRaw`
      insert into audit_entry (id, log, content, hash, key_id, hmac, at, actor, action, subject, outcome, request_id)
      select 'forged', log, content, hash, key_id, repeat('0', 64), at, actor, action, subject, outcome, request_id
      from audit_entry where log = ${ctx.tenant.id} limit 1`,
    )
    expect(await sealLog(ctx.tenant.id, 'a')).toMatchObject({ sealed: 2, size: 2, refused: ['forged'] })
    expect((await examineLog(ctx.tenant.id)).findings).toMatchObject([{ code: 'inserted', entryId: 'forged' }])
  })

  it('signs nothing that contradicts what it signed before', async () => {
    const ctx = await logWith(4)
    await sealAll()
    await asSuperuser(`delete from audit_chain where log = $1 and seq = 3`, ctx.tenant.id)
    await asSuperuser(`delete from audit_node where log = $1 and (level, index) in ((0, 3), (1, 1), (2, 0))`, ctx.tenant.id)
    await asSuperuser(`delete from audit_checkpoint where log = $1`, ctx.tenant.id)
    await say(ctx, 5)
    expect(await sealLog(ctx.tenant.id, 'a')).toMatchObject({
      outcome: 'halted',
      sealed: 0,
      size: null,
      findings: [{ code: 'truncated', seq: 3 }, {}],
    })
    expect(await places(ctx)).toEqual(upTo(3))
    expect(newestAnchor(ctx.tenant.id)?.size).toBe(4)
  })

  it('is kept from gaps and forks by the database', async () => {
    const ctx = await logWith(2)
    await sealAll()
    const link = (seq: number, prevHash: string): Promise<unknown> =>
      asPlatform(async (tx) => {
        await say(ctx, 9)
        const { entryId } = await tx.auditUnsealed.findFirstOrThrow({ where: { log: ctx.tenant.id } })
        await tx.$executeRaw`insert into audit_chain (log, seq, entry_id, prev_hash, hash) values (${ctx.tenant.id}, ${BigInt(seq)}, ${entryId}, ${prevHash}, 'x')`
      })
    const { hash } = await asPlatform((tx) => tx.auditChain.findFirstOrThrow({ where: { log: ctx.tenant.id, seq: 1n } }))
    await expect(link(3, hash)).rejects.toThrow('audit_chain_prev_fkey')
    await expect(link(2, 'f'.repeat(64))).rejects.toThrow('audit_chain_prev_fkey')
    await expect(link(1, hash)).rejects.toThrow('audit_chain_pkey')
    await expect(link(0, 'f'.repeat(64))).rejects.toThrow('audit_chain_seq')
    expect(await places(ctx)).toEqual(upTo(2))
  })
})

async function asSuperuser(statement: string, ...values: string[]): Promise<void> {
  const client = new Client({ connectionString: test.ownerUrl })
  await client.connect()
  try {
    await client.query(`set session_replication_role = replica`)
    await client.query(statement, values)
  } finally {
    await client.end()
  }
}
