// AES-256-GCM: nonce (12 bytes) ‖ ciphertext ‖ tag (16 bytes). What a box is about is authenticated with it, so that no box opens
// in the place of another.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { canonicalJson } from '#lib/platform/canonical-json'

const nonceBytes = 12
const tagBytes = 16

/** What a sealed value belongs to (NIST SP 800-38D, additional authenticated data). */
export interface SealedPlace {
  tenantId: string
  environmentId: string
  applicationId: string
  name: string
  number: number
}

export function seal(key: Uint8Array, plaintext: Uint8Array, about: object): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(canonicalJson(about)))
  return new Uint8Array(Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]))
}

/** @throws Error when a bit of the box, of its key or of what it is about is another */
export function open(key: Uint8Array, box: Uint8Array, about: object): Buffer {
  const bytes = Buffer.from(box)
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(canonicalJson(about))).setAuthTag(bytes.subarray(-tagBytes))
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()])
}

/** Equal for equal values of the same secret; without the key it tells nothing, nor does it compare secrets of two places. */
export function fingerprintOf(dataKey: Uint8Array, { number: _number, ...place }: SealedPlace, value: string): string {
  const key = Buffer.from(hkdfSync('sha256', dataKey, '', 'caisson secret fingerprint', 32))
  return createHmac('sha256', key)
    .update(canonicalJson({ ...place, value }))
    .digest('hex')
    .slice(0, 32)
}
