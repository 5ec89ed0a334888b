// The server before any door: what of HTTP it takes, how long anybody may take, and what every answer carries.
import { request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handleRegistry } from '#bin/http/registry'
import { createHttpServer, type BodyPace, type Doors } from '#bin/http/server'
import { useTestDatabase } from '#lib/testing/database'
import { exchangeBytes } from '#lib/testing/raw-http'

useTestDatabase()

/** What reached the pages. */
const reached: { url: string; headers: IncomingMessage['headers']; body: string }[] = []
const doors: Doors = {
  health: async (_request, response) => void response.writeHead(200).end('{}'),
  ready: async (_request, response) => void response.writeHead(200).end('{}'),
  registry: handleRegistry,
  own: async () => false,
  pages: async (incoming, response) => {
    let body = ''
    for await (const chunk of incoming) body += String(chunk)
    reached.push({ url: incoming.url ?? '', headers: { ...incoming.headers }, body })
    if (incoming.url === '/fault') throw new Error('a secret of the inside')
    response.end('page')
  },
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const servers: Server[] = []
async function start(pace?: BodyPace): Promise<string> {
  const server = createHttpServer(doors, pace)
  servers.push(server)
  return listen(server)
}
let url = ''
beforeAll(async () => {
  url = await start()
})
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

const host = 'Host: localhost\r\n'
const close = 'Connection: close\r\n'
const hidden = 'GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n'

describe('the server', () => {
  it('takes no request that two readers could cut differently, and answers nothing hidden in it', async () => {
    const post = `POST /x HTTP/1.1\r\n${host}`
    const shapes: Record<string, string> = {
      'TE and CL': `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
      'CL and TE': `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
      'two lengths': `${post}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
      'a list of lengths': `${post}Content-Length: 5, 5\r\n\r\nabcde`,
      'a signed length': `${post}Content-Length: +5\r\n\r\nabcde`,
      'a hex length': `${post}Content-Length: 0x5\r\n\r\nabcde`,
      'bare LF': `GET /x HTTP/1.1\nHost: localhost\n\n${hidden}`,
      'bare CR': `GET /x HTTP/1.1\r\n${host}X: a\rY: b\r\n\r\n`,
      'a folded header': `GET /x HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`,
      'a space before the colon': `POST /x HTTP/1.1\r\n${host}Content-Length : 5\r\n\r\nabcde`,
      'an unknown encoding': `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
      'chunked not last': `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
      'chunked twice': `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      'a vertical tab': `${post}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`,
      'LF after a chunk extension': `${post}Transfer-Encoding: chunked\r\n\r\n5;\nxx\r\nabcde\r\n0\r\n\r\n`,
      'a negative chunk': `${post}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n`,
      'an overlong chunk size': `${post}Transfer-Encoding: chunked\r\n\r\n${'f'.repeat(17)}\r\n\r\n`,
      'NUL in a header': `GET /x HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`,
      'no Host': 'GET /x HTTP/1.1\r\n\r\n',
      'two Hosts': `GET /x HTTP/1.1\r\n${host}Host: evil.test\r\n${close}\r\n`,
      'the address of another host': `GET http://evil.test/x HTTP/1.1\r\n${host}${close}\r\n`,
      'an asterisk': `OPTIONS * HTTP/1.1\r\n${host}${close}\r\n`,
      TRACE: `TRACE /x HTTP/1.1\r\n${host}${close}\r\n`,
      'an unknown method': `PURGE /x HTTP/1.1\r\n${host}${close}\r\n`,
      'a broken percent': `GET /t/%zz HTTP/1.1\r\n${host}${close}\r\n`,
      'an overlong slash': `GET /%c0%ae%c0%ae/x HTTP/1.1\r\n${host}${close}\r\n`,
      'U+0000 in the path': `GET /t/a%00b HTTP/1.1\r\n${host}${close}\r\n`,
    }
    reached.length = 0
    for (const [what, bytes] of Object.entries(shapes)) {
      const heard = await exchangeBytes(url, bytes)
      expect([what, heard.slice(0, 12)]).toEqual([what, 'HTTP/1.1 400'])
      expect([what, heard.match(/^HTTP\/1\.1/gm)?.length]).toEqual([what, 1])
    }
    expect(await exchangeBytes(url, `CONNECT evil.test:80 HTTP/1.1\r\n${host}\r\n`)).toBe('')
    expect(reached).toEqual([])
  })

  it('speaks no other protocol: an upgrade is a plain request, under every limit', async () => {
    const heard = await exchangeBytes(
      url,
      `GET /x HTTP/1.1\r\n${host}Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAA\r\n\r\n`,
    )
    expect(heard).toMatch(/^HTTP\/1\.1 200 /)
    expect(heard).toMatch(/page/)
  })

  it('S-31: hands on no header with which proxies and Next talk among themselves, and sets its own', async () => {
    const forged = [
      'X-Middleware-Subrequest: middleware:middleware',
      'X-Middleware-Rewrite: http://evil.test',
      'X-Nextjs-Data: 1',
      'X-Invoke-Path: /admin',
      'X-Matched-Path: /admin',
      'Next-Resume: 1',
      'X-Forwarded-Host: evil.test',
      'X-Forwarded-For: 192.0.2.1',
      'X-Forwarded-Proto: https',
      'X-Caisson-Address: 192.0.2.1',
      'X-Caisson-Path: //evil.test',
    ]
    reached.length = 0
    await exchangeBytes(url, `GET /t/x?y=1 HTTP/1.1\r\n${host}${close}${forged.join('\r\n')}\r\nRSC: 1\r\n\r\n`)
    expect(reached[0]?.headers).toEqual({
      host: 'localhost',
      connection: 'close',
      rsc: '1',
      'content-security-policy': expect.stringContaining("'nonce-"),
      'x-caisson-address': '127.0.0.1',
      'x-caisson-path': '/t/x?y=1',
    })
  })

  it('S-08: gives every answer its security headers: pages, health, registry, refusals and faults', async () => {
    for (const path of ['/', '/health', '/ready', '/v2/', '/v2/token', '/v2/none/none/manifests/x', '/t/%zz', '/fault']) {
      const answer = await fetch(`${url}${path}`)
      const words = await answer.text()
      expect([path, Object.fromEntries(answer.headers)]).toEqual([
        path,
        expect.objectContaining({
          'content-security-policy': expect.stringMatching(/default-src 'none'.*base-uri 'none'; frame-ancestors 'none'/),
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
          'referrer-policy': 'same-origin',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
        }),
      ])
      expect(words).not.toContain('secret of the inside')
      expect([...answer.headers.keys()].filter((name) => /^(server|x-powered-by|access-control-)/.test(name))).toEqual([])
    }
    const policies = await Promise.all([1, 2].map(async () => (await fetch(url)).headers.get('content-security-policy')))
    expect(policies[0]).not.toBe(policies[1])
  })

  it('S-08: lets nothing that the API or the registry answers load or run anything, however its address is written', async () => {
    for (const path of ['/api/v1/me', '/api/v1/tenants/x/evidence/y/content?z', '/v2/', '//api/v1/me', '/API/v1/me', '/api?x']) {
      const policy = (await fetch(`${url}${path}`)).headers.get('content-security-policy')
      expect([path, policy]).toEqual([path, "default-src 'none'; sandbox; base-uri 'none'; frame-ancestors 'none'"])
    }
    expect((await fetch(`${url}/apiary`)).headers.get('content-security-policy')).toMatch(/'nonce-/)
  })

  it('answers a fault as a problem that tells where to look, and nothing of the inside', async () => {
    const answer = await fetch(`${url}/fault`)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([500, 'application/problem+json'])
    expect(await answer.json()).toMatchObject({ code: 'fault', detail: expect.not.stringContaining('secret') })
  })

  it('refuses headers beyond 16 KiB, and a request without an end to its headers', async () => {
    expect(await exchangeBytes(url, `GET /x HTTP/1.1\r\n${host}X: ${'x'.repeat(17_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
    expect(servers[0]?.headersTimeout).toBe(30_000)
    expect(servers[0]?.listenerCount('upgrade')).toBe(0)
  })

  it('cuts a body that all but stands still, and none that goes on', async () => {
    const strict = await start({ checkMs: 250, leastBytes: 1000 })
    const drip = request(`${strict}/drip`, { method: 'POST', headers: { 'content-length': '100000' } })
    const cut = new Promise<string>((done) => drip.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? '')))
    const dripping = setInterval(() => drip.write('x'), 20)
    expect(await cut).toMatch(/ECONNRESET|EPIPE/)
    clearInterval(dripping)
    reached.length = 0
    const fast = request(`${strict}/fast`, { method: 'POST' })
    const answered = new Promise<number>((done) => fast.once('response', (response) => done(response.resume().statusCode ?? 0)))
    for (let sent = 0; sent < 25; sent += 1) {
      fast.write('x'.repeat(20_000))
      await new Promise((later) => setTimeout(later, 20))
    }
    fast.end()
    expect(await answered).toBe(200)
    expect(reached[0]?.body.length).toBe(500_000)
  })
})
