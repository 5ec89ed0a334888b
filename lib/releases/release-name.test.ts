import { describe, expect, it } from 'vitest'
import { channelOf, mayName, nextName } from '#lib/releases/release-name'

describe('the name of a release', () => {
  it.each([
    ['v0.0.0', 'stable'],
    ['v1.20.300', 'stable'],
    ['v1.2.3-preview1', 'preview'],
    ['v1.2.3-preview10', 'preview'],
    ['sha-0123456789ab', 'content'],
  ] as const)('S4.3 S4.40: %s is of the channel %s', (name, channel) => {
    expect(channelOf(name)).toBe(channel)
    expect(mayName(name).allowed).toBe(channel !== 'content')
  })

  it.each([
    '',
    'latest',
    'v1',
    'v1.2',
    '1.2.3',
    'v01.2.3',
    'v1.2.3-rc1',
    'v1.2.3-preview',
    'v1.2.3-preview0',
    'V1.2.3',
    'v1.2.3 ',
    'v1.2.3\n',
    'sha-01234',
  ])('S4.3 S4.40: %j is of none, and nobody gives it', (name) => {
    expect(channelOf(name)).toBeUndefined()
    expect(mayName(name)).toMatchObject({ allowed: false, code: 'invalid_input' })
  })

  it('stays in its channel when the next one is offered', () => {
    expect(['v1.2.3', 'v1.2.3-preview9', 'sha-0123456789ab'].map(nextName)).toEqual(['v1.2.4', 'v1.2.3-preview10', undefined])
  })
})
