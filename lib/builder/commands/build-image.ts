import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { bootLayers } from '#lib/builder/internal/boot-layer-stream'
import { imageConfigOf, imageManifestOf, type OwnLayer } from '#lib/builder/internal/image-documents'
import { writeLayer, type KnownLayer } from '#lib/builder/internal/write-layer'
import type { BaseImage, BuiltImage, LayerView } from '#lib/builder/image'
import type { JarFacts } from '#lib/tenants/jar-facts'
import { digestOf } from '#lib/oci/digest'
import { mediaTypes } from '#lib/oci/media-types'
import { tarOf } from '#lib/oci/tar'
import type { BlobStore } from '#lib/platform/blob-store'
import { Refusal } from '#lib/platform/refusal'

export interface BuildRequest {
  /** Where the bytes of `jarDigest` are; nobody changes them meanwhile. */
  jarPath: string
  /** `sha256:<hex>` of the JAR. */
  jarDigest: string
  /** For words only: the image does not depend on what the file was called. */
  fileName: string
  facts: JarFacts
  base: BaseImage | null
  /** Layers of the image before it: one that is the same, and whole in the store, is not written again. */
  known?: readonly KnownLayer[]
}

/** What building needs of a blob store. */
export type BlobSink = Pick<BlobStore, 'write' | 'verifiedPath'>

/**
 * Builds the image of a JAR (docs/decisions/0011) and writes its layers and configuration to the store, streaming. The bytes
 * depend on the JAR's content, the base digest and the builder version, and on nothing else. The manifest is not written.
 * @throws Refusal `conflict` when the bytes are not those of `jarDigest`; what inspection refuses, for a Spring Boot JAR
 */
export async function buildImage(request: BuildRequest, store: BlobSink): Promise<BuiltImage> {
  const own = request.facts.kind === 'spring-boot' ? await writeBootLayers(request, store) : [await writePlainLayer(request, store)]
  const inherited = layersOfBase(request.base)
  const config = imageConfigOf({ entrypoint: entrypointOf(request.facts), base: request.base, layers: own })
  const written = await store.write(Readable.from([config]))
  const layers = [...inherited, ...own.map(viewOf)]
  const manifest = imageManifestOf({ config: written, layers, base: request.base })
  return {
    manifest,
    mediaType: mediaTypes.manifest,
    digest: digestOf(manifest),
    config: written,
    layers,
    sizeBytes: layers.reduce((sum, layer) => sum + layer.sizeBytes, manifest.length + written.sizeBytes),
  }
}

/** The JAR as one file, byte for byte; hashed on the way, so that what is sealed is what was inspected. */
async function writePlainLayer({ jarPath, jarDigest, fileName }: BuildRequest, store: BlobSink): Promise<OwnLayer> {
  const { size } = await stat(jarPath)
  const hash = createHash('sha256')
  async function* data(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(jarPath, { highWaterMark: 1024 ** 2 }) as AsyncIterable<Uint8Array>) {
      hash.update(chunk)
      yield chunk
    }
  }
  const layer = await store.write(tarOf([{ path: plainJarPath.slice(1), sizeBytes: size, data }]))
  if (`sha256:${hash.digest('hex')}` !== jarDigest)
    throw new Refusal('conflict', `${fileName} is not the file that was hashed.`, { fix: 'Upload it again.' })
  return { name: 'application', entries: 1, ...layer }
}

async function writeBootLayers({ jarPath, known = [] }: BuildRequest, store: BlobSink): Promise<OwnLayer[]> {
  const layers: OwnLayer[] = []
  const jar = await open(jarPath)
  try {
    for await (const { name, entries, pieces } of bootLayers(jarPath)) {
      layers.push({ name, entries, ...(await writeLayer(jar, pieces, known, store)) })
    }
    return layers
  } finally {
    await jar.close()
  }
}

const plainJarPath = '/app/app.jar'

/** Java reads JAVA_TOOL_OPTIONS by itself; a launcher of another Spring Boot release is in another package, so its name is the JAR's. */
function entrypointOf(facts: JarFacts): string[] {
  return facts.kind === 'spring-boot' ? ['java', '-cp', '/app', facts.mainClass] : ['java', '-jar', plainJarPath]
}

function layersOfBase(base: BaseImage | null): LayerView[] {
  if (!base) return []
  return base.manifest.layers.map(({ digest, size, mediaType }, index) => ({
    name: `base ${index + 1}`,
    digest,
    diffId: base.config.rootfs.diff_ids[index] ?? '',
    sizeBytes: size,
    mediaType: mediaType === mediaTypes.dockerLayerGzip ? mediaTypes.layerGzip : mediaType,
    entries: 0,
    isFromBase: true,
  }))
}

/** An uncompressed layer is its own diff. */
function viewOf({ name, entries, digest, sizeBytes }: OwnLayer): LayerView {
  return { name, entries, digest, diffId: digest, sizeBytes, mediaType: mediaTypes.layerTar, isFromBase: false }
}
