import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import * as fc from 'fast-check'
import { extract } from 'tar-stream'
import { afterAll, describe, expect, it } from 'vitest'
import { buildImage, type BlobSink } from '#lib/builder/commands/build-image'
import { reproduceImage } from '#lib/builder/commands/reproduce-image'
import type { BaseImage } from '#lib/builder/image'
import { suggestSpec, type JarFacts } from '#lib/tenants/jar-facts'
import { digestOf } from '#lib/oci/digest'
import { parseImageConfig, parseManifest } from '#lib/oci/manifest'
import { mediaTypes } from '#lib/oci/media-types'
import { MemoryBlobStore } from '#lib/testing/memory-blob-store'
import { testSeed } from '#lib/testing/seed'
import { bootJar, plainJar, zipOf, type ZipPart } from '#lib/testing/zip'

const folder = mkdtempSync(join(tmpdir(), 'builder-'))
const stores: MemoryBlobStore[] = []
afterAll(() => {
  for (const store of stores) store.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const wiremocks = [
  'node_modules/wiremock/build/wiremock-standalone-3.13.2.jar',
  'node_modules/wiremock-previous/build/wiremock-standalone-3.13.1.jar',
]
const layersIndex = [
  '- "libraries":',
  '  - "BOOT-INF/lib/core-1.0.jar"',
  '- "nothing":',
  '  - "NOWHERE/"',
  '- "ours":',
  '  - "BOOT-INF/classes/"',
  '- "rest":',
  '  - "META-INF/"',
  '',
].join('\n')

let count = 0
function write(parts: readonly ZipPart[]): string {
  const path = join(folder, `${(count += 1)}.jar`)
  writeFileSync(path, zipOf(parts))
  return path
}

async function build(jarPath: string, base: BaseImage | null = null) {
  const store = new MemoryBlobStore()
  stores.push(store)
  const jar = readFileSync(jarPath)
  const { facts, ...image } = await buildImage({ jarPath, jarDigest: digestOf(jar), fileName: 'shop.jar', base }, store)
  const config = parseImageConfig(await buffer(await store.read(image.config.digest)))
  return { store, facts, image, config, jar, jarDigest: digestOf(jar) }
}

async function filesOf(store: MemoryBlobStore, digest: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const reader = extract()
  ;(await store.read(digest)).pipe(reader)
  for await (const entry of reader) files.set(entry.header.name, await buffer(entry))
  return files
}

describe('the image of a plain JAR', () => {
  it.each(wiremocks)('S2.3: holds the JAR byte for byte, so that its sha256 inside is the sealed one: %s', async (jarPath) => {
    const { store, facts, image, config, jarDigest } = await build(jarPath)
    expect(facts).toMatchObject({ kind: 'plain', mainClass: 'wiremock.Run', javaLevel: 11, layers: [] })
    expect(suggestSpec(facts, 'any.jar')).toMatchObject({ arguments: ['--port', '${PORT}'], readiness: { kind: 'http', path: '/__admin/health' } })
    const [layer] = image.layers
    const files = await filesOf(store, layer?.digest ?? '')
    expect([...files.keys()]).toEqual(['app/', 'app/app.jar'])
    expect(digestOf(files.get('app/app.jar') ?? '')).toBe(jarDigest)
    expect(image.layers).toEqual([
      {
        name: 'application',
        digest: layer?.digest,
        diffId: layer?.digest,
        sizeBytes: layer?.sizeBytes,
        mediaType: mediaTypes.layerTar,
        entries: 1,
        isFromBase: false,
      },
    ])
    expect(config.config?.Entrypoint).toEqual(['java', '-jar', '/app/app.jar'])
    expect(config.rootfs.diff_ids).toEqual([layer?.digest])
    expect(digestOf(image.manifest)).toBe(image.digest)
    expect(parseManifest(image.manifest, image.mediaType)).toMatchObject({ kind: 'image', manifest: { config: { digest: image.config.digest } } })
  })

  it('is refused when the file is not the one that was hashed', async () => {
    const jarPath = write(plainJar())
    const request = { jarPath, jarDigest: digestOf('other'), fileName: 'shop.jar', base: null }
    await expect(buildImage(request, new MemoryBlobStore())).rejects.toMatchObject({
      code: 'conflict',
      message: 'shop.jar is not the file that was hashed.',
    })
  })
})

describe('the image of a Spring Boot JAR', () => {
  it('has the layers of its index, in its order, with every entry once and nothing changed', async () => {
    const parts = bootJar({ layersIndex })
    const { store, image, config, facts } = await build(write(parts))
    expect(facts).toMatchObject({ kind: 'spring-boot', javaLevel: 21, startClass: 'shop.Shop', hasLayersIndex: true })
    expect(image.layers.map(({ name, entries }) => `${name} ${entries}`)).toEqual(['libraries 1', 'ours 3', 'rest 4'])
    expect(facts.layers).toEqual(image.layers.map(({ name, entries }) => ({ name, entries })))
    const layers = await Promise.all(image.layers.map(({ digest }) => filesOf(store, digest)))
    const inside = layers.map((files) => [...files.keys()].filter((name) => !name.endsWith('/') || name.endsWith('empty/')))
    expect(inside).toEqual([
      ['app/BOOT-INF/lib/core-1.0.jar'],
      ['app/BOOT-INF/classes/application.yaml', 'app/BOOT-INF/classes/empty/', 'app/BOOT-INF/classes/shop/Shop.class'],
      [
        'app/BOOT-INF/layers.idx',
        'app/BOOT-INF/lib/edge-2.0-SNAPSHOT.jar',
        'app/META-INF/MANIFEST.MF',
        'app/org/springframework/boot/loader/launch/JarLauncher.class',
      ],
    ])
    const all = new Map(layers.flatMap((files) => [...files]))
    for (const { name, content = '' } of parts)
      expect(all.get(`app/${String(name)}`)?.equals(Buffer.from(content)) ?? String(name).endsWith('/')).toBe(true)
    expect(config.config?.Entrypoint).toEqual(['java', '-cp', '/app', 'org.springframework.boot.loader.launch.JarLauncher'])
  })

  it('has five default layers without an index, and starts the launcher that is inside', async () => {
    const { image, config, facts } = await build(write(bootJar({ launcher: 'org.springframework.boot.loader.JarLauncher' })))
    expect(facts.hasLayersIndex).toBe(false)
    expect(image.layers.map(({ name }) => name)).toEqual(['dependencies', 'spring-boot-loader', 'snapshot-dependencies', 'resources', 'classes'])
    expect(config.config?.Entrypoint?.at(-1)).toBe('org.springframework.boot.loader.JarLauncher')
  })

  it('keeps the layers of libraries when only the code changes', async () => {
    const before = await build(write(bootJar()))
    const after = await build(write([...bootJar(), { name: 'BOOT-INF/classes/shop/Till.class', content: 'more' }]))
    const changed = after.image.layers.filter(({ digest }, index) => digest !== before.image.layers[index]?.digest).map(({ name }) => name)
    expect(changed).toEqual(['classes'])
  })

  it('writes no layer again that the image before it has, except one that is damaged, and gives the same image', async () => {
    const library = { name: 'BOOT-INF/lib/big-1.0.jar', content: Buffer.alloc(100_000, 'library') }
    const before = await build(write([...bootJar(), library]))
    const jarPath = write([...bootJar(), library, { name: 'BOOT-INF/classes/shop/Till.class', content: 'more' }])
    const { image: alone, jarDigest } = await build(jarPath)
    const written: string[] = []
    const store: BlobSink = {
      verifiedPath: (digest) => before.store.verifiedPath(digest),
      async write(source) {
        const blob = await before.store.write(source)
        written.push(blob.digest)
        return blob
      },
    }
    const request = { jarPath, jarDigest, fileName: 'shop.jar', base: null, known: before.image.layers }
    expect((await buildImage(request, store)).digest).toBe(alone.digest)
    const classes = alone.layers.find(({ name }) => name === 'classes')?.digest
    expect(written).toEqual([classes, alone.config.digest])
    const damaged = before.image.layers[0]?.digest ?? ''
    before.store.blobs.set(damaged, Buffer.from('damaged'))
    expect((await buildImage(request, store)).digest).toBe(alone.digest)
    expect(written).toContain(damaged)
  })

  it('S-42: takes no layer for another that has the same names, sizes and checksums, and checks again what is only declared otherwise', async () => {
    const content = Buffer.alloc(100_000, 'library')
    const forged = Buffer.from(content)
    // The polynomial of CRC-32 itself: adding it anywhere changes no checksum.
    for (const [index, byte] of [0x41, 0x06, 0x71, 0xdb, 0x01].entries()) forged[50_000 + index] = (forged[50_000 + index] ?? 0) ^ byte
    expect(crc32(forged)).toBe(crc32(content))
    const jarOf = (library: Partial<ZipPart>) => write([...bootJar(), { ...library, name: 'BOOT-INF/lib/big-1.0.jar' }])
    const before = await build(jarOf({ content }))
    const known = before.image.layers
    const request = (jarPath: string) => ({ jarPath, jarDigest: digestOf(readFileSync(jarPath)), fileName: 'shop.jar', base: null, known })
    const other = jarOf({ content: forged })
    expect((await buildImage(request(other), before.store)).digest).toBe((await build(other)).image.digest)
    expect((await build(other)).image.digest).not.toBe(before.image.digest)
    const lying = jarOf({ content, local: { crc32: 1 }, central: { crc32: 1 } })
    await expect(buildImage(request(lying), before.store)).rejects.toMatchObject({ message: expect.stringMatching(/another checksum/) as string })
  })

  it('is the same for any order of the zip, times and a launch script in front', async () => {
    const parts = bootJar({ layersIndex })
    const { digest } = (await build(write(parts))).image
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(parts, { minLength: parts.length }), fc.nat(0xffffffff), async (shuffled, time) => {
        expect((await build(write(shuffled.map((part) => ({ ...part, time }))))).image.digest).toBe(digest)
      }),
      { seed: testSeed('shuffle'), numRuns: 8 },
    )
    const path = write([])
    writeFileSync(path, zipOf(parts, { prefix: Buffer.from('#!/bin/bash\n') }))
    expect((await build(path)).image.digest).toBe(digest)
  })
})

