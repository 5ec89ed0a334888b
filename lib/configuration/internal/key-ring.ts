// Key-encryption keys of this installation. They wrap the data keys of tenants and touch nothing else.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { secretKey } from '#lib/platform/keys'
import { Refusal } from '#lib/platform/refusal'
import { dataPath, readSettings } from '#lib/platform/settings'

export interface KeyEncryptionKey {
  /** Says which key it is without saying what it is. */
  id: string
  key: Buffer
}

const folder = 'secrets'
const fileName = /^kek-(\d+)$/

/** The key that wraps from now on: the one of the environment, else the newest of the files. The first file is made on first use. */
export function currentKek(): KeyEncryptionKey {
  const { CAISSON_SECRETS_KEY: given } = readSettings()
  if (given !== undefined) return kekOf(Buffer.from(given, 'hex'))
  return kekOf(secretKey(`${folder}/kek-${Math.max(1, ...numbers())}`))
}

/** A key by its id, among all that this installation knows; refuses (`unavailable`) when it is gone. */
export function kekById(id: string): KeyEncryptionKey {
  const { CAISSON_SECRETS_KEY: given, CAISSON_SECRETS_KEY_PREVIOUS: previous } = readSettings()
  const known = [
    ...[given, previous].flatMap((hex) => (hex === undefined ? [] : [kekOf(Buffer.from(hex, 'hex'))])),
    ...numbers().map((number) => kekOf(secretKey(`${folder}/kek-${number}`))),
  ]
  const found = known.find((one) => one.id === id)
  if (found) return found
  throw new Refusal('unavailable', `The key-encryption key ${id}, which secrets were sealed under, is not here.`, {
    fix: 'Bring back its file below keys/secrets, or set CAISSON_SECRETS_KEY (or CAISSON_SECRETS_KEY_PREVIOUS) to it.',
  })
}

/** Makes the next key file. Refuses where the key comes from the environment: there, it is changed there. */
export function makeNextKek(): KeyEncryptionKey {
  if (readSettings().CAISSON_SECRETS_KEY !== undefined) {
    throw new Refusal('conflict', 'The key-encryption key comes from CAISSON_SECRETS_KEY.', {
      fix: 'Set CAISSON_SECRETS_KEY to a new one and CAISSON_SECRETS_KEY_PREVIOUS to the one of now, and start again.',
    })
  }
  currentKek()
  return kekOf(secretKey(`${folder}/kek-${Math.max(...numbers()) + 1}`))
}

function numbers(): number[] {
  const path = dataPath('keys', folder)
  if (!existsSync(path)) return []
  return readdirSync(path).flatMap((name) => {
    const number = fileName.exec(name)?.[1]
    return number === undefined ? [] : [Number(number)]
  })
}

function kekOf(key: Buffer): KeyEncryptionKey {
  return { id: createHash('sha256').update('caisson key-encryption key').update(key).digest('hex').slice(0, 16), key }
}
