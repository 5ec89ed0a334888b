// A tar writer whose bytes depend on nothing but names and contents: POSIX ustar, with a PAX record for names that do not
// fit. See image-spec layer.md; the fixed fields are those of reproducible builds: uid and gid 0, no names, one time.

/** `Chunk`: bytes, or what stands for as many of them as its `length` says. */
export interface TarFile<Chunk extends { length: number } = Uint8Array> {
  /** Relative, without a leading slash, `/` between folders. One that ends with `/` is a folder, and has no data. */
  path: string
  sizeBytes: number
  data: () => AsyncIterable<Chunk>
}

const block = 512
/** One second after the epoch: some tools read 0 as "no time". */
const fixedTime = 1

/** The bytes of a layer: sorted by path (byte order), every parent folder once before what it holds. */
export async function* tarOf<Chunk extends { length: number } = Uint8Array>(files: readonly TarFile<Chunk>[]): AsyncGenerator<Uint8Array | Chunk> {
  const folders = new Set<string>()
  for (const file of files.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))) {
    for (const folder of parentsOf(file.path)) {
      if (folders.has(folder)) continue
      folders.add(folder)
      yield header(`${folder}/`, 0, 0o755, '5')
    }
    if (file.path.endsWith('/')) continue
    yield header(file.path, file.sizeBytes, 0o644, '0')
    yield* exactly(file)
    yield Buffer.alloc(padding(file.sizeBytes))
  }
  yield Buffer.alloc(2 * block)
}

async function* exactly<Chunk extends { length: number }>(file: TarFile<Chunk>): AsyncGenerator<Chunk> {
  let written = 0
  for await (const chunk of file.data()) {
    written += chunk.length
    yield chunk
  }
  if (written !== file.sizeBytes) throw new Error(`${file.path} has ${written} bytes, not ${file.sizeBytes}`)
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function padding(size: number): number {
  return (block - (size % block)) % block
}

function header(path: string, size: number, mode: number, type: '0' | '5' | 'x'): Buffer {
  const split = splitPath(path)
  // ustar names are ASCII; a reader in another locale would make something else of the rest (POSIX pax, "path").
  const isPlain = split !== undefined && size < 8 ** 11 && /^[\u0020-\u007e]*$/.test(path)
  if (isPlain) return ustar(split.name, split.prefix, size, mode, type)
  const record = Buffer.concat([paxRecord('path', path), ...(size < 8 ** 11 ? [] : [paxRecord('size', String(size))])])
  return Buffer.concat([
    ustar('PaxHeaders/entry', '', record.length, 0o644, 'x'),
    record,
    Buffer.alloc(padding(record.length)),
    ustar(Buffer.from(path).subarray(0, 100), '', Math.min(size, 8 ** 11 - 1), mode, type),
  ])
}

/** name ≤ 100 bytes and prefix ≤ 155 bytes, split at a slash; undefined when that cannot be. */
function splitPath(path: string): { name: string; prefix: string } | undefined {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' }
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
    const prefix = path.slice(0, slash)
    const name = path.slice(slash + 1)
    if (name && Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return { name, prefix }
  }
  return undefined
}

function ustar(name: string | Buffer, prefix: string, size: number, mode: number, type: string): Buffer {
  const head = Buffer.alloc(block)
  Buffer.from(name).copy(head, 0)
  octal(head, 100, 8, mode)
  octal(head, 108, 8, 0)
  octal(head, 116, 8, 0)
  octal(head, 124, 12, size)
  octal(head, 136, 12, fixedTime)
  head.fill(' ', 148, 156)
  head.write(type, 156, 'latin1')
  head.write('ustar\u000000', 257, 'latin1')
  octal(head, 329, 8, 0)
  octal(head, 337, 8, 0)
  Buffer.from(prefix).copy(head, 345)
  const sum = head.reduce((total, byte) => total + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 'latin1')
  return head
}

function octal(head: Buffer, offset: number, length: number, value: number): void {
  head.write(`${value.toString(8).padStart(length - 1, '0')}\u0000`, offset, 'latin1')
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`)
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return Buffer.concat([Buffer.from(String(length)), rest])
}
