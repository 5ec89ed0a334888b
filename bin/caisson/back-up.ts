// The wiring of backup, restore and drill: which database, which directory, which passphrase.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { reachDatabase } from '#bin/caisson/reach-database'
import { ask } from '#bin/cli/ask'
import { takeLock } from '#bin/up/lock'
import type { BackupView, RestoreReport } from '#lib/operations/backup'
import { recordDrill } from '#lib/operations/commands/record-drill'
import { restoreBackup } from '#lib/operations/commands/restore-backup'
import { runBackup } from '#lib/operations/commands/run-backup'
import { createContext, systemActor } from '#lib/platform/context'
import { closeDatabase } from '#lib/platform/database'
import { startEmbeddedPostgres } from '#lib/platform/postgres/embedded'
import { migrate } from '#lib/platform/postgres/migrate'
import { Refusal } from '#lib/platform/refusal'
import { dataPath, readSettings } from '#lib/platform/settings'

type Say = (line: string) => void

export async function backUp(to: string, passphraseFile: string | undefined): Promise<BackupView> {
  await reachDatabase()
  try {
    return await runBackup(commandLine(), { to, passphrase: await passphraseOf(passphraseFile, true) })
  } finally {
    await closeDatabase()
  }
}

/** Into CAISSON_DATA, with the own PostgreSQL unless DATABASE_URL names another. Nothing may run there meanwhile. */
export async function restore(file: string, passphraseFile: string | undefined, say: Say): Promise<RestoreReport> {
  const passphrase = await passphraseOf(passphraseFile, false)
  const unlock = takeLock()
  try {
    return await withPostgres(readSettings().DATABASE_URL, true, say, () => restoreBackup({ file, passphrase, say }))
  } finally {
    unlock()
  }
}

/** Into a directory and a PostgreSQL that are gone afterwards; what came of it is kept here. */
export async function drill(file: string, passphraseFile: string | undefined, say: Say): Promise<RestoreReport> {
  await reachDatabase()
  const passphrase = await passphraseOf(passphraseFile, false)
  const path = resolve(file)
  const report = await inIsolation((dataDir) => {
    say(`Restoring into ${dataDir}`)
    return withPostgres(undefined, false, say, () => restoreBackup({ file: path, passphrase, say }))
  })
  try {
    const tenants = await recordDrill(commandLine(), report)
    say(`Recorded the drill for ${tenants} ${tenants === 1 ? 'tenant' : 'tenants'}.`)
    return report
  } finally {
    await closeDatabase()
  }
}

const isolated = ['CAISSON_DATA', 'DATABASE_URL', 'DATABASE_OWNER_URL', 'BLOB_STORE'] as const

async function inIsolation<T>(work: (dataDir: string) => Promise<T>): Promise<T> {
  const before = Object.fromEntries(isolated.map((name) => [name, process.env[name]]))
  const dataDir = mkdtempSync(join(tmpdir(), 'caisson-drill-'))
  for (const name of isolated) delete process.env[name]
  process.env['CAISSON_DATA'] = dataDir
  try {
    return await work(dataDir)
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** A migrated database: the given one, or an own one that is started for it; without `isKept` its files are gone afterwards. */
async function withPostgres<T>(given: string | undefined, isKept: boolean, say: Say, work: () => Promise<T>): Promise<T> {
  const own = given === undefined ? await startEmbeddedPostgres({ dataDir: dataPath('postgres'), isDurable: isKept, say }) : undefined
  const url = given ?? own?.url ?? ''
  try {
    process.env['DATABASE_URL'] = url
    await migrate(readSettings().DATABASE_OWNER_URL ?? url)
    return await work()
  } finally {
    await closeDatabase()
    await own?.stop()
    // Root keeps the cluster elsewhere, where its user can reach it.
    if (own && !isKept && own.dataDir !== dataPath('postgres')) rmSync(dirname(own.dataDir), { recursive: true, force: true })
  }
}

const commandLine = () => createContext({ actor: systemActor('command-line') })

async function passphraseOf(file: string | undefined, isNew: boolean): Promise<string> {
  const path = file ?? readSettings().CAISSON_BACKUP_PASSPHRASE_FILE
  if (path !== undefined) {
    if (!existsSync(path)) throw new Refusal('not_found', `There is no file ${path}.`, { fix: 'Name the file that the passphrase is in.' })
    return readFileSync(path, 'utf8').trim()
  }
  const passphrase = await ask('Passphrase of the backup: ', { hidden: true })
  if (isNew && process.stdin.isTTY && (await ask('Once more: ', { hidden: true })) !== passphrase) {
    throw new Refusal('invalid_input', 'The two are not the same.', { fix: 'Type it again.' })
  }
  return passphrase
}
