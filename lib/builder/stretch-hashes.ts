import { createHash, type Hash } from 'node:crypto'

const signature = Buffer.from('PK\u0003\u0004', 'latin1')
const headBytes = 30
/** A shorter stretch is quicker hashed again than told of. */
const leastBytes = 16 * 1024
/** So many are told; a JAR with more of them is only read a little longer. */
const mostStretches = 20_000

/**
 * Hashes what lies behind the headers of entries in an archive while its bytes arrive, so that nobody has to read them again for
 * it. Where entries lie is a guess here and harms nobody: a hash is only ever of the bytes of its stretch, which whoever reads the
 * archive may look for or not. Header: PKWARE APPNOTE 4.3.7.
 */
export class StretchHashes {
  /** SHA-256 (hex) by `offset length`. */
  readonly found = new Map<string, string>()
  /** Of the next byte that arrives. */
  #offset = 0
  /** The start of what may be a header. */
  #held: Buffer = Buffer.alloc(0)
  /** Bytes of a name, which are passed over. */
  #gap = 0
  #open: { offset: number; length: number; left: number; hash: Hash | undefined } | undefined

  update(chunk: Uint8Array): void {
    let rest = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    let at = this.#offset - this.#held.length
    this.#offset += chunk.length
    this.#held = Buffer.alloc(0)
    const take = (count: number) => {
      const taken = rest.subarray(0, count)
      rest = rest.subarray(taken.length)
      at += taken.length
      return taken
    }
    while (rest.length > 0) {
      if (this.#gap > 0) this.#gap -= take(this.#gap).length
      else if (this.#open) this.#pass(take(this.#open.left))
      else {
        const start = rest.indexOf(signature)
        take(start < 0 ? Math.max(0, rest.length - signature.length + 1) : start)
        if (rest.length < headBytes) {
          this.#held = Buffer.from(rest)
          return
        }
        this.#openEntry(take(headBytes), at)
      }
    }
  }

  #openEntry(head: Buffer, offset: number): void {
    this.#gap = head.readUInt16LE(26) + head.readUInt16LE(28)
    const length = head.readUInt32LE(18)
    const isHashed = length >= leastBytes && length < 0xffffffff && this.found.size < mostStretches
    if (length > 0 && length < 0xffffffff) {
      this.#open = { offset: offset + this.#gap, length, left: length, hash: isHashed ? createHash('sha256') : undefined }
    }
  }

  #pass(bytes: Buffer): void {
    const open = this.#open
    if (!open) return
    open.hash?.update(bytes)
    open.left -= bytes.length
    if (open.left > 0) return
    if (open.hash) this.found.set(`${open.offset} ${open.length}`, open.hash.digest('hex'))
    this.#open = undefined
  }
}
