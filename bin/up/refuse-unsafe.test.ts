import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { up } from '#bin/up/up'

let folder: string
const say = vi.fn<(line: string) => void>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-unsafe-'))
  vi.stubEnv('CAISSON_DATA', join(folder, 'data'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

describe('a start that would not be safe', () => {
  it.each([
    ['HOST is open', { HOST: '0.0.0.0' }, /open to other machines/, /CAISSON_ALLOW_PROCESS_RUNTIME=true/],
    ['HOST is open in production', { CAISSON_MODE: 'production', HOST: '::' }, /open to other machines/, /behind a proxy/],
    [
      'processes are allowed on an open HOST in production',
      { CAISSON_MODE: 'production', HOST: '0.0.0.0', CAISSON_ALLOW_PROCESS_RUNTIME: 'true' },
      /CAISSON_ALLOW_PROCESS_RUNTIME is for development/,
      /behind a proxy/,
    ],
    [
      'webhooks may go to this machine in production',
      { CAISSON_MODE: 'production', CAISSON_WEBHOOKS_TO_LOOPBACK: 'true' },
      /CAISSON_WEBHOOKS_TO_LOOPBACK is for development/,
      /https/,
    ],
  ])('S3.24: is refused before anything is made, where %s', async (_where, environment, words, fix) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    await expect(up({ services: ['http', 'worker', 'gateway'], say })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(words),
      fix: expect.stringMatching(fix),
    })
    expect(existsSync(join(folder, 'data'))).toBe(false)
    expect(say).not.toHaveBeenCalled()
  })
})
