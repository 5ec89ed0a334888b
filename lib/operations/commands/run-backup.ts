import { createHash } from 'node:crypto'
import { link, mkdir, open, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import pg from 'pg'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { shortestPassphrase, type BackupManifest, type BackupState, type BackupView } from '#lib/operations/backup'
import { dump, openSnapshot } from '#lib/operations/internal/dump'
import { ownerUrl } from '#lib/operations/internal/owner-url'
import { recordParts, summaryOf, type Written } from '#lib/operations/internal/record-parts'
import { tellOfFailure } from '#lib/operations/internal/tell-tenants'
import { seal } from '#lib/operations/internal/sealed-file'
import { presentBackup } from '#lib/operations/queries/list-backups'
import { actorId, type Context } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { isRefusal, Refusal } from '#lib/platform/refusal'

// Any number: it only has to be the same in every process that makes a backup.
export const backupLock = 7_245_501_902

export interface RunBackupInput {
  /** Where the archive goes; a file that is not there yet. */
  to: string
  passphrase: string
  /** The row that asked for it; a new one when absent. */
  backupId?: string
}

/**
 * Makes a backup of the whole installation: one snapshot of the database, every blob with its hash checked, and the keys, sealed under a
 * passphrase. Writes may go on meanwhile. The file appears whole under its name or not at all. A damaged blob leaves it `incomplete`: the
 * rest is kept, and it proves nothing.
 */
export async function runBackup(ctx: Context, input: RunBackupInput): Promise<BackupView> {
  if (input.backupId === undefined) refuseWeak(input.passphrase)
  const path = resolve(input.to)
  const client = new pg.Client({ connectionString: ownerUrl() })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [backupLock])
    if (!rows[0]?.taken) throw new Refusal('conflict', 'Another backup is under way.', { fix: 'Wait until it is done.' })
    const backupId = await begin(ctx, path, input.backupId)
    return await make(ctx, client, { ...input, to: path, backupId }).catch(async (error: unknown) => {
      await settle(ctx, backupId, { state: 'failed', outcome: isRefusal(error) ? error.message : `It broke: ${(error as Error).message}` })
      throw error
    })
  } finally {
    await client.end().catch(() => {})
  }
}

/** Gives up one that was asked for and cannot be made, with the reason on its row. */
export async function failBackup(ctx: Context, id: string, outcome: string): Promise<void> {
  await settle(ctx, id, { state: 'failed', outcome })
}

function refuseWeak(passphrase: string): void {
  if (passphrase.length >= shortestPassphrase) return
  throw new Refusal('invalid_input', `A passphrase has at least ${shortestPassphrase} characters.`, {
    fix: 'Choose a longer one, and keep it apart from the backup.',
  })
}

/** The row of it, before the snapshot, so that the backup knows itself; what an earlier process left open is given up. */
async function begin(ctx: Context, path: string, asked: string | undefined): Promise<string> {
  const id = asked ?? newId()
  await ctx.write(async (tx) => {
    await tx.backup.updateMany({
      where: { state: 'running' },
      data: { state: 'failed', finishedAt: ctx.now(), outcome: 'The process that made it ended.' },
    })
    const data = { state: 'running', startedAt: ctx.now(), path }
    if (asked === undefined) {
      await tx.backup.updateMany({ where: { state: 'requested' }, data: { state: 'failed', outcome: 'Another one was made instead.' } })
      await tx.backup.create({ data: { id, requestedBy: actorId(ctx.actor), ...data } })
    } else {
      await tx.backup.update({ where: { id }, data })
    }
    await appendEntry(tx, ctx, { action: 'backup.started', subject: { kind: 'backup', id } })
  })
  return id
}

async function make(ctx: Context, client: pg.Client, { to, passphrase, backupId }: Required<RunBackupInput>): Promise<BackupView> {
  refuseWeak(passphrase)
  let manifest: BackupManifest | undefined
  const snapshot = await openSnapshot(client, { backupId, createdAt: ctx.now().toISOString(), createdBy: actorId(ctx.actor) })
  const written = await writeNew(
    to,
    seal(
      dump(snapshot, (value) => (manifest = value)),
      passphrase,
    ),
  )
  await client.query('rollback')
  if (!manifest) throw new TypeError('an archive was written without a manifest')
  const { damaged } = manifest.blobs
  const isWhole = damaged.length === 0
  const words = isWhole
    ? ''
    : `${damaged.length} ${damaged.length === 1 ? 'blob is' : 'blobs are'} damaged or gone and not in it: ${damaged.slice(0, 5).join(', ')}.`
  return settle(ctx, backupId, { state: isWhole ? 'completed' : 'incomplete', outcome: words, written, manifest })
}

/** A file that is whole and on the disk when it has its name; one that is there already is never written over. */
async function writeNew(path: string, chunks: AsyncIterable<Buffer>): Promise<Written> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.partial`
  await rm(draft, { force: true })
  const hash = createHash('sha256')
  let sizeBytes = 0
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      for await (const chunk of chunks) {
        hash.update(chunk)
        sizeBytes += chunk.length
        await file.writeFile(chunk)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await link(draft, path)
    const folder = await open(dirname(path), 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
    return { sizeBytes, digest: `sha256:${hash.digest('hex')}` }
  } catch (error) {
    throw refusalOf(error, path)
  } finally {
    await rm(draft, { force: true })
  }
}

function refusalOf(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EEXIST')
    return new Refusal('conflict', `There is a file ${path} already.`, { fix: 'Choose another name: a backup is never written over.' })
  if (code === 'ENOSPC')
    return new Refusal('unavailable', `The disk of ${path} is full.`, { fix: 'Make room, or choose another disk.', cause: error })
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new Refusal('forbidden', `Nothing can be written at ${path}.`, { fix: 'Choose a folder that this account may write.', cause: error })
  }
  return error
}

interface Settlement {
  state: BackupState
  outcome: string
  written?: Written
  manifest?: BackupManifest
}

/** Keeps the result, and what a completed backup holds of each tenant: that is what gates and checklists read. */
async function settle(ctx: Context, id: string, { state, outcome, written, manifest }: Settlement): Promise<BackupView> {
  const finishedAt = ctx.now()
  const view = await ctx.write(async (tx) => {
    const summary = manifest ? summaryOf(manifest) : undefined
    const row = await tx.backup.update({
      where: { id },
      data: { state, outcome, finishedAt, ...written, ...(summary ? { summary: JSON.stringify(summary) } : {}) },
    })
    const after = { state, ...written, ...(summary ? { rows: summary.rows, blobs: summary.blobs, tenants: summary.tenants } : {}) }
    await appendEntry(tx, ctx, {
      action: `backup.${state}`,
      subject: { kind: 'backup', id },
      outcome: state === 'completed' ? 'done' : 'failed',
      after,
      reason: outcome,
    })
    return presentBackup(row)
  })
  if (state === 'completed' && manifest && written) await recordParts(ctx, manifest, written, finishedAt)
  else await tellOfFailure(ctx, id)
  return view
}
