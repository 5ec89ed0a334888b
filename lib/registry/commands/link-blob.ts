import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import { linkBlobs, openRepository } from '#lib/registry/internal/repository-rows'
import type { RepositoryName } from '#lib/registry/repository-name'

/** Makes a blob that was pushed, hashed and stored visible in a repository. */
export async function linkBlob(ctx: TenantContext, input: { name: RepositoryName; digest: string; sizeBytes: number }): Promise<void> {
  await ctx.write(async (tx) => {
    authorize(ctx.actor, 'registry.push')
    await linkBlobs(tx, ctx.tenant.id, await openRepository(tx, ctx.tenant.id, input.name), [input])
  })
}

/**
 * Makes a blob of another repository of the same tenant visible in this one without moving a byte. Answers false when it
 * cannot, and then it is pushed: the bytes of another tenant are never mounted, whoever has them.
 */
export async function mountBlob(ctx: TenantContext, input: { name: RepositoryName; from: RepositoryName; digest: string }): Promise<boolean> {
  const { name, from, digest } = input
  if (from.tenant !== ctx.tenant.slug) return false
  return ctx.write(async (tx) => {
    authorize(ctx.actor, 'registry.push')
    const repositoryId = await openRepository(tx, ctx.tenant.id, name)
    const rows = await tx.$queryRaw<{ size: bigint }[]>`
      select b.size_bytes as size from repository_blob b join repository r on r.id = b.repository_id
      where r.tenant_id = ${ctx.tenant.id} and r.name = ${from.local} and b.digest = ${digest} for key share of b`
    if (!rows[0]) return false
    await linkBlobs(tx, ctx.tenant.id, repositoryId, [{ digest, sizeBytes: Number(rows[0].size) }])
    return true
  })
}
