import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { isDigest } from '#lib/oci/digest'
import type { TenantContext } from '#lib/platform/context'
import { violatedConstraint, type Tx } from '#lib/platform/database'
import { announce } from '#lib/platform/live-event'
import { findRepository } from '#lib/registry/internal/repository-rows'
import { registryRefusal } from '#lib/registry/registry-error'
import type { RepositoryName } from '#lib/registry/repository-name'

/**
 * Deletes a tag, or a manifest by digest with its tags. What is pinned stays: `conflict` with who needs it; a foreign key
 * keeps it so when a pin races. A deleted tag never names another digest.
 */
export async function deleteManifest(ctx: TenantContext, { name, reference }: { name: RepositoryName; reference: string }): Promise<void> {
  try {
    await ctx.write(async (tx) => {
      authorize(ctx.actor, 'registry.push')
      const repositoryId = await findRepository(tx, ctx.tenant.id, name)
      const digest = isDigest(reference) ? reference : await digestOfTag(tx, repositoryId, reference)
      if (digest === undefined || !(await lockManifest(tx, repositoryId, digest))) throw unknownManifest(name, reference)
      await refusePinned(tx, repositoryId, digest, name, reference)
      if (isDigest(reference)) {
        await tx.tag.deleteMany({ where: { repositoryId, digest } })
        await tx.manifest.deleteMany({ where: { repositoryId, digest } })
      } else {
        const { count } = await tx.tag.deleteMany({ where: { repositoryId, name: reference } })
        if (count === 0) throw unknownManifest(name, reference)
      }
      await appendEntry(tx, ctx, {
        action: isDigest(reference) ? 'image.deleted' : 'tag.deleted',
        subject: { kind: 'image', id: digest, name: isDigest(reference) ? name.full : `${name.full}:${reference}` },
        before: { repository: name.full, digest },
      })
      await announce(tx, ctx.tenant.id, 'release', name.application)
    })
  } catch (error) {
    if (violatedConstraint(error)?.includes('fkey')) throw pinned(name, reference, 'a push or release that came at the same time')
    throw error
  }
}

async function digestOfTag(tx: Tx, repositoryId: string, tag: string): Promise<string | undefined> {
  const row = await tx.tag.findUnique({ where: { repositoryId_name: { repositoryId, name: tag } }, select: { digest: true } })
  return row?.digest
}

async function lockManifest(tx: Tx, repositoryId: string, digest: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`select 1 from manifest where repository_id = ${repositoryId} and digest = ${digest} for update`
  return rows.length > 0
}

async function refusePinned(tx: Tx, repositoryId: string, digest: string, name: RepositoryName, reference: string): Promise<void> {
  const pins = await tx.registryPin.findMany({ where: { repositoryId, digest }, select: { reason: true }, orderBy: { pinnedAt: 'asc' }, take: 3 })
  if (pins.length > 0) throw pinned(name, reference, pins.map(({ reason }) => reason).join(', '))
}

function pinned(name: RepositoryName, reference: string, by: string) {
  return registryRefusal('DENIED', 'conflict', `${name.full} ${reference} cannot be deleted: ${by} needs it.`, 'Images of releases are kept.')
}

function unknownManifest(name: RepositoryName, reference: string) {
  return registryRefusal('MANIFEST_UNKNOWN', 'not_found', `${name.full} has no manifest ${reference.slice(0, 200)}.`)
}
