import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import { isKeptTag } from '#lib/registry/tag-name'

export interface TagInput {
  tenantId: string
  repositoryId: string
  /** For words: `tenant/application`. */
  repository: string
  name: string
  digest: string
  createdBy: string
}

/**
 * Gives a digest a name. The insert waits for a concurrent one of the same name, and what is read after it is who won.
 * @returns whether the tag is new
 * @throws Refusal `tag_taken` when the name is another digest's, or, for the name of a release, ever was
 */
export async function claimTag(tx: Tx, tag: TagInput): Promise<boolean> {
  const { tenantId, repositoryId, name, digest, createdBy } = tag
  if (isKeptTag(name)) {
    await tx.tagClaim.createMany({ data: [{ tenantId, repositoryId, name, digest }], skipDuplicates: true })
    const claim = await tx.tagClaim.findUniqueOrThrow({ where: { repositoryId_name: { repositoryId, name } }, select: { digest: true } })
    if (claim.digest !== digest) throw taken(tag, claim.digest)
  }
  const { count } = await tx.tag.createMany({ data: [{ tenantId, repositoryId, name, digest, createdBy }], skipDuplicates: true })
  if (count === 1) return true
  const standing = await tx.tag.findUnique({ where: { repositoryId_name: { repositoryId, name } }, select: { digest: true } })
  if (standing?.digest !== digest) throw taken(tag, standing?.digest ?? 'being deleted')
  return false
}

function taken({ repository, name }: TagInput, by: string): Refusal {
  return new Refusal('tag_taken', `${repository}:${name} is ${by} already, and a tag is immutable.`, { fix: 'Push it under another tag.' })
}
