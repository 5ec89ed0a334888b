import type { IncomingMessage, ServerResponse } from 'node:http'
import { parse } from '#app/api/door'
import { routes } from '#app/api/routes'
import type { TenantContext } from '#lib/platform/context'
import { streamLogs } from '#lib/readiness/queries/stream-logs'

/** Output of one replica as text; with `follow=true` it goes on until the reader leaves or the replica is gone. */
export async function followLogs(
  ctx: TenantContext,
  _request: IncomingMessage,
  params: Record<string, string>,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const { tenant: _tenant, ...path } = params
  const name = 'GET /api/v1/tenants/{tenant}/environments/{environment}/applications/{application}/replicas/{replica}/logs'
  const input = parse(routes[name].input, { ...Object.fromEntries(query), ...path })
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const lines = await streamLogs(ctx, input, gone.signal)
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  for await (const chunk of lines) {
    if (!response.write(chunk)) await new Promise((drained) => response.once('drain', drained).once('close', drained))
    if (gone.signal.aborted) return
  }
  response.end()
}
