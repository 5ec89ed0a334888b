import {
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
  copyFileSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { inspectJar } from '#lib/testing/inspect-jar'
import { inspectArchive } from '#lib/builder/internal/inspect-archive'
import { newestJavaLevel } from '#lib/tenants/jar-facts'
import { isRefusal } from '#lib/platform/refusal'
import { testSeed } from '#lib/testing/seed'
import { bootJar, classOf, extraOf, manifestName, manifestPart, plainJar, zipOf, type ZipPart } from '#lib/testing/zip'

const folder = mkdtempSync(join(tmpdir(), 'hostile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
function write(bytes: Buffer): string {
  const path = join(folder, `${(count += 1)}.jar`)
  writeFileSync(path, bytes)
  return path
}

async function verdict(bytes: Buffer): Promise<string> {
  return inspectJar(write(bytes)).then(
    (facts) => `taken: ${facts.kind}`,
    (error: unknown) => (isRefusal(error) ? `${error.code}: ${error.message}` : `fault: ${String(error)}`),
  )
}

const good = zipOf(plainJar())
const withPart = (...parts: ZipPart[]) => zipOf([...plainJar(), ...parts])
const named = (name: string | Buffer) => withPart({ name, content: 'x' })
const u32 = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.from(new Uint32Array([value >>> 0]).buffer)))
const zeros = Buffer.alloc(40 * 1024 ** 2)
const directoryAt = good.readUInt32LE(good.length - 6)
/** What {@link good} says, with a zip64 end whose numbers are given. */
function zip64(entries: number, sizeOfRecord = 44): Buffer {
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(BigInt(sizeOfRecord), 4)
  record.writeBigUInt64LE(BigInt(entries), 24)
  record.writeBigUInt64LE(BigInt(entries), 32)
  record.writeBigUInt64LE(BigInt(good.length - 22 - directoryAt), 40)
  record.writeBigUInt64LE(BigInt(directoryAt), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(good.length - 22), 8)
  locator.writeUInt32LE(1, 16)
  return zipOf(plainJar(), { beforeEnd: Buffer.concat([record, locator]), end: { entries: 0xffff } })
}

const corpus: [what: string, archive: () => Buffer, expected: RegExp][] = [
  ['0 bytes', () => Buffer.alloc(0), /^not_a_jar: The file is empty/],
  ['a few bytes', () => Buffer.from('PK'), /^not_a_jar: The file has 2 bytes/],
  ['text', () => Buffer.from('hello '.repeat(100)), /^not_a_jar: The file is not a zip archive/],
  ['an empty zip', () => zipOf([]), /^not_a_jar: The archive is empty/],
  ['a zip without a manifest', () => zipOf([{ name: 'a', content: 'a' }]), /^not_a_jar: .*no META-INF\/MANIFEST\.MF/],
  ['cut in the end record', () => good.subarray(0, -3), /^not_a_jar: .*cut off/],
  ['cut in the directory', () => good.subarray(0, -60), /^not_a_jar: .*cut off/],
  ['cut in the first header', () => good.subarray(0, 25), /^not_a_jar: .*cut off/],
  ['half of it', () => good.subarray(0, good.length >> 1), /^not_a_jar: .*cut off/],
  ['the second half', () => good.subarray(good.length >> 1), /^(not_a_jar|unsafe_archive): /],
  ['bytes in front', () => zipOf(plainJar(), { prefix: Buffer.from('GIF89a\0') }), /^unsafe_archive: .*bytes before the first entry/],
  ['bytes in front, offsets not moved', () => Buffer.concat([Buffer.from('junk'), good]), /^unsafe_archive: .*bytes before the archive/],
  ['a script in front of a plain JAR', () => zipOf(plainJar(), { prefix: Buffer.from('#!/bin/sh\n') }), /^unsafe_archive: .*a script in front/],
  [
    'a script with a zip inside in front',
    () => zipOf(bootJar(), { prefix: Buffer.concat([Buffer.from('#!/bin/sh\n'), good]) }),
    /^unsafe_archive: .*before the first entry/,
  ],
  ['bytes behind', () => zipOf(plainJar(), { suffix: Buffer.from('junk') }), /^unsafe_archive: .*bytes after the end/],
  ['two archives in a row', () => Buffer.concat([good, good]), /^unsafe_archive: /],
  [
    'an end within the comment of the end',
    () => zipOf(plainJar(), { comment: Buffer.concat([good.subarray(-22), Buffer.from('..')]) }),
    /^unsafe_archive: .*two ends/,
  ],
  ['an end whose comment is another archive', () => zipOf(plainJar(), { comment: good }), /^unsafe_archive: /],
  [
    'bytes between entries and directory',
    () => zipOf(plainJar(), { beforeDirectory: Buffer.from('hidden') }),
    /^unsafe_archive: There are 6 bytes after words\.txt/,
  ],
  ['bytes between directory and end', () => zipOf(plainJar(), { beforeEnd: Buffer.from('hidden') }), /^unsafe_archive: /],
  [
    'an entry that no directory names',
    () =>
      withPart({
        name: 'a',
        content: 'a',
        raw: Buffer.concat([Buffer.from('a'), good]),
        central: { compressedBytes: 1 },
        local: { compressedBytes: 1 },
      }),
    /^unsafe_archive: There are \d+ bytes after a /,
  ],
  [
    'a directory with fewer entries than the end says',
    () => zipOf(plainJar(), { end: { entries: 4 } }),
    /^unsafe_archive: .*directory of the archive is damaged/,
  ],
  ['a directory with more entries than the end says', () => zipOf(plainJar(), { end: { entries: 2 } }), /^unsafe_archive: .*more than its entries/],
  ['one disk of several', () => zipOf(plainJar(), { end: { disk: 1 } }), /^unsafe_archive: .*one part of several/],
  ['an entry on another disk', () => withPart({ name: 'a', central: { disk: 1 } }), /^unsafe_archive: .*one part of several/],
  ['zip64 without a zip64 end', () => zipOf(plainJar(), { end: { directoryOffset: 0xffffffff } }), /^unsafe_archive: .*has no zip64 end/],
  ['a zip64 end with other counts', () => zip64(2), /^unsafe_archive: .*more than its entries/],
  ['a zip64 end of another length', () => zip64(3, 1000), /^unsafe_archive: .*disagree/],
  ['zip64 sizes of an entry', () => withPart({ name: 'a', central: { sizeBytes: 0xffffffff } }), /^unsafe_archive: a uses zip64 sizes/],
  ['500,000 entries', () => zip64(500_000), /^unsafe_archive: .*500000 entries; 200000 are the limit/],
  ['../', () => named('../a'), /^unsafe_archive: \.\.\/a has a folder named/],
  ['.. inside', () => named('a/../../b'), /^unsafe_archive: .* has a folder named/],
  ['./', () => named('./a'), /^unsafe_archive: .* has a folder named/],
  ['an absolute path', () => named('/etc/passwd'), /^unsafe_archive: .*absolute path/],
  ['a drive letter', () => named('C:/a'), /^unsafe_archive: .*absolute path/],
  ['..\\', () => named('..\\a'), /^unsafe_archive: .*backslash/],
  ['NUL in a name', () => named('a\0.class'), /^unsafe_archive: a\?\.class has a control character/],
  ['an escape sequence in a name', () => named('\u001b[2J'), /^unsafe_archive: \?\[2J has a control character/],
  ['an empty folder name', () => named('a//b'), /^unsafe_archive: .*empty folder name/],
  ['a name of 64 KiB', () => named('a'.repeat(65_535)), /^unsafe_archive: .*longer than 4096/],
  ['no name', () => named(''), /^unsafe_archive: An entry has no name/],
  ['a name that is not UTF-8', () => named(Buffer.from([0x61, 0xff])), /^unsafe_archive: .*not UTF-8/],
  [
    'a second name in an extra field',
    () => withPart({ name: 'a', central: { extra: extraOf(0x7075, Buffer.concat([Buffer.alloc(5), Buffer.from('b')])) } }),
    /^unsafe_archive: a has a second name/,
  ],
  [
    'an extra field that is cut off',
    () => withPart({ name: 'a', central: { extra: Buffer.from([1, 0, 99, 0, 1]) } }),
    /^unsafe_archive: .*extra field that is cut off/,
  ],
  ['two manifests', () => withPart(manifestPart({ 'Main-Class': 'Other' })), /^unsafe_archive: META-INF\/MANIFEST\.MF is in the archive twice/],
  ['two manifests by case', () => withPart({ ...manifestPart({}), name: 'meta-inf/Manifest.MF' }), /^unsafe_archive: .*twice/],
  ['two signature files by case', () => withPart({ name: 'META-INF/A.SF' }, { name: 'META-INF/a.sf' }), /^unsafe_archive: .*twice/],
  ['the same name twice', () => withPart({ name: 'Main.class', content: classOf(8) }), /^unsafe_archive: Main\.class is in the archive twice/],
  ['a file and a folder of one name', () => withPart({ name: 'a', content: 'x' }, { name: 'a/' }), /^unsafe_archive: a\/ is in the archive twice/],
  [
    'a Boot JAR with a file that is a folder',
    () => zipOf([...bootJar(), { name: 'a', content: 'x' }, { name: 'a/b', content: 'x' }]),
    /^unsafe_archive: a is both a file and a folder/,
  ],
  [
    'a symbolic link',
    () => withPart({ name: 'a', content: '/etc/passwd', madeBy: 3, attributes: 0o120777 << 16 }),
    /^unsafe_archive: a is a link or a device/,
  ],
  ['a device', () => withPart({ name: 'a', madeBy: 3, attributes: 0o020666 << 16 }), /^unsafe_archive: a is a link or a device/],
  ['a pipe', () => withPart({ name: 'a', madeBy: 3, attributes: 0o010666 << 16 }), /^unsafe_archive: a is a link or a device/],
  ['a folder with contents', () => named('a/'), /^unsafe_archive: a\/ is a folder with contents/],
  ['another name in the local header', () => withPart({ name: 'safe', local: { name: 'evil' } }), /^unsafe_archive: safe has another name/],
  [
    'another size in the local header',
    () => withPart({ name: 'a', content: 'abc', local: { sizeBytes: 9 } }),
    /^unsafe_archive: a has another size or checksum/,
  ],
  [
    'another checksum in the local header',
    () => withPart({ name: 'a', content: 'abc', local: { crc32: 9 } }),
    /^unsafe_archive: a has another size or checksum/,
  ],
  [
    'another method in the local header',
    () => withPart({ name: 'a', content: 'abc', local: { method: 8 } }),
    /^unsafe_archive: a has another compression method/,
  ],
  ['encryption in the local header only', () => withPart({ name: 'a', content: 'abc', local: { flags: 1 } }), /^unsafe_archive: a has another flag/],
  [
    'blank sizes without a descriptor',
    () => withPart({ name: 'a', content: 'abc', local: { crc32: 0, sizeBytes: 0, compressedBytes: 0 } }),
    /^unsafe_archive: a has another size/,
  ],
  [
    'a descriptor that lies',
    () => withPart({ name: 'a', content: 'abc', flags: 8, descriptor: u32(0x08074b50, 1, 2, 3) }),
    /^unsafe_archive: a has another size or checksum after its data/,
  ],
  [
    'zip64 in the local header that lies',
    () => withPart({ name: 'a', content: 'abc', local: { sizeBytes: 0xffffffff, compressedBytes: 0xffffffff, extra: extraOf(1, u32(9, 0, 9, 0)) } }),
    /^unsafe_archive: a has another size/,
  ],
  ['overlapping entries', () => withPart({ name: 'words.txt.2', content: '', central: { offset: 0 } }), /^unsafe_archive: /],
  [
    'two names for the same data',
    () =>
      withPart({
        name: 'words.txu',
        content: 'words '.repeat(100),
        method: 8,
        local: { name: 'words.txt' },
        central: { offset: good.indexOf('words.txt') - 30 },
      }),
    /^unsafe_archive: /,
  ],
  ['an offset outside', () => withPart({ name: 'a', central: { offset: 0x7fffffff } }), /^unsafe_archive: a points outside/],
  ['encrypted', () => withPart({ name: 'a', content: 'abc', flags: 1 }), /^unsafe_archive: a is encrypted/],
  ['compressed by bzip2', () => withPart({ name: 'a', content: 'abc', method: 12 }), /^unsafe_archive: a uses compression method 12/],
  [
    'stored with two sizes',
    () => withPart({ name: 'a', content: 'abc', central: { sizeBytes: 2 }, local: { sizeBytes: 2 } }),
    /^unsafe_archive: a is stored, but its two sizes differ/,
  ],
  [
    'a wrong checksum',
    () => withPart({ name: 'a', content: 'abc', central: { crc32: 7 }, local: { crc32: 7 } }),
    /^unsafe_archive: a has another checksum/,
  ],
  [
    'broken deflate data',
    () => withPart({ name: 'a', content: 'abc', method: 8, raw: Buffer.from([7, 7, 7]) }),
    /^unsafe_archive: a has data that cannot be inflated/,
  ],
  [
    'deflate data that ends early',
    () => withPart({ name: 'a', content: 'x'.repeat(999), method: 8, raw: deflateRawSync(Buffer.from('abc')) }),
    /^unsafe_archive: a has fewer bytes/,
  ],
  [
    'deflate data that goes on',
    () => withPart({ name: 'a', content: 'abc', method: 8, raw: deflateRawSync(zeros) }),
    /^unsafe_archive: a has (more bytes|data that cannot be inflated)/,
  ],
  [
    'bytes behind deflate data',
    () => withPart({ name: 'a', content: 'abc', method: 8, raw: Buffer.concat([deflateRawSync(Buffer.from('abc')), Buffer.from('hidden')]) }),
    /^unsafe_archive: a has bytes after the end/,
  ],
  [
    'bytes behind long deflate data',
    () =>
      withPart({
        name: 'a',
        content: zeros.subarray(0, 2 ** 20),
        method: 8,
        raw: Buffer.concat([deflateRawSync(zeros.subarray(0, 2 ** 20)), Buffer.from('hidden')]),
      }),
    /^unsafe_archive: a has bytes after the end/,
  ],
  ['a bomb of 1000:1', () => withPart({ name: 'a', content: zeros, method: 8 }), /^unsafe_archive: .*times its size/],
  [
    '120 bytes that claim 4 GB',
    () => withPart({ name: 'a', method: 8, raw: Buffer.from([3, 0]), central: { sizeBytes: 0xfffffff0 }, local: { sizeBytes: 0xfffffff0 } }),
    /^unsafe_archive: .*unpacks to/,
  ],
  [
    'more than 4 GiB together',
    () => withPart(...[1, 2, 3].map((n) => ({ name: `a${n}`, central: { sizeBytes: 0x70000000 } }))),
    /^unsafe_archive: .*(unpacks to|stored)/,
  ],
  [
    'a manifest of 10 MB',
    () => zipOf([{ name: manifestName, content: `Main-Class: ${'a'.repeat(10 ** 7)}\n`, method: 8 }]),
    /^unsupported: META-INF\/MANIFEST\.MF has \d+ bytes/,
  ],
  ['a manifest with one very long value', () => zipOf([manifestPart({ 'Main-Class': 'a'.repeat(100_000) })]), /^unsupported: .*100000 characters/],
  [
    'a manifest with an attribute twice',
    () => zipOf([{ name: manifestName, content: 'Main-Class: Main\nmain-class: Other\n\n' }]),
    /^unsafe_archive: The manifest has main-class twice/,
  ],
  ['no Main-Class', () => zipOf([manifestPart({}), { name: 'Main.class', content: classOf(17) }]), /^unsupported: The manifest names no Main-Class/],
  ['a Main-Class that is not there', () => zipOf([manifestPart({ 'Main-Class': 'a.B' })]), /^unsupported: The manifest names a\.B/],
  ['a class of Java 99', () => zipOf(plainJar(99)), /^unsupported: Main\.class has class file version 143/],
  [
    'a main class that is text',
    () => zipOf([manifestPart({ 'Main-Class': 'Main' }), { name: 'Main.class', content: 'public class' }]),
    /^unsupported: Main\.class is not a class file/,
  ],
  ['a layers.idx that nobody reads', () => zipOf(bootJar({ layersIndex: '!!python/object' })), /^unsupported: BOOT-INF\/layers\.idx has a line/],
  [
    'a layers.idx with a layer twice',
    () => zipOf(bootJar({ layersIndex: '- "a":\n  - "x"\n- "a":\n  - "y"\n' })),
    /^unsupported: BOOT-INF\/layers\.idx names a layer twice/,
  ],
]

const unusual: [what: string, archive: () => Buffer][] = [
  ['a comment of 65,535 bytes', () => zipOf(plainJar(), { comment: Buffer.alloc(65_535, 'c') })],
  ['a zip64 end that agrees', () => zip64(3)],
  ['names that differ in case only', () => withPart({ name: 'a.class', content: 'x' }, { name: 'A.class', content: 'y' })],
  ['names that differ in Unicode form only', () => withPart({ name: 'é'.normalize('NFC') }, { name: 'é'.normalize('NFD') })],
  [
    'a nested JAR that is a bomb: nobody here opens it',
    () => withPart({ name: 'lib/b.jar', content: zipOf([{ name: 'z', content: zeros, method: 8 }]) }),
  ],
  ['a nested JAR as the last entry', () => withPart({ name: 'z.jar', content: good })],
  ['NTFS times in an extra field', () => withPart({ name: 'a', central: { extra: extraOf(0x000a, Buffer.alloc(3)) } })],
  [
    'a streamed entry with a descriptor',
    () => withPart({ name: 'a', flags: 8, local: { crc32: 0, sizeBytes: 0, compressedBytes: 0 }, descriptor: u32(0x08074b50, 0, 0, 0) }),
  ],
  ['a streamed entry with a descriptor without signature', () => withPart({ name: 'a', flags: 8, descriptor: u32(0, 0, 0) })],
  [
    'zip64 sizes in the local header that agree',
    () => withPart({ name: 'a', local: { sizeBytes: 0xffffffff, compressedBytes: 0xffffffff, extra: extraOf(1, u32(0, 0, 0, 0)) } }),
  ],
  [
    'a signed JAR with a class that the signature does not cover',
    () =>
      withPart(
        { name: 'META-INF/K.SF', content: 'Signature-Version: 1.0' },
        { name: 'META-INF/K.RSA', content: 'x' },
        { name: 'More.class', content: classOf(8) },
      ),
  ],
  ['a Boot JAR with a launch script in front', () => zipOf(bootJar(), { prefix: Buffer.from('#!/bin/bash\nexec java -jar "$0"\n') })],
]

describe('S-42: an archive that is made to deceive', () => {
  it.each(corpus)('is refused: %s', async (_what, archive, expected) => {
    expect(await verdict(archive())).toMatch(expected)
  })

  it.each(unusual)('is taken when it is unusual only: %s', async (_what, archive) => {
    expect(await verdict(archive())).toMatch(/^taken/)
  })

  it('leaves nothing behind: no file but the one that was looked at', async () => {
    const before = readdirSync(folder).length
    await verdict(named('../escaped'))
    expect(readdirSync(folder).length).toBe(before + 1)
    expect(readdirSync(join(folder, '..')).filter((name) => name === 'escaped')).toEqual([])
  })

  it('is refused with words when its reading takes too long or too much memory', async () => {
    const many = write(zipOf([...plainJar(), ...Array.from({ length: 60_000 }, (_, index) => ({ name: `folder/${index}/${'n'.repeat(100)}` }))]))
    await expect(inspectJar(many, { firstWordMs: 1 })).rejects.toMatchObject({
      code: 'unsafe_archive',
      message: expect.stringMatching(/within 1 seconds/) as string,
    })
    await expect(inspectJar(many, { heapMiB: 10 })).rejects.toMatchObject({
      code: 'unsafe_archive',
      message: expect.stringMatching(/within 10 MiB/) as string,
    })
    expect((await inspectJar(many)).entries).toBe(60_003)
  })
})

describe('S-42: a JAR with flipped bits', () => {
  const random = generator(testSeed('flips'))
  const codes = ['not_a_jar', 'unsafe_archive', 'unsupported']

  it('is taken or refused, and never a fault: 3000 flips in small JARs', async () => {
    const faults: unknown[] = []
    const seeds = [good, zipOf(bootJar({ layersIndex: '- "a":\n  - "BOOT-INF/lib/"\n- "b":\n  - "BOOT-INF/classes/"\n' })), zip64(3)]
    for (let round = 0; round < 3000; round += 1) {
      const bytes = Buffer.from(seeds[round % seeds.length] ?? good)
      for (let flips = 1 + (random() % 3); flips > 0; flips -= 1) flip(bytes, random() % bytes.length)
      writeFileSync(join(folder, 'flipped.jar'), bytes)
      const file = openSync(join(folder, 'flipped.jar'), 'r')
      try {
        await inspectArchive(file, { newestJava: newestJavaLevel, known: async () => new Set(), hashes: new Map() })
      } catch (error) {
        const isExpected = isRefusal(error) && codes.includes(error.code)
        if (!isExpected) faults.push(error, bytes.toString('base64'))
      } finally {
        closeSync(file)
      }
    }
    expect(faults).toEqual([])
  })

  it('is taken or refused, and never a fault: a real JAR, in its directory and anywhere', async () => {
    const path = join(folder, 'real.jar')
    copyFileSync('node_modules/wiremock/build/wiremock-standalone-3.13.2.jar', path)
    const { size } = statSync(path)
    const file = openSync(path, 'r+')
    const byte = Buffer.alloc(1)
    for (let round = 0; round < 16; round += 1) {
      const at = round % 2 ? random() % size : size - 1 - (random() % 1_000_000)
      readSync(file, byte, 0, 1, at)
      const was = byte[0] ?? 0
      writeSync(file, Buffer.from([was ^ (1 << (random() % 8))]), 0, 1, at)
      const outcome = await inspectJar(path).then(
        () => 'taken',
        (error: unknown) => (isRefusal(error) ? error.code : String(error)),
      )
      writeSync(file, Buffer.from([was]), 0, 1, at)
      expect(['taken', ...codes]).toContain(outcome)
    }
    closeSync(file)
    expect(readFileSync(path).equals(readFileSync('node_modules/wiremock/build/wiremock-standalone-3.13.2.jar'))).toBe(true)
  })
})

function flip(bytes: Buffer, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
}

/** mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
