import type { Readable } from 'node:stream'

/** Bytes by digest (`sha256:<hex>`, `sha512:<hex>`). Visibility is not its business: rows decide who sees what. */
export interface BlobStore {
  /** Size in bytes, or undefined when it is not here. */
  size(digest: string): Promise<number | undefined>
  /**
   * Streams bytes in: temp file → hash → fsync → rename → fsync of the directory. With `expected`, bytes that hash to
   * something else are thrown away with a Refusal (`invalid_input`). Writing what is there already is quick and safe.
   */
  write(source: AsyncIterable<Uint8Array>, expected?: string): Promise<{ digest: string; sizeBytes: number }>
  /** A stream of the bytes, or of a range of them; it errors when they no longer hash to the digest. `not_found` when absent. */
  read(digest: string, range?: { start: number; end: number }): Promise<Readable>
  /**
   * Moves a file that is on the same disk in, without copying it again. Its bytes are hashed, except when its stamp (`fileStamp`)
   * is still the one that it had when they were hashed on their way to the disk.
   */
  adopt(path: string, expected: string, stamp?: string): Promise<{ digest: string; sizeBytes: number }>
  /** Path of the file for those who need one (disk store), after its bytes were verified against the digest. */
  verifiedPath(digest: string): Promise<string>
}
