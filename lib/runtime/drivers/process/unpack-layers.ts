// The files of an image below `/app`, layer by layer, written where they cannot leave (image-spec layer.md).
import { createReadStream } from 'node:fs'
import { lstat, mkdir, open, readdir, rm, symlink, link } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { extract, type Extract } from 'tar-stream'
import { Refusal } from '#lib/platform/refusal'

export interface LayerFile {
  path: string
  mediaType: string
}

type Entry = Extract extends AsyncIterable<infer One> ? One : never

/** What one image may become on disk. */
const largest = { bytes: 16 * 1024 ** 3, entries: 300_000 }
const whiteout = '.wh.'
const opaque = '.wh..wh..opq'

/**
 * Unpacks what layers have below `app/` into `root`, lowest first. Folders and devices elsewhere in a base belong to a
 * container. Nothing is written through a link, and no link may lead out.
 * @throws Refusal `unsafe_archive`, `unsupported`
 */
export async function unpackLayers(root: string, layers: readonly LayerFile[], signal: AbortSignal): Promise<void> {
  const unpacking = new Unpacking(root)
  await mkdir(join(root, 'app'), { recursive: true })
  for (const layer of layers) {
    const tar = extract()
    const feeding = feed(layer, tar, signal)
    // Reading the entries fails with the same words when feeding does.
    feeding.catch(() => {})
    for await (const entry of tar) await unpacking.add(entry)
    await feeding
    unpacking.endLayer()
  }
}

function feed({ path, mediaType }: LayerFile, tar: Extract, signal: AbortSignal): Promise<void> {
  const inflater = inflaterFor(mediaType)
  const source = createReadStream(path, { highWaterMark: 1024 ** 2 })
  return inflater ? pipeline(source, inflater, tar, { signal }) : pipeline(source, tar, { signal })
}

function inflaterFor(mediaType: string): Transform | undefined {
  if (/[+.]gzip$/.test(mediaType)) return createGunzip()
  if (mediaType.endsWith('+zstd')) return createZstdDecompress()
  if (mediaType.endsWith('tar')) return undefined
  throw new Refusal('unsupported', `A layer of the type ${mediaType.slice(0, 100)} cannot be unpacked.`, {
    fix: 'Push the image with tar, gzip or zstd layers.',
  })
}

class Unpacking {
  readonly #root: string
  /** What the layer at hand brought: an opaque folder hides only what is below it. */
  #ofThisLayer = new Set<string>()
  #bytes = 0
  #entries = 0

  constructor(root: string) {
    this.#root = root
  }

  async add(entry: Entry): Promise<void> {
    const { header } = entry
    const path = safePath(header.name)
    this.#entries += 1
    this.#bytes += header.size
    if (this.#entries > largest.entries || this.#bytes > largest.bytes) throw unsafe('it unpacks to more than 16 GiB or 300,000 files')
    if (path === 'app' || path.startsWith('app/')) await this.#place(path, entry)
    entry.resume()
  }

  endLayer(): void {
    this.#ofThisLayer = new Set()
  }

  async #place(path: string, entry: Entry): Promise<void> {
    const { type, linkname } = entry.header
    const name = posix.basename(path)
    if (name.startsWith(whiteout)) return this.#remove(path, name)
    if (type === 'directory') return this.#makeFolder(path)
    if (path === 'app') throw unsupported('/app is not a folder in it')
    await this.#makeFolder(posix.dirname(path))
    const full = join(this.#root, path)
    await rm(full, { recursive: true, force: true })
    this.#ofThisLayer.add(path)
    if (type === 'file' || type === 'contiguous-file') await writeFile(full, entry as AsyncIterable<Uint8Array>)
    else if (type === 'symlink') await this.#symlink(path, full, linkname)
    else if (type === 'link') await this.#hardlink(full, safePath(linkname))
    else throw unsupported(`${path} is a ${type}`)
  }

  async #symlink(path: string, full: string, target: string): Promise<void> {
    const end = posix.join(posix.dirname(path), target)
    // First up, then down and nowhere up again: so the words of a link say where it leads, whatever other links are on the way.
    const isPlain = target !== '' && !posix.isAbsolute(target) && posix.normalize(target) === target
    if (!isPlain || (end !== 'app' && !end.startsWith('app/'))) throw unsafe(`the link ${path} leads out of /app`)
    await symlink(target, full)
  }

  async #hardlink(full: string, target: string): Promise<void> {
    if (!target.startsWith('app/')) throw unsafe(`the hard link to ${target} leads out of /app`)
    await this.#makeFolder(posix.dirname(target))
    const source = join(this.#root, target)
    const found = await lstat(source).catch(() => undefined)
    if (!found?.isFile()) throw unsafe(`the hard link to ${target} leads to no file`)
    await link(source, full)
  }

  /** Each part is a folder of its own, never a link to one. */
  async #makeFolder(path: string): Promise<void> {
    let full = this.#root
    for (const part of path.split('/')) {
      full = join(full, part)
      const found = await lstat(full).catch(() => undefined)
      if (!found) await mkdir(full)
      else if (!found.isDirectory()) throw unsafe(`${path} goes through something that is no folder`)
    }
    this.#ofThisLayer.add(path)
  }

  async #remove(path: string, name: string): Promise<void> {
    const folder = posix.dirname(path)
    await this.#makeFolder(folder)
    if (name !== opaque) return rm(join(this.#root, folder, name.slice(whiteout.length)), { recursive: true, force: true })
    for (const inside of await readdir(join(this.#root, folder))) {
      if (![...this.#ofThisLayer].some((own) => own === `${folder}/${inside}` || own.startsWith(`${folder}/${inside}/`)))
        await rm(join(this.#root, folder, inside), { recursive: true, force: true })
    }
  }
}

/** On the disk before its folder gets its name. Nobody changes it: replicas share it. */
async function writeFile(path: string, data: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o444)
  try {
    for await (const chunk of data) await file.writeFile(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** `a/b` of `./a/b/`. */
function safePath(name: string): string {
  const parts = name.split('/').filter((part, index) => part !== '.' && !(part === '' && index > 0))
  if (parts[0] === '' || parts.includes('..') || name.includes('\0')) throw unsafe(`it has the path ${JSON.stringify(name.slice(0, 200))}`)
  return parts.join('/') || '.'
}

/** fsync of a folder: that its entries are there. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** fsync of every folder below one, and of it. */
export async function syncFolders(path: string): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) if (entry.isDirectory()) await syncFolders(join(path, entry.name))
  await syncFolder(path)
  await syncFolder(dirname(path))
}

function unsafe(why: string): Refusal {
  return new Refusal('unsafe_archive', `The image is not unpacked: ${why}.`, { fix: 'Build the image again from what you trust.' })
}

function unsupported(why: string): Refusal {
  return new Refusal('unsupported', `The image cannot run as a process: ${why}.`, { fix: 'Choose another runtime for the environment.' })
}
