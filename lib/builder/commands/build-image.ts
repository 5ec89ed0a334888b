import { createReadStream } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { imageConfigOf, imageManifestOf } from '#lib/builder/internal/image-documents'
import { JarReading, type CopyRange, type LayerPiece, type LayerStream } from '#lib/builder/internal/open-jar'
import { keepSpareChild, type ChildLimits } from '#lib/builder/internal/run-archive-child'
import type { BaseImage, BuiltImage, JarInspection, LayerView } from '#lib/builder/image'
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
  base: BaseImage | null
  /** Layers of an image before it: one that is made of the same, and whole in the store, is not made again. */
  known?: readonly LayerView[]
  /** Of {@link readJar}, where it may have begun before. */
  reading?: JarReading
}

/** What building needs of a blob store. */
export type BlobSink = Pick<BlobStore, 'write' | 'verifiedPath'>

/** A Spring Boot JAR of 131 MB takes half a second; the 200,000 entries that are the limit take 4 s and 240 MiB of resident memory. Inflating and writing 4 GiB to a slow disk takes minutes. */
const defaults: ChildLimits = { firstWordMs: 120_000, lastWordMs: 1_800_000, heapMiB: 192 }

/**
 * Inspects a JAR and builds its image (docs/decisions/0010 and 0011): a child process with limits on memory and time reads it, and
 * nothing is unpacked to disk. Layers and configuration are streamed to the store once the JAR has passed every check. The bytes
 * depend on the JAR's content, the base digest and the builder version, and on nothing else. The manifest is not written.
 * @throws Refusal `not_a_jar`, `unsafe_archive` or `unsupported`, saying exactly why; `conflict` when the bytes are not those of `jarDigest`
 */
export async function buildImage(request: BuildRequest, store: BlobSink, limits: Partial<ChildLimits> = {}): Promise<BuiltImage & JarInspection> {
  const { base } = request
  const { inspection, layers: own } = await readAndWrite(request, store, limits)
  const config = imageConfigOf({ entrypoint: entrypointOf(inspection.facts), base, layers: own })
  const written = await store.write(Readable.from([config]))
  const layers = [...layersOfBase(base), ...own]
  const manifest = imageManifestOf({ config: written, layers, base })
  return {
    ...inspection,
    manifest,
    mediaType: mediaTypes.manifest,
    digest: digestOf(manifest),
    config: written,
    layers,
    sizeBytes: layers.reduce((sum, layer) => sum + layer.sizeBytes, manifest.length + written.sizeBytes),
  }
}

/** Says that a JAR arrives in a folder: what reads it has started by the time that it is whole. */
export function expectJar(folder: string): void {
  keepSpareChild(folder)
}

/**
 * A JAR that is whole, for {@link buildImage} to open; what is inside may be looked at before. Whoever does not build it closes it.
 * @param hashes SHA-256 (hex) of stretches of the file that were hashed as they arrived, by `offset length`
 */
export function readJar(jarPath: string, hashes: ReadonlyMap<string, string> = new Map(), limits: Partial<ChildLimits> = {}): JarReading {
  return new JarReading(jarPath, hashes, { ...defaults, ...limits })
}

async function readAndWrite(request: BuildRequest, store: BlobSink, limits: Partial<ChildLimits>) {
  const reading = request.reading ?? readJar(request.jarPath, undefined, limits)
  reading.begin()
  try {
    const known = await wholeOnes(request.known ?? [], store)
    const { inspection, layers } = await reading.open([...known.keys()])
    const isPlain = inspection.facts.kind === 'plain'
    return { inspection, layers: isPlain ? [await writePlainLayer(request, store)] : await writeBootLayers(request, layers, known, store) }
  } finally {
    reading.close()
  }
}

/** By what they are made of; a damaged one is made again, which mends it. */
async function wholeOnes(layers: readonly LayerView[], store: BlobSink): Promise<Map<string, LayerView>> {
  const own = layers.filter(({ source }) => source)
  const found = await Promise.allSettled(own.map(({ digest }) => store.verifiedPath(digest)))
  return new Map(own.filter((_, index) => found[index]?.status === 'fulfilled').map((layer) => [layer.source ?? '', layer]))
}

/** The JAR as one file, byte for byte; hashed on the way, so that what is sealed is what was inspected. */
async function writePlainLayer({ jarPath, jarDigest, fileName }: BuildRequest, store: BlobSink): Promise<LayerView> {
  const { size } = await stat(jarPath)
  const hash = createHash('sha256')
  async function* data(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(jarPath, { highWaterMark: chunkBytes }) as AsyncIterable<Uint8Array>) {
      hash.update(chunk)
      yield chunk
    }
  }
  const layer = await store.write(tarOf([{ path: plainJarPath.slice(1), sizeBytes: size, data }]))
  if (`sha256:${hash.digest('hex')}` !== jarDigest)
    throw new Refusal('conflict', `${fileName} is not the file that was hashed.`, { fix: 'Upload it again.' })
  return viewOf({ name: 'application', entries: 1, ...layer })
}

async function writeBootLayers(
  { jarPath }: BuildRequest,
  streams: AsyncIterable<LayerStream>,
  known: ReadonlyMap<string, LayerView>,
  store: BlobSink,
): Promise<LayerView[]> {
  const layers: LayerView[] = []
  const jar = await open(jarPath)
  try {
    for await (const { name, entries, source, isKnown, pieces } of streams) {
      const same = isKnown ? known.get(source) : undefined
      if (isKnown && !same) throw new Error('the archive child knows a layer that nobody told it of')
      const { digest, sizeBytes } = same ?? (await store.write(bytesOf(jar, pieces)))
      layers.push(viewOf({ name, entries, source, digest, sizeBytes }))
    }
    return layers
  } finally {
    await jar.close()
  }
}

const chunkBytes = 1024 ** 2

async function* bytesOf(jar: FileHandle, pieces: AsyncIterable<LayerPiece>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield* piece instanceof Uint8Array ? [piece] : copied(jar, piece)
}

async function* copied(jar: FileHandle, { offset, length }: CopyRange): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length;) {
    const { bytesRead, buffer } = await jar.read(Buffer.allocUnsafe(Math.min(chunkBytes, length - done)), { position: offset + done })
    if (bytesRead === 0) throw new RangeError('the archive child named a range that the JAR does not have')
    yield buffer.subarray(0, bytesRead)
    done += bytesRead
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
function viewOf({ name, entries, source, digest, sizeBytes }: Pick<LayerView, 'name' | 'entries' | 'source' | 'digest' | 'sizeBytes'>): LayerView {
  return {
    name,
    digest,
    diffId: digest,
    sizeBytes,
    mediaType: mediaTypes.layerTar,
    entries,
    isFromBase: false,
    ...(source === undefined ? {} : { source }),
  }
}
