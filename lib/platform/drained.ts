import type { Writable } from 'node:stream'

/** Resolves when a stream takes more, or takes nothing ever again; leaves no listener behind, however often it is waited for. */
export async function drained(stream: Writable): Promise<void> {
  if (stream.destroyed || !stream.writableNeedDrain) return
  await new Promise<void>((done) => {
    const go = (): void => {
      stream.off('drain', go).off('close', go)
      done()
    }
    stream.on('drain', go).on('close', go)
  })
}
