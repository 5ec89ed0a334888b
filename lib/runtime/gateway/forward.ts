// One request to one of several replicas. Another one is tried only when the connection failed and nothing was sent.
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream'
import { forwardedHeaders, hasBody, passingHeaders } from '#lib/runtime/gateway/headers'
import type { Upstream } from '#lib/runtime/gateway/upstream'

export interface Destination {
  /** For words: `shop in dev`. */
  name: string
  port: number
  next(tried: ReadonlySet<Upstream>): Upstream | undefined
}

/** not_connected: nothing was sent · stale: a kept connection was closed by the other side, and the request is safe to repeat */
type Outcome = 'answered' | 'not_connected' | 'stale'

const connectMs = 5000

export async function forward(request: IncomingMessage, response: ServerResponse, destination: Destination): Promise<void> {
  const tried = new Set<Upstream>()
  let isFresh = false
  for (;;) {
    const upstream = destination.next(tried)
    if (!upstream) return refuse(response, 503, `No replica of ${destination.name} is ready.`)
    const outcome = await attempt(request, response, destination, upstream, isFresh)
    if (outcome === 'answered') return
    if (outcome === 'stale') isFresh = true
    else tried.add(upstream)
  }
}

function attempt(
  request: IncomingMessage,
  response: ServerResponse,
  destination: Destination,
  upstream: Upstream,
  isFresh: boolean,
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  let isConnected = false
  const asking = ask({
    host: upstream.host,
    port: upstream.port,
    method: request.method,
    path: request.url,
    headers: headersOf(request, destination),
    setHost: false,
    agent: isFresh ? false : upstream.agent,
  })
  upstream.begin()
  const abandon = (): void => void asking.destroy()
  const finish = (outcome: Outcome): void => {
    response.off('close', abandon)
    upstream.end()
    resolve(outcome)
  }
  response.once('close', abandon)
  asking.once('socket', (socket) => {
    const send = (): void => {
      socket.setTimeout(0)
      isConnected = true
      if (hasBody(request.headers)) request.pipe(asking)
      else asking.end()
    }
    if (!socket.connecting) return send()
    socket.setTimeout(connectMs, () => {
      if (!isConnected) asking.destroy(new Error('no connection in time'))
    })
    socket.once('connect', send)
  })
  asking.once('response', (answer) => {
    try {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, passingHeaders(answer.headersDistinct, answer.headers.connection))
      response.flushHeaders()
    } catch (error) {
      asking.destroy(error as Error)
      return
    }
    pipeline(answer, response, () => finish('answered'))
  })
  asking.once('error', (error: NodeJS.ErrnoException) => {
    if (response.headersSent || response.destroyed) {
      response.destroy()
      return finish('answered')
    }
    request.unpipe(asking)
    if (!isConnected) return finish('not_connected')
    // RFC 9110 §9.2.2: a safe request may be sent again when the connection closed before any answer.
    const isSafe = ['GET', 'HEAD', 'OPTIONS'].includes(request.method ?? '') && !hasBody(request.headers)
    if (asking.reusedSocket && isSafe && !isFresh && error.code === 'ECONNRESET') return finish('stale')
    request.resume()
    refuse(response, 502, `A replica of ${destination.name} broke off before it answered.`)
    finish('answered')
  })
  return promise
}

/** WebSockets and everything else that leaves HTTP: the bytes pass both ways. */
export function forwardUpgrade(request: IncomingMessage, client: Duplex, head: Buffer, destination: Destination, tried = new Set<Upstream>()): void {
  const upstream = destination.next(tried)
  if (!upstream) {
    client.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    return
  }
  // A client that goes meanwhile is no fault of ours.
  client.on('error', () => {})
  upstream.begin()
  const server: Socket = connect({ host: upstream.host, port: upstream.port })
  const failed = (): void => {
    upstream.end()
    if (!client.destroyed) forwardUpgrade(request, client, head, destination, new Set([...tried, upstream]))
  }
  server.once('error', failed)
  server.once('connect', () => {
    server.off('error', failed)
    const headers = { ...headersOf(request, destination), connection: 'Upgrade', upgrade: request.headers.upgrade ?? '' }
    const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`))
    server.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
    server.write(head)
    server.on('error', () => {})
    server.once('close', () => {
      client.destroy()
      upstream.end()
    })
    client.once('close', () => server.destroy())
    if (client.destroyed) server.destroy()
    client.pipe(server).pipe(client)
  })
}

function headersOf(request: IncomingMessage, { port }: Destination): Record<string, string | string[]> {
  const { headers, headersDistinct, socket } = request
  return forwardedHeaders({ headers, headersDistinct, remoteAddress: socket.remoteAddress ?? '', port })
}

/** RFC 9457. */
function refuse(response: ServerResponse, status: 502 | 503, detail: string): void {
  if (response.headersSent || response.destroyed) return
  const title = 'unavailable'
  response
    .writeHead(status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...(status === 503 ? { 'retry-after': '1' } : {}) })
    .end(
      JSON.stringify({
        type: 'urn:caisson:problem:unavailable',
        title,
        status,
        code: 'unavailable',
        detail,
        fix: 'Look at the readiness of its replicas.',
      }),
    )
}
