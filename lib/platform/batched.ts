/**
 * Asks once for all that is asked in the same turn of the event loop: what `connections` clients ask costs one round trip, not as many.
 * An answer is always read after it was asked for. While `mostAtOnce` rounds are on their way the next one gathers.
 * @param ask answers in the order of the keys; when it throws, each asker of that round is told
 */
export function batched<K, V>(ask: (keys: K[]) => Promise<V[]>, { mostAtOnce = 2, mostKeys = 100 } = {}): (key: K) => Promise<V> {
  let waiting: { key: K; done: (value: V) => void; failed: (error: unknown) => void }[] = []
  let isScheduled = false
  let underWay = 0

  const schedule = () => {
    if (isScheduled || waiting.length === 0 || underWay >= mostAtOnce) return
    isScheduled = true
    setImmediate(() => {
      isScheduled = false
      void round(waiting.slice(0, mostKeys))
      waiting = waiting.slice(mostKeys)
      schedule()
    })
  }

  const round = async (askers: typeof waiting) => {
    underWay += 1
    try {
      const values = await ask(askers.map(({ key }) => key))
      askers.forEach(({ done }, index) => done(values[index] as V))
    } catch (error) {
      for (const { failed } of askers) failed(error)
    } finally {
      underWay -= 1
      schedule()
    }
  }

  return (key) =>
    new Promise<V>((done, failed) => {
      waiting.push({ key, done, failed })
      schedule()
    })
}
