import type { EntryProof } from '#lib/audit/entry'

/** One question that the browser answered by itself, from the bytes. */
export interface ProofCheck {
  says: string
  /** undefined: this browser cannot tell. */
  isTrue: boolean | undefined
}

/** The hashes between an entry and the root that the checkpoint signs, hex, the entry's leaf first. */
export interface ProofResult {
  checks: ProofCheck[]
  path: { sibling: string; side: 'left' | 'right' }[]
}

/**
 * Checks a proof with nothing of the server's but the proof itself: the entry's text gives the hash that the list showed and the leaf;
 * leaf and path give the checkpoint's root (RFC 9162 §2.1.3.2); the checkpoint is signed by the log's key (c2sp.org/signed-note).
 * @param entryHash sha256 hex of the entry as the list shows it
 */
export async function verifyEntryProof(proof: EntryProof, entryHash: string): Promise<ProofResult> {
  const text = new TextEncoder().encode(proof.content)
  const leaf = await sha256(new Uint8Array([0]), text)
  const siblings = proof.proof.map(bytesOf)
  const walked = await walk(leaf, proof.seq, proof.checkpoint.size, siblings)
  const [, size = '', root = ''] = proof.checkpoint.note.split('\n')
  return {
    path: siblings.map((sibling, index) => ({ sibling: hexOf(sibling), side: walked.sides[index] ?? 'right' })),
    checks: [
      { says: 'The text of the entry has the hash that the log shows', isTrue: hexOf(await sha256(text)) === entryHash },
      { says: 'The leaf is the hash of that text', isTrue: hexOf(leaf) === proof.leafHash },
      {
        says: `Leaf and path lead to the root of ${proof.checkpoint.size} entries`,
        isTrue: walked.root !== undefined && Number(size) === proof.checkpoint.size && hexOf(walked.root) === hexOf(bytesOf(root)),
      },
      { says: 'The checkpoint is signed by the key of this log', isTrue: await isSigned(proof.checkpoint.note, proof.verifierLine) },
    ],
  }
}

async function walk(
  leaf: Uint8Array,
  index: number,
  size: number,
  siblings: readonly Uint8Array[],
): Promise<{ root: Uint8Array | undefined; sides: ('left' | 'right')[] }> {
  let [node, last] = [index, size - 1]
  let hash = leaf
  const sides: ('left' | 'right')[] = []
  for (const sibling of siblings) {
    if (last === 0) return { root: undefined, sides }
    const isLeft = node % 2 === 1 || node === last
    hash = isLeft ? await sha256(new Uint8Array([1]), sibling, hash) : await sha256(new Uint8Array([1]), hash, sibling)
    sides.push(isLeft ? 'left' : 'right')
    if (isLeft) while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return { root: last === 0 ? hash : undefined, sides }
}

/** Undefined in a browser without Ed25519. */
async function isSigned(note: string, verifierLine: string): Promise<boolean | undefined> {
  const [name = '', , key = ''] = /^(.+)\+([0-9a-f]{8})\+(.+)$/.exec(verifierLine)?.slice(1) ?? []
  const split = note.lastIndexOf('\n\n')
  const signature = note
    .slice(split + 2)
    .split('\n')
    .find((line) => line.startsWith(`— ${name} `))
    ?.slice(`— ${name} `.length)
  if (split < 0 || signature === undefined) return false
  try {
    const imported = await crypto.subtle.importKey('raw', bytesOf(key).slice(1), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', imported, bytesOf(signature).slice(4), new TextEncoder().encode(note.slice(0, split + 1)))
  } catch {
    return undefined
  }
}

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', await new Blob(parts as BlobPart[]).arrayBuffer()))
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
