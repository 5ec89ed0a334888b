import { z } from 'zod'
import type { Frame } from '#lib/builder/internal/frames'
import { runArchiveChild, type ChildLimits } from '#lib/builder/internal/run-archive-child'

export interface LayerStream {
  name: string
  entries: number
  /** The tar; to be read to the end before the next layer is asked for. */
  pieces: AsyncIterable<LayerPiece>
}

/** Bytes, or a range of the JAR that holds them. */
export type LayerPiece = Uint8Array | CopyRange

export interface CopyRange {
  offset: number
  length: number
}

/** Inflating and writing 4 GiB to a slow disk takes minutes. */
const defaults: ChildLimits = { timeoutMs: 1_800_000, heapMiB: 192 }
const layerMessage = z.object({ layer: z.object({ name: z.string().max(200), entries: z.int().min(1) }) })
const copyMessage = z.object({ copy: z.object({ offset: z.int().min(0), length: z.int().min(1) }) })
const endMessage = z.object({ end: z.literal(true) })

/** The layers of a Spring Boot JAR, made by a limited child process: this process parses none of its bytes. */
export async function* bootLayers(jarPath: string, limits: Partial<ChildLimits> = {}): AsyncGenerator<LayerStream> {
  const frames = runArchiveChild('layers', jarPath, { ...defaults, ...limits })
  try {
    let message = await nextMessage(frames)
    while (!endMessage.safeParse(message).success) {
      const { layer } = layerMessage.parse(message)
      let following: unknown
      yield {
        ...layer,
        pieces: piecesUntilMessage(frames, (found) => {
          following = found
        }),
      }
      message = following
    }
    // To the end of the stream, where the exit of the child is judged.
    await frames.next()
  } finally {
    await frames.return(undefined)
  }
}

async function nextMessage(frames: AsyncGenerator<Frame>): Promise<unknown> {
  const { value, done } = await frames.next()
  return done ? undefined : JSON.parse(value.payload.toString('utf8'))
}

async function* piecesUntilMessage(frames: AsyncGenerator<Frame>, onMessage: (message: unknown) => void): AsyncGenerator<LayerPiece> {
  for (let next = await frames.next(); !next.done; next = await frames.next()) {
    if (next.value.type === 'data') {
      yield next.value.payload
      continue
    }
    const message: unknown = JSON.parse(next.value.payload.toString('utf8'))
    const { data: range } = copyMessage.safeParse(message)
    if (!range) {
      onMessage(message)
      return
    }
    yield range.copy
  }
}
