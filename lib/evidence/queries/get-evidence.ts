import type { Readable } from 'node:stream'
import { authorize } from '#lib/access/authorize'
import { sha256Hex } from '#lib/platform/canonical-json'
import type { BlobStore } from '#lib/platform/blob-store'
import type { TenantContext } from '#lib/platform/context'
import { blobStore } from '#lib/platform/disk-blob-store'
import { Refusal } from '#lib/platform/refusal'

export interface EvidenceContent {
  mediaType: string
  fileName: string
  sizeBytes: number
  digest: string
  body: string | Readable
}

/** The content of a row of evidence, as it was recorded. `unavailable` when it does not hash to its digest any more. */
export async function getEvidenceContent(ctx: TenantContext, input: { evidence: string }, store: BlobStore = blobStore()): Promise<EvidenceContent> {
  authorize(ctx.actor, 'tenant.read')
  const row = await ctx.read((tx) => tx.evidence.findUnique({ where: { id: input.evidence } }))
  if (!row) throw new Refusal('not_found', `There is no evidence ${input.evidence} that you can see.`)
  const { mediaType, contentDigest: digest } = row
  const common = { mediaType, digest, sizeBytes: Number(row.sizeBytes) }
  if (row.referrerDigest !== '') return { ...common, fileName: row.fileName, body: await store.read(digest) }
  if (`sha256:${sha256Hex(row.content)}` !== digest) {
    throw new Refusal('unavailable', `The content of this evidence does not hash to ${digest} any more.`, {
      fix: 'Verify the audit log before anything else.',
    })
  }
  return { ...common, fileName: `${row.control}.${mediaType.includes('json') ? 'json' : 'txt'}`, body: row.content }
}
