// A log's size and root as a C2SP checkpoint (c2sp.org/tlog-checkpoint): a note signed with Ed25519 (c2sp.org/signed-note).
import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'

export interface Checkpoint {
  /** Schema-less name of the log: `caisson/<log>`. */
  origin: string
  size: number
  root: Buffer
}

/** What checks a note: the key's name and its 32 bytes. */
export interface Verifier {
  name: string
  publicKey: Buffer
}

const ed25519Type = 0x01 // signed-note, "Signature types"

export function originOf(logId: string): string {
  return `caisson/${logId}`
}

/** The note text with one signature line; the key is named after the origin, as tlog-checkpoint recommends. */
export function signCheckpoint(checkpoint: Checkpoint, key: KeyObject): string {
  const text = `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root.toString('base64')}\n`
  const verifier = { name: checkpoint.origin, publicKey: rawPublicKey(key) }
  const signature = Buffer.concat([keyHash(verifier), sign(null, Buffer.from(text), key)])
  return `${text}\n— ${checkpoint.origin} ${signature.toString('base64')}\n`
}

/** The checkpoint of a note that the verifier's key signed; undefined for anything else. Other signatures are ignored. */
export function openCheckpoint(note: string, verifier: Verifier): Checkpoint | undefined {
  const text = openNote(note, verifier)
  return text === undefined ? undefined : parseCheckpoint(text)
}

/** The text of a signed note, when the verifier's key signed it (c2sp.org/signed-note, "Verifying"). */
export function openNote(note: string, verifier: Verifier): string | undefined {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return undefined
  const text = note.slice(0, split + 1)
  const isSigned = note
    .slice(split + 2, -1)
    .split('\n')
    .some((line) => isSignatureOf(line, text, verifier))
  return isSigned ? text : undefined
}

function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin = '', size = '', root = ''] = text.split('\n')
  const bytes = Buffer.from(root, 'base64')
  // Decimal without leading zeroes, and the one base64 of 32 bytes: one checkpoint has one text.
  if (!/^(0|[1-9][0-9]{0,14})$/.test(size) || bytes.length !== 32 || bytes.toString('base64') !== root || origin === '') return undefined
  return { origin, size: Number(size), root: bytes }
}

function isSignatureOf(line: string, text: string, verifier: Verifier): boolean {
  const match = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(line)
  if (!match || match[1] !== verifier.name) return false
  const bytes = Buffer.from(match[2] ?? '', 'base64')
  // The last character has bits that decode to nothing: another spelling of the same signature is not this note.
  if (bytes.toString('base64') !== match[2]) return false
  if (bytes.length !== 4 + 64 || !bytes.subarray(0, 4).equals(keyHash(verifier))) return false
  return verify(null, Buffer.from(text), publicKeyOf(verifier.publicKey), bytes.subarray(4))
}

/** The first four bytes of SHA-256(name ‖ LF ‖ type ‖ key). */
function keyHash({ name, publicKey }: Verifier): Buffer {
  return createHash('sha256')
    .update(name)
    .update('\n')
    .update(Buffer.from([ed25519Type]))
    .update(publicKey)
    .digest()
    .subarray(0, 4)
}

/** `name+hash+key`: the line that an auditor keeps to check every later checkpoint ("vkey" of the Go note package). */
export function verifierLine(verifier: Verifier): string {
  const key = Buffer.concat([Buffer.from([ed25519Type]), verifier.publicKey])
  return `${verifier.name}+${keyHash(verifier).toString('hex')}+${key.toString('base64')}`
}

export function parseVerifierLine(line: string): Verifier | undefined {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(line.trim())
  if (!match) return undefined
  const key = Buffer.from(match[3] ?? '', 'base64')
  if (key.length !== 33 || key[0] !== ed25519Type) return undefined
  const verifier = { name: match[1] ?? '', publicKey: key.subarray(1) }
  return keyHash(verifier).toString('hex') === match[2] ? verifier : undefined
}

export function rawPublicKey(key: KeyObject): Buffer {
  const publicKey = key.type === 'public' ? key : createPublicKey(key)
  return Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
}

function publicKeyOf(raw: Buffer): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
}
