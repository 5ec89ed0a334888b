// The child that reads hostile bytes: `inspect PATH NEWEST_JAVA` answers what is inside, `layers PATH` the tar of each layer: its
// bytes, and ranges of the file to copy where an entry is stored as it is. It writes no file, and starts with limits and without rights (run-archive-child.ts).
import { openSync } from 'node:fs'
import { writeFrame } from '#lib/builder/internal/frames'
import { inspectArchive, planArchive } from '#lib/builder/internal/inspect-archive'
import type { ZipEntry } from '#lib/builder/internal/zip-bytes'
import { readEntry, verifyEntry } from '#lib/builder/internal/zip-data'
import { tarOf } from '#lib/oci/tar'
import { isRefusal } from '#lib/platform/refusal'

const chunkBytes = 256 * 1024
/** A smaller stored entry is sent along. */
const leastRangeBytes = 4096
const [verb, path = '', newestJava = '0'] = process.argv.slice(2)
const say = (message: unknown) => writeFrame(process.stdout, 'json', Buffer.from(JSON.stringify(message)))

try {
  const file = openSync(path, 'r')
  if (verb === 'inspect') await say(await inspectArchive(file, Number(newestJava)))
  else await sayLayers(file)
} catch (error) {
  if (!isRefusal(error)) throw error
  await say({ refusal: { code: error.code, words: error.message, fix: error.fix } })
}

async function sayLayers(file: number): Promise<void> {
  for (const { name, entries } of await planArchive(file)) {
    await say({ layer: { name, entries: entries.length } })
    const files = entries.map((entry) => ({ path: `app/${entry.name}`, sizeBytes: entry.sizeBytes, data: () => contentOf(file, entry) }))
    for await (const chunk of inChunks(tarOf(files))) {
      if (chunk instanceof Uint8Array) await writeFrame(process.stdout, 'data', chunk)
      else await say({ copy: chunk })
    }
  }
  await say({ end: true })
}

/** Bytes that stand in the archive as they belong into the layer; whoever reads this copies them. */
interface Range {
  offset: number
  length: number
}

async function* contentOf(file: number, entry: ZipEntry): AsyncGenerator<Uint8Array | Range> {
  if (entry.method !== 0 || entry.sizeBytes < leastRangeBytes) {
    yield* readEntry(file, entry)
    return
  }
  yield { offset: entry.dataOffset, length: entry.sizeBytes }
  await verifyEntry(file, entry)
}

/** Few large writes instead of three small ones for every class. */
async function* inChunks(source: AsyncIterable<Uint8Array | Range>): AsyncGenerator<Uint8Array | Range> {
  let parts: Uint8Array[] = []
  let size = 0
  for await (const part of source) {
    if (part instanceof Uint8Array) {
      parts.push(part)
      size += part.length
    }
    if (size > 0 && (!(part instanceof Uint8Array) || size >= chunkBytes)) {
      yield Buffer.concat(parts)
      parts = []
      size = 0
    }
    if (!(part instanceof Uint8Array)) yield part
  }
  if (size > 0) yield Buffer.concat(parts)
}
