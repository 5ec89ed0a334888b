import type { BaseImage, FetchedImage } from '#lib/builder/image'
import { readOciLayout } from '#lib/builder/internal/oci-layout'
import { digestOf } from '#lib/oci/digest'
import { parseImageConfig, parseManifest, type ImageConfig, type Manifest } from '#lib/oci/manifest'
import { mediaTypes } from '#lib/oci/media-types'
import { formatReference, parseReference } from '#lib/oci/reference'
import type { BlobStore } from '#lib/platform/blob-store'
import { Refusal } from '#lib/platform/refusal'

/**
 * Brings an image of another registry: chooses linux/amd64 of an index, and writes configuration and layers to the store,
 * each verified against its digest.
 */
export type FetchImage = (reference: string, store: BlobStore) => Promise<FetchedImage>

/**
 * Resolves the configured base to a digest and brings its blobs into the store.
 * @param reference '' for none, `oci:DIRECTORY` for an OCI image layout, else `registry/repository:tag[@digest]`
 * @returns null for none
 * @throws Refusal `invalid_input` (no such form), `unavailable` (not there, damaged), `unsupported` (not an image for linux/amd64)
 */
export async function resolveBase(reference: string, store: BlobStore, fetchImage?: FetchImage): Promise<BaseImage | null> {
  if (reference === '') return null
  const fetched = reference.startsWith('oci:')
    ? await readOciLayout(reference.slice('oci:'.length), store)
    : await fetch(reference, store, fetchImage)
  const parsed = parseManifest(fetched.manifest, fetched.mediaType)
  if (parsed.kind !== 'image') throw unsupported(reference, 'is an index and not an image')
  const { manifest } = parsed
  const config = parseImageConfig(await readBlob(store, manifest.config.digest))
  refuseUnfit(reference, manifest, config)
  return { reference, digest: digestOf(fetched.manifest), manifest, config }
}

async function fetch(reference: string, store: BlobStore, fetchImage: FetchImage | undefined): Promise<FetchedImage> {
  const name = parseReference(reference)
  if (!fetchImage) {
    throw new Refusal('unsupported', `The base ${reference} is in a registry, and nothing here can pull it.`, {
      fix: 'Use oci:DIRECTORY with an OCI image layout, or no base.',
    })
  }
  return fetchImage(formatReference(name), store)
}

const layerTypes: readonly string[] = [mediaTypes.layerTar, mediaTypes.layerGzip, mediaTypes.layerZstd, mediaTypes.dockerLayerGzip]

function refuseUnfit(reference: string, manifest: Manifest, config: ImageConfig): void {
  if (config.os !== 'linux') throw unsupported(reference, `is for ${config.os}`)
  if (config.rootfs.diff_ids.length !== manifest.layers.length)
    throw unsupported(reference, 'names other layers in its configuration than in its manifest')
  const odd = manifest.layers.find(({ mediaType }) => !layerTypes.includes(mediaType))
  if (odd) throw unsupported(reference, `has a layer of type ${odd.mediaType}`)
}

function unsupported(reference: string, why: string): Refusal {
  return new Refusal('unsupported', `The base ${reference} cannot be built on: it ${why}.`, {
    fix: 'Choose an image for linux/amd64 with tar layers.',
  })
}

async function readBlob(store: BlobStore, digest: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of (await store.read(digest)) as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
