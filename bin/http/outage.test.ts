// PostgreSQL is away: frozen, so that its port is open and nothing answers; killed; and there again.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemResponse } from '#app/api/problem'
import { readiness } from '#lib/operations/queries/service-readiness'
import { createHttpServer } from '#bin/http/server'
import { closeDatabase, database, inTransaction } from '#lib/platform/database'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#lib/platform/postgres/embedded'
import { databaseWatch } from '#lib/platform/postgres/outage'
import { pidsWhere } from '#lib/testing/caisson-tree'
import { eventually } from '#lib/testing/eventually'

const folder = mkdtempSync(join(tmpdir(), 'caisson-outage-'))
const outside = process.env['DATABASE_URL']
let postgres: EmbeddedPostgres
let server: Server
let url = ''

beforeAll(async () => {
  chmodSync(folder, 0o755)
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), isDurable: false })
  process.env['DATABASE_URL'] = postgres.url
  const isDatabaseThere = databaseWatch(() => database().pool.query('select 1'), { limitMs: 500, holdMs: 100 })
  const there: Parameters<typeof createHttpServer>[0]['pages'] = async (_request, response) => void response.end('a page')
  server = createHttpServer({ health: there, ready: there, registry: there, own: async () => false, pages: there, isDatabaseThere })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}, 60_000)
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await closeDatabase()
  await postgres.stop()
  if (outside === undefined) delete process.env['DATABASE_URL']
  else process.env['DATABASE_URL'] = outside
  rmSync(folder, { recursive: true, force: true })
})

function signalAll(signal: NodeJS.Signals): void {
  const { pid } = postgres.child
  for (const one of pidsWhere(({ pid: own, parent }) => own === pid || parent === pid)) process.kill(one, signal)
}

async function expectAway(): Promise<void> {
  const problem = await fetch(`${url}/api/v1/me`)
  expect(problem.status).toBe(503)
  expect(await problem.json()).toMatchObject({ code: 'unavailable', detail: expect.stringMatching(/its database does not answer/) })
  const page = await fetch(`${url}/t/main/board`)
  expect([page.status, page.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8'])
  expect(await page.text()).toMatch(/http-equiv="refresh"[\s\S]*Caisson is unavailable/)
  expect(await readiness()).toMatchObject({ status: 'not_ready', checks: { postgres: 'postgres_unreachable', worker: 'unknown' } })
  expect((await fetch(`${url}/_next/static/x.css`)).status).toBe(200)
}

const isBack = async () => (await fetch(`${url}/t/main/board`)).status === 200

describe('R-03: while PostgreSQL is away', () => {
  it('pages and the API say so in words, whether it is frozen or killed, and come back by themselves', async () => {
    expect(await isBack()).toBe(true)
    signalAll('SIGSTOP')
    await eventually('it is noticed', async () => !(await isBack()))
    await expectAway()
    signalAll('SIGCONT')
    await eventually('pages are back', isBack)

    const port = Number(new URL(postgres.url).port)
    await postgres.stop()
    await eventually('it is noticed', async () => !(await isBack()))
    await expectAway()
    postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), isDurable: false, port })
    await eventually('pages are back', isBack)
  }, 60_000)

  it('work that lost it half-way is told that nobody knows how it ended, and not that nothing was changed', async () => {
    await database().pool.query('create role caisson_platform')
    const lost = await inTransaction(database(), { role: 'caisson_platform' }, async (tx) => {
      await database().pool.query('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = $1', [
        'client backend',
      ])
      await tx.$queryRaw`select 1`
    }).catch((error: unknown) => error)
    const answer = problemResponse(lost, 'r1')
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ code: 'unavailable', fix: expect.stringMatching(/Look whether it was done/) })
  })
})
