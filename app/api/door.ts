// The one way in for people and machines: identify → find the tenant → ask the permission → parse → one command or query.
import type { z } from 'zod'
import type { RoutePermission } from '#app/api/route-spec'
import { problemResponse } from '#app/api/problem'
import { routeSpec, type routes, type RouteName } from '#app/api/routes'
import { demandStorable, parseJsonObject } from '#app/api/strict-json'
import { may, mayPlatform, mayWhileSuspended } from '#lib/access/authorize'
import { identify, type Identity } from '#lib/access/identify'
import type { PlatformVerb, Verb } from '#lib/access/permissions'
import type { RenewedSession } from '#lib/access/session'
import { sealSession } from '#lib/access/commands/session-cookie'
import { recordDenial } from '#lib/audit/commands/record-denial'
import { createContext, type Context, type TenantContext } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { demand, isRefusal, Refusal } from '#lib/platform/refusal'

const maxBodyBytes = 1024 * 1024
/** Longer than every name, id and secret that an address can hold. */
const longestParameter = 256

export interface Reply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

export const ok = (body: unknown): Reply => ({ status: 200, body })
export const created = (body: unknown): Reply => ({ status: 201, body })
export const accepted = (body: unknown): Reply => ({ status: 202, body })
export const noContent = (): Reply => ({ status: 204 })

/** The answer, with the cookie of the session under its new id where it has one. */
export async function withSession(reply: Reply, { successor }: RenewedSession): Promise<Reply> {
  return successor ? { ...reply, headers: { ...reply.headers, 'set-cookie': await sealSession(successor) } } : reply
}

type ContextOf<N extends RouteName> = N extends `${string}/tenants/{tenant}${string}` ? TenantContext : Context
type InputOf<N extends RouteName> = z.output<(typeof routes)[N]['input']>
type RouteHandler = (request: Request, segment: { params: Promise<Record<string, string> | undefined> }) => Promise<Response>

/**
 * A route handler for one row of the table. `handle` gets a context of the caller in the tenant of the path and the
 * parsed input; what it throws becomes a problem, and a refusal of somebody known becomes one *denied* entry.
 */
export function door<N extends RouteName>(
  name: N,
  handle: (ctx: ContextOf<N>, input: InputOf<N>, request: Request) => Promise<Reply | Response>,
): RouteHandler {
  return async (request, segment) => {
    const requestId = newId()
    let ctx: Context = createContext({ actor: { kind: 'anonymous' }, requestId })
    // Next gives a route without parameters no promise at all.
    const params = (await segment.params) ?? {}
    try {
      const spec = routeSpec(name)
      const identity = await identify(request.headers)
      if (identity) ctx = createContext({ actor: identity.actorIn(null), tenant: identity.homeTenant, requestId })
      refuseForeignOrigin(request.method, request.headers, identity)
      demandSoundAddress(params)
      ctx = enter(name, identity, params, requestId)
      admit(ctx, spec.permission)
      const input = await parseInput(spec.input, request, params)
      return present(await handle(ctx as ContextOf<N>, input as InputOf<N>, request), requestId)
    } catch (error) {
      return refuse(error, ctx, name, params, requestId)
    }
  }
}

/** The context of the caller in the tenant of the path. An unknown tenant and a foreign one are the same 404. */
export function enter(name: string, identity: Identity | null, params: Record<string, string>, requestId: string): Context {
  const actor = identity?.actorIn(null) ?? ({ kind: 'anonymous' } as const)
  if (!name.includes('/tenants/{tenant}')) return createContext({ actor, requestId })
  if (!identity) throw new Refusal('unauthenticated', 'Sign in first.', { fix: 'Sign in, or send a token as a bearer.' })
  const tenant = identity.tenant(params['tenant'] ?? '')
  if (!tenant) {
    throw new Refusal('not_found', `There is no tenant ${params['tenant'] ?? ''} that you can see.`, {
      fix: 'Look at the name, or ask an admin of the tenant for an invitation.',
    })
  }
  return createContext({ actor: identity.actorIn(tenant), tenant, requestId })
}

export function admit(ctx: Context, permission: RoutePermission): void {
  if (permission === 'public') return
  if (ctx.actor.kind === 'anonymous') throw new Refusal('unauthenticated', 'Sign in first.', { fix: 'Sign in, or send a token as a bearer.' })
  demand(mayWhileSuspended(ctx.tenant, permission))
  if (permission === 'signed_in') return
  if (permission.startsWith('platform:')) return demand(mayPlatform(ctx.actor, permission.slice('platform:'.length) as PlatformVerb))
  demand(may(ctx.actor, permission as Verb))
}

/** Turns what was thrown into a response, and a refusal of somebody known into one denied entry of their own log. */
export async function refuse(error: unknown, ctx: Context, name: string, params: Record<string, string>, requestId: string): Promise<Response> {
  if (!isRefusal(error) || ctx.actor.kind === 'anonymous') return problemResponse(error, requestId)
  try {
    const subject = Object.entries(params)
      .map(([key, value]) => `${key}=${value.slice(0, longestParameter)}`)
      .join(' ')
    await recordDenial(ctx, { action: name, subject: { kind: 'route', id: subject || name }, refusal: error })
    return problemResponse(error, requestId)
  } catch (failure) {
    return problemResponse(failure, requestId)
  }
}

