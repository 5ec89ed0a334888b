import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { Refusal } from '#lib/platform/refusal'
import { digestOf } from '#lib/oci/digest'

export interface PutImageInput {
  tenantId: string
  /** `tenant/application[/component]`. */
  repository: string
  /** The exact bytes; their sha256 is the digest. */
  manifest: Uint8Array
  mediaType: string
  /** What the manifest names: the blobs that this repository may serve from now on. Their bytes are in the store. */
  blobs: readonly { digest: string; sizeBytes: number }[]
  tag: string
  pushedBy: string
}

/** Records an image and its tag. Idempotent; a tag that names another digest is refused (`tag_taken`), and a trigger keeps it so. */
export async function putImage(tx: Tx, input: PutImageInput): Promise<{ digest: string }> {
  const { tenantId, pushedBy } = input
  const repositoryId = await repositoryOf(tx, tenantId, input.repository.slice(input.repository.indexOf('/') + 1))
  await tx.repositoryBlob.createMany({
    data: input.blobs.map(({ digest, sizeBytes }) => ({ tenantId, repositoryId, digest, sizeBytes: BigInt(sizeBytes) })),
    skipDuplicates: true,
  })
  const digest = digestOf(input.manifest)
  await tx.manifest.createMany({
    data: [
      {
        tenantId,
        repositoryId,
        digest,
        mediaType: input.mediaType,
        content: Buffer.from(input.manifest),
        sizeBytes: input.manifest.length,
        pushedBy,
      },
    ],
    skipDuplicates: true,
  })
  await tx.tag.createMany({ data: [{ tenantId, repositoryId, name: input.tag, digest, createdBy: pushedBy }], skipDuplicates: true })
  const tag = await tx.tag.findUniqueOrThrow({ where: { repositoryId_name: { repositoryId, name: input.tag } } })
  if (tag.digest !== digest) {
    throw new Refusal('tag_taken', `${input.repository}:${input.tag} is ${tag.digest} already, and a tag never changes.`, {
      fix: 'Choose another name.',
    })
  }
  return { digest }
}

async function repositoryOf(tx: Tx, tenantId: string, name: string): Promise<string> {
  await tx.repository.createMany({ data: [{ id: newId(), tenantId, name }], skipDuplicates: true })
  return (await tx.repository.findUniqueOrThrow({ where: { tenantId_name: { tenantId, name } }, select: { id: true } })).id
}
