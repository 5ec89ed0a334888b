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

/** Every header but those that are between two neighbours, by the standard or by the `Connection` header. */
export function passingHeaders(headers: NodeJS.Dict<string[]>, connection: string | undefined): Record<string, string | string[]> {
  const dropped = new Set([...hopByHop, ...(connection ?? '').split(',').map((name) => name.trim().toLowerCase())])
  const passing: Record<string, string | string[]> = {}
  for (const [name, values = []] of Object.entries(headers)) {
    if (!dropped.has(name)) passing[name] = values.length === 1 ? (values[0] ?? '') : values
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
