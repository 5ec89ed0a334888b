import { randomBytes } from 'node:crypto'
import { sha256Hex } from '#lib/platform/canonical-json'

/** `cst` is a session of a person without a browser, `cat` an API token, `civ` the secret of an invitation link. */
export type SecretTokenKind = 'cst' | 'cat' | 'civ'

/**
 * A bearer secret: `<kind>_` + 256 random bits + six characters of checksum, so that a typing error never asks the
 * database and a scanner of source code recognises one (OWASP ASVS 11.2.4). Only `hash` is stored.
 */
export function newSecretToken(kind: SecretTokenKind): { token: string; hash: string } {
  const secret = randomBytes(32).toString('base64url')
  const token = `${kind}_${secret}${checksum(kind, secret)}`
  return { token, hash: sha256Hex(token) }
}

/** The stored form of a token, or undefined when it is not a well-formed one of this kind. Looked up by index, so no secret is compared in time. */
export function hashOfSecretToken(kind: SecretTokenKind, token: string): string | undefined {
  const match = /^(cst|cat|civ)_([A-Za-z0-9_-]{43})([0-9a-f]{6})$/.exec(token)
  if (!match || match[1] !== kind || match[3] !== checksum(kind, match[2] ?? '')) return undefined
  return sha256Hex(token)
}

function checksum(kind: SecretTokenKind, secret: string): string {
  return sha256Hex(`${kind}_${secret}`).slice(0, 6)
}
