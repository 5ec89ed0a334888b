import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { verifyEntryProof } from '#components/audit/verify-inclusion'
import { rawPublicKey, signCheckpoint, verifierLine } from '#lib/audit/checkpoint'
import type { EntryProof } from '#lib/audit/entry'
import { emptyFrontier, inclusionRanges, leafHash, rangeHash } from '#lib/audit/merkle'
import { createHash } from 'node:crypto'

const key = generateKeyPairSync('ed25519').privateKey
const origin = 'caisson/test'

/** What the server answers for one entry of a log of `size`, by the server's own code. */
function proofOf(seq: number, size: number): { proof: EntryProof; hash: string } {
  const texts = Array.from({ length: size }, (_, index) => `{"entry":${index},"name":"ü"}`)
  const nodes = new Map<string, Buffer>()
  const frontier = emptyFrontier()
  for (const text of texts) for (const { level, index, hash } of frontier.append(leafHash(text))) nodes.set(`${level}/${index}`, hash)
  const root = frontier.root()
  const lookup = (level: number, index: number): Buffer => nodes.get(`${level}/${index}`) ?? Buffer.alloc(0)
  const content = texts[seq] ?? ''
  const note = signCheckpoint({ origin, size, root }, key)
  const proof = {
    entryId: String(seq),
    seq,
    content,
    leafHash: leafHash(content).toString('hex'),
    proof: inclusionRanges(seq, size).map((range) => rangeHash(range, lookup).toString('base64')),
    checkpoint: { size, root: root.toString('hex'), note },
    verifierLine: verifierLine({ name: origin, publicKey: rawPublicKey(key) }),
  }
  return { proof, hash: createHash('sha256').update(content).digest('hex') }
}

const verdicts = async (proof: EntryProof, hash: string): Promise<(boolean | undefined)[]> =>
  (await verifyEntryProof(proof, hash)).checks.map(({ isTrue }) => isTrue)

describe('a proof that the browser checks', () => {
  it('holds for every entry of logs of many sizes', async () => {
    for (const size of [1, 2, 3, 5, 8, 13, 21]) {
      for (let seq = 0; seq < size; seq += 1) {
        const { proof, hash } = proofOf(seq, size)
        expect(await verdicts(proof, hash)).toEqual([true, true, true, true])
      }
    }
  })

  it('says which of its four parts does not hold when anything of it was changed', async () => {
    const { proof, hash } = proofOf(4, 13)
    expect(await verdicts({ ...proof, content: `${proof.content} ` }, hash)).toEqual([false, false, false, true])
    expect(
      await verdicts(
        proof,
        hash.replace(/^./, (first) => (first === '0' ? '1' : '0')),
      ),
    ).toEqual([false, true, true, true])
    expect(await verdicts({ ...proof, proof: proof.proof.slice(1) }, hash)).toEqual([true, true, false, true])
    expect(await verdicts({ ...proof, seq: 5 }, hash)).toEqual([true, true, false, true])
    const other = proofOf(4, 12).proof.checkpoint
    expect(await verdicts({ ...proof, checkpoint: { ...other, size: 13 } }, hash)).toEqual([true, true, false, true])
    const forged = { ...proof.checkpoint, note: proof.checkpoint.note.replace('\n13\n', '\n14\n') }
    expect((await verdicts({ ...proof, checkpoint: forged }, hash))[3]).toBe(false)
  })
})
