import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { dataPath } from '#lib/platform/settings'

/**
 * A 32-byte secret of this installation, kept as hex under `keys/` (mode 600) and made on first use.
 * Two processes that make it at once end with the same one: the file appears whole, by link(2), or not at all.
 */
export function secretKey(name: string): Buffer {
  return Buffer.from(
    keyFile(name, () => randomBytes(32).toString('hex')),
    'hex',
  )
}

/** The text of a key file, made by `create` when it is not there. `name` may have folders: `audit/<tenant>`. */
export function keyFile(name: string, create: () => string): string {
  if (!/^[a-z0-9][a-z0-9/._-]*$/i.test(name) || name.includes('..')) throw new TypeError(`not a key name: ${name}`)
  const path = dataPath('keys', name)
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const draft = `${path}.${randomBytes(6).toString('hex')}`
    const file = openSync(draft, 'wx', 0o600)
    writeSync(file, create())
    fsyncSync(file)
    closeSync(file)
    try {
      linkSync(draft, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(draft, { force: true })
    }
  }
  return readFileSync(path, 'utf8').trim()
}
