import { createHash } from 'node:crypto'

export type DigestAlgorithm = 'sha256' | 'sha512'

/** Content identifiers of the OCI image specification (descriptor.md#digests): sha256 and sha512, lower-case hex. */
const grammar = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

export function isDigest(text: string): boolean {
  return grammar.test(text)
}

/** `<algorithm>:<hex>` of bytes. */
export function digestOf(bytes: Uint8Array | string, algorithm: DigestAlgorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`
}

/** The algorithm of a digest that {@link isDigest} accepts. */
export function algorithmOf(digest: string): DigestAlgorithm {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256'
}

/** The hex of a digest that {@link isDigest} accepts. */
export function hexOf(digest: string): string {
  return digest.slice(7)
}
