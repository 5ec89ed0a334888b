// What the archive child says on its standard output: frames of a type, a length and a payload.
import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** `json` is a message, `data` are bytes of the layer that the last message announced. */
export interface Frame {
  type: 'json' | 'data'
  payload: Buffer
}

const headBytes = 5
const types = { json: 0, data: 1 } as const
/** Larger than any honest frame: chunks are 256 KiB, and the facts of a JAR are bounded. */
const maxPayloadBytes = 8 * 1024 ** 2

export async function writeFrame(output: Writable, type: Frame['type'], payload: Uint8Array): Promise<void> {
  const head = Buffer.alloc(headBytes)
  head.writeUInt8(types[type], 0)
  head.writeUInt32BE(payload.length, 1)
  output.write(head)
  if (!output.write(payload)) await once(output, 'drain')
}

/** @throws Error when the bytes are no frames: the child was taken over or is broken */
export async function* readFrames(input: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let parts: Uint8Array[] = []
  let size = 0
  let wanted = headBytes
  for await (const chunk of input) {
    parts.push(chunk)
    size += chunk.length
    // Put together only once a whole frame is there: a large one arrives in many pieces.
    if (size < wanted) continue
    let rest = Buffer.concat(parts)
    for (wanted = frameBytes(rest); rest.length >= wanted; wanted = frameBytes(rest)) {
      const payload = rest.subarray(headBytes, wanted)
      yield { type: rest.readUInt8(0) === types.json ? 'json' : 'data', payload }
      rest = rest.subarray(wanted)
    }
    parts = [rest]
    size = rest.length
  }
  if (size > 0) throw new Error('the archive child stopped within a frame')
}

/** Of the frame that starts here; those of its head where that is not whole yet. */
function frameBytes(start: Buffer): number {
  if (start.length < headBytes) return headBytes
  const type = start.readUInt8(0)
  const length = start.readUInt32BE(1)
  if ((type !== types.json && type !== types.data) || length > maxPayloadBytes) throw new Error('the archive child sent no frame')
  return headBytes + length
}
