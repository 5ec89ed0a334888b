import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { buildImage } from '#lib/builder/commands/build-image'
import { digestOf } from '#lib/oci/digest'
import { MemoryBlobStore } from '#lib/testing/memory-blob-store'
import type { JarFacts } from '#lib/tenants/jar-facts'

/** What is found in a JAR on its way into an image. Throws as the build does, and when a JAR that was refused left a layer. */
export async function inspectJar(jarPath: string, limits?: Parameters<typeof buildImage>[2]): Promise<JarFacts> {
  const store = new MemoryBlobStore()
  try {
    return (await buildImage({ jarPath, jarDigest: digestOf(readFileSync(jarPath)), fileName: basename(jarPath), base: null }, store, limits)).facts
  } catch (error) {
    if (store.blobs.size > 0) throw new Error('a refused JAR left something in the store', { cause: error })
    throw error
  }
}
