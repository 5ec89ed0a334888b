/** Bytes of manifests by their digest, the least recently used first to go. Never asked whether somebody may see them. */
export class ManifestCache {
  readonly #entries = new Map<string, Buffer>()
  readonly #maxBytes: number
  #sizeBytes = 0

  constructor(maxBytes = 64 * 1024 ** 2) {
    this.#maxBytes = maxBytes
  }

  get(key: string): Buffer | undefined {
    const found = this.#entries.get(key)
    if (!found) return undefined
    this.#entries.delete(key)
    this.#entries.set(key, found)
    return found
  }

  set(key: string, bytes: Buffer): void {
    this.#sizeBytes += bytes.length - (this.#entries.get(key)?.length ?? 0)
    this.#entries.delete(key)
    this.#entries.set(key, bytes)
    for (const [oldest, held] of this.#entries) {
      if (this.#sizeBytes <= this.#maxBytes) return
      this.#entries.delete(oldest)
      this.#sizeBytes -= held.length
    }
  }
}
