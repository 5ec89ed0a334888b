// Looking on: an answer of the API, asked for again when something changes.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '#bin/cli/api'
import { isRefusal } from '#lib/platform/refusal'

export interface Sight<T> {
  /** undefined before the first one. */
  answer: T | undefined
  /** live: told of each change · polling: asked again and again · away: the server does not answer, and what is shown is old. */
  state: 'live' | 'polling' | 'away'
  /** Why it is away; '' otherwise. */
  problem: string
}

export interface WatchOptions<T> {
  ask: () => Promise<T>
  /** Called with every answer, and when the connection comes or goes. */
  show: (sight: Sight<T>) => void
  signal: AbortSignal
  /** How often it is asked without being told of changes. */
  pollMs?: number
  /** How long nothing may be asked while changes are told: states age without anybody changing them. */
  quietMs?: number
}

/** A burst of changes is one question. */
const gatherMs = 150

/**
 * Asks at once, then whenever the stream of changes tells of one; without a stream, again and again, while another is tried for. Resolves
 * when the signal aborts. Throws the first refusal before there was any answer, and a refusal of the caller at any time.
 */
export async function watch<T>(api: Api, { ask, show, signal, pollMs = 2000, quietMs = 5000 }: WatchOptions<T>): Promise<void> {
  const changes = new Changes()
  let isLive = false
  const listening = listen(
    api,
    signal,
    pollMs,
    (live) => {
      isLive = live
      changes.tell()
    },
    changes,
  )
  let answer: T | undefined
  try {
    while (!signal.aborted) {
      try {
        answer = await ask()
        if (!signal.aborted) show({ answer, state: isLive ? 'live' : 'polling', problem: '' })
      } catch (error) {
        if (signal.aborted) break
        if (answer === undefined || isFinal(error)) throw error
        show({ answer, state: 'away', problem: error instanceof Error ? error.message : String(error) })
      }
      await changes.next(isLive ? quietMs : pollMs, signal)
    }
  } finally {
    changes.end()
    await listening
  }
}

/** What asking again does not mend. */
function isFinal(error: unknown): boolean {
  return isRefusal(error) && ['unauthenticated', 'forbidden', 'not_found', 'invalid_input'].includes(error.code)
}

/** Whether something changed since it was asked last. */
class Changes {
  #isTold = false
  #wake: (() => void) | undefined
  readonly ended = new AbortController()

  tell(): void {
    this.#isTold = true
    this.#wake?.()
  }

  /** Until something is told, with what follows at once, or the time is over. */
  async next(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#isTold) {
      await new Promise<void>((done) => {
        const timer = setTimeout(done, ms)
        this.#wake = () => {
          clearTimeout(timer)
          done()
        }
        signal.addEventListener('abort', this.#wake, { once: true })
      })
      this.#wake = undefined
    }
    if (this.#isTold) await sleep(gatherMs, undefined, { signal }).catch(() => {})
    this.#isTold = false
  }

  end(): void {
    this.ended.abort()
  }
}

/** Holds a stream of changes for as long as it can, and tries for another one while it has none. */
async function listen(api: Api, signal: AbortSignal, retryMs: number, setLive: (isLive: boolean) => void, changes: Changes): Promise<void> {
  const over = AbortSignal.any([signal, changes.ended.signal])
  while (!over.aborted) {
    try {
      const response = await fetch(await api.address('/tenants/{tenant}/live-events'), {
        headers: api.token === '' ? {} : { authorization: `Bearer ${api.token}` },
        signal: over,
      })
      if (response.ok && response.body && response.headers.get('content-type')?.startsWith('text/event-stream')) {
        setLive(true)
        for await (const text of response.body.pipeThrough(new TextDecoderStream())) if (/^event:/m.test(text)) changes.tell()
      }
    } catch {
      // No stream is no fault: it is asked again and again instead.
    }
    if (!over.aborted) setLive(false)
    await sleep(retryMs, undefined, { signal: over }).catch(() => {})
  }
}
