/** Topics of `/live-events`, the third part of a query key: `['t', tenant, topic, …]`. */
export const liveTopics = ['board', 'promotion', 'rollout', 'replica', 'release', 'audit', 'settings'] as const
export type LiveTopic = (typeof liveTopics)[number]

/** `live`: told at once. `connecting`: what is shown may be old. */
export type LiveState = 'connecting' | 'live'

export interface LiveListener {
  onChange(topic: LiveTopic, subject: string): void
  /** Changes may have been missed: ask for everything again. */
  onReset(): void
  onState(state: LiveState): void
}

/** What is used of an EventSource. */
interface Source {
  readonly readyState: number
  close(): void
  addEventListener(type: string, listener: (event: Event) => void): void
}

const closed = 2 // EventSource.CLOSED, which Node does not have

/**
 * Listens to what changes in a tenant until the answer is called. The browser comes back by itself to a stream that ended
 * and says where it was (`Last-Event-ID`); after a refused one (a restart, a proxy's 502) it gives up (WHATWG HTML §9.2.3), and
 * then this opens a new one, later each time and never all pages at once.
 */
export function listenLive(tenant: string, listener: LiveListener, open: (url: string) => Source = (url) => new EventSource(url)): () => void {
  let source: Source | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0

  function connect(): void {
    let isFirst = true
    const current = open(`/api/v1/tenants/${encodeURIComponent(tenant)}/live-events`)
    source = current
    listener.onState('connecting')
    current.addEventListener('open', () => {
      attempt = 0
      listener.onState('live')
      // What changed before a new stream stood was told to nobody; a continued one tells what was missed.
      if (isFirst) listener.onReset()
      isFirst = false
    })
    current.addEventListener('reset', () => listener.onReset())
    for (const topic of liveTopics) current.addEventListener(topic, (event) => listener.onChange(topic, subjectOf(event)))
    current.addEventListener('error', () => {
      listener.onState('connecting')
      if (current.readyState !== closed || source !== current) return
      source = undefined
      timer = setTimeout(connect, reconnectDelayMs(attempt, Math.random()))
      attempt += 1
    })
  }

  connect()
  return () => {
    clearTimeout(timer)
    const last = source
    source = undefined
    last?.close()
  }
}

/** Doubles from one second to thirty, of which the upper half is drawn by lot. `lot` is from 0 to 1. */
export function reconnectDelayMs(attempt: number, lot: number): number {
  const longest = Math.min(30_000, 1000 * 2 ** Math.min(attempt, 10))
  return longest / 2 + (longest / 2) * lot
}

function subjectOf(event: Event): string {
  try {
    const data: unknown = JSON.parse(String((event as MessageEvent).data))
    return typeof data === 'object' && data !== null && 'subject' in data ? String(data.subject) : ''
  } catch {
    return ''
  }
}
