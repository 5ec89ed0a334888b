import { describe, expect, it } from 'vitest'
import { nextAddress } from '#app/next-address'

describe('the way back after signing in', () => {
  it('leads to pages of this installation, with their filters', () => {
    expect(nextAddress('/t/acme/releases?application=orders#notes')).toBe('/t/acme/releases?application=orders#notes')
    expect(nextAddress('/t/acme?_rsc=1a2b')).toBe('/t/acme')
  })

  it.each([
    '//evil.test',
    String.raw`/\evil.test`,
    '/\t/evil.test',
    '/.//evil.test',
    'https://evil.test',
    'javascript:alert(1)',
    '',
    undefined,
    ['/a', '/b'],
  ])('never leads elsewhere: %j', (asked) => {
    expect(nextAddress(asked)).toBe('/')
  })
})
