// An OCI image layout on disk as a base (image-spec image-layout.md). Names of files come from digests that were checked.
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FetchedImage } from '#lib/builder/image'
import { algorithmOf, digestOf, hexOf } from '#lib/oci/digest'
import { maxManifestBytes, parseManifest, type Descriptor } from '#lib/oci/manifest'
import { isIndexType, mediaTypes } from '#lib/oci/media-types'
import type { BlobStore } from '#lib/platform/blob-store'
import { isRefusal, Refusal } from '#lib/platform/refusal'

/** An index may name an index (multi-platform builds do once); more is a loop. */
const maxDepth = 3

/** The manifest for linux/amd64 of a layout, with its configuration and layers copied to the store and verified. */
export async function readOciLayout(directory: string, store: BlobStore): Promise<FetchedImage> {
  const found = await descend(directory, await readFileOf(directory, 'index.json'), mediaTypes.index, 0)
  const parsed = parseManifest(found.manifest, found.mediaType)
  if (parsed.kind !== 'image') throw broken(directory, 'names no image')
  for (const blob of [parsed.manifest.config, ...parsed.manifest.layers]) await copyBlob(directory, blob, store)
  return found
}

async function descend(directory: string, bytes: Buffer, mediaType: string, depth: number): Promise<FetchedImage> {
  if (!isIndexType(mediaType)) return { manifest: bytes, mediaType }
  if (depth > maxDepth) throw broken(directory, 'has indexes within indexes')
  const parsed = parseManifest(bytes, mediaType)
  const chosen = parsed.kind === 'index' ? choose(directory, parsed.index.manifests) : undefined
  if (!chosen) throw new Refusal('unsupported', `The OCI layout ${directory} has no image for linux/amd64.`, { fix: 'Choose one that has.' })
  const next = await readFileOf(directory, blobPath(chosen.digest))
  if (digestOf(next, algorithmOf(chosen.digest)) !== chosen.digest) throw broken(directory, `has other bytes under ${chosen.digest}`)
  return descend(directory, next, chosen.mediaType, depth + 1)
}

/** An entry without a platform says nothing about it: its configuration will. Two that fit leave the choice to chance. */
function choose(directory: string, manifests: readonly Descriptor[]): Descriptor | undefined {
  const fitting = manifests.filter(({ platform }) => platform === undefined || (platform.os === 'linux' && platform.architecture === 'amd64'))
  if (fitting.length > 1) throw broken(directory, `has ${fitting.length} images for linux/amd64, and one is needed`)
  return fitting[0]
}

async function copyBlob(directory: string, { digest, size }: Descriptor, store: BlobStore): Promise<void> {
  if ((await store.size(digest)) === size) return
  const path = join(directory, blobPath(digest))
  const found = await stat(path).catch(() => undefined)
  if (found?.size !== size) throw broken(directory, `lacks ${digest} of ${size} bytes`)
  try {
    await store.write(createReadStream(path, { highWaterMark: 1024 ** 2 }) as AsyncIterable<Uint8Array>, digest)
  } catch (cause) {
    if (isRefusal(cause) && cause.code === 'invalid_input') throw broken(directory, `has other bytes under ${digest}`)
    throw cause
  }
}

function blobPath(digest: string): string {
  return join('blobs', algorithmOf(digest), hexOf(digest))
}

async function readFileOf(directory: string, name: string): Promise<Buffer> {
  const file = await open(join(directory, name)).catch(() => undefined)
  if (!file) throw broken(directory, `has no ${name}`)
  try {
    const { size } = await file.stat()
    if (size > maxManifestBytes) throw broken(directory, `has ${name} with ${size} bytes`)
    return await file.readFile()
  } finally {
    await file.close()
  }
}

function broken(directory: string, how: string): Refusal {
  return new Refusal('unavailable', `The OCI layout ${directory} ${how}.`, {
    fix: 'Write the layout again, and name its directory in CAISSON_BASE_IMAGE.',
  })
}
