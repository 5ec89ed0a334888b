// Which headers pass a proxy: pure (RFC 9110 §7.6.1, "Connection").
import type { IncomingHttpHeaders } from 'node:http'

const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/**
 * Cookies know no ports: a browser sends those of Caisson's own pages to every application on the same host, and takes
 * what an application sets back to them. Neither passes.
 */
const ownCookie = /^(?:__Host-|__Secure-)?next-auth\./

function withoutOwnCookies(name: string, values: readonly string[]): string[] {
  if (name === 'set-cookie') return values.filter((value) => !ownCookie.test(value.trimStart()))
  if (name !== 'cookie') return [...values]
  const left = values.flatMap((value) => value.split(';').filter((pair) => !ownCookie.test(pair.trimStart())))
  return left.length === 0 ? [] : [left.map((pair) => pair.trim()).join('; ')]
}

/** Every header but those that are between two neighbours, by the standard or by the `Connection` header, and Caisson's cookies. */
export function passingHeaders(headers: NodeJS.Dict<string[]>, connection: string | undefined): Record<string, string | string[]> {
  const dropped = new Set([...hopByHop, ...(connection ?? '').split(',').map((name) => name.trim().toLowerCase())])
  const passing: Record<string, string | string[]> = {}
  for (const [name, all = []] of Object.entries(headers)) {
    const values = withoutOwnCookies(name, all)
    if (!dropped.has(name) && values.length > 0) passing[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  return passing
}

/**
 * What a request is forwarded with. Whoever connects is on this machine, so a proxy in front of the gateway is believed:
 * its X-Forwarded-* stay, and the gateway adds itself.
 */
export function forwardedHeaders(request: {
  headers: IncomingHttpHeaders
  headersDistinct: NodeJS.Dict<string[]>
  remoteAddress: string
  port: number
}) {
  const { headers, remoteAddress } = request
  const passing = passingHeaders(request.headersDistinct, headers.connection)
  const earlier = request.headersDistinct['x-forwarded-for']?.join(', ')
  return {
    ...passing,
    'x-forwarded-for': earlier ? `${earlier}, ${remoteAddress}` : remoteAddress,
    'x-forwarded-host': passing['x-forwarded-host'] ?? headers.host ?? '',
    'x-forwarded-proto': passing['x-forwarded-proto'] ?? 'http',
    'x-forwarded-port': passing['x-forwarded-port'] ?? String(request.port),
    // Said anew for the next connection: Node frames the body of a GET only when it is told to.
    ...(headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }),
  }
}

/** A message has a body when it says how long it is, or that it comes in chunks (RFC 9112 §6.3). */
export function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0')
}
