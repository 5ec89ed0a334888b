import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import { publicUrl } from '#lib/platform/settings'
import { summaries } from '#lib/registry/queries/list-repositories'
import type { oneRepository, RepositoryView, TagView } from '#lib/registry/repository-view'

const mostTags = 1000

/** A repository with its newest 1000 tags. @throws Refusal `not_found` */
export async function getRepository(ctx: TenantContext, input: z.output<typeof oneRepository>): Promise<RepositoryView> {
  authorize(ctx.actor, 'tenant.read')
  const local = input.component === undefined ? input.application : `${input.application}/${input.component}`
  const host = new URL(publicUrl()).host
  return ctx.read(async (tx) => {
    const [summary] = await summaries(tx, ctx.tenant.slug, local)
    if (!summary) throw new Refusal('not_found', `There is no repository ${local} here.`, { fix: 'It is made by the first upload or push.' })
    return { ...summary, login: `docker login ${host}`, tagList: await tagsOf(tx, local, `${host}/${summary.name}`) }
  })
}

interface Row {
  name: string
  digest: string
  media_type: string
  size: bigint
  created_at: Date
  created_by: string
  person: string | null
  pins: string[]
}

async function tagsOf(tx: Tx, local: string, address: string): Promise<TagView[]> {
  const rows = await tx.$queryRaw<Row[]>`
    select t.name, t.digest, m.media_type, t.created_at, t.created_by, u.name as person,
      m.size_bytes + coalesce((select sum(b.size_bytes) from repository_blob b
        where b.repository_id = r.id and position(convert_to('"' || b.digest || '"', 'UTF8') in m.content) > 0), 0)::bigint as size,
      array(select p.reason from registry_pin p where p.repository_id = r.id and p.digest = t.digest order by p.pinned_at) as pins
    from repository r join tag t on t.repository_id = r.id join manifest m on m.repository_id = r.id and m.digest = t.digest
    left join "user" u on u.id = t.created_by
    where r.name = ${local} order by t.created_at desc, t.name limit ${mostTags}`
  return rows.map((row) => ({
    name: row.name,
    digest: row.digest,
    mediaType: row.media_type,
    sizeBytes: Number(row.size),
    pushedAt: row.created_at.toISOString(),
    pushedBy: { id: row.created_by, name: row.person ?? row.created_by },
    pull: `docker pull ${address}@${row.digest}`,
    pinnedBy: row.pins,
  }))
}
