import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '#lib/platform/postgres/embedded'
import { Gateway } from '#lib/runtime/gateway/gateway'
import type { GatewayRoute } from '#lib/runtime/gateway/routes'
import { eventually } from '#lib/testing/eventually'

const servers: Server[] = []
const gateways: Gateway[] = []
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((one) => one.close()))
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function replica(id: string, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()))
  return { id, address: `127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

async function gatewayBefore(replicas: { id: string; address: string }[]) {
  const gateway = new Gateway()
  gateways.push(gateway)
  const route: GatewayRoute = { port: await freePort(), tenant: 'main', environment: 'dev', application: 'shop', replicas }
  expect(await gateway.take([route])).toBe(true)
  return { gateway, route, url: `http://127.0.0.1:${route.port}` }
}

const dead = async (id: string) => ({ id, address: `127.0.0.1:${await freePort()}` })

describe('the gateway', () => {
  it('passes method, path, body and headers, adds where a request came from, and keeps what is between neighbours to itself', async () => {
    const tell = async (incoming: IncomingMessage, response: ServerResponse) => {
      const body = await text(incoming)
      response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'x-hop': 'secret', connection: 'x-hop' })
      response.end(JSON.stringify({ method: incoming.method, url: incoming.url, headers: incoming.headers, body }))
    }
    const one = await replica('r-1', (incoming, response) => void tell(incoming, response))
    const { route } = await gatewayBefore([one])
    const asking = request({
      host: '127.0.0.1',
      port: route.port,
      method: 'GET',
      path: '/a%20b?c=d',
      headers: {
        host: 'shop.test',
        connection: 'x-mine',
        'x-mine': '1',
        'x-forwarded-for': '10.0.0.9',
        'transfer-encoding': 'chunked',
        te: 'trailers',
      },
    })
    asking.end('a body of a GET')
    const answer = await new Promise<IncomingMessage>((done) => asking.once('response', done))
    const seen = JSON.parse(await text(answer)) as { method: string; url: string; body: string; headers: Record<string, string> }
    expect(answer.statusCode).toBe(201)
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2'])
    expect(answer.headers['x-hop']).toBeUndefined()
    expect(seen).toMatchObject({ method: 'GET', url: '/a%20b?c=d', body: 'a body of a GET' })
    expect(seen.headers).toMatchObject({
      host: 'shop.test',
      'x-forwarded-for': '10.0.0.9, 127.0.0.1',
      'x-forwarded-host': 'shop.test',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': String(route.port),
    })
    expect(seen.headers).not.toHaveProperty('x-mine')
    expect(seen.headers).not.toHaveProperty('te')
  })

  it('S-26: gives no application the session of the pages beside it, and lets none set one', async () => {
    const session = '__Host-next-auth.session-token=secret'
    const one = await replica('r-1', (incoming, response) => {
      response.writeHead(200, { 'set-cookie': ['next-auth.session-token=forged; Path=/', 'basket=7'] })
      response.end(incoming.headers.cookie ?? 'none')
    })
    const { url } = await gatewayBefore([one])
    const ask = async (cookie: string) => {
      const answer = await fetch(url, { headers: { cookie } })
      return [await answer.text(), answer.headers.getSetCookie()]
    }
    expect(await ask(`basket=7; ${session}; next-auth.csrf-token=x;theme=dark`)).toEqual(['basket=7; theme=dark', ['basket=7']])
    expect(await ask(session)).toEqual(['none', ['basket=7']])
  })

  it('goes to another replica when nobody listens, also with a body; with none it says so', async () => {
    const one = await replica('r-1', (incoming, response) => void text(incoming).then((body) => response.end(body)))
    const { gateway, route, url } = await gatewayBefore([await dead('r-0'), await dead('r-2'), one])
    for (let turn = 0; turn < 6; turn += 1) {
      const body = 'x'.repeat(100_000 + turn)
      const answer = await fetch(url, { method: 'POST', body })
      expect(await answer.text()).toBe(body)
    }
    await gateway.take([{ ...route, replicas: [await dead('r-0')] }])
    const refused = await fetch(url)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(await refused.json()).toMatchObject({ status: 503, code: 'unavailable', detail: 'No replica of shop in dev is ready.' })
    await gateway.take([{ ...route, replicas: [] }])
    expect((await fetch(url)).status).toBe(503)
  })

  it('never sends a request twice that a replica had taken', async () => {
    let taken = 0
    const breaks = (incoming: IncomingMessage) => {
      taken += 1
      incoming.socket.destroy()
    }
    const { url } = await gatewayBefore([await replica('r-1', breaks), await replica('r-2', breaks)])
    const answer = await fetch(url, { method: 'POST', body: 'an order' })
    expect(answer.status).toBe(502)
    expect(taken).toBe(1)
  })

  it('shares the load, and ends connections to a replica that left once nothing is under way', async () => {
    const counts = { 'r-1': 0, 'r-2': 0 }
    const held: ServerResponse[] = []
    const make = (id: keyof typeof counts) =>
      replica(id, (incoming, response) => {
        counts[id] += 1
        if (incoming.url === '/slow') held.push(response)
        else response.end(id)
      })
    const [one, two] = [await make('r-1'), await make('r-2')]
    const { gateway, route, url } = await gatewayBefore([one, two])
    for (let turn = 0; turn < 20; turn += 1) await (await fetch(url)).text()
    expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(5)
    const slow = fetch(`${url}/slow`)
    await eventually('the slow request arrived', () => held.length === 1)
    const [leaving, staying] =
      counts['r-1'] + counts['r-2'] === 21 && held[0]?.socket?.localPort === Number(one.address.split(':')[1]) ? [one, two] : [two, one]
    await gateway.take([{ ...route, replicas: [staying] }])
    for (let turn = 0; turn < 5; turn += 1) expect(await (await fetch(url)).text()).toBe(staying.id)
    held[0]?.end('after all')
    expect(await (await slow).text()).toBe('after all')
    await eventually(
      'no connection to it is left',
      () => new Promise<boolean>((done) => leaving.server.getConnections((_error, count) => done(count === 0))),
    )
  })

  it('passes a stream as it is written, and lets go when the client does', async () => {
    let written: ServerResponse | undefined
    let isGone = false
    const one = await replica('r-1', (_incoming, response) => {
      written = response
      response.once('close', () => (isGone = true))
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
    })
    const { url } = await gatewayBefore([one])
    const leave = new AbortController()
    const answer = await fetch(url, { signal: leave.signal })
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toBe('data: 1\n\n')
    written?.write('data: 2\n\n')
    expect((await reader?.read())?.value).toBe('data: 2\n\n')
    leave.abort()
    await reader?.read().catch(() => {})
    await eventually('the replica sees that nobody listens', () => isGone)
  })

  it('passes a WebSocket both ways, past a replica that is not there', async () => {
    const one = await replica('r-1', (_incoming, response) => response.end())
    one.server.on('upgrade', (incoming, socket, head) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
      socket.write(`${incoming.headers['sec-websocket-key']} ${String(incoming.headers['x-forwarded-for'])} ${head.toString()}`)
      socket.on('data', (chunk: Buffer) => socket.write(chunk.toString().toUpperCase()))
    })
    const { gateway, route } = await gatewayBefore([await dead('r-0'), await dead('r-2'), one])
    const socket = connect(route.port, '127.0.0.1')
    let received = ''
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()))
    socket.write('GET /chat HTTP/1.1\r\nHost: shop\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: abc\r\n\r\nearly')
    await eventually('it switched', () => received.includes('abc 127.0.0.1 '))
    expect(received.startsWith('HTTP/1.1 101 Switching Protocols\r\n')).toBe(true)
    socket.write('hello')
    await eventually('it answers', () => received.endsWith('HELLO'))
    const ended = new Promise((done) => socket.once('close', done))
    await gateway.close()
    await ended
  })

  it('tries an address again on which something else listened', async () => {
    const squatter = createServer()
    await new Promise<void>((done) => squatter.listen(0, '127.0.0.1', () => done()))
    const { port } = squatter.address() as AddressInfo
    const gateway = new Gateway()
    gateways.push(gateway)
    const one = await replica('r-1', (_incoming, response) => response.end('here'))
    const routes = [{ port, tenant: 'main', environment: 'dev', application: 'shop', replicas: [one] }]
    expect(await gateway.take(routes)).toBe(false)
    await new Promise((done) => squatter.close(done))
    expect(await gateway.take(routes)).toBe(true)
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('here')
  })

  it('serves every other address while something else listens on one, and that one as soon as it is free', async () => {
    const squatter = createServer((_request, response) => response.end('somebody else'))
    servers.push(squatter)
    const one = await replica('r-1', (_request, response) => response.end('ours'))
    const gateway = new Gateway()
    gateways.push(gateway)
    const [taken, free] = [await freePort(), await freePort()]
    await new Promise<void>((done) => squatter.listen(taken, '127.0.0.1', done))
    const routes = [taken, free].map((port): GatewayRoute => ({ port, tenant: 'main', environment: 'dev', application: 'shop', replicas: [one] }))
    expect(await gateway.take(routes)).toBe(false)
    expect(gateway.missing).toEqual([taken])
    const ask = async (port: number) => (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text()
    expect(await ask(free)).toBe('ours')
    expect(await ask(taken)).toBe('somebody else')
    squatter.closeAllConnections()
    await new Promise((done) => squatter.close(done))
    expect(await gateway.take(routes)).toBe(true)
    expect(gateway.missing).toEqual([])
    expect(await ask(taken)).toBe('ours')
  })
})
