import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { listenLive, reconnectDelayMs } from '#components/live-source'

class Stream extends EventTarget {
  readyState = 0
  readonly url: string
  constructor(url: string) {
    super()
    this.url = url
  }
  close(): void {
    this.readyState = 2
  }
  says(event: string, data?: string): void {
    this.dispatchEvent(data === undefined ? new Event(event) : new MessageEvent(event, { data }))
  }
  fails(readyState: 0 | 2): void {
    this.readyState = readyState
    this.says('error')
  }
}

let streams: Stream[] = []
let told: string[] = []
const listener = {
  onChange: (topic: string, subject: string) => void told.push(`${topic}:${subject}`),
  onReset: () => void told.push('reset'),
  onState: (state: string) => void told.push(state),
}
const listen = (): (() => void) =>
  listenLive('acme', listener, (url) => {
    const stream = new Stream(url)
    streams.push(stream)
    return stream
  })

beforeEach(() => {
  vi.useFakeTimers()
  streams = []
  told = []
})
afterEach(() => vi.useRealTimers())

describe('live changes', () => {
  it('asks for everything once the stream stands, then for what changed', () => {
    listen()
    expect(streams[0]?.url).toBe('/api/v1/tenants/acme/live-events')
    streams[0]?.says('open')
    streams[0]?.says('promotion', '{"subject":"p1"}')
    streams[0]?.says('board', 'no json')
    streams[0]?.says('reset', '{}')
    expect(told).toEqual(['connecting', 'live', 'reset', 'promotion:p1', 'board:', 'reset'])
  })

  it('leaves a stream that ended to the browser, which continues where it was', () => {
    listen()
    streams[0]?.says('open')
    streams[0]?.fails(0)
    streams[0]?.says('open')
    vi.advanceTimersByTime(60_000)
    expect(streams).toHaveLength(1)
    expect(told).toEqual(['connecting', 'live', 'reset', 'connecting', 'live'])
  })

  it('opens a new one after a refusal, and asks for everything again', () => {
    listen()
    streams[0]?.says('open')
    streams[0]?.fails(2)
    vi.advanceTimersByTime(1000)
    expect(streams).toHaveLength(2)
    streams[1]?.says('open')
    expect(told.slice(-2)).toEqual(['live', 'reset'])
  })

  it('stops when the page goes, also while it waits to come back', () => {
    const stop = listen()
    stop()
    expect(streams[0]?.readyState).toBe(2)
    const stopWaiting = listen()
    streams[1]?.fails(2)
    stopWaiting()
    vi.advanceTimersByTime(60_000)
    expect(streams).toHaveLength(2)
  })

  it('comes back later each time, at most after half a minute, and by lot', () => {
    expect([0, 1, 2, 5, 50].map((attempt) => reconnectDelayMs(attempt, 1))).toEqual([1000, 2000, 4000, 30_000, 30_000])
    expect([0, 5].map((attempt) => reconnectDelayMs(attempt, 0))).toEqual([500, 15_000])
  })
})
