// Pulls an image out of another registry (distribution-spec, "Pulling an image"), for base images. Nothing of it is believed
// before it hashes to its digest, and a password never leaves for another host (S-28).
import { Readable } from 'node:stream'
import { algorithmOf, digestOf } from '#lib/oci/digest'
import { maxManifestBytes, parseManifest, type Descriptor, type Manifest } from '#lib/oci/manifest'
import { mediaTypes } from '#lib/oci/media-types'
import { parseReference, type Reference } from '#lib/oci/reference'
import type { BlobStore } from '#lib/platform/blob-store'
import { Refusal } from '#lib/platform/refusal'
import { RegistrySession, type RegistryCredentials } from '#lib/registry/internal/registry-session'

export interface PulledImage {
  /** The exact bytes of the image manifest for linux/amd64. */
  manifest: Uint8Array
  mediaType: string
  /** Of those bytes. */
  digest: string
}

const accepted = [mediaTypes.manifest, mediaTypes.index, mediaTypes.dockerManifest, mediaTypes.dockerList].join(', ')

/**
 * Brings an image into the store: the manifest (of an index the one for linux/amd64), its configuration and its layers,
 * each verified; what the store has already is not fetched.
 * @param reference `registry/repository:tag[@digest]`; plain http for loopback only
 * @throws Refusal `invalid_input` (no reference), `unavailable` (not there, not allowed, damaged), `unsupported` (nothing for linux/amd64)
 */
export async function fetchImage(reference: string, store: BlobStore, credentials?: RegistryCredentials): Promise<PulledImage> {
  const name = parseReference(reference)
  const session = new RegistrySession(name.registry, `repository:${name.repository}:pull`, credentials)
  const found = await fetchManifest(session, name, name.digest ?? name.tag ?? '', name.digest)
  const image = found.parsed.kind === 'image' ? found : await fetchManifest(session, name, ...childFor(name, found.parsed.index.manifests))
  if (image.parsed.kind !== 'image') throw unfit(name, 'an index inside an index')
  for (const blob of blobsOf(image.parsed.manifest)) await fetchBlob(session, name, blob, store)
  return { manifest: image.bytes, mediaType: image.mediaType, digest: digestOf(image.bytes) }
}

function childFor(name: Reference, manifests: readonly Descriptor[]): [string, string] {
  const child = manifests.find(({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64')
  if (!child) throw unfit(name, 'no image for linux/amd64')
  return [child.digest, child.digest]
}

async function fetchManifest(session: RegistrySession, name: Reference, reference: string, expected: string | undefined) {
  const response = await session.get(`/v2/${name.repository}/manifests/${reference}`, { accept: accepted })
  const bytes = await collect(response, maxManifestBytes)
  if (expected !== undefined && digestOf(bytes, algorithmOf(expected)) !== expected) {
    throw new Refusal('unavailable', `${name.registry} sent a manifest that does not hash to ${expected}.`, { fix: 'Ask who runs that registry.' })
  }
  const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? ''
  return { bytes, mediaType, parsed: parseManifest(bytes, mediaType) }
}

function blobsOf(manifest: Manifest): Descriptor[] {
  return [...new Map([manifest.config, ...manifest.layers].map((blob) => [blob.digest, blob])).values()]
}

async function fetchBlob(session: RegistrySession, name: Reference, blob: Descriptor, store: BlobStore): Promise<void> {
  if ((await store.size(blob.digest)) === blob.size) return
  const response = await session.get(`/v2/${name.repository}/blobs/${blob.digest}`, {})
  try {
    await store.write(bounded(response, blob.size), blob.digest)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'invalid_input') throw error
    throw new Refusal('unavailable', `${name.registry} sent a blob that does not hash to ${blob.digest}.`, {
      fix: 'Try again, or ask who runs it.',
      cause: error,
    })
  }
}

async function* bounded(response: Response, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0
  if (!response.body) return
  for await (const chunk of Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) throw new Refusal('unavailable', `${new URL(response.url).host} sent more than the ${maxBytes} bytes that it announced.`)
    yield chunk
  }
}

async function collect(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bounded(response, maxBytes)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function unfit(name: Reference, why: string): Refusal {
  return new Refusal('unsupported', `${name.registry}/${name.repository} is ${why}.`, { fix: 'Choose an image for linux/amd64.' })
}