describe('building again', () => {
  it('S2.3: 104 builds of a JAR in two time zones, under two umasks and in two locales give one digest', async () => {
    const boot = bootJar({ layersIndex })
    const plain = write(plainJar())
    const boots = [write(boot), write(boot.toReversed().map((part) => ({ ...part, time: 0x21000000 })))]
    const surroundings = ['UTC', 'Asia/Kathmandu'].flatMap((zone) =>
      ['022', '077'].flatMap((umask) => ['C', 'tr_TR.UTF-8'].map((locale) => ({ zone, umask, locale }))),
    )
    const seen = new Set<string>()
    for (const pair of [0, 2, 4, 6].map((index) => surroundings.slice(index, index + 2))) {
      const said = await Promise.all(pair.map((each, index) => buildsIn(each, [plain, boots[index] ?? ''])))
      for (const line of said.flat()) seen.add(line)
    }
    const expected = await Promise.all([plain, boots[0] ?? ''].map(async (jar) => (await build(jar)).image.digest))
    expect([...seen].toSorted()).toEqual([`plain ${expected[0]}`, `spring-boot ${expected[1]}`])
  })

  it('S2.3: reproduces an image from the stored JAR and keeps nothing of it', async () => {
    for (const jarPath of [write(plainJar()), write(bootJar())]) {
      const { store, image, jar, jarDigest } = await build(jarPath)
      const kept = new MemoryBlobStore()
      stores.push(kept)
      await kept.write(Readable.from([jar]))
      expect(await reproduceImage({ jarDigest, fileName: 'other.jar', base: null }, kept)).toEqual({
        digest: image.digest,
        layerDigests: image.layers.map(({ digest }) => digest),
      })
      expect([...kept.blobs.keys()]).toEqual([jarDigest])
      expect(store.blobs.has(jarDigest)).toBe(false)
    }
  })
})

