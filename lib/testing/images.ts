// Images with real bytes, built from a JAR as an upload would, without a registry.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { buildImage } from '#lib/builder/commands/build-image'
import { DiskBlobStore } from '#lib/platform/disk-blob-store'
import { Refusal } from '#lib/platform/refusal'
import type { ImageSource } from '#lib/runtime/image-source'

export const wiremockJars = {
  newer: 'node_modules/wiremock/build/wiremock-standalone-3.13.2.jar',
  older: 'node_modules/wiremock-previous/build/wiremock-standalone-3.13.1.jar',
} as const

/** A source of images in a folder. */
export class TestImages implements ImageSource {
  readonly store: DiskBlobStore
  readonly manifests = new Map<string, Uint8Array>()

  constructor(folder: string) {
    this.store = new DiskBlobStore(folder)
  }

  /** Digest of the image of a JAR. */
  async add(jarPath: string): Promise<string> {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(jarPath) as AsyncIterable<Uint8Array>) hash.update(chunk)
    const image = await buildImage({ jarPath, jarDigest: `sha256:${hash.digest('hex')}`, fileName: basename(jarPath), base: null }, this.store)
    this.manifests.set(image.digest, image.manifest)
    return image.digest
  }

  async manifest({ digest }: { digest: string }): Promise<Uint8Array> {
    const found = this.manifests.get(digest)
    if (!found) throw new Refusal('not_found', `There is no image ${digest}.`)
    return found
  }

  blobPath(digest: string): Promise<string> {
    return this.store.verifiedPath(digest)
  }
}
