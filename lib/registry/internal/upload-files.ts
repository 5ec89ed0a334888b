// Where the chunks of an unfinished upload are: one file each, named by upload and offset. The row says how many bytes
// count; a file beyond them is a chunk whose transaction did not end well, and the next one at its offset replaces it.
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface UploadChunk {
  path: string
  offset: number
  sizeBytes: number
}

export class UploadFiles {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** Path of a file that no row knows yet. */
  async draft(uploadId: string, mark: string): Promise<string> {
    await mkdir(this.folder, { recursive: true })
    return join(this.folder, `${uploadId}.draft.${mark}`)
  }

  async keep(draft: string, uploadId: string, offset: number): Promise<void> {
    await rename(draft, join(this.folder, `${uploadId}.${offset}`))
  }

  /** The chunks up to `offset`, in order; undefined when one of them is not there as it was. */
  async chunks(uploadId: string, offset: number): Promise<UploadChunk[] | undefined> {
    const offsets = (await this.#names(uploadId)).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : [])).toSorted((a, b) => a - b)
    const chunks: UploadChunk[] = []
    let end = 0
    for (const start of offsets.filter((one) => one < offset)) {
      const path = join(this.folder, `${uploadId}.${start}`)
      if (start !== end) return undefined
      const { size } = await stat(path)
      chunks.push({ path, offset: start, sizeBytes: size })
      end += size
    }
    return end === offset ? chunks : undefined
  }

  async *read(chunks: readonly UploadChunk[]): AsyncGenerator<Uint8Array> {
    for (const { path } of chunks) yield* createReadStream(path, { highWaterMark: 1024 ** 2 }) as AsyncIterable<Uint8Array>
  }

  async discard(uploadId: string): Promise<void> {
    for (const name of await this.#names(uploadId)) await rm(join(this.folder, `${uploadId}.${name}`), { force: true })
  }

  /** Removes what was last written before `before`: chunks whose row is gone. */
  async discardOlder(before: Date): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const path = join(this.folder, name)
      const found = await stat(path).catch(() => undefined)
      if (found && found.mtime < before) await rm(path, { force: true })
    }
  }

  /** What follows the id in the names of its files. */
  async #names(uploadId: string): Promise<string[]> {
    const names = await readdir(this.folder).catch(() => [])
    return names.filter((name) => name.startsWith(`${uploadId}.`)).map((name) => name.slice(uploadId.length + 1))
  }
}
