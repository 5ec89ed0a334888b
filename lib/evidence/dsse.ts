// A signature over exact bytes and what kind of bytes they are (Dead Simple Signing Envelope, secure-systems-lab/dsse
// protocol.md and envelope.md), with Ed25519 (RFC 8032). Made for servers, browsers and the command line alike: Web Crypto only.
export const statementType = 'application/vnd.in-toto+json'

export interface Envelope {
  payload: string // base64 of the exact text
  payloadType: string
  signatures: { keyid: string; sig: string }[]
}

/** The public half of a tenant's signing key. */
export interface VerificationKey {
  /** sha256 hex of the 32 bytes. */
  keyId: string
  /** base64 of the 32 bytes. */
  publicKey: string
}

/** "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body, lengths in bytes as decimal digits. */
export function preAuthEncoding(payloadType: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const type = new TextEncoder().encode(payloadType)
  const head = new TextEncoder().encode(`DSSEv1 ${type.length} ${payloadType} ${body.length} `)
  const bytes = new Uint8Array(head.length + body.length)
  bytes.set(head)
  bytes.set(body, head.length)
  return bytes
}

/** The text of an envelope that this key signed; undefined for any other. Rejects where there is no Ed25519 to ask. */
export async function openEnvelope(envelope: Envelope, key: VerificationKey): Promise<string | undefined> {
  const publicKey = await crypto.subtle.importKey('raw', fromBase64(key.publicKey), 'Ed25519', false, ['verify'])
  try {
    const body = fromBase64(envelope.payload)
    const signed = preAuthEncoding(envelope.payloadType, body)
    for (const { keyid, sig } of envelope.signatures) {
      if (keyid !== key.keyId) continue
      if (await crypto.subtle.verify('Ed25519', publicKey, fromBase64(sig), signed)) return new TextDecoder('utf-8', { fatal: true }).decode(body)
    }
    return undefined
  } catch {
    return undefined
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.codePointAt(0) ?? 0)
}
