// Server-sent events (WHATWG HTML §9.2): what changed, so that pages ask again. Nothing is decided from it.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import { eventTail, type LiveMessage } from '#lib/live/event-tail'

const keepAliveMs = 15_000
/** A stream ends by itself, so that who may listen is asked again when the page comes back. */
const longestMs = 15 * 60_000
/** A page that reads too slowly is sent away; it comes back and asks for everything. */
const mostBufferedBytes = 1024 * 1024

/** Answers with the events of the caller's tenant until the page goes. `Last-Event-ID` continues where it was. */
export async function handleEvents(ctx: TenantContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  authorize(ctx.actor, 'tenant.read')
  const afterId = lastSeen(request)
  const waiting: LiveMessage[] = []
  let isOpen = false
  // The tail looks back a little for late commits, so it may bring what was replayed, or what the page named itself.
  const told = new Set(afterId === undefined ? [] : [afterId])
  const send = (message: LiveMessage): void => {
    if (!isOpen) waiting.push(message)
    else if (!told.has(message.id)) write(response, message)
  }
  const unsubscribe = eventTail().subscribe(ctx.tenant.id, send)
  try {
    // A page asks for everything once its stream is open; from then on it must miss nothing.
    await eventTail().isLive()
    const missed = afterId === undefined ? [] : await eventTail().missedSince(ctx.tenant.id, afterId)
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'keep-alive' })
    response.write('retry: 2000\n\n')
    // What was missed cannot be told any more: the page asks for everything.
    if (!missed) response.write('event: reset\ndata: {}\n\n')
    for (const message of missed ?? []) {
      told.add(message.id)
      write(response, message)
    }
    isOpen = true
    for (const message of waiting) send(message)
    await untilClosed(response)
  } finally {
    unsubscribe()
  }
}

function write(response: ServerResponse, { id, topic, subject }: LiveMessage): void {
  if (response.writableLength > mostBufferedBytes) response.destroy()
  else response.write(`id: ${id}\nevent: ${topic}\ndata: ${JSON.stringify({ subject })}\n\n`)
}

async function untilClosed(response: ServerResponse): Promise<void> {
  if (response.destroyed) return
  const keepAlive = setInterval(() => response.write(':\n\n'), keepAliveMs)
  const longest = setTimeout(() => response.end(), longestMs)
  await new Promise((closed) => response.once('close', closed))
  clearInterval(keepAlive)
  clearTimeout(longest)
}

function lastSeen(request: IncomingMessage): bigint | undefined {
  const header = request.headers['last-event-id']
  return typeof header === 'string' && /^\d{1,18}$/.test(header) ? BigInt(header) : undefined
}
