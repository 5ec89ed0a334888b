// Where the process runtime keeps what it knows: `runtime/<tenant>/<environment>/<application>/<replica>/` of the data directory.
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from '#lib/platform/refusal'
import { dataPath } from '#lib/platform/settings'
import type { RuntimeTarget } from '#lib/runtime/driver'

const name = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

export function imagesFolder(): string {
  return dataPath('runtime', 'images')
}

export function targetFolder({ tenant, environment, application }: RuntimeTarget): string {
  return dataPath('runtime', 'targets', ...[tenant, environment, application].map(checked))
}

export function replicaFolder(target: RuntimeTarget, replicaId: string): string {
  return join(targetFolder(target), checked(replicaId))
}

/** Logs of replicas that were stopped. */
export function endedFolder(target: RuntimeTarget): string {
  return join(targetFolder(target), '.ended')
}

/** Names of the folders below one, without those that start with a dot. */
export function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .toSorted()
}

/** Every replica's folder of this machine. */
export function allReplicaFolders(): string[] {
  let folders = [dataPath('runtime', 'targets')]
  for (const _level of ['tenant', 'environment', 'application', 'replica']) {
    folders = folders.flatMap((folder) => foldersIn(folder).map((inside) => join(folder, inside)))
  }
  return folders
}

/**
 * Writes down that a target was changed with this token. False when it saw a newer one. The file is made before the others
 * are looked at: of two that come at once, the older one sees the newer.
 */
export function admitToken(target: RuntimeTarget, token: bigint, write: (path: string) => void, forget: (path: string) => void): boolean {
  const folder = join(targetFolder(target), '.fence')
  mkdirSync(folder, { recursive: true })
  write(join(folder, spell(token)))
  const seen = readdirSync(folder).toSorted()
  const newest = seen.at(-1) ?? ''
  for (const older of seen.slice(0, -1)) forget(join(folder, older))
  return spell(token) >= newest
}

function spell(token: bigint): string {
  return token.toString().padStart(20, '0')
}

/** Slugs and ids are checked where they are made; this is the last look before they become a path. */
function checked(part: string): string {
  if (!name.test(part)) throw new Refusal('invalid_input', `${part.slice(0, 100)} cannot be the name of a folder.`)
  return part
}
