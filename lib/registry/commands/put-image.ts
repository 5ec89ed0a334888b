import { digestOf } from '#lib/oci/digest'
import { parseManifest, type ParsedManifest } from '#lib/oci/manifest'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import { keepManifest } from '#lib/registry/internal/manifest-rows'
import { linkBlobs, makeRepository } from '#lib/registry/internal/repository-rows'
import { claimTag } from '#lib/registry/internal/tag-rows'
import { parseRepositoryName } from '#lib/registry/repository-name'

export interface PutImageInput {
  tenantId: string
  /** `tenant/application[/component]`. */
  repository: string
  /** The exact bytes; their sha256 is the digest. */
  manifest: Uint8Array
  mediaType: string
  /** What the manifest names: the blobs that this repository may serve from now on. Their bytes are in the store. */
  blobs: readonly { digest: string; sizeBytes: number }[]
  tag?: string
  pushedBy: string
}

/**
 * Records an image that the platform itself made, and its tag, in the transaction of the caller, who authorizes and writes
 * the entry. Idempotent; a tag that ever named another digest is refused (`tag_taken`), and triggers keep it so.
 */
export async function putImage(tx: Tx, input: PutImageInput): Promise<{ digest: string }> {
  const { tenantId, pushedBy } = input
  const name = parseRepositoryName(input.repository)
  if (!name) throw new Refusal('invalid_input', `${input.repository} is not the name of a repository.`)
  const parsed: ParsedManifest = parseManifest(input.manifest, input.mediaType)
  const repositoryId = await makeRepository(tx, tenantId, name.local)
  await linkBlobs(tx, tenantId, repositoryId, input.blobs)
  const digest = digestOf(input.manifest)
  await keepManifest(tx, { tenantId, repositoryId, digest, mediaType: input.mediaType, bytes: input.manifest, parsed, pushedBy })
  if (input.tag !== undefined) {
    await claimTag(tx, { tenantId, repositoryId, repository: name.full, name: input.tag, digest, createdBy: pushedBy })
  }
  return { digest }
}
