// Everything below /v2/ (OCI Distribution 1.1): who calls → which route → one command or query → the specification's answer.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Identity, IssuedBy } from '#lib/access/identify'
import { recordDenial } from '#lib/audit/commands/record-denial'
import type { BlobStore } from '#lib/platform/blob-store'
import { createContext } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { log } from '#lib/platform/log'
import { isRefusal, Refusal } from '#lib/platform/refusal'
import { callerOf, type Caller } from '#lib/registry/caller'
import { handleBlob } from '#lib/registry/internal/blobs'
import { answer, answerChallenge, answerError, Challenge, methodUnknown, type Exchange, type RegistryService } from '#lib/registry/internal/exchange'
import { handleCatalog, handleReferrers, handleTags } from '#lib/registry/internal/listings'
import { handleManifest } from '#lib/registry/internal/manifests'
import { UploadFiles } from '#lib/registry/internal/upload-files'
import { handleUpload, handleUploads } from '#lib/registry/internal/uploads'
import { errorBody, registryErrorBody, type RegistryErrorCode } from '#lib/registry/registry-error'
import { callerFor, issueToken, readToken, tokenIssuer, tokenLifetimeSeconds } from '#lib/registry/registry-token'
import { parseScopes } from '#lib/registry/scope'

export interface RegistryOptions {
  /** Who an API or session token is. A person's password is nobody's token. */
  identifyBearer: (secret: string) => Promise<Identity | null>
  /** Who the session or API token is now that a token was asked with. */
  identifyIssuer: (by: IssuedBy) => Promise<Identity | null>
  store: BlobStore
  /** On the disk of the store, so that a finished upload is moved and not copied. */
  uploadsFolder: string
  /** Address that clients use, without a slash at the end: realm and issuer of tokens. */
  publicUrl: string
  /** 32 bytes that sign tokens. */
  tokenSecret: Uint8Array
  maxBlobBytes: number
}

export type RegistryHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export function createRegistryHandler(options: RegistryOptions): RegistryHandler {
  const service: RegistryService = {
    store: options.store,
    uploads: new UploadFiles(options.uploadsFolder),
    issuer: tokenIssuer(options.publicUrl, options.tokenSecret),
    maxBlobBytes: options.maxBlobBytes,
  }
  return async (request, response) => {
    const url = new URL(`http://localhost${request.url ?? '/'}`)
    const route = findRoute(url.pathname)
    const exchange: Exchange = {
      service,
      request,
      response,
      method: request.method ?? 'GET',
      query: url.searchParams,
      requestId: newId(),
      caller: undefined,
      ctx: undefined,
    }
    response.setHeader('docker-distribution-api-version', 'registry/2.0')
    response.setHeader('x-content-type-options', 'nosniff')
    response.setHeader('x-request-id', exchange.requestId)
    try {
      demandText(url.searchParams)
      const identity = await identityOf(request, options)
      exchange.caller = identity ? callerOf(identity) : await tokenCaller(request, service, options)
      if (route.kind === 'token') await handleToken(exchange, identity)
      else await route.handle(exchange)
    } catch (error) {
      await fail(exchange, error, route)
    } finally {
      drain(request, response)
    }
  }
}

/** No tag, type or repository has U+0000 in it, and PostgreSQL takes no statement that has. */
function demandText(query: URLSearchParams): void {
  for (const [name, value] of query) {
    if (`${name}${value}`.includes('\0')) throw new Refusal('invalid_input', 'The query holds U+0000, which is no text.', { fix: 'Take it out.' })
  }
}

interface Route {
  kind: 'token' | 'base' | 'repository'
  /** What malformed input is called here. */
  invalid: RegistryErrorCode
  handle: (exchange: Exchange) => Promise<void>
}

const repositoryRoutes: {
  pattern: RegExp
  invalid: RegistryErrorCode
  handle: (exchange: Exchange, name: string, reference: string) => Promise<void>
}[] = [
  { pattern: /^\/v2\/(.+)\/blobs\/uploads\/?()$/, invalid: 'DIGEST_INVALID', handle: handleUploads },
  { pattern: /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/, invalid: 'DIGEST_INVALID', handle: handleUpload },
  { pattern: /^\/v2\/(.+)\/blobs\/([^/]+)$/, invalid: 'DIGEST_INVALID', handle: handleBlob },
  { pattern: /^\/v2\/(.+)\/manifests\/([^/]+)$/, invalid: 'MANIFEST_INVALID', handle: handleManifest },
  { pattern: /^\/v2\/(.+)\/tags\/list()$/, invalid: 'NAME_INVALID', handle: handleTags },
  { pattern: /^\/v2\/(.+)\/referrers\/([^/]+)$/, invalid: 'DIGEST_INVALID', handle: handleReferrers },
]

