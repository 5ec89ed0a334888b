import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { registryRefusal, unknownName } from '#lib/registry/registry-error'
import type { RepositoryName } from '#lib/registry/repository-name'

/** The row of a repository of this tenant; `not_found` when nothing was pushed to it yet. */
export async function findRepository(tx: Tx, tenantId: string, name: RepositoryName): Promise<string> {
  const row = await tx.repository.findUnique({ where: { tenantId_name: { tenantId, name: name.local } }, select: { id: true } })
  if (!row) throw unknownName(name.full)
  return row.id
}

/** The same for a push, which makes the repository of an application that exists. */
export async function openRepository(tx: Tx, tenantId: string, name: RepositoryName): Promise<string> {
  return (await demandPushable(tx, tenantId, name)) ?? makeRepository(tx, tenantId, name.local)
}

/** Refuses a push to what could not be a repository; answers the one that is there. */
export async function demandPushable(tx: Tx, tenantId: string, name: RepositoryName): Promise<string | undefined> {
  const row = await tx.repository.findUnique({ where: { tenantId_name: { tenantId, name: name.local } }, select: { id: true } })
  if (row) return row.id
  const application = await tx.application.findUnique({ where: { tenantId_slug: { tenantId, slug: name.application } }, select: { id: true } })
  if (!application) {
    throw registryRefusal(
      'NAME_UNKNOWN',
      'not_found',
      `${name.tenant} has no application ${name.application} to push to.`,
      `Create the application ${name.application} first; its repository is made by the first push.`,
    )
  }
  return undefined
}

/** Two first pushes at once end with the same row. */
export async function makeRepository(tx: Tx, tenantId: string, local: string): Promise<string> {
  await tx.repository.createMany({ data: [{ id: newId(), tenantId, name: local }], skipDuplicates: true })
  return (await tx.repository.findUniqueOrThrow({ where: { tenantId_name: { tenantId, name: local } }, select: { id: true } })).id
}

export async function linkBlobs(
  tx: Tx,
  tenantId: string,
  repositoryId: string,
  blobs: readonly { digest: string; sizeBytes: number }[],
): Promise<void> {
  await tx.repositoryBlob.createMany({
    data: blobs.map(({ digest, sizeBytes }) => ({ tenantId, repositoryId, digest, sizeBytes: BigInt(sizeBytes) })),
    skipDuplicates: true,
  })
}
