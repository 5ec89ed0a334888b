// Route handlers called as Next calls them, by a person or a token with a real row behind their bearer.
import { asPlatform, type Person } from '#lib/testing/factories'
import { newSecretToken } from '#lib/access/secret-token'
import { newId } from '#lib/platform/id'
import type { TenantRef } from '#lib/platform/actor'

export type RouteHandler = (request: Request, segment: { params: Promise<Record<string, string>> }) => Promise<Response>

export interface RouteCall {
  /** GET when absent. */
  method?: string
  /** `/api/v1/tenants/{tenant}/members`: the braces are filled from `params`. */
  path: string
  params?: Record<string, string>
  query?: Record<string, string>
  body?: unknown
  /** A person gets a live session, a string is sent as the bearer as it is; nobody when absent. */
  as?: Person | string
  headers?: Record<string, string>
}

export interface RouteAnswer {
  status: number
  /** Parsed JSON, or the text; undefined when there is none. */
  body: any // oxlint-disable-line no-explicit-any -- tests read fields of answers of every shape
  headers: Headers
}

/** `callRoute(GET, { path: '/api/v1/tenants/{tenant}', params: { tenant: 'main' }, as: person })` */
export async function callRoute(handler: RouteHandler, call: RouteCall): Promise<RouteAnswer> {
  const params = call.params ?? {}
  const path = call.path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(params[key] ?? key))
  const url = new URL(path, 'http://caisson.test')
  for (const [key, value] of Object.entries(call.query ?? {})) url.searchParams.set(key, value)
  const headers = new Headers({ host: 'caisson.test', ...call.headers })
  if (call.as !== undefined) headers.set('authorization', `Bearer ${typeof call.as === 'string' ? call.as : await bearerOf(call.as)}`)
  const hasBody = call.body !== undefined
  if (hasBody && !headers.has('content-type')) headers.set('content-type', 'application/json')
  const body = hasBody ? { body: typeof call.body === 'string' ? call.body : JSON.stringify(call.body) } : {}
  const response = await handler(new Request(url, { method: call.method ?? 'GET', headers, ...body }), { params: Promise.resolve(params) })
  const text = await response.text()
  const isJson = /^application\/(problem\+)?json\b/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, body: text === '' ? undefined : isJson ? JSON.parse(text) : text, headers: response.headers }
}

const bearers = new Map<string, string>()

/** The bearer token of a live session of this person; the same one for each call of a test file. */
export async function bearerOf(person: Person): Promise<string> {
  const known = bearers.get(person.sessionId)
  if (known) return known
  const { token, hash } = newSecretToken('cst')
  await asPlatform((tx) =>
    tx.session.create({
      data: {
        id: person.sessionId,
        userId: person.id,
        tokenHash: hash,
        authenticatedAt: person.authenticatedAt,
        expiresAt: new Date(Date.now() + 24 * 3_600_000),
      },
      select: { id: true },
    }),
  )
  bearers.set(person.sessionId, token)
  return token
}

/** An API token of this person in a tenant, as its row would be after it was created. */
export async function makeToken(person: Person, tenant: TenantRef, verbs: readonly string[]): Promise<string> {
  const { token, hash } = newSecretToken('cat')
  await asPlatform((tx) =>
    tx.apiToken.create({
      data: { id: newId(), tenantId: tenant.id, userId: person.id, name: 'ci', tokenHash: hash, verbs: [...verbs] },
      select: { id: true },
    }),
  )
  return token
}
