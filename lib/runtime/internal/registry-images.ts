import { database, inTransaction } from '#lib/platform/database'
import { blobStore } from '#lib/platform/disk-blob-store'
import { getManifest } from '#lib/registry/queries/get-manifest'
import type { ImageSource } from '#lib/runtime/image-source'

/** The images of this installation's own registry. */
export const registryImages: ImageSource = {
  async manifest({ tenantId, repository, digest }) {
    const found = await inTransaction(database(), { role: 'caisson_app', tenantId }, (tx) => getManifest(tx, { repository, reference: digest }))
    return found.content
  },
  blobPath: (digest) => blobStore().verifiedPath(digest),
}
