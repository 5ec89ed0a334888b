import { askDatabase } from '#lib/platform/postgres/ask-database'
import { embeddedUrl } from '#lib/platform/postgres/embedded'
import { isRefusal, Refusal } from '#lib/platform/refusal'
import { dataPath, readSettings } from '#lib/platform/settings'

/** Sets DATABASE_URL of this process to the database of the installation in CAISSON_DATA, and refuses when it does not answer. */
export async function reachDatabase(): Promise<void> {
  const { DATABASE_URL: external } = readSettings()
  if (external) return void (await askDatabase(external, 'select 1'))
  const own = embeddedUrl(dataPath('postgres'), dataPath('postgres.port'))
  if (!own) {
    throw new Refusal('not_found', `There is no installation in ${dataPath()}.`, {
      fix: 'Name the one that you mean with CAISSON_DATA, or its database with DATABASE_URL.',
    })
  }
  try {
    await askDatabase(own, 'select 1')
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw new Refusal('unavailable', `The PostgreSQL of ${dataPath()} does not run.`, {
      fix: 'Start it with `caisson up` in another terminal.',
      cause: error,
    })
  }
  process.env['DATABASE_URL'] = own
}
