// The key of a tenant that signs approvals and sign-offs: Ed25519, made on first use, never leaves the data directory.
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import { preAuthEncoding, statementType, type Envelope, type VerificationKey } from '#lib/evidence/dsse'
import { sha256Hex } from '#lib/platform/canonical-json'
import { keyFile } from '#lib/platform/keys'

// By the text of the key, because a test has several data directories in one process.
const opened = new Map<string, { key: KeyObject; raw: Buffer }>()

function signingKey(tenantId: string): { key: KeyObject; raw: Buffer } {
  const pem = keyFile(`signing/${tenantId}`, () => String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })))
  const known = opened.get(pem)
  if (known) return known
  const key = createPrivateKey(pem)
  const made = { key, raw: Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url') }
  opened.set(pem, made)
  return made
}

export function verificationKey(tenantId: string): VerificationKey {
  const { raw } = signingKey(tenantId)
  return { keyId: sha256Hex(raw), publicKey: raw.toString('base64') }
}

export function signStatement(tenantId: string, text: string): Envelope {
  const sig = sign(null, preAuthEncoding(statementType, Buffer.from(text)), signingKey(tenantId).key).toString('base64')
  return {
    payload: Buffer.from(text).toString('base64'),
    payloadType: statementType,
    signatures: [{ keyid: verificationKey(tenantId).keyId, sig }],
  }
}

/** The text of an envelope that the tenant's key signed. */
export function openOwnEnvelope(tenantId: string, json: string): string | undefined {
  try {
    const envelope = JSON.parse(json) as Envelope
    const body = Buffer.from(envelope.payload, 'base64')
    const { keyId } = verificationKey(tenantId)
    const encoded = preAuthEncoding(envelope.payloadType, body)
    const isSigned =
      body.toString('base64') === envelope.payload &&
      envelope.signatures.some(({ keyid, sig }) => keyid === keyId && isSignature(tenantId, encoded, sig))
    return isSigned ? body.toString('utf8') : undefined
  } catch {
    return undefined
  }
}

/** A detached signature, base64, over a text that says itself what it is. */
export function signDetached(tenantId: string, text: string): { keyId: string; signature: string } {
  return { keyId: verificationKey(tenantId).keyId, signature: sign(null, Buffer.from(text), signingKey(tenantId).key).toString('base64') }
}

export function checkDetached(tenantId: string, text: string, keyId: string, signature: string): boolean {
  return keyId === verificationKey(tenantId).keyId && isSignature(tenantId, Buffer.from(text), signature)
}

/** One signature has one spelling: what decodes to the same bytes and looks different was changed by somebody. */
function isSignature(tenantId: string, signed: Uint8Array, base64: string): boolean {
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 && verify(null, signed, publicKeyOf(tenantId), bytes)
}

function publicKeyOf(tenantId: string): KeyObject {
  return createPublicKey(signingKey(tenantId).key)
}