function findRoute(path: string): Route {
  if (path === '/v2/token') return { kind: 'token', invalid: 'UNKNOWN', handle: async () => {} }
  if (path === '/v2/' || path === '/v2') return { kind: 'base', invalid: 'UNKNOWN', handle: handleBase }
  if (path === '/v2/_catalog') return { kind: 'base', invalid: 'UNKNOWN', handle: handleCatalog }
  for (const { pattern, invalid, handle } of repositoryRoutes) {
    const match = pattern.exec(path)
    if (match) return { kind: 'repository', invalid, handle: (exchange) => handle(exchange, match[1] ?? '', decoded(match[2] ?? '')) }
  }
  return { kind: 'base', invalid: 'UNKNOWN', handle: handleNowhere }
}

/** Names are never decoded: their grammar knows no percent. Some clients encode the colon of a digest. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function handleBase(exchange: Exchange): Promise<void> {
  if (!exchange.caller) throw new Challenge()
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw methodUnknown(exchange)
  answer(exchange, 200, { 'content-type': 'application/json' }, '{}')
}

async function handleNowhere(exchange: Exchange): Promise<void> {
  if (!exchange.caller) throw new Challenge()
  answerError(exchange, 404, errorBody('UNSUPPORTED', 'There is nothing at this address.'))
}

/** `GET /v2/token`: a token for the scopes asked for. It names what was asked; what may be done is decided at each request. */
async function handleToken(exchange: Exchange, identity: Identity | undefined): Promise<void> {
  if (exchange.method !== 'GET') return answerError(exchange, 405, errorBody('UNSUPPORTED', 'Ask with GET and Basic.'), { allow: 'GET' })
  if (!identity) {
    const words = 'Sign in with an API token as the password; the password of a person is not taken here.'
    return answerError(exchange, 401, errorBody('UNAUTHORIZED', words), { 'www-authenticate': 'Basic realm="caisson"' })
  }
  const token = await issueToken(exchange.service.issuer, identity, parseScopes(exchange.query.getAll('scope')))
  const body = { token, access_token: token, expires_in: tokenLifetimeSeconds, issued_at: new Date().toISOString() }
  answer(exchange, 200, { 'content-type': 'application/json', 'cache-control': 'no-store' }, JSON.stringify(body))
}

async function identityOf(request: IncomingMessage, { identifyBearer }: RegistryOptions): Promise<Identity | undefined> {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  return (await identifyBearer(text.slice(text.indexOf(':') + 1))) ?? undefined
}

/** Asked at each request, so that a token ends with the credential that it was asked with, and a role with its membership. */
async function tokenCaller(request: IncomingMessage, { issuer }: RegistryService, { identifyIssuer }: RegistryOptions): Promise<Caller | undefined> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const claims = token === undefined ? undefined : await readToken(issuer, token)
  const identity = claims && (await identifyIssuer(claims.by))
  return identity && identity.actorIn(null).id === claims.sub ? callerFor(identity, claims.asked) : undefined
}

async function fail(exchange: Exchange, error: unknown, { invalid }: Route): Promise<void> {
  const { response, request, requestId } = exchange
  if (error instanceof Challenge) return answerChallenge(exchange, error)
  if (response.headersSent || response.destroyed || request.socket.destroyed) {
    // The line broke; what it carried was thrown away by whoever was reading it.
    response.destroy()
    return
  }
  if (!isRefusal(error)) {
    log.error({ error: error instanceof Error ? error.stack : String(error), url: request.url, requestId }, 'a registry request failed')
    return answerError(exchange, 500, errorBody('UNKNOWN', `Something broke; the log of the server knows more under ${requestId}.`))
  }
  try {
    if (isRecorded(exchange, error)) await record(exchange, error)
  } catch (failure) {
    if (!isRefusal(failure)) throw failure
    return answerError(exchange, failure.status, registryErrorBody(failure, 'UNKNOWN'))
  }
  answerError(exchange, error.status, registryErrorBody(error, invalid))
}

/** Looking for what is not there is how clients push; it is a refusal only where they are strangers, or wanted to change it. */
function isRecorded({ caller, ctx, method }: Exchange, { code }: Refusal): boolean {
  if (!caller || code === 'unavailable') return false
  return code !== 'not_found' || !ctx || (method !== 'GET' && method !== 'HEAD')
}

async function record({ caller, ctx, method, request, requestId }: Exchange, refusal: Refusal): Promise<void> {
  if (!caller) return
  const own = ctx ?? createContext({ actor: caller.actor, tenant: caller.homeTenant, requestId })
  const path = (request.url ?? '').split('?')[0] ?? ''
  await recordDenial(own, { action: `registry.${method.toLowerCase()}`, subject: { kind: 'route', id: path.slice(0, 500) }, refusal })
}

/** What is left of a body that nobody read; its answer closed the line. */
function drain(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete || response.destroyed) return
  request.resume()
  request.setTimeout(2000, () => request.destroy())
}
