import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import { findRepository } from '#lib/registry/internal/repository-rows'
import { registryRefusal } from '#lib/registry/registry-error'
import type { RepositoryName } from '#lib/registry/repository-name'

/**
 * Takes a blob out of a repository; its bytes stay as long as anybody has it. A blob that a manifest of the repository
 * names is refused (`conflict`): that manifest would promise what cannot be pulled.
 */
export async function deleteBlob(ctx: TenantContext, { name, digest }: { name: RepositoryName; digest: string }): Promise<void> {
  await ctx.write(async (tx) => {
    authorize(ctx.actor, 'registry.push')
    const repositoryId = await findRepository(tx, ctx.tenant.id, name)
    // The lock comes first: a push that names the blob holds it until its manifest is there to be seen.
    const rows = await tx.$queryRaw<unknown[]>`select 1 from repository_blob where repository_id = ${repositoryId} and digest = ${digest} for update`
    if (rows.length === 0) throw registryRefusal('BLOB_UNKNOWN', 'not_found', `${name.full} has no blob ${digest}.`)
    const [user] = await tx.$queryRaw<{ digest: string }[]>`
      select digest from manifest where repository_id = ${repositoryId} and position(convert_to(${`"${digest}"`}, 'UTF8') in content) > 0 limit 1`
    if (user) {
      throw registryRefusal('DENIED', 'conflict', `The blob ${digest} is part of ${name.full}@${user.digest}.`, 'Delete that manifest first.')
    }
    await tx.repositoryBlob.deleteMany({ where: { repositoryId, digest } })
    await appendEntry(tx, ctx, { action: 'blob.deleted', subject: { kind: 'blob', id: digest, name: name.full }, before: { repository: name.full } })
  })
}
