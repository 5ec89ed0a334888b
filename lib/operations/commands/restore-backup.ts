import { existsSync, readdirSync } from 'node:fs'
import pg from 'pg'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { verifyAllLogs } from '#lib/audit/commands/verify-log'
import { verifySecrets } from '#lib/configuration/queries/verify-secrets'
import type { BackupManifest, RestoreReport } from '#lib/operations/backup'
import { partsOf, readBegin, verifyArchive, type VerifiedArchive } from '#lib/operations/internal/archive'
import { Loading } from '#lib/operations/internal/load'
import { ownerUrl } from '#lib/operations/internal/owner-url'
import { recordParts, summaryOf } from '#lib/operations/internal/record-parts'
import { lasting, neverEmpty, quote, tablesInOrder } from '#lib/operations/internal/tables'
import { createContext, systemActor, type Context } from '#lib/platform/context'
import { blobFolder, blobStore } from '#lib/platform/disk-blob-store'
import { Refusal } from '#lib/platform/refusal'
import { dataPath } from '#lib/platform/settings'

export interface RestoreInput {
  file: string
  passphrase: string
  say?: (line: string) => void
}

/**
 * Brings a backup back into an installation that is migrated and empty. Everything that can be refused is refused before anything is
 * changed: a wrong passphrase, an archive that was altered or cut, another schema, an installation that holds something. Then it is one
 * transaction; afterwards the invariants are asked: rows, blobs, tags, and every log in full with the head that the backup had.
 */
export async function restoreBackup(input: RestoreInput): Promise<RestoreReport> {
  const startedAt = performance.now()
  const say = input.say ?? (() => {})
  const client = new pg.Client({ connectionString: ownerUrl() })
  client.on('error', () => {})
  await client.connect()
  try {
    const begin = await readBegin(input.file, input.passphrase)
    await refuseOtherSchema(client, begin.migrations)
    await refuseFull(client)
    say(`Verifying the backup of ${begin.createdAt}`)
    const archive = await verifyArchive(input.file, input.passphrase)
    say(`Restoring ${archive.manifest.blobs.count} blobs and ${Object.keys(archive.manifest.rows).length} tables`)
    await load(client, input, archive.manifest)
    say('Verifying what was restored')
    const checks = await verifyRestored(client, archive.manifest)
    const isVerified = checks.every(({ isOk }) => isOk)
    await record(archive, isVerified)
    const { manifest, digest, sizeBytes } = archive
    return {
      backupId: manifest.backupId,
      createdAt: manifest.createdAt,
      digest,
      sizeBytes,
      summary: summaryOf(manifest),
      tenants: manifest.tenants.map(({ id }) => id),
      checks,
      isVerified,
      tookMs: Math.round(performance.now() - startedAt),
    }
  } finally {
    await client.end().catch(() => {})
  }
}

async function refuseOtherSchema(client: pg.Client, migrations: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select migration_name as name from _prisma_migrations where finished_at is not null')
  const here = new Set(rows.map(({ name }) => name))
  const newer = migrations.filter((name) => !here.has(name))
  if (newer.length > 0) {
    throw new Refusal('conflict', `The backup has a newer schema than this program: ${newer.join(', ')}.`, {
      fix: 'Restore it with the version of Caisson that made it, or a later one.',
    })
  }
  const older = [...here].filter((name) => !migrations.includes(name))
  if (older.length > 0) {
    throw new Refusal('conflict', `The backup has an older schema than this program: it lacks ${older.join(', ')}.`, {
      fix: 'Restore it with the version of Caisson that made it, and upgrade afterwards.',
    })
  }
}

/** Refuses to mix two installations: a table with a row, a key, an anchor or a blob is somebody's. */
async function refuseFull(client: pg.Client): Promise<void> {
  await client.query('begin; set local role caisson_platform')
  const full: string[] = []
  for (const { name } of (await tablesInOrder(client)).filter((table) => !neverEmpty.includes(table.name))) {
    const { rows } = await client.query<{ full: boolean }>(`select exists (select 1 from ${quote(name)}) as full`)
    if (rows[0]?.full) full.push(name)
  }
  await client.query('rollback')
  const folders = [dataPath('keys'), dataPath('anchors'), ...['sha256', 'sha512'].map((name) => `${blobFolder()}/${name}`)]
  const used = folders.filter((folder) => existsSync(folder) && readdirSync(folder).length > 0)
  if (full.length === 0 && used.length === 0) return
  const words = [
    ...(full.length > 0 ? [`its database has rows (${full.slice(0, 3).join(', ')})`] : []),
    ...used.map((folder) => `there are files in ${folder}`),
  ]
  throw new Refusal('conflict', `This installation is not empty: ${words.join(', ')}.`, {
    fix: 'Give CAISSON_DATA a new directory, and DATABASE_URL (when it is set) an empty database.',
  })
}

