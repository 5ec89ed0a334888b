// The header in front of an entry's data must say what the directory says (APPNOTE 4.3.7, 4.3.9): a reader that streams
// sees the one, Java the other (CVE-2026-115905).
import { extraField, readAt, safeNumber, show, unsafe, type CentralEntry } from '#lib/builder/internal/zip-bytes'

const localBytes = 30
const streamed = 8

/** Where the data of an entry starts, and where everything that belongs to the entry ends. */
export function checkLocal(file: number, entry: CentralEntry, directoryOffset: number): { dataOffset: number; endOffset: number } {
  const name = show(entry.name)
  // Decoding was strict, so this is what stands in the directory.
  const rawName = Buffer.from(entry.name)
  if (entry.localOffset + localBytes + rawName.length > directoryOffset) throw unsafe(`${name} points outside the archive.`)
  const head = readAt(file, entry.localOffset, localBytes + rawName.length)
  if (head.readUInt32LE(0) !== 0x04034b50) throw unsafe(`${name} does not start where the directory says.`)
  const differs = (what: string) => unsafe(`${name} has another ${what} in its own header than in the directory.`)
  if (head.readUInt16LE(26) !== rawName.length || !head.subarray(localBytes).equals(rawName)) throw differs('name')
  if (head.readUInt16LE(8) !== entry.method) throw differs('compression method')
  if ((head.readUInt16LE(6) ^ entry.flags) & (0x2041 | streamed)) throw differs('flag')

  const extraOffset = entry.localOffset + localBytes + rawName.length
  const dataOffset = extraOffset + head.readUInt16LE(28)
  const dataEnd = dataOffset + entry.compressedBytes
  if (dataEnd > directoryOffset) throw unsafe(`${name} reaches into the directory of the archive.`)
  const own = ownSizes(head, readAt(file, extraOffset, head.readUInt16LE(28)))
  const isStreamed = (entry.flags & streamed) !== 0
  const agrees = own.crc32 === entry.crc32 && own.compressedBytes === entry.compressedBytes && own.sizeBytes === entry.sizeBytes
  const isBlank = own.crc32 === 0 && own.compressedBytes === 0 && own.sizeBytes === 0
  if (!agrees && !(isStreamed && isBlank)) throw differs('size or checksum')
  return { dataOffset, endOffset: dataEnd + (isStreamed ? descriptorBytes(file, entry, dataEnd, directoryOffset) : 0) }
}

function ownSizes(head: Buffer, extra: Buffer): { crc32: number; compressedBytes: number; sizeBytes: number } {
  const short = { crc32: head.readUInt32LE(14), compressedBytes: head.readUInt32LE(18), sizeBytes: head.readUInt32LE(22) }
  if (short.compressedBytes !== 0xffffffff || short.sizeBytes !== 0xffffffff) return short
  const wide = extraField(extra, 1)
  if (!wide || wide.length < 16) throw unsafe('An entry claims zip64 sizes and has none.')
  return { ...short, sizeBytes: safeNumber(wide.readBigUInt64LE(0)), compressedBytes: safeNumber(wide.readBigUInt64LE(8)) }
}

/** What follows the data of a streamed entry: checksum and sizes of 4 or 8 bytes, with or without a signature. */
function descriptorBytes(file: number, entry: CentralEntry, offset: number, directoryOffset: number): number {
  const tail = readAt(file, offset, Math.min(24, directoryOffset - offset))
  const signed = tail.length >= 4 && tail.readUInt32LE(0) === 0x08074b50
  const matches = (start: number, wide: boolean) => {
    if (tail.length < start + (wide ? 20 : 12) || tail.readUInt32LE(start) !== entry.crc32) return false
    const sizes = wide
      ? [Number(tail.readBigUInt64LE(start + 4)), Number(tail.readBigUInt64LE(start + 12))]
      : [tail.readUInt32LE(start + 4), tail.readUInt32LE(start + 8)]
    return sizes[0] === entry.compressedBytes && sizes[1] === entry.sizeBytes
  }
  if (signed && matches(4, false)) return 16
  if (signed && matches(4, true)) return 24
  if (matches(0, false)) return 12
  if (matches(0, true)) return 20
  throw unsafe(`${show(entry.name)} has another size or checksum after its data than in the directory.`)
}
