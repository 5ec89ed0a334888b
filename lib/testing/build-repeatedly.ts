// Builds the images of JARs again and again in a process whose surroundings a test chose, and prints the digests it saw:
// node lib/testing/build-repeatedly.ts ROUNDS JAR…
import { readFileSync } from 'node:fs'
import { buildImage } from '#lib/builder/commands/build-image'
import { inspectJar } from '#lib/builder/commands/inspect-jar'
import { digestOf } from '#lib/oci/digest'
import { MemoryBlobStore } from '#lib/testing/memory-blob-store'

const [rounds, ...jars] = process.argv.slice(2)
const seen = new Set<string>()
for (const jarPath of jars) {
  const facts = await inspectJar(jarPath)
  const request = { jarPath, jarDigest: digestOf(readFileSync(jarPath)), fileName: 'any.jar', facts, base: null }
  for (let round = 0; round < Number(rounds); round += 1) {
    seen.add(`${facts.kind} ${(await buildImage(request, new MemoryBlobStore())).digest}`)
  }
}
console.log(JSON.stringify([...seen].toSorted()))