async function load(client: pg.Client, { file, passphrase }: RestoreInput, manifest: BackupManifest): Promise<void> {
  const loading = await Loading.start(client)
  try {
    for await (const part of partsOf(file, passphrase)) await loading.take(part)
    for (const [table, count] of Object.entries(manifest.rows)) {
      if (loading.rows[table] !== count) throw new TypeError(`${table} has ${loading.rows[table] ?? 0} rows of ${count}`)
    }
    await loading.finish()
  } catch (error) {
    await loading.giveUp()
    throw error
  }
}

type Check = RestoreReport['checks'][number]

/** The invariants that a restored installation has to keep, asked of what is there now. */
async function verifyRestored(client: pg.Client, manifest: BackupManifest): Promise<Check[]> {
  await client.query('begin isolation level repeatable read read only; set local role caisson_platform')
  const checks: Check[] = []
  const check = (name: string, wrong: readonly string[], words: string): number =>
    checks.push({ name, isOk: wrong.length === 0, words: wrong.length === 0 ? words : wrong.slice(0, 5).join('; ') })
  const tables = await tablesInOrder(client)
  const wrongCounts: string[] = []
  for (const { name } of tables) {
    const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from ${quote(name)} where ${lasting[name] ?? 'true'}`)
    if (rows[0]?.n !== manifest.rows[name]) wrongCounts.push(`${name} has ${rows[0]?.n ?? 0} rows of ${manifest.rows[name] ?? 0}`)
  }
  check('rows', wrongCounts, `${Object.values(manifest.rows).reduce((sum, n) => sum + n, 0)} rows in ${tables.length} tables`)
  const { rows: blobs } = await client.query<{ digest: string }>(
    'select digest from repository_blob union select digest from artifact order by digest',
  )
  const damaged: string[] = []
  for (const { digest } of blobs)
    if (!(await isWhole(digest)) && !manifest.blobs.damaged.includes(digest)) damaged.push(`${digest} is not there or damaged`)
  check('blobs', damaged, `${manifest.blobs.count} blobs have the bytes of their digest`)
  const { rows: lost } = await client.query<{ name: string }>(
    'select t.name from tag t left join manifest m on m.repository_id = t.repository_id and m.digest = t.digest where m.digest is null',
  )
  check(
    'tags',
    lost.map(({ name }) => `the tag ${name} leads nowhere`),
    'every tag leads to its manifest',
  )
  const { rows: heads } = await client.query<{ log: string; size: number; hash: string }>(
    `select distinct on (log) log, (seq + 1)::int as size, hash from audit_chain order by log, seq desc`,
  )
  await client.query('rollback')
  const moved = manifest.heads.filter(
    ({ log, size, hash }) => size > 0 && !heads.some((one) => one.log === log && one.size === size && one.hash === hash),
  )
  check(
    'heads',
    moved.map(({ log, size }) => `the log ${log} does not end at place ${size} with the hash of the backup`),
    `${manifest.heads.length} logs end as they did`,
  )
  const secrets = await createContext({ actor: systemActor('restore') }).read(verifySecrets)
  check(
    'secrets',
    secrets.closed.map((name) => `the secret ${name} cannot be opened with the keys that came back`),
    secrets.count === 0 ? 'there is no secret' : `${secrets.count} secrets open with the keys that came back`,
  )
  const reports = await verifyAllLogs()
  check(
    'logs',
    reports.flatMap(({ name, findings }) => findings.map(({ words }) => `${name}: ${words}`)),
    `${reports.length} logs verified in full`,
  )
  return checks
}

async function isWhole(digest: string): Promise<boolean> {
  return blobStore()
    .verifiedPath(digest)
    .then(
      () => true,
      () => false,
    )
}

/** The backup becomes one that this installation knows, and that it was restored becomes an entry after the head that was compared. */
async function record({ manifest, digest, sizeBytes }: VerifiedArchive, isVerified: boolean): Promise<void> {
  const ctx: Context = createContext({ actor: systemActor('restore') })
  const subject = { kind: 'backup', id: manifest.backupId }
  await ctx.write(async (tx) => {
    const data = { state: 'completed', finishedAt: new Date(manifest.createdAt), sizeBytes, digest, summary: JSON.stringify(summaryOf(manifest)) }
    await tx.backup.updateMany({ where: { id: manifest.backupId }, data })
    await appendEntry(tx, ctx, {
      action: 'backup.restored',
      subject,
      outcome: isVerified ? 'done' : 'failed',
      after: { archive: digest, madeAt: manifest.createdAt },
    })
  })
  if (isVerified && manifest.blobs.damaged.length === 0) await recordParts(ctx, manifest, { digest, sizeBytes }, new Date(manifest.createdAt))
}
