import { z } from 'zod'
import type { JarInspection } from '#lib/builder/image'
import type { Frame } from '#lib/builder/internal/frames'
import { runArchiveChild, type ArchiveJob, type ChildLimits } from '#lib/builder/internal/run-archive-child'
import { configPropertyLimits } from '#lib/builder/internal/spring-metadata'
import { configPropertySchema } from '#lib/tenants/config-property'
import { jarFactsSchema } from '#lib/tenants/jar-facts'

export interface LayerStream {
  name: string
  entries: number
  /** What it is made of, as `sha256:<hex>` (layer-source.ts). */
  source: string
  /** The source is one of those that were said to be known; then there are no pieces. */
  isKnown: boolean
  /** The tar; to be read to the end before the next layer is asked for. */
  pieces: AsyncIterable<LayerPiece>
}

/** Bytes, or a range of the JAR that holds them. */
export type LayerPiece = Uint8Array | CopyRange

export interface CopyRange {
  offset: number
  length: number
}

const inspectionSchema = z.strictObject({
  facts: jarFactsSchema,
  configProperties: z.array(configPropertySchema).max(configPropertyLimits.properties),
})
const layerMessage = z.object({
  layer: z.object({ name: z.string().max(200), entries: z.int().min(1), source: z.string().max(100), isKnown: z.boolean() }),
})
const copyMessage = z.object({ copy: z.object({ offset: z.int().min(0), length: z.int().min(1) }) })
const endMessage = z.object({ end: z.literal(true) })

export interface OpenJar {
  inspection: JarInspection
  /** Of a Spring Boot JAR. */
  layers: AsyncIterable<LayerStream>
  /** Ends the child, however far it came. */
  close: () => Promise<void>
}

/**
 * What is inside a JAR, and its layers, by a limited child process: this process parses none of its bytes. It answers once the JAR
 * has passed every check.
 */
export async function openJar(jarPath: string, job: ArchiveJob, limits: ChildLimits): Promise<OpenJar> {
  const frames = runArchiveChild(jarPath, job, limits)
  const close = async () => void (await frames.return(undefined))
  try {
    return { inspection: inspectionSchema.parse(await nextMessage(frames)), layers: layersOf(frames), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function* layersOf(frames: AsyncGenerator<Frame>): AsyncGenerator<LayerStream> {
  let message = await nextMessage(frames)
  while (!endMessage.safeParse(message).success) {
    const { layer } = layerMessage.parse(message)
    let following: unknown
    const pieces = piecesUntilMessage(frames, (found) => {
      following = found
    })
    yield { ...layer, pieces }
    message = layer.isKnown ? await nextMessage(frames) : following
  }
  // To the end of the stream, where the exit of the child is judged.
  await frames.next()
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
