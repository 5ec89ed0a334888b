// JARs inside the archive. Nothing is decided by what is in them, so what cannot be read is as if it were not there.
import { inflateRawSync } from 'node:zlib'
import { readAt, type ZipEntry } from '#lib/builder/internal/zip-bytes'
import { readSmall } from '#lib/builder/internal/zip-data'

const maxNestedBytes = 48 * 1024 ** 2
const maxDirectoryBytes = 8 * 1024 ** 2
const centralBytes = 46
const endBytes = 22

export interface NestedJar {
  directory: Buffer
  size: number
  read: (position: number, length: number) => Buffer
}

export interface NestedEntry {
  name: string
  crc32: number
  method: number
  compressedBytes: number
  sizeBytes: number
  localOffset: number
}

/** Undefined for what is none, or cannot be read. Stored ones, as Spring Boot packs them, are read where they lie. */
export async function openNested(file: number, entry: ZipEntry): Promise<NestedJar | undefined> {
  if (!/^(?:BOOT-INF|WEB-INF)\/lib\/[^/]+\.jar$/.test(entry.name)) return undefined
  const size = entry.sizeBytes
  try {
    if (entry.method === 0) return withDirectory(size, (position, length) => readAt(file, entry.dataOffset + position, length))
    if (size > maxNestedBytes) return undefined
    const whole = await readSmall(file, entry, maxNestedBytes)
    return withDirectory(size, (position, length) => whole.subarray(position, position + length))
  } catch {
    return undefined
  }
}

function withDirectory(size: number, read: NestedJar['read']): NestedJar | undefined {
  const end = readEnd(read, size, endBytes) ?? readEnd(read, size, endBytes + 65_535)
  if (!end) return undefined
  const [directoryBytes, directoryOffset] = [end.readUInt32LE(12), end.readUInt32LE(16)]
  if (directoryOffset + directoryBytes > size || directoryBytes > maxDirectoryBytes) return undefined
  return { directory: read(directoryOffset, directoryBytes), size, read }
}

/** The last end record within so many bytes of the end; most have no comment behind it. */
function readEnd(read: NestedJar['read'], size: number, withinBytes: number): Buffer | undefined {
  const tailBytes = Math.min(size, withinBytes)
  const tail = read(size - tailBytes, tailBytes)
  const at = tail.length < endBytes ? -1 : tail.lastIndexOf('PK\u0005\u0006', tail.length - endBytes, 'latin1')
  return at < 0 ? undefined : tail.subarray(at)
}

/** Those with a word in their names. The rest, which is nearly all, is passed over without a look at what is said of it. */
export function entriesWith({ directory }: NestedJar, word: string): NestedEntry[] {
  const found: NestedEntry[] = []
  let hit = directory.indexOf(word)
  for (let at = 0; hit >= 0 && at + centralBytes <= directory.length && directory.readUInt32LE(at) === 0x02014b50;) {
    const nameEnd = at + centralBytes + directory.readUInt16LE(at + 28)
    if (hit < at + centralBytes) hit = directory.indexOf(word, at + centralBytes)
    if (hit >= 0 && hit + word.length <= nameEnd) {
      found.push({
        name: directory.toString('utf8', at + centralBytes, nameEnd),
        crc32: directory.readUInt32LE(at + 16),
        method: directory.readUInt16LE(at + 10),
        compressedBytes: directory.readUInt32LE(at + 20),
        sizeBytes: directory.readUInt32LE(at + 24),
        localOffset: directory.readUInt32LE(at + 42),
      })
    }
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return found
}

/** The content of an entry of at most so many bytes, packed or not; undefined where it cannot be read. */
export function contentIn({ read, size }: NestedJar, entry: NestedEntry, maxBytes: number): Buffer | undefined {
  const { localOffset, compressedBytes, sizeBytes, method } = entry
  if (localOffset + 30 > size || compressedBytes > maxBytes || sizeBytes > maxBytes) return undefined
  try {
    const head = read(localOffset, 30)
    const start = localOffset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
    if (start + compressedBytes > size) return undefined
    const raw = read(start, compressedBytes)
    return method === 0 ? raw : inflateRawSync(raw, { maxOutputLength: maxBytes })
  } catch {
    return undefined
  }
}
