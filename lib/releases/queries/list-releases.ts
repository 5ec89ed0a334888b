import { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { ReleaseSummary } from '#lib/releases/release'
import { channelOf } from '#lib/releases/release-name'
import { peopleNames } from '#lib/releases/queries/people-names'
import { findApplication } from '#lib/tenants/queries/find-application'

export const listReleasesInput = z.strictObject({
  application: z.string().max(63).optional(),
  /** Part of a name, commit or digest. */
  search: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Id of the last release of the page before. */
  after: z.string().max(64).optional(),
})

export interface ReleasePage {
  releases: ReleaseSummary[]
  next: string | null
}

interface Row {
  id: string
  name: string
  commit: string
  created_at: Date
  created_by: string
  slug: string
  application: string
  digest: string
  size_bytes: bigint
  runs_in: string[] | null
}

/** Releases of the tenant or of one application, newest first. */
export async function listReleases(ctx: TenantContext, input: z.output<typeof listReleasesInput>): Promise<ReleasePage> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const application = input.application === undefined ? undefined : await findApplication(tx, input.application)
    const pattern = `%${(input.search ?? '').replace(/[\\%_]/g, String.raw`\$&`)}%`
    const rows = await tx.$queryRaw<Row[]>`
      select r.id, r.name, r.commit, r.created_at, r.created_by, a.slug, a.name as application, c.digest, i.size_bytes,
             (select array_agg(e.slug order by e.rank) from deployment d join environment e on e.id = d.environment_id
               where d.release_id = r.id and not d.is_stopped) as runs_in
      from release r
      join application a on a.id = r.application_id
      join lateral (select * from release_component x where x.release_id = r.id order by component limit 1) c on true
      join image i on i.id = c.image_id
      where (${application?.id ?? null}::text is null or r.application_id = ${application?.id ?? null})
        and (r.name ilike ${pattern} or r.commit ilike ${pattern} or c.digest ilike ${pattern} or a.slug ilike ${pattern})
        and (${input.after ?? null}::text is null or r.id < ${input.after ?? null})
      order by r.id desc
      limit ${input.limit + 1}`
    const page = rows.slice(0, input.limit)
    const names = await peopleNames(
      tx,
      page.map((row) => row.created_by),
    )
    return {
      releases: page.map((row) => ({
        id: row.id,
        name: row.name,
        channel: channelOf(row.name) ?? 'content',
        application: { slug: row.slug, name: row.application },
        digest: row.digest,
        sizeBytes: Number(row.size_bytes),
        commit: row.commit,
        createdAt: row.created_at.toISOString(),
        createdBy: { id: row.created_by, name: names.get(row.created_by) ?? row.created_by },
        runsIn: row.runs_in ?? [],
      })),
      next: rows.length > input.limit ? (page.at(-1)?.id ?? null) : null,
    }
  })
}
