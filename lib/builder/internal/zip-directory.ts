// Reads the directory of a zip as hostile bytes. A JAR that two readers could read differently is refused: Java, a scanner
// and this builder must see the same entries (docs/decisions/0010). Format: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4.
import { fstatSync } from 'node:fs'
import { archiveLimits, extraField, readAt, show, unsafe, type CentralEntry, type ZipEntry } from '#lib/builder/internal/zip-bytes'
import { checkLocal } from '#lib/builder/internal/zip-local'
import { readZipEnd } from '#lib/builder/internal/zip-end'

const centralBytes = 46
const damaged = 'The directory of the archive is damaged.'

export interface ZipDirectory {
  /** In the order of the directory. */
  entries: ZipEntry[]
  /** Whether a shell script stands in front of the archive, as Spring Boot's "fully executable" JARs have. */
  hasLaunchScript: boolean
}

/** @throws Refusal `not_a_jar` or `unsafe_archive` with the exact reason */
export function readZipDirectory(file: number): ZipDirectory {
  const size = fstatSync(file).size
  const end = readZipEnd(file, size)
  const directory = readAt(file, end.directoryOffset, end.directoryBytes)
  const central = readCentralEntries(directory, end.entries)
  refuseTwins(central)
  refuseBombs(central, size)
  const entries = central.map((entry) => Object.assign(entry, checkLocal(file, entry, end.directoryOffset)))
  const start = refuseOverlaps(entries, end.directoryOffset)
  if (start > 0) refusePrefix(file, start)
  return { entries, hasLaunchScript: start > 0 }
}

function readCentralEntries(directory: Buffer, count: number): CentralEntry[] {
  const entries: CentralEntry[] = []
  let at = 0
  for (let index = 0; index < count; index += 1) {
    const { entry, next } = readCentral(directory, at)
    entries.push(entry)
    at = next
  }
  if (at !== directory.length) throw unsafe('The directory of the archive holds more than its entries.')
  return entries
}

function readCentral(directory: Buffer, at: number): { entry: CentralEntry; next: number } {
  if (at + centralBytes > directory.length || directory.readUInt32LE(at) !== 0x02014b50) throw unsafe(damaged)
  const field16 = (offset: number) => directory.readUInt16LE(at + offset)
  const field32 = (offset: number) => directory.readUInt32LE(at + offset)
  const nameEnd = at + centralBytes + field16(28)
  const extraEnd = nameEnd + field16(30)
  const next = extraEnd + field16(32)
  if (next > directory.length) throw unsafe(damaged)
  const rawName = directory.subarray(at + centralBytes, nameEnd)
  const name = safeName(rawName)
  const entry = {
    name,
    isFolder: name.endsWith('/'),
    flags: field16(8),
    method: field16(10),
    crc32: field32(16),
    compressedBytes: field32(20),
    sizeBytes: field32(24),
    localOffset: field32(42),
  }
  if ([entry.compressedBytes, entry.sizeBytes, entry.localOffset].includes(0xffffffff)) {
    throw unsafe(`${show(name)} uses zip64 sizes; entries of 4 GiB and more are not taken.`)
  }
  if (field16(34) !== 0) throw unsafe('The archive is one part of several.')
  refuseSecondName(directory.subarray(nameEnd, extraEnd), rawName, name)
  refuseKind(entry, field16(4) >> 8, field32(38))
  return { entry, next }
}

function safeName(raw: Buffer): string {
  if (raw.length === 0 || raw.length > archiveLimits.nameBytes) throw unsafe('An entry has no name, or one longer than 4096 bytes.')
  let name: string
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw)
  } catch {
    throw unsafe('An entry has a name that is not UTF-8.')
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) throw unsafe(`${show(name)} has a control character in its name.`)
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) throw unsafe(`${show(name)} is an absolute path.`)
  if (name.includes('\\')) throw unsafe(`${show(name)} has a backslash in its name.`)
  if (name.includes('//')) throw unsafe(`${show(name)} has an empty folder name.`)
  if (name.split('/').some((part) => part === '..' || part === '.')) throw unsafe(`${show(name)} has a folder named . or .. in its path.`)
  return name
}

