import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TenantContext } from '#lib/platform/context'
import { serveEvents } from '#lib/live/event-stream'

/** The live-event stream of a tenant (server-sent events). */
export async function handleEvents(
  ctx: TenantContext,
  request: IncomingMessage,
  _params: Record<string, string>,
  _query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  await serveEvents(ctx, request, response)
}