/**
 * A cookie is sent by any page of any site; only our own may change something with it (OWASP ASVS 3.5.1), read an answer or
 * listen. What is open beside us on the same host is another origin; a link that somebody follows is an act of their own.
 */
export function refuseForeignOrigin(method: string, headers: Headers, identity: Identity | null): void {
  if (identity?.via !== 'cookie') return
  const origin = headers.get('origin')
  const isRead = method === 'GET' || method === 'HEAD'
  const isOwn = origin === null ? isRead && !comesFromElsewhere(headers) : isOrigin(origin, headers.get('host'))
  if (isOwn) return
  throw new Refusal('forbidden', 'This request does not come from a page of this installation.', { fix: 'Use the pages, or an API token.' })
}

/** Whether a page of `origin` is one of the host that was asked. */
export function isOrigin(origin: string, host: string | null): boolean {
  return host !== null && URL.canParse(origin) && new URL(origin).host === host
}

/** As the browser tells it (Fetch Metadata); whoever is no browser tells nothing. */
function comesFromElsewhere(headers: Headers): boolean {
  return ['cross-site', 'same-site'].includes(headers.get('sec-fetch-site') ?? '') && headers.get('sec-fetch-mode') !== 'navigate'
}

/** Before a part of the address is looked up, repeated in a refusal or written to a log. */
export function demandSoundAddress(params: Record<string, string>): void {
  for (const [key, value] of Object.entries(params)) {
    demandStorable(value, `The ${key} of the address`)
    if (value.length > longestParameter) {
      throw new Refusal('invalid_input', `The ${key} of the address is longer than ${longestParameter} characters.`, {
        fix: 'Look at the address again.',
      })
    }
  }
}

async function parseInput(schema: z.ZodObject, request: Request, params: Record<string, string>): Promise<unknown> {
  const sent = request.method === 'GET' || request.method === 'DELETE' ? readQuery(new URL(request.url).searchParams) : await readJson(request)
  return parse(schema, withPath(sent, params))
}

/** What was sent, with what the address says beside the tenant; `invalid_input` where both say the same thing. */
export function withPath(sent: Record<string, unknown>, { tenant: _tenant, ...path }: Record<string, string>): Record<string, unknown> {
  const clash = Object.keys(path).find((key) => Object.hasOwn(sent, key))
  if (clash) throw refusedClash(clash)
  return { ...sent, ...path }
}

/** What is wrong; a name that we do not know is repeated only where it looks like one, and not like a secret in the wrong place. */
function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message
  const known = issue.keys.map((key) => (/^[A-Za-z_][\w.-]{0,39}$/.test(key) ? key : '(no name)'))
  return `${[...new Set(known)].join(', ')} is nothing that belongs here`
}

function refusedClash(field: string): Refusal {
  return new Refusal('invalid_input', `${field} is part of the address and cannot be sent beside it.`, { fix: 'Leave it out.' })
}

/** Parses by a schema; every wrong field is named in the refusal. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map((issue) => ({ field: issue.path.join('.') || '(whole)', message: wordsOf(issue) }))
  throw new Refusal('invalid_input', `This cannot be understood: ${errors.map(({ field, message }) => `${field}: ${message}`).join('; ')}`, {
    fix: 'Correct the named fields and send it again.',
    details: { errors },
  })
}

/** A query as an object. Of a name that comes twice, somebody before us may have looked at the other one. */
export function readQuery(query: URLSearchParams): Record<string, string> {
  const sent = new Map<string, string>()
  for (const [name, value] of query) {
    demandStorable(name + value, 'The query')
    if (sent.has(name)) throw new Refusal('invalid_input', `The query has "${name.slice(0, 80)}" twice.`, { fix: 'Say each thing once.' })
    sent.set(name, value)
  }
  return Object.fromEntries(sent)
}

async function readJson(request: Request): Promise<Record<string, unknown>> {
  const bytes = await readBounded(request)
  if (bytes.length === 0) return {}
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(?:;|$)/i.test(type))
    throw new Refusal('invalid_input', 'The body is not JSON.', { fix: 'Send it as application/json.' })
  return parseJsonObject(bytes)
}

async function readBounded(request: Request): Promise<Uint8Array> {
  if (!request.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBodyBytes) throw new Refusal('too_large', 'The body is larger than 1 MiB.', { fix: 'Send less at once.' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function present(reply: Reply | Response, requestId: string): Response {
  if (reply instanceof Response) return reply
  const headers = { 'cache-control': 'no-store', 'x-request-id': requestId, ...reply.headers }
  if (reply.body === undefined) return new Response(null, { status: reply.status, headers })
  return new Response(JSON.stringify(reply.body, bigintAsNumber), {
    status: reply.status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

/** Sizes are bigint in the database and stay below 2^53 everywhere else. */
function bigintAsNumber(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}
