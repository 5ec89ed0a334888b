import type { Descriptor, ParsedManifest } from '#lib/oci/manifest'
import type { Tx } from '#lib/platform/database'
import { registryRefusal } from '#lib/registry/registry-error'

export interface ManifestInput {
  tenantId: string
  repositoryId: string
  digest: string
  mediaType: string
  /** Kept and served exactly as they came. */
  bytes: Uint8Array
  parsed: ParsedManifest
  pushedBy: string
}

/** Keeps a manifest; answers whether it is new here. */
export async function keepManifest(tx: Tx, input: ManifestInput): Promise<boolean> {
  const { tenantId, repositoryId, digest, mediaType, bytes, parsed, pushedBy } = input
  const document = documentOf(parsed)
  // image-spec "artifactType": that of an image manifest without one is its config's media type.
  const artifactType = document.artifactType ?? (parsed.kind === 'image' ? parsed.manifest.config.mediaType : '')
  const { count } = await tx.manifest.createMany({
    data: [
      {
        tenantId,
        repositoryId,
        digest,
        mediaType,
        artifactType,
        subjectDigest: document.subject?.digest ?? null,
        annotations: JSON.stringify(document.annotations ?? {}),
        content: Buffer.from(bytes),
        sizeBytes: bytes.length,
        pushedBy,
      },
    ],
    skipDuplicates: true,
  })
  return count === 1
}

export function documentOf(parsed: ParsedManifest) {
  return parsed.kind === 'image' ? parsed.manifest : parsed.index
}

/**
 * Refuses a manifest that names what its repository does not have, and locks what it names until the end of the
 * transaction, so that a concurrent delete either comes first or is refused.
 */
export async function demandReferences(tx: Tx, repositoryId: string, parsed: ParsedManifest): Promise<void> {
  const needed =
    parsed.kind === 'image' ? [parsed.manifest.config, ...parsed.manifest.layers].filter((layer) => !isForeign(layer)) : parsed.index.manifests
  if (needed.length === 0) return
  const digests = [...new Set(needed.map(({ digest }) => digest))]
  const sizes = new Map<string, number>()
  if (parsed.kind === 'index') {
    for (const row of await tx.$queryRaw<Row[]>`
      select digest, size_bytes::bigint as size from manifest where repository_id = ${repositoryId} and digest = any(${digests}) for key share`)
      sizes.set(row.digest, Number(row.size))
  }
  // An index may also list what is no manifest; it is a blob then (image-spec image-index.md).
  if (sizes.size < digests.length) {
    for (const row of await tx.$queryRaw<Row[]>`
      select digest, size_bytes as size from repository_blob where repository_id = ${repositoryId} and digest = any(${digests}) for key share`)
      sizes.set(row.digest, Number(row.size))
  }
  for (const { digest, size } of needed) demandSize(digest, size, sizes.get(digest))
}

interface Row {
  digest: string
  size: bigint
}

function demandSize(digest: string, said: number, found: number | undefined): void {
  if (found === undefined) {
    throw registryRefusal(
      'MANIFEST_BLOB_UNKNOWN',
      'invalid_input',
      `The manifest names ${digest}, which this repository does not have.`,
      'Push it first.',
    )
  }
  if (found !== said) {
    throw registryRefusal('MANIFEST_INVALID', 'invalid_input', `The manifest says that ${digest} has ${said} bytes; it has ${found}.`)
  }
}

/** image-spec layer.md "Non-Distributable Layers": they stay where their urls point. */
function isForeign({ mediaType }: Descriptor): boolean {
  return /^application\/vnd\.(?:oci\.image\.layer\.nondistributable\.v1\.tar|docker\.image\.rootfs\.foreign\.diff\.tar)/.test(mediaType)
}
