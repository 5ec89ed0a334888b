import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { drained } from '#lib/platform/drained'

describe('waiting for a stream', () => {
  it('leaves no listener behind, and ends when the stream does', async () => {
    const slow = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => setImmediate(done) })
    for (let count = 0; count < 100; count += 1) {
      slow.write('xx')
      await drained(slow)
    }
    expect([slow.writableNeedDrain, slow.listenerCount('drain'), slow.listenerCount('close'), slow.listenerCount('error')]).toEqual([false, 0, 0, 0])
    const stuck = new Writable({ highWaterMark: 1, write: () => {} })
    stuck.write('xx')
    const waiting = drained(stuck)
    stuck.destroy()
    await waiting
    await drained(stuck)
    expect([stuck.listenerCount('drain'), stuck.listenerCount('close')]).toEqual([0, 0])
  })
})
