import { existsSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { pack, type Header } from 'tar-stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mediaTypes } from '#lib/oci/media-types'
import { unpackLayers, type LayerFile } from '#lib/runtime/drivers/process/unpack-layers'

type File = Partial<Header> & { name: string; text?: string }

const signal = new AbortController().signal
let folder: string
let root: string
let count = 0
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-unpack-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
beforeEach(() => {
  root = join(folder, `root-${(count += 1)}`)
})

async function layer(files: File[], mediaType: string = mediaTypes.layerTar): Promise<LayerFile> {
  const tar = pack()
  for (const { text = '', ...header } of files) tar.entry(header, text)
  tar.finalize()
  const bytes = await buffer(tar as AsyncIterable<Uint8Array>)
  const path = join(folder, `layer-${(count += 1)}`)
  writeFileSync(path, mediaType === mediaTypes.layerGzip ? gzipSync(bytes) : mediaType === mediaTypes.layerZstd ? zstdCompressSync(bytes) : bytes)
  return { path, mediaType }
}

const unpack = (...layers: LayerFile[]) => unpackLayers(root, layers, signal)
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe('unpacking an image', () => {
  it('lays what is below /app over one another, plain, gzip and zstd, and leaves the rest', async () => {
    await unpack(
      await layer([
        { name: 'etc/passwd', text: 'root' },
        { name: 'dev/null', type: 'character-device' },
        { name: './app/', type: 'directory' },
        { name: './app/one.txt', text: 'first' },
        { name: 'app/two.txt', text: 'two' },
      ]),
      await layer([{ name: 'app/one.txt', text: 'second' }], mediaTypes.layerGzip),
      await layer([{ name: 'app/deep/er/three.txt', text: 'three' }], mediaTypes.layerZstd),
    )
    expect([read('app/one.txt'), read('app/two.txt'), read('app/deep/er/three.txt')]).toEqual(['second', 'two', 'three'])
    expect(readdirSync(root)).toEqual(['app'])
    expect(lstatSync(join(root, 'app/one.txt')).mode & 0o777).toBe(0o444)
  })

  it('takes away what a later layer removes, and hides what an opaque folder hides', async () => {
    await unpack(
      await layer([
        { name: 'app/gone.txt', text: 'x' },
        { name: 'app/lib/old.jar', text: 'x' },
        { name: 'app/kept.txt', text: 'x' },
      ]),
      await layer([{ name: 'app/.wh.gone.txt' }, { name: 'app/lib/new.jar', text: 'y' }, { name: 'app/lib/.wh..wh..opq' }]),
    )
    expect(readdirSync(join(root, 'app')).toSorted()).toEqual(['kept.txt', 'lib'])
    expect(readdirSync(join(root, 'app/lib'))).toEqual(['new.jar'])
  })

  it('keeps links that stay inside', async () => {
    await unpack(
      await layer([
        { name: 'app/lib/real.jar', text: 'jar' },
        { name: 'app/current.jar', type: 'symlink', linkname: 'lib/real.jar' },
        { name: 'app/lib/same.jar', type: 'link', linkname: 'app/lib/real.jar' },
      ]),
    )
    expect([read('app/current.jar'), read('app/lib/same.jar')]).toEqual(['jar', 'jar'])
  })

  const hostile: [string, File[], string][] = [
    ['a path that climbs', [{ name: 'app/../../evil', text: 'x' }], 'unsafe_archive'],
    ['an absolute path', [{ name: '/app/evil', text: 'x' }], 'unsafe_archive'],
    ['a path outside that climbs', [{ name: '../evil', text: 'x' }], 'unsafe_archive'],
    ['a link that climbs', [{ name: 'app/link', type: 'symlink', linkname: '../../evil' }], 'unsafe_archive'],
    ['an absolute link', [{ name: 'app/link', type: 'symlink', linkname: '/etc' }], 'unsafe_archive'],
    [
      'writing through a link',
      [
        { name: 'app/lib/', type: 'directory' },
        { name: 'app/link', type: 'symlink', linkname: 'lib' },
        { name: 'app/link/evil', text: 'x' },
      ],
      'unsafe_archive',
    ],
    [
      'a link that leads out through another link',
      [
        { name: 'app/a/b/c/', type: 'directory' },
        { name: 'app/z/', type: 'directory' },
        { name: 'app/a/b/c/up', type: 'symlink', linkname: '../../../z' },
        { name: 'app/out', type: 'symlink', linkname: 'a/b/c/up/../../../evil' },
      ],
      'unsafe_archive',
    ],
    ['a hard link to the host', [{ name: 'app/link', type: 'link', linkname: 'etc/passwd' }], 'unsafe_archive'],
    ['a hard link that climbs', [{ name: 'app/link', type: 'link', linkname: 'app/../../evil' }], 'unsafe_archive'],
    ['a device', [{ name: 'app/dev', type: 'block-device' }], 'unsupported'],
    ['/app as a link', [{ name: 'app', type: 'symlink', linkname: 'opt' }], 'unsupported'],
  ]
  it.each(hostile)('refuses %s and writes nothing outside', async (_what, files, code) => {
    writeFileSync(join(folder, 'evil'), 'as it was')
    await expect(unpack(await layer(files))).rejects.toMatchObject({ code })
    expect(readFileSync(join(folder, 'evil'), 'utf8')).toBe('as it was')
    expect(existsSync(join(root, 'evil'))).toBe(false)
  })

  it('fails with a layer that is cut short or of another type', async () => {
    const whole = await layer([{ name: 'app/big', text: 'x'.repeat(10_000) }], mediaTypes.layerGzip)
    writeFileSync(whole.path, readFileSync(whole.path).subarray(0, 60))
    await expect(unpack(whole)).rejects.toThrow('unexpected end of file')
    await expect(unpack(await layer([], 'application/x-unknown'))).rejects.toMatchObject({ code: 'unsupported' })
  })
})
