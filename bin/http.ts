// One node:http server on one port: uploads and health are answered here, pages and API by Next.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import next from 'next'
import { addressHeader, pathHeader } from '#app/api/client'
import { readiness } from '#bin/http/health'
import { replicaLogs } from '#bin/http/replica-logs'
import { ownRoutes, unservedRoutes, type OwnRoutes } from '#bin/http/own-routes'
import { handleRegistry } from '#bin/http/registry'
import { secureHeaders } from '#bin/http/security-headers'
import { upload } from '#bin/http/upload'
import { endWithParent } from '#bin/end-with-parent'
import { flushDenials } from '#lib/audit/commands/record-denial'
import { handleEvents } from '#lib/live/handle-events'
import { closeDatabase } from '#lib/platform/database'
import { log } from '#lib/platform/log'
import { readSettings } from '#lib/platform/settings'

const handlers: OwnRoutes = {
  'POST /api/v1/tenants/{tenant}/applications/{application}/releases': upload,
  'GET /api/v1/tenants/{tenant}/live-events': (ctx, request, _params, _query, response) => handleEvents(ctx, request, response),
  'GET /api/v1/tenants/{tenant}/environments/{environment}/applications/{application}/replicas/{replica}/logs': replicaLogs,
}

async function main(): Promise<void> {
  const missing = unservedRoutes(handlers)
  if (missing.length > 0) throw new Error(`no handler for ${missing.join(', ')}`)
  const settings = readSettings()
  const app = next({ dev: false, dir: new URL('..', import.meta.url).pathname })
  await app.prepare()
  const pages = app.getRequestHandler()
  const own = ownRoutes(handlers)

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      log.error({ error: error instanceof Error ? error.stack : String(error), url: request.url }, 'a request failed')
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end()
    })
  })
  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = addressOf(request)
    if (!url) {
      response.writeHead(400, { connection: 'close' }).end()
      return
    }
    if (url.pathname === '/health') return answerJson(response, 200, { status: 'ok', mode: settings.CAISSON_MODE })
    if (url.pathname === '/ready') {
      const state = await readiness()
      return answerJson(response, state.status === 'not_ready' ? 503 : 200, state)
    }
    if (url.pathname === '/v2' || url.pathname.startsWith('/v2/')) return handleRegistry(request, response)
    if (await own(request, response, url)) return
    request.headers[addressHeader] = request.socket.remoteAddress ?? '' // never what the client sent under this name
    request.headers[pathHeader] = request.url ?? '/'
    secureHeaders(request, response)
    await pages(request, response)
  }

  // A big JAR over a slow line takes longer than Node's five minutes; slow headers are still cut off.
  server.requestTimeout = 0
  server.headersTimeout = 30_000
  server.listen(settings.PORT, settings.HOST, () => {
    const { port } = server.address() as AddressInfo
    log.info({ port }, 'http listens')
    process.send?.({ ready: true, port })
  })

  const stop = async (): Promise<void> => {
    server.close()
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 3000).unref()
    await new Promise((closed) => server.once('close', closed))
    await flushDenials().catch((error: unknown) => log.error({ error: String(error) }, 'counted denials were not written'))
    await closeDatabase()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
  endWithParent()
}

/** undefined when the request line is no address; the host is not believed. */
function addressOf(request: IncomingMessage): URL | undefined {
  try {
    const path = request.url ?? ''
    return path.startsWith('/') ? new URL(`http://localhost${path}`) : undefined
  } catch {
    return undefined
  }
}

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}

await main()
