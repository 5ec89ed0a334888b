import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { RepositorySummary } from '#lib/registry/repository-view'

/** The repositories of the tenant by name. */
export async function listRepositories(ctx: TenantContext): Promise<{ repositories: RepositorySummary[] }> {
  authorize(ctx.actor, 'tenant.read')
  return { repositories: await ctx.read((tx) => summaries(tx, ctx.tenant.slug)) }
}

interface Row {
  name: string
  tags: bigint
  size: bigint
  last_push: Date | null
}

/** @param local `application[/component]` of one of them; all when absent */
export async function summaries(tx: Tx, tenantSlug: string, local?: string): Promise<RepositorySummary[]> {
  const rows = await tx.$queryRaw<Row[]>`
    select r.name, (select count(*) from tag t where t.repository_id = r.id) as tags,
      (select coalesce(sum(b.size_bytes), 0) from repository_blob b where b.repository_id = r.id)::bigint
        + (select coalesce(sum(m.size_bytes), 0) from manifest m where m.repository_id = r.id)::bigint as size,
      greatest((select max(m.pushed_at) from manifest m where m.repository_id = r.id),
               (select max(t.created_at) from tag t where t.repository_id = r.id)) as last_push
    from repository r where ${local ?? null}::text is null or r.name = ${local ?? null} order by r.name`
  return rows.map((row) => {
    const [application = '', component] = row.name.split('/')
    return {
      name: `${tenantSlug}/${row.name}`,
      application,
      component: component ?? null,
      tags: Number(row.tags),
      sizeBytes: Number(row.size),
      lastPushAt: row.last_push?.toISOString() ?? null,
    }
  })
}
