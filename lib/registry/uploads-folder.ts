import { join } from 'node:path'
import { blobFolder } from '#lib/platform/disk-blob-store'

/** Chunks of unfinished uploads; on the disk of the blobs, so that a finished one is moved and not copied. */
export function uploadsFolder(): string {
  return join(blobFolder(), 'uploads')
}
