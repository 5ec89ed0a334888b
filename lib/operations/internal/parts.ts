// An archive as named parts one after another: [length][JSON of the name] then blocks [length][bytes], then [0]. Lengths are 32 bits,
// big-endian. What a part hashes to is told by the manifest, which is the last one.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { ByteReader } from '#lib/operations/internal/byte-reader'
import { Refusal } from '#lib/platform/refusal'

const longestHead = 2048
const longestBlock = 8 * 1024 * 1024
const headSchema = z.strictObject({ name: z.string().min(1).max(1000) })

export interface OutgoingPart {
  name: string
  content: AsyncIterable<Uint8Array>
}

export interface IncomingPart {
  name: string
  /** Has to be read to its end before the next part is asked for; what is left is read past. */
  content: AsyncIterable<Buffer>
}

export interface PartDigest {
  name: string
  sizeBytes: number
  /** hex */
  sha256: string
}

/** The bytes of one part; `onDone` tells what went out. */
export async function* writePart({ name, content }: OutgoingPart, onDone: (digest: PartDigest) => void): AsyncGenerator<Buffer> {
  yield block(Buffer.from(JSON.stringify({ name })))
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of content) {
    if (chunk.length === 0) continue
    hash.update(chunk)
    sizeBytes += chunk.length
    for (let start = 0; start < chunk.length; start += longestBlock) yield block(chunk.subarray(start, start + longestBlock))
  }
  yield length(0)
  onDone({ name, sizeBytes, sha256: hash.digest('hex') })
}

/** Parts in their order. Refuses bytes that are no archive. */
export async function* readParts(source: AsyncIterable<Uint8Array>): AsyncGenerator<IncomingPart> {
  const reader = new ByteReader(source)
  while (!(await reader.isAtEnd())) {
    const head = headSchema.safeParse(json((await readBlock(reader, longestHead))?.toString('utf8') ?? ''))
    if (!head.success) throw broken()
    const content = readBlocks(reader)
    yield { name: head.data.name, content }
    // Whoever did not want it: the next part begins after it.
    for await (const _rest of content);
  }
}

async function* readBlocks(reader: ByteReader): AsyncGenerator<Buffer> {
  for (let next = await readBlock(reader, longestBlock); next; next = await readBlock(reader, longestBlock)) yield next
}

async function readBlock(reader: ByteReader, longest: number): Promise<Buffer | undefined> {
  const head = await reader.take(4)
  if (head.length < 4) throw broken()
  const size = head.readUInt32BE()
  if (size === 0) return undefined
  if (size > longest) throw broken()
  const bytes = await reader.take(size)
  if (bytes.length < size) throw broken()
  return bytes
}

function block(bytes: Uint8Array): Buffer {
  return Buffer.concat([length(bytes.length), bytes])
}

function length(size: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(size)
  return bytes
}

function broken(): Refusal {
  return new Refusal('invalid_input', 'The inside of this backup is not what a backup has.', { fix: 'Take another copy of it, or an older backup.' })
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
