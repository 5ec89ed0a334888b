import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { algorithmOf, digestOf, isDigest } from '#lib/oci/digest'
import { parseManifest } from '#lib/oci/manifest'
import { isTag } from '#lib/oci/reference'
import { actorId, type TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { demandReferences, documentOf, keepManifest } from '#lib/registry/internal/manifest-rows'
import { openRepository } from '#lib/registry/internal/repository-rows'
import { claimTag } from '#lib/registry/internal/tag-rows'
import { registryRefusal } from '#lib/registry/registry-error'
import type { RepositoryName } from '#lib/registry/repository-name'

export interface PutManifestInput {
  name: RepositoryName
  /** A tag, or the digest that the bytes must have. */
  reference: string
  mediaType: string
  bytes: Uint8Array
}

/**
 * Takes a pushed manifest: read once, all that it names is here, its tag is free or this digest's already. One entry, and
 * none when nothing is new.
 * @returns the digest, and the subject's when the manifest refers to one
 * @throws Refusal `invalid_input`, `too_large`, `not_found` (no such application), `tag_taken`
 */
export async function putManifest(ctx: TenantContext, input: PutManifestInput): Promise<{ digest: string; subject: string | undefined }> {
  const { name, reference, mediaType, bytes } = input
  const digest = digestFor(reference, bytes)
  const parsed = parseManifest(bytes, mediaType)
  const { tenant } = ctx
  await ctx.write(async (tx) => {
    authorize(ctx.actor, 'registry.push')
    const repositoryId = await openRepository(tx, tenant.id, name)
    await demandReferences(tx, repositoryId, parsed)
    const pushedBy = actorId(ctx.actor)
    const isNew = await keepManifest(tx, { tenantId: tenant.id, repositoryId, digest, mediaType, bytes, parsed, pushedBy })
    const tag = isDigest(reference) ? undefined : reference
    const isNewTag =
      tag !== undefined && (await claimTag(tx, { tenantId: tenant.id, repositoryId, repository: name.full, name: tag, digest, createdBy: pushedBy }))
    if (!isNew && !isNewTag) return
    await appendEntry(tx, ctx, {
      action: 'image.pushed',
      subject: { kind: 'image', id: digest, name: tag === undefined ? name.full : `${name.full}:${tag}` },
      after: { repository: name.full, digest, mediaType, ...(tag === undefined ? {} : { tag }) },
    })
    await announce(tx, tenant.id, 'release', name.application)
  })
  return { digest, subject: documentOf(parsed).subject?.digest }
}

function digestFor(reference: string, bytes: Uint8Array): string {
  if (!isDigest(reference)) {
    if (isTag(reference)) return digestOf(bytes)
    throw registryRefusal('MANIFEST_INVALID', 'invalid_input', `${reference.slice(0, 200)} is neither a tag nor a sha256 or sha512 digest.`)
  }
  const digest = digestOf(bytes, algorithmOf(reference))
  if (digest !== reference) {
    throw registryRefusal('DIGEST_INVALID', 'invalid_input', `The manifest hashes to ${digest}, not to ${reference}.`, 'Push it again.')
  }
  return digest
}
