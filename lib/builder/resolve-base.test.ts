import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { buildImage } from '#lib/builder/commands/build-image'
import { resolveBase, type FetchImage } from '#lib/builder/commands/resolve-base'
import { digestOf, hexOf } from '#lib/oci/digest'
import { parseImageConfig } from '#lib/oci/manifest'
import { mediaTypes } from '#lib/oci/media-types'
import { tarOf } from '#lib/oci/tar'
import { MemoryBlobStore } from '#lib/testing/memory-blob-store'
import { plainJar, zipOf } from '#lib/testing/zip'

const folder = mkdtempSync(join(tmpdir(), 'base-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
class Layout {
  readonly directory = join(folder, String((count += 1)))

  constructor() {
    mkdirSync(join(this.directory, 'blobs/sha256'), { recursive: true })
    writeFileSync(join(this.directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  }

  put(content: Buffer | object, mediaType: string, more: object = {}) {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content))
    writeFileSync(this.path(digestOf(bytes)), bytes)
    return { mediaType, digest: digestOf(bytes), size: bytes.length, ...more }
  }

  index(manifests: object[]) {
    writeFileSync(join(this.directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }))
    return `oci:${this.directory}`
  }

  path(digest: string): string {
    return join(this.directory, 'blobs/sha256', hexOf(digest))
  }
}

const tar = await buffer(Readable.from(tarOf([{ path: 'usr/bin/java', sizeBytes: 4, data: () => Readable.from([Buffer.from('java')]) }])))

/** An image with one compressed layer, as other tools write them. */
function image(layout: Layout, architecture = 'amd64') {
  const layer = layout.put(gzipSync(tar), mediaTypes.dockerLayerGzip)
  const config = layout.put(
    {
      architecture,
      os: 'linux',
      config: { Env: ['PATH=/usr/bin', 'JAVA_HOME=/usr'], Cmd: ['sh'], Entrypoint: ['/init'], User: '1000' },
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    },
    'application/vnd.docker.container.image.v1+json',
  )
  const manifest = layout.put({ schemaVersion: 2, mediaType: mediaTypes.dockerManifest, config, layers: [layer] }, mediaTypes.dockerManifest)
  return { layer, config, manifest, platform: { ...manifest, platform: { os: 'linux', architecture } } }
}

describe('a base image', () => {
  it('is none when none is configured', async () => {
    expect(await resolveBase('', new MemoryBlobStore())).toBeNull()
  })

  it('is read from an OCI layout for linux/amd64, through an index within the index, with its blobs in the store', async () => {
    const layout = new Layout()
    const { layer, config, manifest, platform } = image(layout)
    const inner = layout.put(
      { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [image(layout, 'arm64').platform, platform] },
      mediaTypes.index,
    )
    const store = new MemoryBlobStore()
    const base = await resolveBase(layout.index([inner]), store)
    expect(base).toMatchObject({ digest: manifest.digest, config: { architecture: 'amd64' } })
    expect([...store.blobs.keys()].toSorted()).toEqual([layer.digest, config.digest].toSorted())
  })

  it('is what the image stands on: its layers first, its environment and user kept, its command replaced', async () => {
    const layout = new Layout()
    const { layer, manifest } = image(layout)
    const store = new MemoryBlobStore()
    const base = await resolveBase(layout.index([manifest]), store)
    const jarPath = join(folder, 'app.jar')
    writeFileSync(jarPath, zipOf(plainJar()))
    const request = { jarPath, jarDigest: digestOf(zipOf(plainJar())), fileName: 'app.jar' }
    const built = await buildImage({ ...request, base }, store)
    expect(built.layers[0]).toEqual({
      name: 'base 1',
      digest: layer.digest,
      diffId: digestOf(tar),
      sizeBytes: layer.size,
      mediaType: mediaTypes.layerGzip,
      entries: 0,
      isFromBase: true,
    })
    const config = parseImageConfig(await buffer(await store.read(built.config.digest)))
    expect(config.config).toEqual({
      Env: ['PATH=/usr/bin', 'JAVA_HOME=/usr'],
      User: '1000',
      Entrypoint: ['java', '-jar', '/app/app.jar'],
      WorkingDir: '/app',
    })
    expect(config.rootfs.diff_ids).toEqual(built.layers.map(({ diffId }) => diffId))
    expect(config.history?.length).toBe(built.layers.length)
    expect(JSON.parse(Buffer.from(built.manifest).toString())).toMatchObject({
      annotations: { 'org.opencontainers.image.base.digest': manifest.digest },
    })
    const renamed = base && { ...base, reference: 'registry.example/other:1' }
    expect((await buildImage({ ...request, base: renamed }, store)).digest).toBe(built.digest)
    expect((await buildImage({ ...request, base: null }, store)).digest).not.toBe(built.digest)
  })

  it('is fetched from a registry by whoever can, and refused when nobody can', async () => {
    const layout = new Layout()
    const { config, manifest, layer } = image(layout)
    const store = new MemoryBlobStore()
    await resolveBase(layout.index([manifest]), store)
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.dockerManifest, config, layers: [layer] }))
    const fetchImage: FetchImage = async () => ({ manifest: bytes, mediaType: mediaTypes.dockerManifest })
    expect(await resolveBase('registry.example/java:17', store, fetchImage)).toMatchObject({
      reference: 'registry.example/java:17',
      digest: manifest.digest,
    })
    await expect(resolveBase('registry.example/java:17', store)).rejects.toMatchObject({ code: 'unsupported' })
    await expect(resolveBase('java', store, fetchImage)).rejects.toMatchObject({ code: 'invalid_input' })
  })

  const broken: [what: string, code: string, make: (layout: Layout) => string][] = [
    ['a folder that is none', 'unavailable', (layout) => `oci:${layout.directory}/nowhere`],
    ['no image for linux/amd64', 'unsupported', (layout) => layout.index([image(layout, 'arm64').platform])],
    ['two images for linux/amd64', 'unavailable', (layout) => layout.index([image(layout).platform, image(layout).platform])],
    [
      'another os',
      'unsupported',
      (layout) => layout.index([image(layout).manifest].map((manifest) => ({ ...manifest, platform: { os: 'windows', architecture: 'amd64' } }))),
    ],
    [
      'a layer that is missing',
      'unavailable',
      (layout) => {
        const { layer, manifest } = image(layout)
        rmSync(layout.path(layer.digest))
        return layout.index([manifest])
      },
    ],
    [
      'a layer with other bytes',
      'unavailable',
      (layout) => {
        const { layer, manifest } = image(layout)
        writeFileSync(layout.path(layer.digest), Buffer.alloc(layer.size))
        return layout.index([manifest])
      },
    ],
    [
      'a manifest with other bytes',
      'unavailable',
      (layout) => {
        const { manifest } = image(layout)
        writeFileSync(layout.path(manifest.digest), '{}')
        return layout.index([manifest])
      },
    ],
    [
      'an index that goes on for ever',
      'unavailable',
      (layout) => {
        let next: object = image(layout).manifest
        for (let depth = 0; depth < 6; depth += 1) next = layout.put({ schemaVersion: 2, manifests: [next] }, mediaTypes.index)
        return layout.index([next])
      },
    ],
    ['a digest that is a path', 'invalid_input', (layout) => layout.index([{ ...image(layout).manifest, digest: 'sha256:../../../etc/passwd' }])],
  ]
  it.each(broken)('is refused with words: %s', async (_what, code, make) => {
    const store = new MemoryBlobStore()
    await expect(resolveBase(make(new Layout()), store)).rejects.toMatchObject({ name: 'Refusal', code })
  })
})
