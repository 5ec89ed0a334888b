// Keys of the log: one HMAC key per log and key id, kept when a new one takes over (T5), and one Ed25519 key for checkpoints.
import { createHmac, createPrivateKey, createSecretKey, generateKeyPairSync, timingSafeEqual, type KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import { originOf, rawPublicKey, type Verifier } from '#lib/audit/checkpoint'
import { keyFile, secretKey } from '#lib/platform/keys'
import { dataPath } from '#lib/platform/settings'

const checkpointKeyName = 'audit-checkpoint'

// By path, because a test has several data directories in one process.
const known = new Map<string, KeyObject>()

/** The id of the key that new entries of this log are written with; `1` until an operator names another in its file. */
export function currentKeyId(logId: string): string {
  return keyFile(`audit/${logId}.current`, () => '1')
}

/** HMAC-SHA256 hex of an entry's hash, made with the log's key, which is created on first use. */
export function entryHmac(logId: string, keyId: string, hash: string): string {
  return entrySigner(logId, keyId)(hash)
}

/** The same for many entries of one log: the key is looked up once. */
export function entrySigner(logId: string, keyId: string): (hash: string) => string {
  const key = hmacKey(logId, keyId)
  return (hash) => createHmac('sha256', key).update(hash).digest('hex')
}

/** Whether the log's key made this HMAC. Never makes a key: an unknown key id is a forgery, a lost key is `unknown`. */
export function checkHmac(logId: string, keyId: string, hash: string, hmac: string): boolean | 'unknown' {
  return hmacChecker(logId)(keyId, hash, hmac)
}

/** The same for many entries of one log: each key is looked for once. */
export function hmacChecker(logId: string): (keyId: string, hash: string, hmac: string) => boolean | 'unknown' {
  const found = new Map<string, false | 'unknown' | ((hash: string) => string)>()
  return (keyId, hash, hmac) => {
    const signer = found.get(keyId) ?? findSigner(logId, keyId)
    found.set(keyId, signer)
    if (typeof signer !== 'function') return signer
    const expected = Buffer.from(signer(hash), 'hex')
    const actual = Buffer.from(hmac, 'hex')
    return expected.length === actual.length && timingSafeEqual(expected, actual)
  }
}

function findSigner(logId: string, keyId: string): false | 'unknown' | ((hash: string) => string) {
  if (!/^[0-9]{1,6}$/.test(keyId)) return false
  if (existsSync(dataPath('keys', keyName(logId, keyId)))) return entrySigner(logId, keyId)
  return existsSync(dataPath('keys', keyName(logId, '1'))) ? false : 'unknown'
}

function hmacKey(logId: string, keyId: string): KeyObject {
  const path = dataPath('keys', keyName(logId, keyId))
  const key = known.get(path) ?? createSecretKey(secretKey(keyName(logId, keyId)))
  known.set(path, key)
  return key
}

function keyName(logId: string, keyId: string): string {
  return `audit/${logId}.${keyId}`
}

/** The private key of checkpoints, made on first use. */
export function checkpointKey(): KeyObject {
  return createPrivateKey(
    keyFile(checkpointKeyName, () => String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }))),
  )
}

/** What checks this log's checkpoints; undefined where the data directory has no key, which must not make one. */
export function checkpointVerifier(logId: string): Verifier | undefined {
  if (!existsSync(dataPath('keys', checkpointKeyName))) return undefined
  return { name: originOf(logId), publicKey: rawPublicKey(checkpointKey()) }
}
