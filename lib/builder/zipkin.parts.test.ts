// A Spring Boot JAR that nobody here wrote, in two releases; scripts/parts/zipkin.sh brings them.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { buildImage } from '#lib/builder/commands/build-image'
import { inspectJar } from '#lib/testing/inspect-jar'
import { reproduceImage } from '#lib/builder/commands/reproduce-image'
import { suggestSpec } from '#lib/tenants/jar-facts'
import { parseImageConfig } from '#lib/oci/manifest'
import { MemoryBlobStore } from '#lib/testing/memory-blob-store'

const releases = [
  { version: '3.4.4', boot: '3.4.1' },
  { version: '3.5.1', boot: '3.4.5' },
]
const jarOf = (version: string) => join(homedir(), '.cache/caisson-test/maven', `zipkin-server-${version}-exec.jar`)

async function build(version: string, store: MemoryBlobStore) {
  const jarPath = jarOf(version)
  const hash = createHash('sha256')
  await pipeline(createReadStream(jarPath), hash)
  const request = { jarDigest: `sha256:${hash.digest('hex')}`, fileName: 'zipkin.jar', base: null }
  return { request, image: await buildImage({ ...request, jarPath }, store) }
}

describe('Zipkin', () => {
  it.each(releases)('$version is inspected: Spring Boot, Java 17, the layers of its index, how to run it', async ({ version, boot }) => {
    const facts = await inspectJar(jarOf(version))
    expect(facts).toMatchObject({
      kind: 'spring-boot',
      mainClass: 'org.springframework.boot.loader.launch.JarLauncher',
      startClass: 'zipkin.server.ZipkinServer',
      springBootVersion: boot,
      javaLevel: 17,
      hasLayersIndex: true,
      hasActuator: true,
    })
    expect(facts.layers.map(({ name }) => name)).toEqual(['dependencies', 'spring-boot-loader', 'application'])
    expect(suggestSpec(facts, 'zipkin.jar')).toMatchObject({
      environment: { QUERY_PORT: '${PORT}' },
      readiness: { kind: 'http', path: '/health' },
    })
  })

  it.each(releases)('$version gives the same image each time, and another than the other release', async ({ version }) => {
    const store = new MemoryBlobStore()
    const { request, image } = await build(version, store)
    expect(parseImageConfig(store.blobs.get(image.config.digest) ?? Buffer.alloc(0)).config?.Entrypoint).toEqual([
      'java',
      '-cp',
      '/app',
      'org.springframework.boot.loader.launch.JarLauncher',
    ])
    expect(await build(version, new MemoryBlobStore())).toMatchObject({ image: { digest: image.digest } })
    await store.write(createReadStream(jarOf(version)) as AsyncIterable<Uint8Array>, request.jarDigest)
    expect((await reproduceImage(request, store)).digest).toBe(image.digest)
    store.dispose()
    const others = releases.filter((other) => other.version !== version)
    for (const other of others) expect((await build(other.version, new MemoryBlobStore())).image.digest).not.toBe(image.digest)
  })
})