async function buildsIn({ zone, umask, locale }: { zone: string; umask: string; locale: string }, jars: string[]): Promise<string[]> {
  const program = 'umask "$1"; shift; exec "$@"'
  const command = [process.execPath, 'lib/testing/build-repeatedly.ts', '13', ...jars]
  const child = spawn('sh', ['-c', program, 'sh', umask, ...command], {
    env: { ...process.env, TZ: zone, LANG: locale, LC_ALL: locale },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  expect(exitCode).toBe(0)
  return JSON.parse(said) as string[]
}

describe('the spec that a JAR suggests', () => {
  const facts: JarFacts = {
    kind: 'plain',
    mainClass: 'shop.Main',
    javaLevel: 17,
    layers: [],
    hasLayersIndex: false,
    hasActuator: false,
    isMultiRelease: false,
    manifest: {},
    coordinates: ['org.wiremock:wiremock:3.13.2'],
    entries: 1,
    uncompressedBytes: 1,
  }

  it('gives a plain JAR its port as PORT and waits for the port; what it has as a library does not count', () => {
    expect(suggestSpec(facts, 'shop.jar')).toMatchObject({ arguments: [], environment: { PORT: '${PORT}' }, readiness: { kind: 'tcp' } })
  })

  it('gives Spring Boot SERVER_PORT, and asks the actuator when it is inside', () => {
    const boot: JarFacts = { ...facts, kind: 'spring-boot', startClass: 'shop.Shop' }
    expect(suggestSpec(boot, 'shop.jar')).toMatchObject({ environment: { SERVER_PORT: '${PORT}' }, readiness: { kind: 'tcp' } })
    expect(suggestSpec({ ...boot, hasActuator: true }, 'shop.jar').readiness).toMatchObject({ kind: 'http', path: '/actuator/health' })
  })

  it('knows Zipkin and WireMock by what they start', () => {
    const zipkin: JarFacts = { ...facts, kind: 'spring-boot', startClass: 'zipkin.server.ZipkinServer', hasActuator: true }
    expect(suggestSpec(zipkin, 'a.jar')).toMatchObject({ environment: { QUERY_PORT: '${PORT}' }, readiness: { kind: 'http', path: '/health' } })
    const wiremock: JarFacts = { ...facts, mainClass: 'com.github.tomakehurst.wiremock.standalone.WireMockServerRunner' }
    expect(suggestSpec(wiremock, 'a.jar').arguments).toEqual(['--port', '${PORT}'])
  })
})
