// A JAR with one entry more, and every other byte as it was: what a rebuild after a small change looks like.
import { crc32 } from 'node:zlib'

/** Stores `content` as `name` behind the last entry. No zip64. Format: PKWARE APPNOTE 4.3. */
export function withOneMoreClass(jar: Buffer, name: string, content: Buffer): Buffer {
  const end = jar.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  const directoryBytes = jar.readUInt32LE(end + 12)
  const offset = jar.readUInt32LE(end + 16)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  common(local, 4, name, content)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  central.writeUInt16LE(20, 4)
  common(central, 6, name, content)
  central.writeUInt32LE(offset, 42)
  const newEnd = Buffer.from(jar.subarray(end))
  for (const at of [8, 10]) newEnd.writeUInt16LE(jar.readUInt16LE(end + at) + 1, at)
  newEnd.writeUInt32LE(directoryBytes + central.length + name.length, 12)
  newEnd.writeUInt32LE(offset + local.length + name.length + content.length, 16)
  const words = Buffer.from(name)
  return Buffer.concat([jar.subarray(0, offset), local, words, content, jar.subarray(offset, offset + directoryBytes), central, words, newEnd])
}

/** The fields that both headers have, in the same order: version, flags, method, time, date, CRC, sizes, length of the name. */
function common(head: Buffer, at: number, name: string, content: Buffer): void {
  head.writeUInt16LE(20, at)
  head.writeUInt32LE(0x58210000, at + 6)
  head.writeUInt32LE(crc32(content), at + 10)
  head.writeUInt32LE(content.length, at + 14)
  head.writeUInt32LE(content.length, at + 18)
  head.writeUInt16LE(Buffer.byteLength(name), at + 22)
}
