// What a folder held when it was sealed, and whether it still does: every file by its hash, every link by where it leads.
import { createHash } from 'node:crypto'
import { createReadStream, type BigIntStats } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** Path below the folder → `sha256:<hex>`, or `link <where>`. */
export type Seal = Record<string, string>

/** Root → path → how a file stood when its bytes were last read: one that was written, renamed or touched since has another change time. */
const known = new Map<string, Map<string, { stamp: string; content: string }>>()
const answers = new Map<string, { at: number; answer: Promise<string | undefined> }>()
/** Many ask within one look. */
const answerHoldsMs = 2000

/** Everything below some names of a folder. Folders themselves are not in it. */
export async function sealTree(root: string, names?: readonly string[]): Promise<Seal> {
  const seal: Seal = {}
  for (const path of await filesBelow(root, names)) seal[path] = await contentOf(root, path)
  return seal
}

/**
 * The first thing that is not as it was sealed, in words; undefined when everything is. Bytes are read again only where the file system
 * says that they may have changed. `isOpen` allows more files than were sealed.
 */
export function brokenSeal(root: string, seal: Seal, options: { names?: readonly string[]; isOpen?: boolean } = {}): Promise<string | undefined> {
  const held = answers.get(root)
  if (held && performance.now() - held.at < answerHoldsMs) return held.answer
  const answer = compare(root, seal, options)
  answers.set(root, { at: performance.now(), answer })
  return answer
}

/** For whoever changes a folder on purpose, or waits for what was found long ago. */
export function forgetSeal(root: string): void {
  answers.delete(root)
  known.delete(root)
}

async function compare(
  root: string,
  seal: Seal,
  { names, isOpen = false }: { names?: readonly string[]; isOpen?: boolean },
): Promise<string | undefined> {
  try {
    const found = await filesBelow(root, names)
    const there = new Set(found)
    const missing = Object.keys(seal).find((path) => !there.has(path))
    if (missing !== undefined) return `${missing} is gone`
    const added = found.find((path) => !Object.hasOwn(seal, path))
    if (added !== undefined && !isOpen) return `${added} was added`
    for (const path of found) if (Object.hasOwn(seal, path) && (await contentOf(root, path)) !== seal[path]) return `${path} was changed`
    return undefined
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? 'something of it is gone' : `it cannot be read (${code})`
  }
}

async function filesBelow(root: string, names?: readonly string[]): Promise<string[]> {
  const walk = async (path: string): Promise<string[]> => {
    const entries = await readdir(join(root, path), { withFileTypes: true })
    const found: string[] = []
    for (const entry of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
      const inside = path === '' ? entry.name : `${path}/${entry.name}`
      if (path === '' && names && !names.includes(entry.name)) continue
      if (entry.isDirectory()) found.push(...(await walk(inside)))
      else found.push(inside)
    }
    return found
  }
  return walk('')
}

async function contentOf(root: string, path: string): Promise<string> {
  const full = join(root, path)
  const stat = await lstat(full, { bigint: true })
  if (stat.isSymbolicLink()) return `link ${await readlink(full)}`
  const stamps = known.get(root) ?? new Map<string, { stamp: string; content: string }>()
  known.set(root, stamps)
  const stamp = stampOf(stat)
  const last = stamps.get(path)
  if (last?.stamp === stamp) return last.content
  const hash = createHash('sha256')
  await pipeline(createReadStream(full, { highWaterMark: 1024 ** 2 }), hash)
  const content = `sha256:${hash.digest('hex')}`
  // Written to while it was read: the next look reads it again.
  if (stampOf(await lstat(full, { bigint: true })) === stamp) stamps.set(path, { stamp, content })
  return content
}

function stampOf({ ino, size, mode, mtimeNs, ctimeNs }: BigIntStats): string {
  return [ino, size, mode, mtimeNs, ctimeNs].join(' ')
}
