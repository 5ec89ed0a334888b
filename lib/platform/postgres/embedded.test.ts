import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { askDatabase } from '#lib/platform/postgres/ask-database'
import { startEmbeddedPostgres } from '#lib/platform/postgres/embedded'
import { lostDatabase } from '#lib/platform/postgres/outage'

const folder = mkdtempSync(join(tmpdir(), 'caisson-embedded-'))
chmodSync(folder, 0o755) // it runs as its own user when root starts it
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const address = 'select inet_server_addr()::text as address'

describe('the PostgreSQL that Caisson brings', () => {
  it('is asked through its socket, which is gone with it: away, and no fault of ours', async () => {
    const server = await startEmbeddedPostgres({ dataDir: join(folder, 'a b'), isDurable: false })
    expect(await askDatabase(server.url, address)).toEqual([{ address: null }])
    await server.stop()
    const error: unknown = await askDatabase(server.url, address).catch((failure: unknown) => failure)
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringContaining(`No PostgreSQL answers at ${server.dataDir}`) })
    expect(lostDatabase((error as Error).cause)).toMatchObject({ code: 'unavailable' })
  })

  it('is asked over TCP where its directory has a longer name than a socket may', async () => {
    const server = await startEmbeddedPostgres({ dataDir: join(folder, 'long'.repeat(30)), isDurable: false })
    expect(await askDatabase(server.url, address)).toEqual([{ address: expect.stringMatching(/^127\.0\.0\.1/) }])
    await server.stop()
  })
})
