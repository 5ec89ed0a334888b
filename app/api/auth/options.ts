import type { NextAuthOptions } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'
import { clientOf } from '#app/api/client'
import { endSession } from '#lib/access/commands/end-session'
import { signIn } from '#lib/access/commands/sign-in'
import { sessionDays } from '#lib/access/session'
import { sessionCookie } from '#lib/access/commands/session-cookie'
import { log } from '#lib/platform/log'
import { secretKey } from '#lib/platform/keys'
import { isRefusal } from '#lib/platform/refusal'
import { publicUrl } from '#lib/platform/settings'

/**
 * The cookie of next-auth holds the id of a session row and nothing else (docs/decisions/0050): who somebody is and what they
 * may is read from the rows at each request. Made at request time, because the key is not there when the pages are built.
 */
export function authOptions(): NextAuthOptions {
  return {
    secret: secretKey('session').toString('hex'),
    session: { strategy: 'jwt', maxAge: sessionDays * 24 * 3600 },
    useSecureCookies: publicUrl().startsWith('https:'),
    cookies: { sessionToken: sessionCookie() },
    pages: { signIn: '/sign-in', signOut: '/sign-in', error: '/sign-in' },
    // By its own it prints what it was sent, with line ends and all: lines that somebody forged would look like ours (CWE-117).
    logger: {
      error: (code, metadata) => log.warn({ code, words: wordsOf(metadata).slice(0, 300) }, 'next-auth refused something'),
      warn: (code) => log.warn({ code }, 'next-auth warns'),
    },
    providers: [
      CredentialsProvider({
        name: 'Email and password',
        credentials: { email: { label: 'Email', type: 'email' }, password: { label: 'Password', type: 'password' } },
        authorize: (credentials, request) => authorizeCredentials(credentials, new Headers(stringHeaders(request.headers))),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => {
        const sid = (user as { sessionId?: string } | undefined)?.sessionId ?? token['sid']
        return typeof sid === 'string' ? { sid } : {}
      },
      // Pages ask /api/v1/me; nothing about a person is told from a token.
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token['sid'] === 'string') await endSession(token['sid'])
      },
    },
  }
}

/** null for a wrong password; a refusal otherwise reaches the page as its code (`rate_limited`). */
async function authorizeCredentials(credentials: Record<string, string> | undefined, headers: Headers) {
  const { email = '', password = '' } = credentials ?? {}
  if (email === '' || password === '' || email.length > 300 || password.length > 1024 || !isText(email + password)) return null
  try {
    const session = await signIn({ email, password, ...clientOf(headers), kind: 'browser' })
    return { id: session.userId, sessionId: session.sessionId }
  } catch (error) {
    if (!isRefusal(error) || error.code === 'unauthenticated') return isRefusal(error) ? null : fault(error)
    throw new Error(error.code, { cause: error })
  }
}

function wordsOf(metadata: Error | { error?: Error }): string {
  return metadata instanceof Error ? metadata.message : (metadata.error?.message ?? '')
}

/** What no column can keep is nobody's name. */
function isText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** next-auth shows the words of an error in an address: a fault must have none of its own. */
function fault(cause: unknown): never {
  throw new Error('fault', { cause })
}

function stringHeaders(headers: Record<string, unknown> | undefined): [string, string][] {
  return Object.entries(headers ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
}
