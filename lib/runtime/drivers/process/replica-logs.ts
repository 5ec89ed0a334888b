import { existsSync } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileNames } from '#lib/runtime/drivers/process/records'

const chunkBytes = 64 * 1024
const pollMs = 200

export interface ReadLogOptions {
  follow: boolean
  tailLines?: number
  signal: AbortSignal
}

/** What the two files have, oldest first; with `follow` what is written from then on, until the signal aborts or the folder is gone. */
export async function* readLog(folder: string, { follow, tailLines, signal }: ReadLogOptions): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  const older = join(folder, fileNames.olderLog)
  const newer = join(folder, fileNames.log)
  // Both are opened first: a rotation meanwhile renames them, and the handles read on.
  const handles = [await openIf(older), await openIf(newer)]
  let current = handles[1]
  try {
    const [first, second] = await Promise.all(handles.map(sizeOf))
    const start = tailLines === undefined ? [0, 0] : await startsOf(handles, [first ?? 0, second ?? 0], tailLines)
    for await (const chunk of chunksOf(handles[0], start[0] ?? 0)) yield decoder.write(chunk)
    let position = start[1] ?? 0
    for (;;) {
      for await (const chunk of chunksOf(current, position)) {
        position += chunk.length
        yield decoder.write(chunk)
        if (signal.aborted) return
      }
      if (!follow || signal.aborted) break
      const next = await openIf(newer)
      if (next && (await inodeOf(next)) !== (await inodeOf(current))) {
        // What was still written to the file that was rotated away, then the new one from its start.
        for await (const chunk of chunksOf(current, position)) yield decoder.write(chunk)
        await current?.close()
        current = next
        position = 0
        continue
      }
      await next?.close()
      if (!existsSync(folder)) break
      await sleep(pollMs, undefined, { signal }).catch(() => {})
    }
    const rest = decoder.end()
    if (rest !== '') yield rest
  } finally {
    await handles[0]?.close()
    await current?.close()
  }
}

async function openIf(path: string): Promise<FileHandle | undefined> {
  return open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

async function sizeOf(file: FileHandle | undefined): Promise<number> {
  return file ? (await file.stat()).size : 0
}

async function inodeOf(file: FileHandle | undefined): Promise<number> {
  return file ? (await file.stat()).ino : 0
}

async function* chunksOf(file: FileHandle | undefined, from: number): AsyncGenerator<Buffer> {
  if (!file) return
  for (let position = from; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** Where the last lines begin: in the newer file, or, when that has too few, in the older one. */
async function startsOf([older, newer]: (FileHandle | undefined)[], sizes: [number, number], lines: number): Promise<[number, number]> {
  const inNewer = await lastLines(newer, sizes[1], lines)
  if (inNewer.found >= lines) return [sizes[0], inNewer.start]
  return [(await lastLines(older, sizes[0], lines - inNewer.found)).start, 0]
}

async function lastLines(file: FileHandle | undefined, size: number, lines: number): Promise<{ start: number; found: number }> {
  if (!file || lines === 0) return { start: size, found: 0 }
  let found = 0
  for (let end = size; end > 0;) {
    const from = Math.max(0, end - chunkBytes)
    const { buffer } = await file.read(Buffer.alloc(end - from), 0, end - from, from)
    for (let at = buffer.length - 1; at >= 0; at -= 1) {
      // The line break at the very end ends the last line and begins none.
      if (buffer[at] !== 10 || from + at === size - 1) continue
      found += 1
      if (found === lines) return { start: from + at + 1, found }
    }
    end = from
  }
  return { start: 0, found: size > 0 ? found + 1 : 0 }
}

/** Whether there is a log at all. */
export async function hasLog(folder: string): Promise<boolean> {
  return (await stat(join(folder, fileNames.log)).catch(() => undefined)) !== undefined
}
