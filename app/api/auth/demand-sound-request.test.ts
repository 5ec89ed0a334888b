import { describe, expect, it } from 'vitest'
import { demandSoundRequest } from '#app/api/auth/demand-sound-request'
import { isRefusal } from '#lib/platform/refusal'

function codeFor(method: string, path: string, headers: Record<string, string> = {}): string {
  const request = new Request(`http://localhost:3000/api/auth/${path}`, { method, headers: { host: 'localhost:3000', ...headers } })
  try {
    demandSoundRequest(request, new URL(request.url).pathname.split('/').slice(3))
    return 'sound'
  } catch (error) {
    if (isRefusal(error)) return error.code
    throw error
  }
}

const form = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '200', origin: 'http://localhost:3000' }
const cookie = (value: string) => ({ cookie: `theme=dark; next-auth.callback-url=${value}` })

describe('what anybody may ask of next-auth', () => {
  it('is what our pages ask', () => {
    for (const action of ['csrf', 'providers', 'session', 'signin?callbackUrl=%2Ft%2Fmain', 'signout', 'error?error=fault'])
      expect([action, codeFor('GET', action)]).toEqual([action, 'sound'])
    expect(codeFor('GET', 'csrf', cookie('http%3A%2F%2Flocalhost%3A3000%2Ft%2Fmain'))).toBe('sound')
    for (const action of ['callback/credentials', 'signout']) expect([action, codeFor('POST', action, form)]).toEqual([action, 'sound'])
  })

  it('is nothing that would be a fault, and nothing that writes to the log', () => {
    for (const action of ['callback/credentials', 'callback/none', 'verify-request', '_log', 'csrf/more', ''])
      expect([action, codeFor('GET', action)]).toEqual([action, 'not_found'])
    for (const action of ['_log', 'csrf', 'session', 'signin/credentials'])
      expect([action, codeFor('POST', action, form)]).toEqual([action, 'not_found'])
    for (const bad of ['javascript:alert(1)', '%00javascript:x', 'http://x%0a{"level":60}', '%zz', `/${'x'.repeat(3000)}`, 'nonsense'])
      expect([bad, codeFor('GET', 'csrf', cookie(bad))]).toEqual([bad, 'invalid_input'])
    for (const bad of ['callbackUrl=javascript:alert(1)', 'callbackUrl=%0aFORGED', 'a=%00', 'callbackUrl=/&callbackUrl=ftp://x'])
      expect([bad, codeFor('GET', `signin?${bad}`)]).toEqual([bad, 'invalid_input'])
  })

  it('is a form of ours, of a length that is said and small', () => {
    const post = (more: Record<string, string>) => codeFor('POST', 'callback/credentials', { ...form, ...more })
    for (const origin of ['http://evil.test', 'null', 'http://localhost:3001', '']) expect([origin, post({ origin })]).toEqual([origin, 'forbidden'])
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])
      expect([type, post({ 'content-type': type })]).toEqual([type, 'invalid_input'])
    expect([post({ 'content-length': '20000' }), post({ 'content-length': '1e3' })]).toEqual(['too_large', 'invalid_input'])
    const { 'content-length': _length, ...chunked } = form
    expect(codeFor('POST', 'callback/credentials', chunked)).toBe('invalid_input')
  })
})
