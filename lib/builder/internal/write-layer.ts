// The bytes of a layer on their way from a JAR to the store.
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import type { CopyRange, LayerPiece } from '#lib/builder/internal/boot-layer-stream'
import type { BlobStore } from '#lib/platform/blob-store'

export interface KnownLayer {
  digest: string
  sizeBytes: number
}

const chunkBytes = 1024 ** 2
/** What of a layer is not in the JAR as it is, and is held to be hashed before it is written; a layer with more is written at once. */
const mostHeldBytes = 16 * 1024 ** 2

/** Writes a layer, unless it is one of the known ones and whole in the store. */
export async function writeLayer(
  jar: FileHandle,
  pieces: AsyncIterable<LayerPiece>,
  known: readonly KnownLayer[],
  store: Pick<BlobStore, 'write' | 'verifiedPath'>,
): Promise<KnownLayer> {
  if (known.length === 0) return store.write(bytesOf(jar, pieces))
  const rest = pieces[Symbol.asyncIterator]()
  const { held, isWhole } = await hold(rest)
  const sizeBytes = held.reduce((sum, { length }) => sum + length, 0)
  const alike = isWhole ? known.filter((layer) => layer.sizeBytes === sizeBytes) : []
  if (alike.length > 0) {
    const digest = await digestOf(bytesOf(jar, held))
    if (alike.some((layer) => layer.digest === digest) && (await isStored(store, digest))) return { digest, sizeBytes }
  }
  return store.write(bytesOf(jar, held, isWhole ? undefined : rest))
}

async function hold(pieces: AsyncIterator<LayerPiece>): Promise<{ held: LayerPiece[]; isWhole: boolean }> {
  const held: LayerPiece[] = []
  let heldBytes = 0
  while (heldBytes <= mostHeldBytes) {
    const { value, done } = await pieces.next()
    if (done) return { held, isWhole: true }
    held.push(value)
    if (value instanceof Uint8Array) heldBytes += value.length
  }
  return { held, isWhole: false }
}

/** A damaged one is written again, which mends it. */
async function isStored(store: Pick<BlobStore, 'verifiedPath'>, digest: string): Promise<boolean> {
  return store.verifiedPath(digest).then(
    () => true,
    () => false,
  )
}

async function* bytesOf(
  jar: FileHandle,
  pieces: Iterable<LayerPiece> | AsyncIterable<LayerPiece>,
  rest?: AsyncIterator<LayerPiece>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield* piece instanceof Uint8Array ? [piece] : copied(jar, piece)
  for (let next = await rest?.next(); next && !next.done; next = await rest?.next()) {
    yield* next.value instanceof Uint8Array ? [next.value] : copied(jar, next.value)
  }
}

async function* copied(jar: FileHandle, { offset, length }: CopyRange): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length;) {
    const { bytesRead, buffer } = await jar.read(Buffer.allocUnsafe(Math.min(chunkBytes, length - done)), { position: offset + done })
    if (bytesRead === 0) throw new RangeError('the archive child named a range that the JAR does not have')
    yield buffer.subarray(0, bytesRead)
    done += bytesRead
  }
}

async function digestOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of bytes) hash.update(chunk)
  return `sha256:${hash.digest('hex')}`
}
