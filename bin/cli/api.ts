// The HTTP API as the commands use it: the same doors as the pages, a refusal comes back as a Refusal.
import { readCredentials } from '#bin/cli/credentials'
import { Refusal, refusalCodes, type RefusalCode } from '#lib/platform/refusal'
import type { MeView } from '#lib/access/session'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Target {
  url?: string
  tenant?: string
}

export interface Api {
  url: string
  /** '' when nobody is signed in. */
  token: string
  /** The tenant of `--tenant`, CAISSON_TENANT, `caisson tenant use`, or the only one there is. */
  tenant(): Promise<string>
  /** `/api/v1/…` with the tenant filled in. */
  address(path: string, query?: Fields): Promise<URL>
  /** A path below `/api/v1`; `{tenant}` in it is filled in. GET and DELETE send `sent` as query, the others as JSON. */
  call<T>(method: Method, path: string, sent?: Fields): Promise<T>
  /** As `call`, with the answer as it comes: text and streams. */
  fetch(method: Method, path: string, sent?: Fields): Promise<Response>
}

export type Fields = Record<string, unknown>

/** A path with every part encoded: path`/tenants/{tenant}/promotions/${id}`. */
export function path(texts: TemplateStringsArray, ...parts: string[]): string {
  return texts.map((text, index) => text + (index < parts.length ? encodeURIComponent(parts[index] ?? '') : '')).join('')
}

/** A token of the credentials file goes to the server that gave it and to no other. */
export function connect(target: Target = {}): Api {
  const kept = readCredentials()
  const url = (target.url || process.env['CAISSON_URL'] || kept?.url || 'http://localhost:3000').replace(/\/+$/, '')
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new Refusal('invalid_input', `${url} is not the address of a server.`, { fix: 'Write it as http://HOST:PORT or https://HOST.' })
  }
  const isKept = kept?.url === url
  const token = process.env['CAISSON_TOKEN'] || (isKept ? kept.token : '')
  return connectAs(url, token, target.tenant || process.env['CAISSON_TENANT'] || (isKept ? kept.tenant : ''))
}

export function connectAs(url: string, token: string, tenant = ''): Api {
  let chosen = tenant
  const api: Api = {
    url,
    token,
    async tenant() {
      if (chosen === '') chosen = onlyTenant(await api.call<MeView>('GET', '/me'))
      return chosen
    },
    async address(route, query = {}) {
      const filled = route.includes('{tenant}') ? route.replace('{tenant}', encodeURIComponent(await api.tenant())) : route
      const address = new URL(`${url}/api/v1${filled}`)
      for (const [key, value] of Object.entries(query)) {
        if (value !== undefined) address.searchParams.set(key, typeof value === 'string' ? value : JSON.stringify(value))
      }
      return address
    },
    async fetch(method, route, sent = {}) {
      const isQuery = method === 'GET' || method === 'DELETE'
      const address = await api.address(route, isQuery ? sent : {})
      const response = await reach(address, {
        method,
        headers: { ...authorization(token), ...(isQuery ? {} : { 'content-type': 'application/json' }) },
        ...(isQuery ? {} : { body: JSON.stringify(sent) }),
      })
      if (!response.ok) throw await refusalOf(response)
      return response
    },
    async call<T>(method: Method, route: string, sent?: Fields) {
      const text = await (await api.fetch(method, route, sent)).text()
      return (text === '' ? undefined : parseJson(text, url)) as T
    },
  }
  return api
}

export function authorization(token: string): Record<string, string> {
  return token === '' ? {} : { authorization: `Bearer ${token}` }
}

async function reach(address: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init)
  } catch (error) {
    throw notReached(address, error)
  }
}

/** `unavailable`, exit code 31: nothing answers there. */
export function notReached(address: URL, error: unknown): Refusal {
  const cause = (error as { cause?: unknown }).cause ?? error
  const code = (cause as { code?: string }).code ?? ''
  const words = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(code)
    ? `No Caisson is running at ${address.origin} (${code}).`
    : `The connection to ${address.origin} broke: ${cause instanceof Error && cause.message !== '' ? cause.message : code}.`
  const fix =
    'Start it with `npm start` (or `caisson up`), or name another server with --url or CAISSON_URL; `caisson doctor` looks for what is wrong.'
  return new Refusal('unavailable', words, { fix, cause: error })
}

/** The refusal that a problem (RFC 9457) tells; a fault of the server stays a fault, with the id to look for. */
export async function refusalOf(response: Response): Promise<Error> {
  return refusalIn(await response.text(), response.status)
}

export function refusalIn(text: string, status: number): Error {
  const problem = tryJson(text)
  if (typeof problem?.['code'] !== 'string' || typeof problem['detail'] !== 'string') {
    return new Error(`The server answered ${status} with no problem that Caisson would send; something else may listen there.`)
  }
  const { code, detail, fix, type: _type, title: _title, status: _status, ...details } = problem
  if (!Object.hasOwn(refusalCodes, code)) return new Error(`${detail} ${typeof fix === 'string' ? fix : ''}`.trim())
  return new Refusal(code as RefusalCode, detail, { ...(typeof fix === 'string' ? { fix } : {}), details })
}

function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`What answers at ${url} does not speak JSON; something else may listen there.`)
  }
}

function tryJson(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function onlyTenant({ tenants }: MeView): string {
  const [only] = tenants
  if (only && tenants.length === 1) return only.slug
  if (!only) throw new Refusal('not_found', 'You are a member of no tenant.', { fix: 'Ask a tenant admin for an invitation.' })
  throw new Refusal('invalid_input', 'You are in several tenants, and none was chosen.', {
    fix: `Choose with \`caisson tenant use SLUG\`, --tenant or CAISSON_TENANT: ${tenants.map(({ slug }) => slug).join(', ')}.`,
  })
}
