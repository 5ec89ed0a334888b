import { describe, expect, it } from 'vitest'
import { batched } from '#lib/platform/batched'

describe('batched', () => {
  it('asks once for what is asked together, never for what is asked later, and at most so much at a time', async () => {
    const rounds: number[][] = []
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const double = batched<number, number>(
      async (keys) => {
        rounds.push(keys)
        await held
        return keys.map((key) => key * 2)
      },
      { mostAtOnce: 2, mostKeys: 3 },
    )
    const first = Promise.all([1, 2, 3, 4].map(double))
    while (rounds.length < 2) await new Promise(setImmediate)
    const later = Promise.all([5, 6].map(double))
    await new Promise(setImmediate)
    expect(rounds).toEqual([[1, 2, 3], [4]])
    release()
    expect([await first, await later]).toEqual([
      [2, 4, 6, 8],
      [10, 12],
    ])
    expect(rounds).toEqual([[1, 2, 3], [4], [5, 6]])
  })

  it('tells each asker of a failed round, and asks again for the next', async () => {
    let isBroken = true
    const ask = batched<string, string>(async (keys) => {
      if (isBroken) throw new Error('away')
      return keys
    })
    expect(await Promise.allSettled([ask('a'), ask('b')])).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    isBroken = false
    expect(await ask('c')).toBe('c')
  })
})
