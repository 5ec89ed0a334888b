import { createHash } from 'node:crypto'
import { buildImage, type BlobSink, type BuildRequest } from '#lib/builder/commands/build-image'
import type { BlobStore } from '#lib/platform/blob-store'

/** Builds an image again from the JAR in the store, keeping nothing, and answers the digest that it gets. */
export async function reproduceImage(request: Omit<BuildRequest, 'jarPath'>, store: BlobStore): Promise<{ digest: string; layerDigests: string[] }> {
  const jarPath = await store.verifiedPath(request.jarDigest)
  const { digest, layers } = await buildImage({ ...request, jarPath }, nullSink)
  return { digest, layerDigests: layers.map((layer) => layer.digest) }
}

const nullSink: BlobSink = {
  async write(source) {
    const hash = createHash('sha256')
    let sizeBytes = 0
    for await (const chunk of source) {
      hash.update(chunk)
      sizeBytes += chunk.length
    }
    return { digest: `sha256:${hash.digest('hex')}`, sizeBytes }
  },
  async verifiedPath() {
    throw new Error('nothing is kept here')
  },
}
