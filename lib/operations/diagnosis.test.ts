import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  judgeInstallation,
  judgeServices,
  judgeSpace,
  judgeWork,
  roomBytes,
  worstOf,
  type InstallationFacts,
  type WorkFacts,
} from '#lib/operations/diagnosis'
import { diagnose } from '#lib/operations/queries/diagnose'
import { enqueue } from '#lib/platform/jobs'
import { database } from '#lib/platform/database'
import { createContext } from '#lib/platform/context'
import { blobFolder } from '#lib/platform/disk-blob-store'
import { useTestDatabase } from '#lib/testing/database'
import { newId } from '#lib/platform/id'
import { actAs, asPlatform, makePerson, makeTenant } from '#lib/testing/factories'

const test = useTestDatabase()
const gib = 1024 ** 3

const well: InstallationFacts = {
  database: { answerMs: 2, connections: 12, mostConnections: 100 },
  clockDifferenceMs: 3,
  heartbeatMs: 900,
  workers: 1,
  blobStore: { probe: 'ok', freeBytes: 90 * gib, totalBytes: 100 * gib },
  disk: { freeBytes: 90 * gib, totalBytes: 100 * gib },
  haltedLogs: 0,
}
const idle: WorkFacts = {
  sealing: { waiting: 0, oldestMs: 0 },
  jobs: { ready: 0, oldestReadyMs: 0, running: 0, later: 2, failing: [], dead: 0 },
  webhooks: { pending: 0, oldestMs: 0, dead: 0 },
  newestBackupMs: 3_600_000,
}
const bad = (checks: readonly { id: string; state: string }[]) =>
  checks.filter(({ state }) => state !== 'ok').map(({ id, state }) => `${id} ${state}`)

describe('the rules of a diagnosis', () => {
  it('S1.8: say nothing of what is well, and of every part that is not one state and one thing to do', () => {
    expect(bad([...judgeInstallation(well), ...judgeWork(idle)])).toEqual([])
    const cases: [Partial<InstallationFacts>, string][] = [
      [{ database: { ...well.database, answerMs: 900 } }, 'database-speed attention'],
      [{ database: { ...well.database, connections: 95 } }, 'connections attention'],
      [{ clockDifferenceMs: -4000 }, 'clock attention'],
      [{ heartbeatMs: 8000 }, 'heartbeat attention'],
      [{ heartbeatMs: null, workers: 0 }, 'heartbeat down'],
      [{ blobStore: { ...well.blobStore, probe: 'EROFS' } }, 'blob-store down'],
      [{ blobStore: { ...well.blobStore, freeBytes: gib } }, 'blob-space attention'],
      [{ disk: { ...well.disk, freeBytes: 1024 } }, 'disk down'],
      [{ haltedLogs: 1 }, 'halted-logs down'],
    ]
    for (const [change, expected] of cases) {
      const found = judgeInstallation({ ...well, ...change })
      expect(bad(found)).toEqual([expected])
      expect(found.find(({ state }) => state !== 'ok')?.fix).not.toBe('')
    }
    const works: [Partial<WorkFacts>, string][] = [
      [{ sealing: { waiting: 4, oldestMs: 9000 } }, 'sealing attention'],
      [{ jobs: { ...idle.jobs, ready: 3, oldestReadyMs: 60_000 } }, 'jobs attention'],
      [{ jobs: { ...idle.jobs, failing: [{ task: 'run-rollout', count: 1 }] } }, 'failed-jobs attention'],
      [{ jobs: { ...idle.jobs, failing: [{ task: 'run-rollout', count: 1 }], dead: 1 } }, 'failed-jobs down'],
      [{ webhooks: { pending: 1, oldestMs: 600_000, dead: 0 } }, 'webhooks attention'],
      [{ webhooks: { pending: 0, oldestMs: 0, dead: 2 } }, 'webhooks attention'],
      [{ newestBackupMs: null }, 'backup attention'],
      [{ newestBackupMs: 9 * 24 * 3_600_000 }, 'backup attention'],
    ]
    for (const [change, expected] of works) expect(bad(judgeWork({ ...idle, ...change }))).toEqual([expected])
    expect(judgeSpace('disk', 'disk', roomBytes.enough, 2 * roomBytes.enough).state).toBe('ok')
    const services = judgeServices({ postgres: 'ok', worker: 'worker_down', gateway: 'unknown', runtime: 'brand_new_code' })
    expect(services.map(({ state }) => state)).toEqual(['ok', 'down', 'unknown', 'down'])
    expect(services.every(({ state, fix }) => (state === 'ok') === (fix === ''))).toBe(true)
    expect(worstOf(services)).toBe('down')
  })
})

