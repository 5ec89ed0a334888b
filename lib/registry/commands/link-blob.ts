import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import { mountAtOnce } from '#lib/registry/internal/mounts'
import { demandPushable, linkBlobs, openRepository } from '#lib/registry/internal/repository-rows'
import type { RepositoryName } from '#lib/registry/repository-name'

/** Refuses a push before its bytes are read: when there is no such application, or the actor may not. */
export async function mayPushTo(ctx: TenantContext, name: RepositoryName): Promise<void> {
  authorize(ctx.actor, 'registry.push')
  await ctx.read((tx) => demandPushable(tx, ctx.tenant.id, name))
}

/** Makes a blob that was pushed, hashed and stored visible in a repository. */
export async function linkBlob(ctx: TenantContext, input: { name: RepositoryName; digest: string; sizeBytes: number }): Promise<void> {
  await ctx.write(async (tx) => {
    authorize(ctx.actor, 'registry.push')
    await linkBlobs(tx, ctx.tenant.id, await openRepository(tx, ctx.tenant.id, input.name), [input])
  })
}

export interface MountInput {
  name: RepositoryName
  /** Of the same tenant; undefined: whichever repository of the tenant has it (distribution-spec, "Mounting a blob from another repository"). */
  from: RepositoryName | undefined
  digest: string
}

/**
 * Makes a blob of another repository of the same tenant visible in this one without moving a byte. Answers false when
 * none has it, and then it is pushed: the bytes of another tenant are never mounted, whoever has them.
 */
export async function mountBlob(ctx: TenantContext, { name, from, digest }: MountInput): Promise<boolean> {
  authorize(ctx.actor, 'registry.push')
  if (await mountAtOnce({ tenantId: ctx.tenant.id, target: name.local, source: from?.local ?? null, digest })) return true
  return ctx.write(async (tx) => {
    await demandPushable(tx, ctx.tenant.id, name)
    const rows = await tx.$queryRaw<{ size: bigint }[]>`
      select b.size_bytes as size from repository_blob b join repository r on r.id = b.repository_id
      where r.tenant_id = ${ctx.tenant.id} and b.digest = ${digest} and (${from?.local ?? null}::text is null or r.name = ${from?.local ?? null})
      limit 1 for key share of b`
    if (!rows[0]) return false
    await linkBlobs(tx, ctx.tenant.id, await openRepository(tx, ctx.tenant.id, name), [{ digest, sizeBytes: Number(rows[0].size) }])
    return true
  })
}
