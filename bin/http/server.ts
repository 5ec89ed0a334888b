// The server itself: what of HTTP is taken at all, how long anybody may take for it, and which door a request goes to.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { addressHeader, pathHeader } from '#app/api/client'
import { problemResponse } from '#app/api/problem'
import { send } from '#bin/http/node-request'
import { sendOutagePage } from '#bin/http/outage-page'
import { secureHeaders } from '#bin/http/security-headers'
import { newId } from '#lib/platform/id'
import { log } from '#lib/platform/log'
import { databaseIsAway } from '#lib/platform/postgres/outage'
import { Refusal } from '#lib/platform/refusal'

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export interface Doors {
  health: Answer
  ready: Answer
  /** Whether the database answers; absent: nobody looks. */
  isDatabaseThere?: () => Promise<boolean>
  registry: Answer
  /** Says whether it answered. */
  own: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean>
  pages: Answer
}

/** A JAR may take hours over a slow line; a body that all but stands still holds a connection for nothing. */
export interface BodyPace {
  checkMs: number
  /** Fewer bytes than this between two checks, and the line is cut. */
  leastBytes: number
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** What Next and proxies say to each other, and to Next about a request; nobody outside may (CVE-2025-29927). */
const internalHeader = /^(?:x-middleware-|x-nextjs-|x-invoke-|x-matched-path$|x-forwarded-|next-resume$|x-caisson-)/

export function createHttpServer(doors: Doors, pace: BodyPace = { checkMs: 30_000, leastBytes: 4096 }): Server {
  const server = createServer(
    // Nothing here speaks another protocol, and a socket that was handed over would be under no limit of time.
    { shouldUpgradeCallback: () => false, headersTimeout: 30_000, requestTimeout: 0 },
    (request, response) => {
      cutWhenStalled(request, pace)
      route(doors, request, response).catch((error: unknown) => fail(request, response, error))
    },
  )
  return server
}

async function route(doors: Doors, request: IncomingMessage, response: ServerResponse): Promise<void> {
  secureHeaders(request, response)
  const url = addressOf(request)
  for (const name of Object.keys(request.headers)) if (internalHeader.test(name)) delete request.headers[name]
  if (url.pathname === '/health') return doors.health(request, response)
  if (url.pathname === '/ready') return doors.ready(request, response)
  if (doors.isDatabaseThere && !url.pathname.startsWith('/_next/') && !(await doors.isDatabaseThere())) {
    const isPage = request.method === 'GET' && !/^\/(?:api|v2)(?:\/|$)/.test(url.pathname)
    if (!isPage) throw databaseIsAway()
    return sendOutagePage(response)
  }
  if (url.pathname === '/v2' || url.pathname.startsWith('/v2/')) return doors.registry(request, response)
  if (await doors.own(request, response, url)) return
  request.headers[addressHeader] = request.socket.remoteAddress ?? ''
  request.headers[pathHeader] = request.url ?? '/'
  await doors.pages(request, response)
}

/** The host is not believed; what is no single, decodable address is refused before anybody reads it in their own way. */
function addressOf(request: IncomingMessage): URL {
  const path = request.url ?? ''
  const hosts = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length
  if (!methods.has(request.method ?? '') || hosts > 1 || !path.startsWith('/') || !URL.canParse(`http://localhost${path}`)) throw malformed()
  const url = new URL(`http://localhost${path}`)
  try {
    if (decodeURIComponent(url.pathname).includes('\0')) throw malformed()
  } catch {
    throw malformed()
  }
  return url
}

function malformed(): Refusal {
  return new Refusal('invalid_input', 'This is no request that can be understood.', { fix: 'Look at its method, address and Host.' })
}

async function fail(request: IncomingMessage, response: ServerResponse, error: unknown): Promise<void> {
  if (request.socket.destroyed) return // whoever asked has gone, and that is no fault of ours
  if (response.headersSent) {
    log.error({ error: error instanceof Error ? error.stack : String(error) }, 'an answer broke off')
    response.destroy()
    return
  }
  const problem = problemResponse(error, newId())
  if (!request.complete) problem.headers.set('connection', 'close')
  await send(response, problem)
  request.resume()
}

/** Looks at what arrived since the last time, until all of the body is there. */
function cutWhenStalled(request: IncomingMessage, { checkMs, leastBytes }: BodyPace): void {
  let before = request.socket.bytesRead
  const watch = setInterval(() => {
    if (request.complete || request.destroyed) return clearInterval(watch)
    // A reader that takes its time (a full disk, a busy one) holds the line back itself.
    const isHeldBack = request.readableLength >= request.readableHighWaterMark
    if (!isHeldBack && request.socket.bytesRead - before < leastBytes) request.socket.destroy()
    before = request.socket.bytesRead
  }, checkMs)
  watch.unref()
  request.once('close', () => clearInterval(watch))
}
