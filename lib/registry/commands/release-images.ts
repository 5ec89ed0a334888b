import type { Tx } from '#lib/platform/database'
import { parseRepositoryName } from '#lib/registry/repository-name'

export interface ReleaseImagesInput {
  tenantId: string
  /** Whose need ends: `release:<id>`. */
  pinnedBy: string
  /** The tag that goes with it. */
  tag: string
  images: readonly { repository: string; digest: string }[]
}

/**
 * Ends the need of one who pinned images, with its tag; what nobody else needs leaves its repository with the blobs that nothing in it
 * names any more. What refers to such a manifest (proofs about it) stays. The caller has authorized it and writes the entry.
 */
export async function releaseImages(tx: Tx, { tenantId, pinnedBy, tag, images }: ReleaseImagesInput): Promise<void> {
  for (const { repository, digest } of images) {
    const local = parseRepositoryName(repository)?.local ?? ''
    const found = await tx.repository.findUnique({ where: { tenantId_name: { tenantId, name: local } }, select: { id: true } })
    if (!found) continue
    const repositoryId = found.id
    await tx.$queryRaw`select 1 from manifest where repository_id = ${repositoryId} and digest = ${digest} for update`
    const pins = await tx.registryPin.findMany({ where: { repositoryId, pinnedBy }, select: { digest: true } })
    await tx.registryPin.deleteMany({ where: { repositoryId, pinnedBy } })
    await tx.tag.deleteMany({ where: { repositoryId, name: tag, digest } })
    const going: Uint8Array[] = []
    for (const one of new Set([digest, ...pins.map((pin) => pin.digest)])) {
      const others = await tx.registryPin.count({ where: { repositoryId, digest: one } })
      const tags = await tx.tag.count({ where: { repositoryId, digest: one } })
      if (others > 0 || tags > 0) continue
      const row = await tx.manifest.findUnique({ where: { repositoryId_digest: { repositoryId, digest: one } }, select: { content: true } })
      if (row) going.push(row.content)
      await tx.manifest.deleteMany({ where: { repositoryId, digest: one } })
    }
    await unlinkBlobs(tx, repositoryId, going)
  }
}

/** Only what those manifests named: a blob that is there for a push under way is named by nothing yet. */
async function unlinkBlobs(tx: Tx, repositoryId: string, manifests: readonly Uint8Array[]): Promise<void> {
  const named = [
    ...new Set(
      manifests.flatMap(
        (content) =>
          Buffer.from(content)
            .toString('utf8')
            .match(/sha256:[0-9a-f]{64}/g) ?? [],
      ),
    ),
  ]
  if (named.length === 0) return
  // The lock comes first: a push that names one of them holds it until its manifest is there to be seen.
  await tx.$queryRaw`select 1 from repository_blob where repository_id = ${repositoryId} and digest = any(${named}) order by digest for update`
  await tx.$executeRaw`
    delete from repository_blob b where b.repository_id = ${repositoryId} and b.digest = any(${named}) and not exists (
      select 1 from manifest m where m.repository_id = b.repository_id and position(convert_to('"' || b.digest || '"', 'UTF8') in m.content) > 0)`
}
