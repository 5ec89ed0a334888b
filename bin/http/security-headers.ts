import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { publicUrl } from '#lib/platform/settings'

/**
 * What a page may load and who may frame it (OWASP ASVS 3.4.3, 3.4.6). Next reads the nonce from the policy on the request
 * and writes it on its own scripts; a script that somebody smuggled into a page has none.
 */
export function secureHeaders(request: IncomingMessage, response: ServerResponse): void {
  const policy = isPage(request.url ?? '/') ? contentSecurityPolicy(randomBytes(16).toString('base64')) : dataPolicy
  request.headers['content-security-policy'] = policy
  response.setHeader('content-security-policy', policy)
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('x-frame-options', 'DENY')
  response.setHeader('referrer-policy', 'same-origin')
  response.setHeader('cross-origin-opener-policy', 'same-origin')
  response.setHeader('cross-origin-resource-policy', 'same-origin')
  if (publicUrl().startsWith('https:')) response.setHeader('strict-transport-security', 'max-age=31536000')
  response.setHeader('permissions-policy', 'camera=(), geolocation=(), microphone=()')
}

/** What the API and the registry answer is data: also a file that somebody attached runs and loads nothing, wherever it is opened. */
const dataPolicy = "default-src 'none'; sandbox; base-uri 'none'; frame-ancestors 'none'"

function isPage(url: string): boolean {
  return !/^\/+(?:api|v2)(?:[/?#]|$)/i.test(url)
}

function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    // Positions of menus and widths of bars are inline styles; they run no code.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
