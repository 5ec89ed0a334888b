// The end of a zip file: where its directory is. Format: PKWARE APPNOTE 6.3.10, sections 4.3.14 to 4.3.16.
import { archiveLimits, notJar, readAt, safeNumber, unsafe } from '#lib/builder/internal/zip-bytes'

export interface ZipEnd {
  entries: number
  directoryBytes: number
  directoryOffset: number
}

/** A script put in front without moving the offsets: Java finds its way, other readers do not. */
const prefixFix = 'Upload the JAR as the build tool made it, without anything in front of it or after it.'
const endBytes = 22
const locatorBytes = 20
const end64Bytes = 56

/** Finds the one end of the archive. A file where two readers could find two ends is refused. */
export function readZipEnd(file: number, size: number): ZipEnd {
  if (size === 0) throw notJar('The file is empty.')
  if (size < endBytes) throw notJar(`The file has ${size} bytes: too few for a JAR.`)
  const tailBytes = Math.min(size, endBytes + 65_535)
  const tail = readAt(file, size - tailBytes, tailBytes)
  const at = findEnd(tail, readAt(file, 0, 4))
  const disks = [tail.readUInt16LE(at + 4), tail.readUInt16LE(at + 6)]
  if (disks.some((disk) => disk !== 0) || tail.readUInt16LE(at + 8) !== tail.readUInt16LE(at + 10))
    throw unsafe('The archive is one part of several.')
  const position = size - tailBytes + at
  const short = { entries: tail.readUInt16LE(at + 10), directoryBytes: tail.readUInt32LE(at + 12), directoryOffset: tail.readUInt32LE(at + 16) }
  const { end, stop } = widen(file, position, short)
  if (end.entries > archiveLimits.entries) throw unsafe(`The archive says it has ${end.entries} entries; ${archiveLimits.entries} are the limit.`)
  if (end.directoryBytes > archiveLimits.directoryBytes) {
    throw unsafe(`The directory of the archive has ${end.directoryBytes} bytes; ${archiveLimits.directoryBytes} are the limit.`)
  }
  if (end.directoryOffset + end.directoryBytes > stop) throw notJar('The archive is cut off: its directory lies outside the file.')
  if (end.directoryOffset + end.directoryBytes !== stop) {
    throw unsafe('There are bytes before the archive, or between its directory and its end.', prefixFix)
  }
  if (end.entries === 0) throw notJar('The archive is empty.')
  return end
}

/** The end record is the last one whose comment reaches exactly to the end of the file. */
function findEnd(tail: Buffer, start: Buffer): number {
  const signatures: number[] = []
  const before = (at: number) => (at < 0 ? -1 : tail.lastIndexOf('PK\u0005\u0006', at, 'latin1'))
  for (let at = before(tail.length - endBytes); at >= 0; at = before(at - 1)) signatures.push(at)
  const reach = (at: number) => at + endBytes + tail.readUInt16LE(at + 20)
  const ends = signatures.filter((at) => reach(at) === tail.length)
  const [end] = ends
  if (end === undefined) {
    const last = signatures[0]
    if (last !== undefined && reach(last) < tail.length) throw unsafe('There are bytes after the end of the archive.')
    throw notJar(start.readUInt32LE(0) === 0x04034b50 ? 'The archive is cut off: its directory is missing.' : 'The file is not a zip archive.')
  }
  // Java accepts an end record whose comment is too short or too long where others do not, so one in the comment is enough.
  if (ends.length > 1 || signatures.some((at) => at > end)) throw unsafe('The archive has two ends: readers would see different contents.')
  return end
}

/** The zip64 end record, when there is one: it must agree with the short one and lie right before it. */
function widen(file: number, position: number, short: ZipEnd): { end: ZipEnd; stop: number } {
  const locator = position >= locatorBytes ? readAt(file, position - locatorBytes, locatorBytes) : Buffer.alloc(4)
  if (locator.readUInt32LE(0) !== 0x07064b50) {
    const claims = short.entries === 0xffff || short.directoryBytes === 0xffffffff || short.directoryOffset === 0xffffffff
    if (claims) throw unsafe('The archive claims to be zip64 and has no zip64 end.')
    return { end: short, stop: position }
  }
  const at = safeNumber(locator.readBigUInt64LE(8))
  if (at + end64Bytes !== position - locatorBytes) throw unsafe('The zip64 end of the archive is not where it should be.')
  const record = readAt(file, at, end64Bytes)
  const wide = (offset: number) => safeNumber(record.readBigUInt64LE(offset))
  const end = { entries: wide(32), directoryBytes: wide(40), directoryOffset: wide(48) }
  const agrees =
    record.readUInt32LE(0) === 0x06064b50 &&
    wide(4) === end64Bytes - 12 &&
    record.readUInt32LE(16) === 0 &&
    record.readUInt32LE(20) === 0 &&
    wide(24) === end.entries &&
    [0xffff, end.entries].includes(short.entries) &&
    [0xffffffff, end.directoryBytes].includes(short.directoryBytes) &&
    [0xffffffff, end.directoryOffset].includes(short.directoryOffset)
  if (!agrees) throw unsafe('The two ends of the archive (zip64 and zip) disagree.')
  return { end, stop: at }
}
