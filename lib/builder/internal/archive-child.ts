// The child that reads hostile bytes: it waits for its job on standard input, looks what is inside the JAR, and says it once it was
// told which layers are there; of a Spring Boot JAR, all of whose bytes it has checked by then, it says the tar of each layer: bytes,
// and ranges of the file to copy where an entry is stored as it is. It writes no file, and starts with limits and without rights
// (run-archive-child.ts).
import { openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { PlannedLayer } from '#lib/builder/internal/boot-layers'
import { writeFrame } from '#lib/builder/internal/frames'
import { inspectArchive } from '#lib/builder/internal/inspect-archive'
import type { ArchiveJob } from '#lib/builder/internal/run-archive-child'
import type { ZipEntry } from '#lib/builder/internal/zip-bytes'
import { readEntry } from '#lib/builder/internal/zip-data'
import { tarOf } from '#lib/oci/tar'
import { isRefusal } from '#lib/platform/refusal'

const chunkBytes = 256 * 1024
/** A smaller stored entry is sent along. */
const leastRangeBytes = 64 * 1024
const [path = ''] = process.argv.slice(2)
const say = (message: unknown) => writeFrame(process.stdout, 'json', Buffer.from(JSON.stringify(message)))

const told = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const job = await told.next()
// Nothing comes when whoever would have sent it is gone.
if (!job.done) await work(JSON.parse(job.value) as ArchiveJob)

async function work({ newestJava, hashes }: ArchiveJob): Promise<void> {
  try {
    const file = openSync(path, 'r')
    const { layers, ...inspection } = await inspectArchive(file, { newestJava, hashes: new Map(hashes), known: heardOf })
    await say(inspection)
    for (const { name, source, isKnown, entries } of layers) {
      await say({ layer: { name, source, isKnown, entries: entries.length } })
      if (!isKnown) await sayTar(file, entries)
    }
    await say({ end: true })
  } catch (error) {
    if (!isRefusal(error)) throw error
    await say({ refusal: { code: error.code, words: error.message, fix: error.fix } })
  }
}

/** Which layers are there is told later than the job. */
async function heardOf(): Promise<ReadonlySet<string>> {
  const known = await told.next()
  return new Set(known.done ? [] : (JSON.parse(known.value) as string[]))
}

async function sayTar(file: number, entries: PlannedLayer['entries']): Promise<void> {
  const files = entries.map((entry) => ({ path: `app/${entry.name}`, sizeBytes: entry.sizeBytes, data: () => contentOf(file, entry) }))
  for await (const chunk of inChunks(tarOf(files))) {
    if (chunk instanceof Uint8Array) await writeFrame(process.stdout, 'data', chunk)
    else await say({ copy: chunk })
  }
}

/** Bytes that stand in the archive as they belong into the layer; whoever reads this copies them. */
interface Range {
  offset: number
  length: number
}

async function* contentOf(file: number, entry: ZipEntry): AsyncGenerator<Uint8Array | Range> {
  if (entry.method === 0 && entry.sizeBytes >= leastRangeBytes) yield { offset: entry.dataOffset, length: entry.sizeBytes }
  else yield* readEntry(file, entry)
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
