import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hexOf } from '#lib/oci/digest'
import { allReplicaFolders, imagesFolder } from '#lib/runtime/drivers/process/folders'
import { fileNames, readJson, type Intent } from '#lib/runtime/drivers/process/records'

/** What was used that recently may be about to be started. */
const unusedMs = 3_600_000

/**
 * Removes the unpacked images that are not among these digests, that no replica of this machine has, and that nobody used
 * for an hour; also what a killed worker left half unpacked. They can be unpacked again. Returns the names of what it removed.
 */
export async function pruneImageFolders(needed: ReadonlySet<string>): Promise<string[]> {
  if (!existsSync(imagesFolder())) return []
  const before = Date.now() - unusedMs
  const names = await readdir(imagesFolder())
  // After the names: a replica that starts now has used its image now.
  const kept = new Set([...needed, ...ofReplicas()].map(hexOf))
  const removed: string[] = []
  for (const name of names.filter((one) => !kept.has(one))) {
    const folder = join(imagesFolder(), name)
    if ((await stat(folder)).mtimeMs > before) continue
    const grave = join(imagesFolder(), `.gone-${randomBytes(6).toString('hex')}`)
    // At once or not at all: an image is there whole, or it is unpacked again.
    await rename(folder, grave)
    await rm(grave, { recursive: true, force: true })
    removed.push(name)
  }
  return removed
}

function ofReplicas(): string[] {
  return allReplicaFolders().flatMap((folder) => readJson<Intent>(folder, fileNames.intent)?.digest ?? [])
}
