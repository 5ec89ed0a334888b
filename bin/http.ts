// One node:http server on one port: uploads and health are answered here, pages and API by Next.
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import next from 'next'
import { diagnose } from '#lib/operations/queries/diagnose'
import { readiness } from '#lib/operations/queries/service-readiness'
import { replicaLogs } from '#bin/http/replica-logs'
import { ownRoutes, unservedRoutes, type OwnRoutes } from '#bin/http/own-routes'
import { handleRegistry } from '#bin/http/registry'
import { createHttpServer } from '#bin/http/server'
import { evidenceFile } from '#bin/http/evidence-file'
import { upload } from '#bin/http/upload'
import { endWithParent } from '#bin/end-with-parent'
import { flushDenials } from '#lib/audit/commands/record-denial'
import { handleEvents } from '#lib/live/handle-events'
import { closeDatabase, database } from '#lib/platform/database'
import { log } from '#lib/platform/log'
import { databaseWatch } from '#lib/platform/postgres/outage'
import { readSettings } from '#lib/platform/settings'

const handlers: OwnRoutes = {
  'POST /api/v1/tenants/{tenant}/applications/{application}/releases': upload,
  'POST /api/v1/tenants/{tenant}/checklists/{application}/{environment}/{release}/files': evidenceFile,
  'GET /api/v1/tenants/{tenant}/live-events': (ctx, request, _params, _query, response) => handleEvents(ctx, request, response),
  'GET /api/v1/tenants/{tenant}/environments/{environment}/applications/{application}/replicas/{replica}/logs': replicaLogs,
  'GET /api/v1/tenants/{tenant}/diagnostics': async (ctx) => Response.json(await diagnose(ctx), { headers: { 'cache-control': 'no-store' } }),
}

async function main(): Promise<void> {
  const missing = unservedRoutes(handlers)
  if (missing.length > 0) throw new Error(`no handler for ${missing.join(', ')}`)
  const settings = readSettings()
  const app = next({ dev: false, dir: new URL('..', import.meta.url).pathname })
  await app.prepare()

  const server = createHttpServer({
    health: async (_request, response) => answerJson(response, 200, { status: 'ok', mode: settings.CAISSON_MODE }),
    ready: async (_request, response) => {
      const state = await readiness()
      answerJson(response, state.status === 'not_ready' ? 503 : 200, state)
    },
    isDatabaseThere: databaseWatch(() => database().pool.query('select 1')),
    registry: handleRegistry,
    own: ownRoutes(handlers),
    pages: app.getRequestHandler(),
  })
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

function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body))
}

await main()
