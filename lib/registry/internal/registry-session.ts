import { Refusal } from '#lib/platform/refusal'

export interface RegistryCredentials {
  username: string
  password: string
}

const timeoutMs = 60_000
const mostRedirects = 5

/**
 * Authorized GETs to one registry. The header that authorizes is made for the registry's own origin and for no other: not for
 * the realm of a token elsewhere, and not for what a redirect points to (CVE-2026-33540, CVE-2026-48978).
 */
export class RegistrySession {
  readonly #origin: string
  readonly #scope: string
  readonly #credentials: RegistryCredentials | undefined
  #authorization: string | undefined

  constructor(registry: string, scope: string, credentials?: RegistryCredentials) {
    this.#origin = new URL(`${isLoopback(registry) ? 'http' : 'https'}://${registry}`).origin
    this.#scope = scope
    this.#credentials = credentials
  }

  /** @throws Refusal `unavailable` for every answer that is not 200 */
  async get(path: string, headers: Record<string, string>): Promise<Response> {
    const url = new URL(path, this.#origin)
    const first = await this.#follow(url, headers)
    if (first.status !== 401 || new URL(first.url).origin !== this.#origin) return this.#demand(first)
    await first.body?.cancel()
    this.#authorization = await this.#answerChallenge(first.headers.get('www-authenticate') ?? '')
    return this.#demand(await this.#follow(url, headers))
  }

  async #follow(start: URL, headers: Record<string, string>): Promise<Response> {
    let url = start
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const isOwn = url.origin === this.#origin
      const authorization: Record<string, string> = isOwn && this.#authorization !== undefined ? { authorization: this.#authorization } : {}
      const response = await request(url, { ...headers, ...authorization })
      const location = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || location === null) return response
      await response.body?.cancel()
      const next = new URL(location, url)
      // From https nothing is followed to http, whoever answers there.
      if (next.protocol !== 'https:' && next.origin !== this.#origin)
        throw unreachable(this.#origin, `it points to ${next.origin}, which is not https`)
      url = next
    }
    throw unreachable(this.#origin, 'it redirects without end')
  }

  /** RFC 7235 challenge → the value of Authorization. */
  async #answerChallenge(challenge: string): Promise<string> {
    const credentials = this.#credentials
    const basic = credentials && `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
    if (/^Basic\b/i.test(challenge)) {
      if (basic) return basic
      throw unreachable(this.#origin, 'it asks for a password and there is none')
    }
    const parameter = (name: string) => new RegExp(`[ ,]${name}="([^"]*)"`, 'i').exec(challenge)?.[1]
    const realm = parameter('realm')
    if (!/^Bearer\b/i.test(challenge) || realm === undefined || !URL.canParse(realm))
      throw unreachable(this.#origin, 'it asks for credentials of an unknown kind')
    const url = new URL(realm)
    const isOwn = url.origin === this.#origin
    if (!isOwn && basic) throw unreachable(this.#origin, `it wants the password sent to ${url.origin}`)
    // Public registries give anonymous tokens from a host of their own; nothing secret goes there.
    if (!isOwn && url.protocol !== 'https:') throw unreachable(this.#origin, `its token service ${url.origin} is not https`)
    const service = parameter('service')
    if (service !== undefined) url.searchParams.set('service', service)
    url.searchParams.set('scope', this.#scope)
    const response = await this.#demand(await request(url, basic ? { authorization: basic } : {}))
    const { token, access_token } = (await response.json()) as { token?: unknown; access_token?: unknown }
    const bearer = token ?? access_token
    if (typeof bearer !== 'string' || !/^[\x21-\x7e]+$/.test(bearer)) throw unreachable(this.#origin, 'its token service gave no token')
    return `Bearer ${bearer}`
  }

  async #demand(response: Response): Promise<Response> {
    if (response.status === 200) return response
    await response.body?.cancel()
    const { host, pathname } = new URL(response.url)
    throw new Refusal('unavailable', `${host}${pathname} answered ${response.status}.`, {
      fix:
        response.status === 404
          ? 'Look at the reference: there is no such image, or it is not public.'
          : 'Look at the reference and the credentials.',
    })
  }
}

async function request(url: URL, headers: Record<string, string>): Promise<Response> {
  try {
    return await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
  } catch (cause) {
    throw unreachable(url.origin, 'it does not answer', cause)
  }
}

function isLoopback(registry: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/.test(registry)
}

function unreachable(origin: string, why: string, cause?: unknown): Refusal {
  return new Refusal('unavailable', `The registry ${origin} cannot be used: ${why}.`, { fix: 'Look at the reference, and try again.', cause })
}
