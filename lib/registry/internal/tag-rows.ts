import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'

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
 * Gives a digest a name, for ever: the claim is made first, waits for a concurrent one of the same name, and stays when
 * the tag is deleted. Answers whether the tag is new; refuses with `tag_taken` when the name was ever another digest's.
 */
export async function claimTag(tx: Tx, { tenantId, repositoryId, repository, name, digest, createdBy }: TagInput): Promise<boolean> {
  await tx.tagClaim.createMany({ data: [{ tenantId, repositoryId, name, digest }], skipDuplicates: true })
  const claim = await tx.tagClaim.findUniqueOrThrow({ where: { repositoryId_name: { repositoryId, name } } })
  if (claim.digest !== digest) {
    throw new Refusal('tag_taken', `${repository}:${name} is ${claim.digest} already, and a tag is immutable.`, { fix: 'Push it under another tag.' })
  }
  const { count } = await tx.tag.createMany({ data: [{ tenantId, repositoryId, name, digest, createdBy }], skipDuplicates: true })
  return count === 1
}