/** Info-ZIP's Unicode path (0x7075) gives an entry another name for readers that know it, and Java is none of them. */
function refuseSecondName(extra: Buffer, rawName: Buffer, name: string): void {
  const unicodePath = extraField(extra, 0x7075)
  if (unicodePath && !unicodePath.subarray(5).equals(rawName)) throw unsafe(`${show(name)} has a second name in an extra field.`)
}

function refuseKind(entry: CentralEntry, madeBy: number, attributes: number): void {
  const { flags, method } = entry
  const name = show(entry.name)
  if (flags & 0x2041) throw unsafe(`${name} is encrypted.`)
  if (method !== 0 && method !== 8) throw unsafe(`${name} uses compression method ${method}; JARs use 0 or 8.`)
  if (method === 0 && entry.sizeBytes !== entry.compressedBytes) throw unsafe(`${name} is stored, but its two sizes differ.`)
  if (entry.isFolder && entry.sizeBytes !== 0) throw unsafe(`${name} is a folder with contents.`)
  const isUnix = madeBy === 3 || madeBy === 19
  const type = isUnix ? (attributes >>> 16) & 0o170000 : 0
  if (type !== 0 && type !== 0o100000 && type !== 0o040000) throw unsafe(`${name} is a link or a device, not a file.`)
}

/**
 * The same name twice: readers take the first or the last. Names that differ only in case or in Unicode form are different
 * files to Java and to Linux (shrinkers make a.class and A.class), except where Java itself ignores case: the manifest and
 * the files of a signature.
 */
function refuseTwins(entries: readonly CentralEntry[]): void {
  const names = new Set<string>()
  for (const { name } of entries) {
    const isCaseless = /^META-INF\/(?:MANIFEST\.MF|[^/]+\.(?:SF|RSA|DSA|EC))$/i.test(name)
    const key = isCaseless ? name.toUpperCase() : name.replace(/\/$/, '')
    if (names.has(key)) throw unsafe(`${show(name)} is in the archive twice.`)
    names.add(key)
  }
}

function refuseBombs(entries: readonly CentralEntry[], size: number): void {
  const total = entries.reduce((sum, entry) => sum + entry.sizeBytes, 0)
  if (total > archiveLimits.uncompressedBytes) {
    throw unsafe(`The archive unpacks to ${total} bytes; ${archiveLimits.uncompressedBytes} are the limit.`)
  }
  if (total > archiveLimits.ratioAboveBytes && total > size * archiveLimits.ratio) {
    throw unsafe(`The archive unpacks to ${Math.round(total / size)} times its size: it is made to exhaust its reader.`)
  }
}

/** Entries lie end to end up to the directory: no room for what no directory names. Answers where the first one starts. */
function refuseOverlaps(entries: readonly ZipEntry[], directoryOffset: number): number {
  const sorted = entries.toSorted((a, b) => a.localOffset - b.localOffset)
  for (const [index, { name, endOffset }] of sorted.entries()) {
    const next = sorted[index + 1]?.localOffset ?? directoryOffset
    if (endOffset > next) throw unsafe(`${show(name)} overlaps what comes after it.`)
    if (endOffset < next) throw unsafe(`There are ${next - endOffset} bytes after ${show(name)} that belong to no entry.`)
  }
  return sorted[0]?.localOffset ?? 0
}

/** A script is text: without control characters it can hide neither a zip record nor another format's magic number. */
function refusePrefix(file: number, length: number): void {
  const refusal = unsafe('There are bytes before the first entry of the archive.')
  if (length > 65_536) throw refusal
  const prefix = readAt(file, 0, length)
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (prefix.subarray(0, 2).toString('latin1') !== '#!' || /[\u0000-\u0008\u000b-\u001f\u007f]/.test(prefix.toString('latin1'))) throw refusal
}
