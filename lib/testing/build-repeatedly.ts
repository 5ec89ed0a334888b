// Builds the images of JARs again and again in a process whose surroundings a test chose, and prints the digests it saw:
// node lib/testing/build-repeatedly.ts ROUNDS JAR…
import { readFileSync } from 'node:fs'
import { buildImage } from '#lib/builder/commands/build-image'
import { digestOf } from '#lib/oci/digest'
import { MemoryBlobStore } from '#lib/testing/memory-blob-store'

const [rounds, ...jars] = process.argv.slice(2)
const seen = new Set<string>()
for (const jarPath of jars) {
  const request = { jarPath, jarDigest: digestOf(readFileSync(jarPath)), fileName: 'any.jar', base: null }
  for (let round = 0; round < Number(rounds); round += 1) {
    const { facts, digest } = await buildImage(request, new MemoryBlobStore())
    seen.add(`${facts.kind} ${digest}`)
  }
}
console.log(JSON.stringify([...seen].toSorted()))
