import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import * as fc from 'fast-check'
import { extract } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { digestOf } from '#lib/oci/digest'
import { tarOf, type TarFile } from '#lib/oci/tar'
import { testSeed } from '#lib/testing/seed'

const file = (path: string, content = path): TarFile => ({
  path,
  sizeBytes: Buffer.byteLength(content),
  data: () => Readable.from([Buffer.from(content)]),
})
const tar = (files: TarFile[]) => buffer(Readable.from(tarOf(files)))

async function readTar(bytes: Buffer) {
  const found: { name: string; type: string; mode: number; uid: number; gid: number; mtime: number; content: string }[] = []
  const reader = extract()
  Readable.from([bytes]).pipe(reader)
  for await (const entry of reader) {
    const { name, type, mode, uid, gid, mtime } = entry.header
    const content = (await buffer(entry)).toString()
    found.push({ name, type: type ?? '', mode: mode ?? 0, uid: uid ?? -1, gid: gid ?? -1, mtime: mtime?.getTime() ?? -1, content })
  }
  return found
}

describe('a tar layer', () => {
  it('is the same whatever the order, with every folder before what it holds and fixed times, owners and modes', async () => {
    const files = [file('app/b/two'), file('app/a'), file('app/b-side'), file('app/b/empty/')]
    const bytes = await tar(files)
    expect(digestOf(await tar(files.toReversed()))).toBe(digestOf(bytes))
    const entries = await readTar(bytes)
    expect(entries.map(({ name, type }) => `${type} ${name}`)).toEqual([
      'directory app/',
      'file app/a',
      'file app/b-side',
      'directory app/b/',
      'directory app/b/empty/',
      'file app/b/two',
    ])
    for (const { type, mode, uid, gid, mtime } of entries) {
      expect({ mode, uid, gid, mtime }).toEqual({ mode: type === 'file' ? 0o644 : 0o755, uid: 0, gid: 0, mtime: 1000 })
    }
  })

  it('keeps any names and contents, long and not ASCII', async () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'B', '-', '.x', 'é', '日', ' '), minLength: 1, maxLength: 60 }).map((text) => `n${text}`)
    const path = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/f'))
    await fc.assert(
      fc.asyncProperty(fc.dictionary(path, fc.string({ maxLength: 1500 })), async (contents) => {
        const folders = new Set(Object.keys(contents).flatMap((name) => parents(name)))
        const files = Object.entries(contents).filter(([name]) => !folders.has(name))
        const entries = await readTar(await tar(files.map(([name, content]) => file(name, content))))
        const read = entries.filter(({ type }) => type === 'file').map(({ name, content }) => [name, content])
        expect(Object.fromEntries(read)).toEqual(Object.fromEntries(files))
      }),
      { seed: testSeed('tar'), numRuns: 100 },
    )
  })

  it('fails rather than write a file that is shorter or longer than it declares', async () => {
    await expect(tar([{ ...file('a'), sizeBytes: 2 }])).rejects.toThrow('a has 1 bytes, not 2')
    await expect(tar([{ ...file('ab'), sizeBytes: 1 }])).rejects.toThrow('ab has 2 bytes, not 1')
  })
})

function parents(name: string): string[] {
  const parts = name.split('/')
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'))
}
