// The child that reads hostile bytes: `inspect PATH NEWEST_JAVA` answers what is inside, `layers PATH` the tar bytes of each
// layer. It writes no file, and starts with limits and without rights (run-archive-child.ts).
import { openSync } from 'node:fs'
import { writeFrame } from '#lib/builder/internal/frames'
import { inspectArchive, planArchive } from '#lib/builder/internal/inspect-archive'
import { readEntry } from '#lib/builder/internal/zip-data'
import { tarOf } from '#lib/oci/tar'
import { isRefusal } from '#lib/platform/refusal'

const chunkBytes = 256 * 1024
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
    const files = entries.map((entry) => ({ path: `app/${entry.name}`, sizeBytes: entry.sizeBytes, data: () => readEntry(file, entry) }))
    for await (const chunk of inChunks(tarOf(files))) await writeFrame(process.stdout, 'data', chunk)
  }
  await say({ end: true })
}

/** Few large writes instead of three small ones for every class. */
async function* inChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = []
  let size = 0
  for await (const part of source) {
    parts.push(part)
    size += part.length
    if (size < chunkBytes) continue
    yield Buffer.concat(parts)
    parts = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(parts)
}
