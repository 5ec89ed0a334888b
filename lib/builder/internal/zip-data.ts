import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw, inflateRawSync, type InflateRaw } from 'node:zlib'
import { readAt, show, type ZipEntry } from '#lib/builder/internal/zip-bytes'
import { Refusal } from '#lib/platform/refusal'

const chunkBytes = 256 * 1024

/**
 * The content of an entry, inflated as it is read; never more than the directory declared, and checked against its CRC.
 * @throws Refusal `unsafe_archive` when the data is not what the directory says
 */
export async function* readEntry(file: number, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  if (isShort(entry)) yield readShort(file, entry)
  else yield* readLong(file, entry)
}

/** Reads an entry to check it, and keeps nothing. Throws as {@link readEntry}. */
export async function verifyEntry(file: number, entry: ZipEntry): Promise<void> {
  if (isShort(entry)) readShort(file, entry)
  else for await (const _chunk of readLong(file, entry)) continue
}

function isShort(entry: ZipEntry): boolean {
  return entry.sizeBytes <= chunkBytes
}

/** The whole content of a small entry. */
export async function readSmall(file: number, entry: ZipEntry, maxBytes: number): Promise<Buffer> {
  if (entry.sizeBytes > maxBytes) {
    throw new Refusal('unsupported', `${show(entry.name)} has ${entry.sizeBytes} bytes; ${maxBytes} are the limit.`, { fix: 'Make it smaller.' })
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of readEntry(file, entry)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Most entries of most JARs: one read and one call are ten times quicker than two streams. */
function readShort(file: number, entry: ZipEntry): Uint8Array {
  // Deflate never needs much more than what it holds (RFC 1951 §3.2.4: 5 bytes per stored block).
  if (entry.compressedBytes > entry.sizeBytes * 2 + 1024) throw lies(entry, 'data that cannot be inflated to its size')
  const raw = readAt(file, entry.dataOffset, entry.compressedBytes)
  const content = entry.method === 0 ? raw : inflateShort(entry, raw)
  checkTotals(entry, content.length, crc32(content))
  return content
}

function inflateShort(entry: ZipEntry, raw: Uint8Array): Uint8Array {
  try {
    // The types know nothing of `info` (zlib.html: "If true, returns an object with buffer and engine").
    const options = { maxOutputLength: entry.sizeBytes + 1, info: true }
    const { buffer, engine } = inflateRawSync(raw, options) as unknown as { buffer: Buffer; engine: InflateRaw }
    refuseRest(entry, engine)
    return buffer
  } catch (error) {
    throw inflateFailure(entry, error)
  }
}

async function* readLong(file: number, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  let size = 0
  let sum = 0
  for await (const chunk of entry.method === 0 ? rawChunks(file, entry) : inflateLong(file, entry)) {
    size += chunk.length
    if (size > entry.sizeBytes) throw lies(entry, 'more bytes than it declares')
    sum = crc32(chunk, sum)
    yield chunk
  }
  checkTotals(entry, size, sum)
}

function checkTotals(entry: ZipEntry, size: number, sum: number): void {
  if (size > entry.sizeBytes) throw lies(entry, 'more bytes than it declares')
  if (size < entry.sizeBytes) throw lies(entry, 'fewer bytes than it declares')
  if (sum !== entry.crc32) throw lies(entry, 'another checksum than it declares')
}

async function* inflateLong(file: number, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: chunkBytes })
  const piping = pipeline(Readable.from(rawChunks(file, entry)), inflate)
  piping.catch(() => undefined)
  try {
    yield* inflate as AsyncIterable<Uint8Array>
  } catch (error) {
    throw inflateFailure(entry, error)
  } finally {
    inflate.destroy()
  }
  refuseRest(entry, inflate)
}

function* rawChunks(file: number, entry: ZipEntry): Generator<Uint8Array> {
  const end = entry.dataOffset + entry.compressedBytes
  for (let at = entry.dataOffset; at < end; at += chunkBytes) yield readAt(file, at, Math.min(chunkBytes, end - at))
}

/** Bytes behind the last block of a deflate stream are read by nobody, and could be anything. */
function refuseRest(entry: ZipEntry, engine: InflateRaw): void {
  if (engine.bytesWritten !== entry.compressedBytes) throw lies(entry, 'bytes after the end of its compressed data')
}

function inflateFailure(entry: ZipEntry, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ERR_BUFFER_TOO_LARGE') return lies(entry, 'more bytes than it declares')
  return code.startsWith('Z_') ? lies(entry, 'data that cannot be inflated') : error
}

function lies(entry: ZipEntry, how: string): Refusal {
  return new Refusal('unsafe_archive', `${show(entry.name)} has ${how}.`, {
    fix: 'Build the JAR again with a standard tool, and upload that file as it is.',
  })
}
