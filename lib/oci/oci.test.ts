import { describe, expect, it } from 'vitest'
import { algorithmOf, digestOf, hexOf, isDigest } from '#lib/oci/digest'
import { maxManifestBytes, parseImageConfig, parseManifest } from '#lib/oci/manifest'
import { mediaTypes } from '#lib/oci/media-types'
import { formatReference, isRepositoryName, isTag, parseReference } from '#lib/oci/reference'
import { isRefusal } from '#lib/platform/refusal'

const digest = `sha256:${'a'.repeat(64)}`
const refusalOf = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    if (isRefusal(error)) return `${error.code}: ${error.message}`
    throw error
  }
  return 'taken'
}

const parse = (document: unknown, mediaType: string) =>
  parseManifest(Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)), mediaType)

describe('a digest', () => {
  it('is sha256 or sha512 in lower-case hex of the right length', () => {
    expect(digestOf('')).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(isDigest(digestOf('', 'sha512'))).toBe(true)
    expect(algorithmOf(digestOf('', 'sha512'))).toBe('sha512')
    expect(hexOf(digest)).toBe('a'.repeat(64))
    expect(
      [
        '',
        'sha256:',
        `sha256:${'A'.repeat(64)}`,
        `${digest}a`,
        `${digest}\n`,
        `md5:${'a'.repeat(32)}`,
        `sha512:${'a'.repeat(64)}`,
        `x${digest}`,
      ].filter(isDigest),
    ).toEqual([])
  })
})

describe('a reference', () => {
  it('is read into registry, repository, tag and digest, and written back', () => {
    for (const text of [
      'registry.example/team/app:v1.2.3',
      'registry.example:5000/app:1',
      `localhost/a__b/c-d.e@${digest}`,
      `[::1]:5000/app:latest@${digest}`,
      `127.0.0.1:80/a/b/c@sha512:${'0'.repeat(128)}`,
    ]) {
      expect(formatReference(parseReference(text))).toBe(text)
    }
    expect(parseReference('Registry.Example:5000/app:V1')).toEqual({
      registry: 'registry.example:5000',
      repository: 'app',
      tag: 'V1',
      digest: undefined,
    })
  })

  it('is refused when a part of it is missing or has letters that no registry takes', () => {
    for (const text of [
      '',
      'app',
      'app:1',
      'team/app:1',
      'registry.example/app',
      'registry.example/App:1',
      'registry.example/../app:1',
      'registry.example//app:1',
      'registry.example/app:1:2',
      'registry.example/app:',
      'registry.example/app@sha256:1',
      `registry.example/app@${digest}@${digest}`,
      'user@registry.example/app:1',
      'registry.example:99999/app:1',
      'https://registry.example/app:1',
      `registry.example/${'a'.repeat(256)}:1`,
      `registry.example/app:${'a'.repeat(129)}`,
      'registry_.example/app:1',
      'registry.example/app:1\n',
    ]) {
      expect(refusalOf(() => parseReference(text))).toMatch(/^invalid_input: .* is not an image reference: /s)
    }
  })

  it('takes names and tags of the distribution specification only', () => {
    expect(['a', 'a/b', 'a.b_c__d--e/f1'].every(isRepositoryName)).toBe(true)
    expect(['', '/a', 'a/', 'A', 'a..b', 'a___b', '-a', 'a b', 'a\n'].filter(isRepositoryName)).toEqual([])
    expect(['v1', '_', 'A.b-c_d'].every(isTag)).toBe(true)
    expect(['', '.', '..', '-a', 'a/b', 'a\n', 'é'].filter(isTag)).toEqual([])
  })

  it('is judged in linear time', () => {
    expect(isRepositoryName(`${'a-'.repeat(120)}!`)).toBe(false)
    expect(refusalOf(() => parseReference(`${'a.'.repeat(50_000)}!/b:1`))).toMatch('invalid_input')
  })
})

describe('a manifest', () => {
  const descriptor = { mediaType: mediaTypes.config, digest, size: 2 }
  const image = { schemaVersion: 2, mediaType: mediaTypes.manifest, config: descriptor, layers: [{ ...descriptor, mediaType: mediaTypes.layerTar }] }
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [{ ...descriptor, mediaType: mediaTypes.manifest }] }

  it('is an image or an index, as its media type says, with members that nobody knows kept', () => {
    expect(parse({ ...image, extra: [1] }, mediaTypes.manifest)).toEqual({ kind: 'image', manifest: { ...image, extra: [1] } })
    expect(parse(index, mediaTypes.index)).toEqual({ kind: 'index', index })
  })

  it('is refused when it could be read as two things or does not fit', () => {
    const broken: [unknown, string][] = [
      [image, mediaTypes.index],
      [{ ...image, manifests: [] }, mediaTypes.manifest],
      [{ ...index, layers: [] }, mediaTypes.index],
      [image, 'text/plain'],
      [{ ...image, schemaVersion: 1 }, mediaTypes.manifest],
      [{ ...image, layers: [{ ...descriptor, size: -1 }] }, mediaTypes.manifest],
      [{ ...image, layers: [{ ...descriptor, size: 0.5 }] }, mediaTypes.manifest],
      [{ ...image, layers: [{ ...descriptor, digest: 'md5:00' }] }, mediaTypes.manifest],
      [{ ...image, layers: Array.from({ length: 10_000 }, () => descriptor) }, mediaTypes.manifest],
      [{ ...image, config: undefined }, mediaTypes.manifest],
      ['[]', mediaTypes.manifest],
      ['null', mediaTypes.manifest],
      ['{', mediaTypes.manifest],
      ['['.repeat(100_000), mediaTypes.manifest],
    ]
    for (const [document, mediaType] of broken) expect(refusalOf(() => parse(document, mediaType))).toMatch(/^invalid_input: /)
    expect(refusalOf(() => parseManifest(Buffer.alloc(maxManifestBytes + 1), mediaTypes.manifest))).toMatch(/^too_large: /)
    expect(refusalOf(() => parseImageConfig(Buffer.from('{"os":"linux"}')))).toMatch(/^invalid_input: /)
  })
})
