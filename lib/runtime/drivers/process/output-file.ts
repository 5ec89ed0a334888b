import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileNames } from '#lib/runtime/drivers/process/records'

const largest = 5 * 1024 ** 2

/** What a replica writes: two files of 5 MiB, the older one thrown away. */
export class OutputFile {
  readonly #folder: string
  #handle: number
  #size: number

  constructor(folder: string) {
    this.#folder = folder
    this.#handle = openSync(join(folder, fileNames.log), 'a', 0o600)
    this.#size = fstatSync(this.#handle).size
  }

  write(bytes: Uint8Array): void {
    if (this.#size > 0 && this.#size + bytes.length > largest) this.#rotate()
    writeSync(this.#handle, bytes)
    this.#size += bytes.length
  }

  #rotate(): void {
    closeSync(this.#handle)
    renameSync(join(this.#folder, fileNames.log), join(this.#folder, fileNames.olderLog))
    this.#handle = openSync(join(this.#folder, fileNames.log), 'a', 0o600)
    this.#size = 0
  }
}
