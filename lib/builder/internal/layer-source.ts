import { createHash } from 'node:crypto'
import { builderVersion } from '#lib/builder/builder-version'
import { readAt, type ZipEntry } from '#lib/builder/internal/zip-bytes'

const chunkBytes = 256 * 1024

/**
 * What a layer is made of, as `sha256:<hex>`: of each entry the name, everything that its data is checked against, and the SHA-256
 * of that data as it lies in the archive. Where this is the same, the layer is the same, and so is what its checks said.
 * @param hashes of stretches of the file, by `offset length`; an entry that is not among them is hashed here
 */
export function sourceOf(file: number, entries: readonly ZipEntry[], hashes: ReadonlyMap<string, string>): string {
  const whole = createHash('sha256').update(`${builderVersion}\n`)
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name, method, crc32, sizeBytes, compressedBytes, dataOffset } = entry
    const data = hashes.get(`${dataOffset} ${compressedBytes}`) ?? hashOf(file, dataOffset, compressedBytes)
    whole.update(`${JSON.stringify([name, method, crc32, sizeBytes, compressedBytes, data])}\n`)
  }
  return `sha256:${whole.digest('hex')}`
}

function hashOf(file: number, offset: number, length: number): string {
  const hash = createHash('sha256')
  for (let done = 0; done < length; done += chunkBytes) hash.update(readAt(file, offset + done, Math.min(chunkBytes, length - done)))
  return hash.digest('hex')
}
