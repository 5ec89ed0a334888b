import { setTimeout as sleep } from 'node:timers/promises'
import { log } from '#lib/platform/log'

/** Does something again and again, pausing in between, until the signal aborts. A failure is logged and the next turn comes. */
export async function periodically(what: string, everyMs: number, signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    await work().catch((error: unknown) => log.warn({ error: String(error) }, `${what} failed`))
    await sleep(everyMs, undefined, { signal }).catch(() => {})
  }
}
