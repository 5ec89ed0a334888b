import type { IncomingMessage, ServerResponse } from 'node:http'
import { parse, readQuery, withPath } from '#app/api/door'
import { driverFor } from '#lib/runtime/drivers'
import type { TenantContext } from '#lib/platform/context'
import { drained } from '#lib/platform/drained'
import { replicaLogsInput } from '#lib/readiness/deployment'
import { streamLogs } from '#lib/readiness/queries/stream-logs'

/** What a replica wrote, as text; with `follow` until the caller goes. What is refused is refused before the first byte. */
export async function replicaLogs(
  ctx: TenantContext,
  _request: IncomingMessage,
  params: Record<string, string>,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const input = parse(replicaLogsInput, withPath(readQuery(query), params))
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const lines = await streamLogs(ctx, driverFor, input, gone.signal)
  response.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `inline; filename="${input.application}-${input.environment}-${input.replica}.log"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
  })
  response.flushHeaders()
  for await (const text of lines) {
    if (gone.signal.aborted) return
    if (!response.write(text)) await drained(response)
  }
  response.end()
}