describe('a diagnosis', () => {
  it('S1.8: shows a member the parts and what waits of their tenant, and an admin of the platform the machine and all tenants together', async () => {
    const [ours, theirs] = [await makeTenant(), await makeTenant()]
    const member = await actAs(ours, 'viewer')
    const admin = createContext({ actor: await makePerson({ tenant: ours, roles: ['viewer'], isPlatformAdmin: true }), tenant: ours })
    const other = await actAs(theirs, 'viewer')
    await other.write((tx) => enqueue(tx, 'run-rollout', { tenantId: theirs.id, secret: 'hunter2' }, { key: 'theirs' }))
    await database().pool.query(
      `update graphile_worker._private_jobs set attempts = 3, last_error = 'hunter2 was refused', updated_at = now() - interval '2 minutes' where key = 'theirs'`,
    )
    const [seen, whole] = [await diagnose(member), await diagnose(admin)]
    const of = (view: typeof seen, id: string) => view.checks.find((one) => one.id === id)
    expect(of(seen, 'failed-jobs')).toMatchObject({ state: 'ok', says: 'none' })
    expect(of(seen, 'jobs')).toMatchObject({ state: 'ok' })
    expect(seen).toMatchObject({ isWhole: false, versions: [] })
    expect(['blob-store', 'disk', 'connections', 'heartbeat'].map((id) => of(seen, id))).toEqual([undefined, undefined, undefined, undefined])
    expect(of(whole, 'failed-jobs')).toMatchObject({ state: 'attention', says: 'run-rollout (1); each is tried again' })
    expect(of(whole, 'jobs')).toMatchObject({ state: 'attention' })
    expect(of(whole, 'blob-store')).toMatchObject({ state: 'ok' })
    expect(of(whole, 'heartbeat')).toMatchObject({ state: 'down', says: 'no worker was heard' })
    expect(of(whole, 'backup')).toMatchObject({ state: 'attention', says: 'there never was one' })
    expect(whole.versions.map(({ name }) => name)).toContain('PostgreSQL')
    for (const secret of ['hunter2', test.dataDir, new URL(test.ownerUrl).host]) expect(JSON.stringify(whole)).not.toContain(secret)
    expect(whole.text.split('\n')).toHaveLength(1 + whole.versions.length + whole.checks.length)
  })

  it('S1.8: counts how long a delivery waits from its event and not from its next try, and leaves out what is paused on purpose', async () => {
    const ours = await makeTenant()
    const member = await actAs(ours, 'viewer')
    const waiting = async (disabledAt: Date | null) => {
      const common = { tenantId: ours.id, createdAt: new Date(Date.now() - 10 * 60_000) }
      const [target, event] = [newId(), newId()]
      await asPlatform(async (tx) => {
        await tx.webhookTarget.create({
          data: { ...common, id: target, name: target, url: 'https://hooks.example.com/', createdBy: 'test', disabledAt },
        })
        await tx.outboxEvent.create({ data: { ...common, id: event, topic: 'webhook.tested', payload: '{}', mac: '' } })
        const nextAt = new Date(Date.now() + 60 * 60_000)
        await tx.webhookDelivery.create({ data: { ...common, id: newId(), eventId: event, targetId: target, nextAt } })
      })
    }
    const webhooks = async () => (await diagnose(member)).checks.find(({ id }) => id === 'webhooks')
    await waiting(new Date())
    expect(await webhooks()).toMatchObject({ state: 'ok', says: 'nothing waits to be delivered' })
    await waiting(null)
    expect(await webhooks()).toMatchObject({ state: 'attention', says: expect.stringMatching(/^1 wait, the oldest for 10/) })
  })

  it('S1.8: says of a blob store that takes no bytes that it is down', async () => {
    const ours = await makeTenant()
    const admin = createContext({ actor: await makePerson({ tenant: ours, roles: ['viewer'], isPlatformAdmin: true }), tenant: ours })
    rmSync(blobFolder(), { recursive: true, force: true })
    mkdirSync(dirname(blobFolder()), { recursive: true })
    writeFileSync(blobFolder(), 'a file where a folder should be')
    expect((await diagnose(admin)).checks.find(({ id }) => id === 'blob-store')).toMatchObject({ state: 'down' })
    rmSync(blobFolder())
    expect((await diagnose(admin)).checks.find(({ id }) => id === 'blob-store')).toMatchObject({ state: 'ok' })
  })
})
