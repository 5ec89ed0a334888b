import { isOrigin } from '#app/api/door'
import { demandStorable } from '#app/api/strict-json'
import { Refusal } from '#lib/platform/refusal'

/** What our pages ask of next-auth, and where it sends a browser that lost its way. */
const known: Record<string, readonly string[]> = {
  GET: ['csrf', 'providers', 'session', 'signin', 'signout', 'error'],
  POST: ['callback/credentials', 'signout'],
}
/** An email, a password and a token are far shorter. */
const longestForm = 16 * 1024

/**
 * Refuses, before next-auth sees it, what would be a fault there, be read whole into memory, or be written to the log as it came: anybody
 * may ask. A form of another site signs nobody in or out (CWE-352).
 */
export function demandSoundRequest(request: Request, action: readonly string[]): void {
  const { method, headers } = request
  const name = action.join('/')
  if (!known[method]?.includes(name)) throw new Refusal('not_found', 'There is nothing at this address.', { fix: 'Sign in at /sign-in.' })
  const url = new URL(request.url)
  for (const [key, value] of url.searchParams) demandStorable(key + value, 'The query')
  const addresses = [...url.searchParams.getAll('callbackUrl'), ...cookies(headers, /^(?:__Secure-)?next-auth\.callback-url$/)]
  if (addresses.some((address) => address !== '' && !isAddress(address))) {
    throw new Refusal('invalid_input', 'The address to go on at is none.', { fix: 'Delete the cookies of this site and try again.' })
  }
  if (method === 'POST') demandOwnForm(headers)
}

function demandOwnForm(headers: Headers): void {
  const origin = headers.get('origin')
  if (origin !== null && !isOrigin(origin, headers.get('host'))) {
    throw new Refusal('forbidden', 'This request does not come from a page of this installation.', { fix: 'Sign in at /sign-in.' })
  }
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(headers.get('content-type') ?? '')) {
    throw new Refusal('invalid_input', 'The body is not a form.', { fix: 'Sign in at /sign-in, or at POST /api/v1/sessions.' })
  }
  const length = headers.get('content-length')
  if (length === null || !/^\d{1,9}$/.test(length))
    throw new Refusal('invalid_input', 'The form does not say how long it is.', { fix: 'Send a length.' })
  if (Number(length) > longestForm) throw new Refusal('too_large', 'The form is larger than 16 KiB.', { fix: 'Sign in at /sign-in.' })
}

function cookies(headers: Headers, name: RegExp): string[] {
  const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split(/=(.*)/s))
  return pairs.flatMap(([key = '', value = '']) => (name.test(key) ? [decoded(value)] : []))
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** Printable, and of http; next-auth itself judges whether it is ours. */
function isAddress(text: string): boolean {
  const base = text.startsWith('/') ? 'http://localhost' : undefined
  return /^[\x21-\x7e]{1,2000}$/.test(text) && URL.canParse(text, base) && /^https?:$/.test(new URL(text, base).protocol)
}
