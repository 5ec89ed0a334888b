import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { Refusal } from '#lib/platform/refusal'
import { dataPath } from '#lib/platform/settings'

/**
 * A 32-byte secret of this installation, kept as hex under `keys/` (mode 600) and made on first use.
 * Kept when it is there, and refused (`unavailable`) when it is no such key. Two processes that make it at once end with the same one: the file appears whole, by link(2), or not at all.
 */
export function secretKey(name: string): Buffer {
  const text = keyFile(name, () => randomBytes(32).toString('hex'))
  if (!/^[0-9a-f]{64}$/i.test(text) || /^0+$/.test(text)) {
    throw new Refusal('unavailable', `The key file ${dataPath('keys', name)} does not hold 64 hexadecimal digits that were drawn at random.`, {
      fix: 'Bring it back from a backup. What was sealed with it opens with no other key.',
    })
  }
  return Buffer.from(text, 'hex')
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
