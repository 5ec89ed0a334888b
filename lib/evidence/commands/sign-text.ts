import { signDetached, verificationKey } from '#lib/evidence/internal/signing-key'
import type { VerificationKey } from '#lib/evidence/dsse'

/** A detached Ed25519 signature (base64, RFC 8032) over the UTF-8 bytes of a text, with the tenant's key; the same text gives the same one. */
export function signText(tenantId: string, text: string): { signature: string; key: VerificationKey } {
  return { signature: signDetached(tenantId, text).signature, key: verificationKey(tenantId) }
}
