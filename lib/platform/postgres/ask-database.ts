import pg from 'pg'
import { databaseRefusal, type UrlVariable } from '#lib/platform/postgres/database-refusal'

/** One statement on a connection of its own; what keeps it from being answered is a refusal that says what to do. */
export async function askDatabase<Row extends pg.QueryResultRow>(
  url: string,
  statement: string,
  { variable = 'DATABASE_URL', timeoutMs = 15_000 }: { variable?: UrlVariable; timeoutMs?: number } = {},
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs })
  client.on('error', () => {}) // a connection that breaks fails the statement that runs
  try {
    await client.connect()
    return (await client.query<Row>(statement)).rows
  } catch (error) {
    throw databaseRefusal(error, url, variable) ?? error
  } finally {
    await client.end().catch(() => {})
  }
}
