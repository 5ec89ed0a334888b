// Requests to addresses that a tenant chose. The name is resolved once, every address of it is judged, and the connection goes to the one
// that was judged: a name that answers otherwise a moment later (DNS rebinding) changes nothing. Redirects are not followed.
import { lookup } from 'node:dns/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP } from 'node:net'
import { readSettings } from '#lib/platform/settings'
import { Refusal } from '#lib/platform/refusal'

/** Addresses that are of this machine, of its networks, or of nobody (RFC 6890, IANA special-purpose registries). */
const inside = new BlockList()
const ranges: readonly [address: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16], // link-local, and the metadata services of clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]
for (const [address, prefix] of ranges) inside.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4')
/** All that is given to anybody of IPv6 so far (RFC 4291 §2.4, RFC 3587); what translates or wraps another address lies outside of it. */
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether a request may go to this address; loopback only where the settings allow it. */
export function isPublicAddress(address: string, mayLoopback = readSettings().CAISSON_WEBHOOKS_TO_LOOPBACK): boolean {
  // An IPv4 address in the clothes of an IPv6 one is judged as what it is.
  const mapped = /^::(?:ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? hexMapped(address)
  if (mapped !== undefined) return isPublicAddress(mapped, mayLoopback)
  const family = isIP(address)
  if (family === 0) return false
  const type = family === 6 ? 'ipv6' : 'ipv4'
  if (loopback.check(address, type)) return mayLoopback
  return !inside.check(address, type) && (family === 4 || global6.check(address, 'ipv6'))
}

function hexMapped(address: string): string | undefined {
  const match = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address)
  if (!match) return undefined
  const [high, low] = [Number.parseInt(match[1] ?? '', 16), Number.parseInt(match[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** Refuses an address that no request may go to, as far as it can be told without asking anybody. */
export function refuseUnsafeUrl(url: string): void {
  const { CAISSON_WEBHOOKS_TO_LOOPBACK: mayLoopback } = readSettings()
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new Refusal('invalid_input', `${url.slice(0, 200)} is no address of a server.`, { fix: 'Write it as https://HOST/PATH.' })
  }
  if (parsed.username || parsed.password) {
    throw new Refusal('invalid_input', 'The address has a user name or a password in it.', { fix: 'Leave them out: deliveries are signed.' })
  }
  if (parsed.protocol === 'http:' && !mayLoopback)
    throw new Refusal('invalid_input', 'Deliveries go over https only.', { fix: 'Write it as https://HOST/PATH.' })
  const host = hostOf(parsed)
  if (isIP(host) !== 0 && !isPublicAddress(host, mayLoopback)) throw insideRefusal(host)
}

export interface EgressAnswer {
  status: number
  /** At most {@link longestBody} characters. */
  body: string
}

export const longestBody = 2000
const longestReadBytes = 64 * 1024

/** One POST. Refuses (`forbidden`) an address that resolves to the inside; throws what the network said. A redirect is an answer. */
export async function post(url: string, headers: Record<string, string>, body: string, timeoutMs: number): Promise<EgressAnswer> {
  refuseUnsafeUrl(url)
  const target = new URL(url)
  const host = hostOf(target)
  const addresses = isIP(host) === 0 ? await lookup(host, { all: true, verbatim: true }) : [{ address: host, family: isIP(host) }]
  const wrong = addresses.find(({ address }) => !isPublicAddress(address))
  const [first] = addresses
  if (wrong || !first) throw insideRefusal(wrong ? `${host} (${wrong.address})` : host)
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((done, fail) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const outgoing = request(
      target,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        agent: false,
        signal,
        lookup: (_host, options, answer) => {
          if (options.all) (answer as unknown as (error: null, all: typeof addresses) => void)(null, [first])
          else answer(null, first.address, first.family)
        },
      },
      (incoming) => {
        const chunks: Buffer[] = []
        let size = 0
        const finish = () => done({ status: incoming.statusCode ?? 0, body: textOf(Buffer.concat(chunks)) })
        incoming.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          size += chunk.length
          if (size < longestReadBytes) return
          finish()
          incoming.destroy()
        })
        incoming.on('end', finish)
        incoming.on('error', fail)
      },
    )
    outgoing.on('error', (error) => fail(signal.aborted ? new Error(`No answer within ${timeoutMs / 1000} s.`, { cause: error }) : error))
    outgoing.end(body)
  })
}

/** What PostgreSQL's text can hold of an answer. */
function textOf(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll('\0', '\u{FFFD}').toWellFormed().slice(0, longestBody)
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function insideRefusal(host: string): Refusal {
  return new Refusal('forbidden', `${host} is inside of this network, where no delivery may go.`, {
    fix: 'Name an address that the internet reaches; for development set CAISSON_WEBHOOKS_TO_LOOPBACK=true.',
  })
}
