import { readSync } from 'node:fs'
import { Refusal } from '#lib/platform/refusal'

/** An entry as the directory describes it. There may be 200,000: one object each, and no buffers. */
export interface CentralEntry {
  name: string
  isFolder: boolean
  flags: number
  method: number
  crc32: number
  compressedBytes: number
  sizeBytes: number
  localOffset: number
}

/** One whose own header agrees with the directory. */
export interface ZipEntry extends CentralEntry {
  dataOffset: number
  /** Behind the data and its descriptor. */
  endOffset: number
}

export const archiveLimits = {
  entries: 200_000,
  uncompressedBytes: 4 * 1024 ** 3,
  /** Over this many bytes, an archive that grows more than `ratio` times is a bomb. Real JARs stay below 20. */
  ratioAboveBytes: 16 * 1024 ** 2,
  ratio: 100,
  nameBytes: 4096,
  directoryBytes: 64 * 1024 ** 2,
}

export function unsafe(words: string, fix = 'Build the JAR again with a standard tool, and upload that file as it is.'): Refusal {
  return new Refusal('unsafe_archive', words, { fix })
}

export function notJar(words: string): Refusal {
  return new Refusal('not_a_jar', words, { fix: 'Upload a JAR: a zip file with META-INF/MANIFEST.MF.' })
}

/** Exactly `length` bytes. Positions come from the file itself, so one behind its end is an answer and not a fault. */
export function readAt(file: number, position: number, length: number): Buffer {
  // Filled to the last byte or thrown away, so nothing of earlier contents is seen.
  const buffer = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const count = readSync(file, buffer, done, length - done, position + done)
    if (count === 0) throw notJar('The archive is cut off.')
    done += count
  }
  return buffer
}

export function safeNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw unsafe('The archive gives a size that cannot be true.')
  return Number(value)
}

/** The value of an extra field (APPNOTE 4.5), or undefined. Java refuses fields that reach over their end, and so do we. */
export function extraField(extra: Buffer, id: number): Buffer | undefined {
  let found: Buffer | undefined
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2)
    if (at + 4 + length > extra.length) throw unsafe('An entry has an extra field that is cut off.')
    if (extra.readUInt16LE(at) === id) {
      if (found) throw unsafe('An entry has the same extra field twice.')
      found = extra.subarray(at + 4, at + 4 + length)
    }
    at += 4 + length
  }
  return found
}

/** A name as words may show it: short, and without what a terminal would obey. */
export function show(name: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
  const printable = name.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '?')
  return printable.length > 120 ? `${printable.slice(0, 117)}…` : printable
}
