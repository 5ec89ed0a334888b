import { Prisma } from '#lib/platform/generated/client'
import { reading, type Reading } from '#lib/platform/together'
import { unsettledStates } from '#lib/promotions/promotion-state'
import type { ReleaseFacts } from '#lib/promotions/situation'
import { componentSpecSchema } from '#lib/tenants/component-spec'

interface Wanted {
  names: readonly string[]
  /** Of each application. */
  newest: number
}

type ComponentRow = Omit<ReleaseFacts['components'][number], 'spec'> & { spec: string }
type ReleaseRow = Omit<ReleaseFacts, 'components'> & { applicationId: string; components: ComponentRow[] }

/** Releases that run, are about to or are wanted, with what the registry maps their names to now. */
export function releaseRows(applicationIds: string[], wanted: Wanted): Reading<ReleaseRow> {
  // A repository is named without its tenant; an image remembers it with.
  return reading<ReleaseRow>(
    Prisma.sql`
      select r.id, r.name, r.sequence, r.created_at as "createdAt", r.created_by as "createdBy", r.application_id as "applicationId",
      x.pruned_at as "prunedAt", (
        select coalesce(json_agg(one), '[]') from (
          select c.component as name, c.digest, c.spec, i.repository, i.base_digest as "baseDigest", i.config_schema as "configSchema",
            t.digest as "taggedDigest", m.digest is not null as "hasManifest", coalesce(a.uploaded_by, '') as "uploadedBy",
            (a.facts::jsonb ->> 'javaLevel')::int as "javaLevel"
          from release_component c
          join image i on i.id = c.image_id
          left join artifact a on a.id = i.artifact_id
          left join repository p on p.tenant_id = r.tenant_id and p.name = substring(i.repository from position('/' in i.repository) + 1)
          left join tag t on t.repository_id = p.id and t.name = r.name
          left join manifest m on m.repository_id = p.id and m.digest = c.digest
          where c.release_id = r.id order by c.component
        ) one
      ) as components
      from release r left join pruned_release x on x.release_id = r.id
      where r.application_id = any(${applicationIds}) and (
        r.id in (
          select release_id from deployment where application_id = any(${applicationIds})
          union all select release_id from promotion where application_id = any(${applicationIds}) and state = any(${[...unsettledStates]})
        ) or r.name = any(${[...wanted.names]})
        or r.sequence > (select coalesce(max(n.sequence), 0) from release n where n.application_id = r.application_id) - ${wanted.newest}::int)
      order by r.sequence desc`,
    'createdAt',
    'prunedAt',
  )
}

export function releasesOf(rows: readonly ReleaseRow[]): (ReleaseFacts & { applicationId: string })[] {
  return rows.map((row) => ({
    ...row,
    components: row.components.map(({ spec, ...component }) => ({ ...component, spec: componentSpecSchema.parse(JSON.parse(spec)) })),
  }))
}
