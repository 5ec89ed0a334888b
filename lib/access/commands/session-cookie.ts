// The cookie of a browser's session: next-auth writes it at sign-in, we write it anew at step-up, `identify` reads it.
import { decode, encode } from 'next-auth/jwt'
import { secretKey } from '#lib/platform/keys'
import { publicUrl } from '#lib/platform/settings'

export interface SessionCookie {
  name: string
  options: { httpOnly: true; sameSite: 'lax'; path: '/'; secure: boolean }
}

/** On https with the prefix that no neighbouring host, no path and no plain connection can set it under (RFC 6265bis §4.1.3). */
export function sessionCookie(): SessionCookie {
  const secure = publicUrl().startsWith('https:')
  return { name: `${secure ? '__Host-' : ''}next-auth.session-token`, options: { httpOnly: true, sameSite: 'lax', path: '/', secure } }
}

/** The value of `Set-Cookie` that carries this session until it ends. */
export async function sealSession({ sessionId, expiresAt }: { sessionId: string; expiresAt: Date }): Promise<string> {
  const { name, options } = sessionCookie()
  const maxAge = Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1000))
  const value = await encode({ token: { sid: sessionId }, secret: secretKey('session').toString('hex'), maxAge })
  return `${name}=${value}; Path=${options.path}; Expires=${expiresAt.toUTCString()}; HttpOnly; SameSite=Lax${options.secure ? '; Secure' : ''}`
}

/** The session id inside the encrypted token of a cookie (JWE, A256GCM, a key of ours); undefined for any other token. */
export async function openSessionCookie(value: string): Promise<string | undefined> {
  try {
    const claims = await decode({ token: value, secret: secretKey('session').toString('hex') })
    const id = claims?.['sid']
    return typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id) ? id : undefined
  } catch {
    return undefined
  }
}
