import { readSync } from 'node:fs'
import { Refusal } from '#lib/platform/refusal'

export interface ZipEntry {
  name: string
  isFolder: boolean
  /** 0 stored, 8 deflated. */
  method: 0 | 8
  crc32: number
  compressedBytes: number
  sizeBytes: number
  dataOffset: number
}

/** An entry as the directory describes it. */
export interface CentralEntry {
  name: string
  rawName: Buffer
  flags: number
  method: number
  crc32: number
  compressedBytes: number
  sizeBytes: number
  localOffset: number
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
  const buffer = Buffer.alloc(length)
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
