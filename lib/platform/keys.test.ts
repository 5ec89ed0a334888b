import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { secretKey } from '#lib/platform/keys'
import { readSettings } from '#lib/platform/settings'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-keys-'))
  vi.stubEnv('CAISSON_DATA', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const unusable: [what: string, text: string][] = [
  ['nothing', ''],
  ['zeros', '0'.repeat(64)],
  ['31 bytes', 'ab'.repeat(31)],
  ['33 bytes', 'ab'.repeat(33)],
  ['no hexadecimal digits', 'xy'.repeat(32)],
]

describe('a key of this installation', () => {
  it('S3.23: is 32 random bytes that nobody else reads, and stays what it is', () => {
    const keys = Array.from({ length: 20 }, (_, index) => secretKey(`one/key-${index}`))
    expect(keys.every((key) => key.length === 32)).toBe(true)
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(20)
    expect(statSync(join(folder, 'keys/one/key-0')).mode & 0o777).toBe(0o600)
    expect(keys.map((_, index) => secretKey(`one/key-${index}`))).toEqual(keys)
  })

  it.each(unusable)('S3.23: is refused where its file holds %s, and the file is left alone', (_what, text) => {
    mkdirSync(join(folder, 'keys'))
    writeFileSync(join(folder, 'keys/one'), text)
    expect(() => secretKey('one')).toThrow(expect.objectContaining({ code: 'unavailable', message: expect.stringContaining('keys/one') }))
    expect(statSync(join(folder, 'keys/one')).size).toBe(text.length)
    expect(existsSync(join(folder, 'keys/other'))).toBe(false)
  })

  it.each(unusable.slice(1))('S3.23: of the environment is refused when it is %s', (_what, text) => {
    expect(() => readSettings({ CAISSON_SECRETS_KEY: text })).toThrow(/CAISSON_SECRETS_KEY: 64 hexadecimal digits/)
    expect(readSettings({ CAISSON_SECRETS_KEY: 'a1'.repeat(32) }).CAISSON_SECRETS_KEY).toBe('a1'.repeat(32))
  })
})
