import { setTimeout as sleep } from 'node:timers/promises'

/** Polls until `probe` answers something truthy; fails with the last words when it never does. */
export async function eventually<T>(what: string, probe: () => Promise<T> | T, limitMs = 60_000): Promise<NonNullable<T>> {
  const end = performance.now() + limitMs
  let last: unknown
  for (;;) {
    try {
      const answer = await probe()
      if (answer) return answer
      last = answer
    } catch (error) {
      last = error
    }
    if (performance.now() > end) throw new Error(`${what}: not within ${limitMs} ms; last: ${String(last)}`, { cause: last })
    await sleep(50)
  }
}
