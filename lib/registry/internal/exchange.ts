// One request of a registry client, and the answers that the specification knows.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BlobStore } from '#lib/platform/blob-store'
import { createContext, type TenantContext } from '#lib/platform/context'
import { demand, type Refusal } from '#lib/platform/refusal'
import { mayAct, type Caller } from '#lib/registry/caller'
import type { UploadFiles } from '#lib/registry/internal/upload-files'
import { errorBody, registryRefusal, unknownName, type RegistryErrorCode } from '#lib/registry/registry-error'
import type { TokenIssuer } from '#lib/registry/registry-token'
import { parseRepositoryName, type RepositoryName } from '#lib/registry/repository-name'
import { formatScope, type RepositoryAction } from '#lib/registry/scope'

export interface RegistryService {
  store: BlobStore
  uploads: UploadFiles
  issuer: TokenIssuer
  maxBlobBytes: number
}

export interface Exchange {
  service: RegistryService
  request: IncomingMessage
  response: ServerResponse
  method: string
  query: URLSearchParams
  requestId: string
  /** undefined: nobody, or a credential that is none. */
  caller: Caller | undefined
  /** In the tenant of the path, once it is known that the caller is a member: where a refusal is written. */
  ctx: TenantContext | undefined
}

/** Thrown to answer 401 with the challenge of the token protocol; no refusal of somebody known. */
export class Challenge extends Error {
  readonly scope: string | undefined

  constructor(scope?: string) {
    super('credentials are needed')
    this.scope = scope
  }
}

/**
 * Who acts on which repository of the path. Nobody: a challenge. A token that was not asked for this: a challenge too. No
 * member: `not_found`, in the words for what does not exist. A member who may not: `forbidden`.
 */
export function enterRepository(exchange: Exchange, text: string, action: RepositoryAction): { ctx: TenantContext; name: RepositoryName } {
  const { caller } = exchange
  const name = parseRepositoryName(text)
  if (!caller) throw new Challenge(name && formatScope(name.full, action))
  if (!name) {
    throw registryRefusal('NAME_INVALID', 'invalid_input', `${text.slice(0, 255)} is no name of a repository here.`, 'Names are tenant/application.')
  }
  if (!caller.asked(name.full, action)) throw new Challenge(formatScope(name.full, action))
  const member = caller.member(name.tenant)
  if (!member) throw unknownName(name.full)
  const ctx = createContext({ actor: member.actor, tenant: member.tenant, requestId: exchange.requestId })
  exchange.ctx = ctx
  demand(mayAct(member.tenant, member.actor, action))
  return { ctx, name }
}

export function answer(exchange: Exchange, status: number, headers: Record<string, string | number> = {}, body?: string | Uint8Array): void {
  const { response, method } = exchange
  const length = status === 204 || status === 304 ? {} : { 'content-length': body === undefined ? 0 : Buffer.byteLength(body) }
  response.writeHead(status, { ...length, ...headers })
  if (body === undefined || method === 'HEAD') response.end()
  else response.end(body)
}

export function answerError(exchange: Exchange, status: number, body: string, headers: Record<string, string> = {}): void {
  // The rest of a refused body is not worth reading.
  const close: Record<string, string> = exchange.request.complete ? {} : { connection: 'close' }
  answer(exchange, status, { ...headers, ...close, 'content-type': 'application/json' }, body)
}

export function answerChallenge(exchange: Exchange, { scope }: Challenge): void {
  const { issuer } = exchange.service.issuer
  const parts = [`realm="${issuer}"`, 'service="caisson"', ...(scope === undefined ? [] : [`scope="${scope}"`])]
  if (exchange.caller) parts.push('error="insufficient_scope"')
  answerError(exchange, 401, errorBody('UNAUTHORIZED', 'Sign in with an API token of the tenant as the password.'), {
    'www-authenticate': `Bearer ${parts.join(',')}`,
  })
}

/** Content-Length when it is one; a malformed one never gets past Node's parser. */
export function declaredLength(request: IncomingMessage): number | undefined {
  const text = request.headers['content-length']
  return text === undefined ? undefined : Number(text)
}

export function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || (declaredLength(request) ?? 0) > 0
}

/** The body, refused when it passes `maxBytes`, before it is read when it says so itself. */
export async function* boundedBody(request: IncomingMessage, maxBytes: number, code: RegistryErrorCode = 'SIZE_INVALID'): AsyncGenerator<Uint8Array> {
  const tooLarge = () => registryRefusal(code, 'too_large', `The body is larger than ${maxBytes} bytes.`)
  if ((declaredLength(request) ?? 0) > maxBytes) throw tooLarge()
  let size = 0
  // A refusal is still answered on this line, so leaving early does not destroy it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge()
    yield chunk
  }
}

/** Page size of a list: `n` of the query, at most `most`. */
export function pageSize(query: URLSearchParams, most: number): number {
  const text = query.get('n')
  if (text === null) return most
  if (!/^\d{1,9}$/.test(text))
    throw registryRefusal('PAGINATION_NUMBER_INVALID', 'invalid_input', `n is ${text.slice(0, 40)}, not a number of entries.`)
  return Math.min(Number(text), most)
}

/** RFC 8288 link to the next page, as the specification writes it. */
export function nextLink(path: string, parameters: Record<string, string>): { link: string } {
  return { link: `<${path}?${new URLSearchParams(parameters).toString()}>; rel="next"` }
}

export function methodUnknown(exchange: Exchange): Refusal {
  return registryRefusal('UNSUPPORTED', 'invalid_input', `${exchange.method} is nothing that this address knows.`)
}
