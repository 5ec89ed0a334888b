import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, openNote, parseVerifierLine, rawPublicKey, signCheckpoint, verifierLine } from '#lib/audit/checkpoint'
import { emptyRoot, leafHash } from '#lib/audit/merkle'

describe('a checkpoint', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const checkpoint = { origin: 'caisson/platform', size: 42, root: leafHash('x') }
  const verifier = { name: checkpoint.origin, publicKey: rawPublicKey(privateKey) }
  const note = signCheckpoint(checkpoint, privateKey)

  it('has the three lines of tlog-checkpoint, an empty one, and one signature line', () => {
    const lines = note.split('\n')
    expect(lines.slice(0, 4)).toEqual(['caisson/platform', '42', checkpoint.root.toString('base64'), ''])
    expect(lines[4]).toMatch(/^— caisson\/platform [A-Za-z0-9+/]+=*$/)
    expect(lines.slice(5)).toEqual([''])
    expect(openCheckpoint(note, verifier)).toEqual(checkpoint)
  })

  it('opens the note that golang.org/x/mod/sumdb/note prints as its example', () => {
    const line = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
    const text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    const signature = 'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM='
    const parsed = parseVerifierLine(line)
    if (!parsed) throw new Error('the verifier line was not understood')
    expect(verifierLine(parsed)).toBe(line)
    expect(openNote(`${text}\n— PeterNeumann ${signature}\n`, parsed)).toBe(text)
    expect(openNote(`${text.replace('answer', 'Answer')}\n— PeterNeumann ${signature}\n`, parsed)).toBeUndefined()
  })

  it('does not open when any byte of it differs', () => {
    for (let at = 0; at < note.length; at += 1) {
      const code = note.charCodeAt(at)
      if (note[at] === '—') continue
      const changed = note.slice(0, at) + String.fromCharCode(code ^ 1) + note.slice(at + 1)
      expect(openCheckpoint(changed, verifier)).toBeUndefined()
    }
  })

  it('does not open with another key, another name, or without its signature', () => {
    const other = { name: checkpoint.origin, publicKey: rawPublicKey(generateKeyPairSync('ed25519').privateKey) }
    expect(openCheckpoint(note, other)).toBeUndefined()
    expect(openCheckpoint(note, { ...verifier, name: 'caisson/other' })).toBeUndefined()
    expect(openCheckpoint(note.slice(0, note.indexOf('\n\n') + 2), verifier)).toBeUndefined()
    expect(openCheckpoint('', verifier)).toBeUndefined()
    expect(parseVerifierLine(verifierLine(verifier).replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toBeUndefined()
  })

  it('signs the empty log too, and the same bytes each time', () => {
    const key = createPrivateKey(String(privateKey.export({ format: 'pem', type: 'pkcs8' })))
    const empty = { origin: 'caisson/platform', size: 0, root: emptyRoot }
    expect(signCheckpoint(empty, key)).toBe(signCheckpoint(empty, privateKey))
    expect(openCheckpoint(signCheckpoint(empty, key), verifier)).toEqual(empty)
  })
})
