// Checkpoints outside the database: one file per size, written whole or not at all and never over another one.
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { dataPath } from '#lib/platform/settings'

const keptNewest = 64
const mostFiles = 512
// Of the older ones, the first of every so many entries stays.
const thinnedBy = 4096

export interface AnchorFile {
  size: number
  note: string
  at: Date
}

/**
 * Keeps a note as the anchor of its size. Two processes that sign the same size end with one file; false when another
 * note of that size is there, which means that somebody signed another history.
 */
export function writeAnchor(logId: string, size: number, note: string): boolean {
  const path = join(anchorDir(logId), fileName(size))
  const isKept = writeOnce(path, note) || readFileSync(path, 'utf8') === note
  if (isKept) thinAnchors(logId)
  return isKept
}

/** All anchors of a log, smallest first. */
export function readAnchors(logId: string): AnchorFile[] {
  return anchorSizes(logId).map((size) => readAnchor(logId, size))
}

export function newestAnchor(logId: string): AnchorFile | undefined {
  const size = anchorSizes(logId).at(-1)
  return size === undefined ? undefined : readAnchor(logId, size)
}

/** Logs that have anchors: one that is gone from the database is still known here. */
export function anchoredLogs(): string[] {
  return existsSync(dataPath('anchors')) ? readdirSync(dataPath('anchors')) : []
}

/** The last size and root that this installation was about to sign: written before the anchor, so that a lost anchor shows. */
export function readLastSigned(logId: string): { size: number; root: string } | undefined {
  const path = lastSignedPath(logId)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { size: number; root: string }) : undefined
}

export function writeLastSigned(logId: string, signed: { size: number; root: string }): void {
  const path = lastSignedPath(logId)
  if ((readLastSigned(logId)?.size ?? -1) >= signed.size) return
  const draft = writeDraft(path, JSON.stringify(signed))
  renameSync(draft, path)
  syncDir(dirname(path))
}

function readAnchor(logId: string, size: number): AnchorFile {
  const path = join(anchorDir(logId), fileName(size))
  return { size, note: readFileSync(path, 'utf8'), at: statSync(path).mtime }
}

function anchorSizes(logId: string): number[] {
  if (!existsSync(anchorDir(logId))) return []
  return readdirSync(anchorDir(logId))
    .filter((name) => /^[0-9]{16}\.checkpoint$/.test(name))
    .map((name) => Number(name.slice(0, 16)))
    .sort((a, b) => a - b)
}

function thinAnchors(logId: string): void {
  const sizes = anchorSizes(logId)
  if (sizes.length <= mostFiles) return
  const older = sizes.slice(0, -keptNewest)
  const surplus = older.filter((size, index) => index > 0 && Math.floor(size / thinnedBy) === Math.floor((older[index - 1] ?? 0) / thinnedBy))
  for (const size of surplus) rmSync(join(anchorDir(logId), fileName(size)), { force: true })
}

function writeOnce(path: string, text: string): boolean {
  const draft = writeDraft(path, text)
  try {
    linkSync(draft, path)
    syncDir(dirname(path))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    rmSync(draft, { force: true })
  }
}

function writeDraft(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return draft
}

function syncDir(path: string): void {
  const dir = openSync(path, 'r')
  try {
    fsyncSync(dir)
  } finally {
    closeSync(dir)
  }
}

const anchorDir = (logId: string): string => dataPath('anchors', logId)
const lastSignedPath = (logId: string): string => dataPath('keys', 'audit-signed', logId)
const fileName = (size: number): string => `${String(size).padStart(16, '0')}.checkpoint`
