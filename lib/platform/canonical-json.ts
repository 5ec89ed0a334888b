import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** Canonical JSON text (RFC 8785). What is hashed or signed is this text, and this text is what is stored. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('undefined has no canonical JSON')
  return text
}

/** sha256 of bytes or UTF-8 text, lower-case hex. */
export function sha256Hex(bytes: string | Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}

/** `sha256:<hex>` of the canonical JSON of a value. */
export function digestOfJson(value: unknown): string {
  return `sha256:${sha256Hex(canonicalJson(value))}`
}
