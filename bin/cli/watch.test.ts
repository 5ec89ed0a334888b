import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { connectAs } from '#bin/cli/api'
import { watch, type Sight } from '#bin/cli/watch'
import { eventually } from '#lib/testing/eventually'
import { Refusal } from '#lib/platform/refusal'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A server that has a stream of changes or none, and something to be asked for that counts up when the test says so. */
async function serve({ hasStream }: { hasStream: boolean }) {
  const state = { version: 1, asked: 0, isAway: false }
  const streams = new Set<ServerResponse>()
  const open = (response: ServerResponse) => {
    if (!hasStream) response.writeHead(404).end()
    else {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 2000\n\n')
      streams.add(response)
    }
  }
  const server = createServer((request, response) => {
    if (state.isAway) request.socket.destroy()
    else if (request.url?.endsWith('/live-events')) open(response)
    else {
      state.asked += 1
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ version: state.version }))
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const api = connectAs(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token', 'main')
  const stopping = new AbortController()
  const sights: Sight<{ version: number }>[] = []
  const last = () => sights.at(-1)
  const look = (pollMs: number, quietMs: number) => {
    const ask = () => api.call<{ version: number }>('GET', '/tenants/{tenant}/thing')
    const watching = watch(api, { ask, show: (sight) => sights.push(sight), signal: stopping.signal, pollMs, quietMs })
    closing.push(async () => {
      stopping.abort()
      await watching
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    })
  }
  const tell = () => streams.forEach((stream) => stream.write('event: board\ndata: {}\n\n'))
  return { state, look, last, tell, api, dropStreams: () => streams.forEach((stream) => stream.destroy()) }
}

describe('looking on', () => {
  it('shows each change as the server tells of it, without asking in between', async () => {
    const { state, look, last, tell } = await serve({ hasStream: true })
    look(20, 600_000)
    await eventually('it is live', () => last()?.state === 'live')
    state.version = 2
    tell()
    await eventually('the change is shown', () => last()?.answer?.version === 2)
    const { asked } = state
    state.version = 3
    for (let n = 0; n < 20; n += 1) tell()
    await eventually('the next one too', () => last()?.answer?.version === 3)
    expect(state.asked - asked).toBeLessThan(10)
  })

  it('falls back to asking again and again where there is no stream, and goes on through an outage', async () => {
    const { state, look, last } = await serve({ hasStream: false })
    look(20, 600_000)
    await eventually('it is shown', () => last()?.answer?.version === 1)
    expect(last()?.state).toBe('polling')
    state.isAway = true
    await eventually('it is away', () => last()?.state === 'away')
    expect(last()).toMatchObject({ answer: { version: 1 }, problem: expect.stringContaining('connection') })
    state.isAway = false
    state.version = 2
    await eventually('it is back', () => last()?.state === 'polling' && last()?.answer?.version === 2)
  })

  it('takes up another stream when one ends', async () => {
    const { state, look, last, tell, dropStreams } = await serve({ hasStream: true })
    look(20, 600_000)
    await eventually('it is live', () => last()?.state === 'live')
    dropStreams()
    state.version = 2
    await eventually('it is live again', () => {
      tell()
      return last()?.state === 'live' && last()?.answer?.version === 2
    })
    expect(last()?.problem).toBe('')
  })

  it('ends with a refusal that asking again does not mend', async () => {
    const { api } = await serve({ hasStream: false })
    const ask = () => Promise.reject(new Refusal('not_found', 'There is none.'))
    await expect(watch(api, { ask, show: () => {}, signal: new AbortController().signal, pollMs: 10 })).rejects.toMatchObject({ code: 'not_found' })
  })
})
