// One PostgreSQL server for a whole run of tests, gone when the run ends.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '#lib/platform/postgres/embedded'

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['CAISSON_TEST_POSTGRES_URL']) return undefined
  const dir = mkdtempSync(join(tmpdir(), 'caisson-postgres-'))
  chmodSync(dir, 0o755) // PostgreSQL runs as its own user when root starts it
  const server = await startEmbeddedPostgres({ dataDir: join(dir, 'data'), isDurable: false, maxConnections: 300 })
  process.env['CAISSON_TEST_POSTGRES_URL'] = server.url
  return async () => {
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}
