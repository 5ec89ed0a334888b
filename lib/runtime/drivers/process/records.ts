// The files by which driver and launcher speak. They outlive both; each appears whole or not at all.
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { ReplicaState } from '#lib/runtime/driver'
import type { Seal } from '#lib/runtime/drivers/process/seal'
import type { ProcessMark } from '#lib/runtime/drivers/process/processes'

/** What the launcher is to run, written before it is started. `${PORT}` is filled in by the launcher. */
export interface Intent {
  replicaId: string
  component: string
  digest: string
  configHash: string
  fencingToken: string
  command: string
  arguments: string[]
  environment: Record<string, string>
  dataDir: string
  stopTimeoutMs: number
  /** It ends by itself, and is started once. */
  runsOnce?: boolean
  /** The files of its configuration, by their hashes; never what is in them. */
  files?: Seal
  /** Keys of what it gets besides, whose values are in no file. */
  secretKeys?: string[]
}

/** What the launcher gets through its standard input and keeps in memory: it is in no file but those that the software is given. */
export interface Delivery {
  secrets: { key: string; value: string; deliver: 'environment' | 'file' }[]
}

/** What the launcher did, written by nobody else. */
export interface ReplicaRecord {
  replicaId: string
  component: string
  digest: string
  configHash: string
  fencingToken: string
  launcher: ProcessMark
  /** The software; null while there is none. */
  process: ProcessMark | null
  /** 0 before it has one. */
  port: number
  state: ReplicaState
  /** Why it is in this state: `exit_1`, `killed_9`, `crash_loop`, `stopped`, ''. */
  reason: string
  startedAt: string | null
  restarts: number
  lastExit: string
}

/** How to stop, for the launcher to read when it gets SIGTERM. */
export interface StopOrder {
  drainMs: number
  stopTimeoutMs: number
}

export const fileNames = {
  intent: 'intent.json',
  record: 'state.json',
  stop: 'stop.json',
  lock: 'launcher.lock',
  log: 'output.log',
  olderLog: 'output.1.log',
  /** Folders: files of the configuration; secrets that are delivered as files, while the software runs. */
  files: 'files',
  secrets: 'secrets',
} as const

/** Temp file → fsync → rename. */
export function writeJson(folder: string, file: string, value: Intent | ReplicaRecord | StopOrder): void {
  const draft = join(folder, `.${file}.${randomBytes(6).toString('hex')}`)
  const handle = openSync(draft, 'wx', 0o600)
  writeSync(handle, JSON.stringify(value, null, 1))
  fsyncSync(handle)
  closeSync(handle)
  renameSync(draft, join(folder, file))
}

/** undefined when it is not there. */
export function readJson<T extends Intent | ReplicaRecord | StopOrder>(folder: string, file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8')) as T
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
