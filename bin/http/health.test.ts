import { afterEach, describe, expect, it } from 'vitest'
import { readiness } from '#lib/operations/queries/service-readiness'
import { database, closeDatabase } from '#lib/platform/database'
import { recordRuntimeFacts } from '#lib/runtime/commands/record-runtime-facts'
import { Gateway } from '#lib/runtime/gateway/gateway'
import { startControl } from '#lib/runtime/gateway/control'
import { freePort } from '#lib/platform/postgres/embedded'
import { useTestDatabase } from '#lib/testing/database'
import { createServer } from 'node:net'

const test = useTestDatabase()

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const set = (key: string, value: string) =>
  database().pool.query(`insert into platform_setting values ($1, $2) on conflict (key) do update set value = excluded.value`, [key, value])
const told = async (change: Record<string, unknown>, secondsAgo = 0) => {
  const facts = { java: { version: '17.0.15', level: 17 }, memoryMiB: 4096, launcher: 'ok', gateway: 'ok', ...change }
  await set('runtime:process', JSON.stringify({ ...facts, at: new Date(Date.now() - secondsAgo * 1000) }))
}

describe('readiness', () => {
  it('S1.4 S3.22: is ready when every part is; without Java, launcher or gateway it is degraded and says which', async () => {
    await set('init.completed', '"now"')
    await set('worker:one', JSON.stringify({ at: new Date() }))
    await told({})
    expect(await readiness()).toEqual({
      status: 'ready',
      checks: { postgres: 'ok', schema: 'ok', init: 'ok', worker: 'ok', runtime: 'ok', gateway: 'ok' },
    })
    await told({ java: null })
    expect(await readiness()).toMatchObject({ status: 'degraded', checks: { runtime: 'java_missing', gateway: 'ok' } })
    await told({ launcher: 'failed', gateway: 'down' })
    expect(await readiness()).toMatchObject({ status: 'degraded', checks: { runtime: 'launcher_failed', gateway: 'down' } })
    await told({ gateway: 'port_taken' })
    expect(await readiness()).toMatchObject({ status: 'degraded', checks: { runtime: 'ok', gateway: 'port_taken' } })
  })

  it('S3.12 S3.22: knows nothing of what was told long ago, in other words, or never; before initialisation completed it is not ready', async () => {
    await told({}, 60)
    expect(await readiness()).toMatchObject({ status: 'degraded', checks: { runtime: 'unknown', gateway: 'unknown' } })
    await told({ gateway: 'perhaps' })
    expect(await readiness()).toMatchObject({ checks: { runtime: 'unknown', gateway: 'unknown' } })
    await database().pool.query(`delete from platform_setting where key = 'runtime:process'`)
    expect(await readiness()).toMatchObject({ checks: { runtime: 'unknown', gateway: 'unknown' } })
    await database().pool.query('delete from platform_setting')
    expect(await readiness()).toMatchObject({ status: 'not_ready', checks: { init: 'init_incomplete', worker: 'worker_down' } })
  })

  it('R-15: takes nothing for told now that was told before somebody set the clock back', async () => {
    await set('init.completed', '"now"')
    await set('worker:one', JSON.stringify({ at: new Date(Date.now() + 3_600_000) }))
    await told({}, -3600)
    expect(await readiness()).toMatchObject({ checks: { worker: 'worker_down', runtime: 'unknown', gateway: 'unknown' } })
    await database().pool.query('delete from platform_setting')
  })

  it('S3.8: is not ready while a migration of this program is not applied', async () => {
    const { pool } = database()
    await set('init.completed', '"now"')
    const { rows } = await pool.query<{ name: string }>(
      'update _prisma_migrations set finished_at = null where migration_name = (select max(migration_name) from _prisma_migrations) returning migration_name as name',
    )
    expect(await readiness()).toMatchObject({ status: 'not_ready', checks: { postgres: 'ok', schema: 'migrations_pending', init: 'unknown' } })
    await pool.query('update _prisma_migrations set finished_at = now() where migration_name = $1', [rows[0]?.name])
    expect(await readiness()).toMatchObject({ checks: { schema: 'ok', init: 'ok' } })
  })

  it('S3.13: is not ready, and knows nothing of the rest, without its database', async () => {
    await closeDatabase()
    process.env['DATABASE_URL'] = `postgres://127.0.0.1:${await freePort()}/none`
    closing.push(async () => {
      await closeDatabase()
      process.env['DATABASE_URL'] = test.ownerUrl
    })
    const { status, checks } = await readiness()
    expect(status).toBe('not_ready')
    expect(checks).toEqual({
      postgres: 'postgres_unreachable',
      schema: 'unknown',
      init: 'unknown',
      worker: 'unknown',
      runtime: 'unknown',
      gateway: 'unknown',
    })
  })

  it('hears from the worker what this machine has, and whether the gateway answers and listens everywhere', async () => {
    await set('init.completed', '"now"')
    const now = async () => {
      await recordRuntimeFacts()
      return (await readiness()).checks
    }
    expect(await now()).toMatchObject({ runtime: 'ok', gateway: 'down' })
    const gateway = new Gateway()
    const control = await startControl(gateway)
    closing.push(() => gateway.close(), control.close)
    expect(await now()).toMatchObject({ runtime: 'ok', gateway: 'ok' })
    const squatter = createServer()
    const port = await freePort()
    await new Promise<void>((done) => squatter.listen(port, '127.0.0.1', done))
    closing.push(() => squatter.close())
    const route = { port, tenant: 'main', environment: 'dev', application: 'shop', replicas: [] }
    expect(await gateway.take([route])).toBe(false)
    expect(await now()).toMatchObject({ gateway: 'port_taken' })
    await new Promise((done) => squatter.close(done))
    expect(await gateway.take([route])).toBe(true)
    expect(await now()).toMatchObject({ gateway: 'ok' })
    control.close()
    expect(await now()).toMatchObject({ gateway: 'down' })
    process.env['CAISSON_JAVA'] = '/nowhere/java'
    closing.push(() => delete process.env['CAISSON_JAVA'])
    expect(await now()).toMatchObject({ runtime: 'java_missing' })
  })
})
