/** A stream of bytes read in the sizes that a format has. Holds one incoming chunk, and what is asked for. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>
  #held: Buffer = Buffer.alloc(0)
  #isDry = false

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** The next `size` bytes, or as many as there are. */
  async take(size: number): Promise<Buffer> {
    const parts: Buffer[] = []
    let missing = size
    while (missing > 0 && (await this.#fill())) {
      const part = this.#held.subarray(0, missing)
      this.#held = this.#held.subarray(part.length)
      parts.push(part)
      missing -= part.length
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
  }

  async isAtEnd(): Promise<boolean> {
    return !(await this.#fill())
  }

  /** Text up to the next line end, without it; undefined when there is none within `longest` bytes. */
  async line(longest: number): Promise<string | undefined> {
    const parts: Buffer[] = []
    let length = 0
    while (length <= longest && (await this.#fill())) {
      const end = this.#held.indexOf(10)
      const part = end < 0 ? this.#held : this.#held.subarray(0, end)
      parts.push(part)
      length += part.length
      this.#held = this.#held.subarray(part.length + (end < 0 ? 0 : 1))
      if (end >= 0) return length > longest ? undefined : Buffer.concat(parts).toString('utf8')
    }
    return undefined
  }

  /** Whether there is a byte to take. */
  async #fill(): Promise<boolean> {
    while (this.#held.length === 0 && !this.#isDry) {
      const { value, done } = await this.#source.next()
      if (done) this.#isDry = true
      else this.#held = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    }
    return this.#held.length > 0
  }
}
