import { z } from 'zod'
import type { JarInspection } from '#lib/builder/image'
import type { Frame } from '#lib/builder/internal/frames'
import { ArchiveChild, type ChildLimits } from '#lib/builder/internal/run-archive-child'
import { configPropertyLimits } from '#lib/builder/internal/spring-metadata'
import { configPropertySchema } from '#lib/tenants/config-property'
import { jarFactsSchema, newestJavaLevel } from '#lib/tenants/jar-facts'

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
}

/** A JAR that a limited child process reads: this process parses none of its bytes. */
export class JarReading {
  readonly #start: () => ArchiveChild
  #child: ArchiveChild | undefined

  /** @param hashes SHA-256 (hex) of stretches of the file, by `offset length` */
  constructor(jarPath: string, hashes: ReadonlyMap<string, string>, limits: ChildLimits) {
    this.#start = () => new ArchiveChild(jarPath, { newestJava: newestJavaLevel, hashes: [...hashes] }, limits)
  }

  /** Has it looked into, for whoever opens it later. */
  begin(): void {
    this.#child ??= this.#start()
  }

  /**
   * What is inside, and its layers, once it has passed every check. Whoever opened it closes it, and may open it again.
   * @param known sources of layers that are there already
   * @throws Refusal of the JAR
   */
  async open(known: readonly string[]): Promise<OpenJar> {
    this.#child ??= this.#start()
    const frames = this.#child.frames(known)
    return { inspection: inspectionSchema.parse(await nextMessage(frames)), layers: layersOf(frames) }
  }

  /** Ends the child. Safe to call twice. */
  close(): void {
    this.#child?.close()
    this.#child = undefined
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
