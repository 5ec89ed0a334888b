// Mounting, which every promotion to another repository does for each layer: all who ask at once in one statement.
import { batched } from '#lib/platform/batched'
import { askPlatform } from '#lib/platform/database'

export interface MountKey {
  tenantId: string
  /** Repositories without the tenant; a null source: whichever has it. */
  target: string
  source: string | null
  digest: string
}

// The disk is not waited for: the manifest that names the blob is, and PostgreSQL writes in order, so that what is there of a push after
// a crash is whole; a client whose mount was lost is told so by the answer to its manifest (docs/decisions/0031).
// The row that is mounted from is locked against a delete at the same time. Targets in one order, so that no two rounds wait for each other.
const statement = `
  with q as (
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as q (tenant, target, source, digest, n)
  ), found as materialized (
    select q.n, q.tenant, t.id, q.digest, b.size_bytes
    from q join repository t on t.tenant_id = q.tenant and t.name = q.target
      cross join lateral (
        select b.size_bytes from repository_blob b join repository r on r.id = b.repository_id
        where r.tenant_id = q.tenant and b.tenant_id = q.tenant and b.digest = q.digest and (q.source is null or r.name = q.source)
        limit 1 for key share of b
      ) b
  ), linked as (
    insert into repository_blob (tenant_id, repository_id, digest, size_bytes)
    select tenant, id, digest, size_bytes from found order by id, digest
    on conflict do nothing
  ), hurried as materialized (
    select set_config('synchronous_commit', 'off', true)
  )
  select n from found, hurried`

/** Whether the blob is visible in the target now; false when no repository it names is there, or none of the tenant's has the blob. */
export const mountAtOnce = batched(async (keys: MountKey[]): Promise<boolean[]> => {
  const rows = await askPlatform<{ n: string }>(statement, [
    keys.map(({ tenantId }) => tenantId),
    keys.map(({ target }) => target),
    keys.map(({ source }) => source),
    keys.map(({ digest }) => digest),
  ])
  const mounted = new Set(rows.map(({ n }) => Number(n)))
  return keys.map((_, index) => mounted.has(index + 1))
})
