import type { Tx } from '#lib/platform/database'
import type { ReleaseFacts } from '#lib/promotions/situation'
import { componentSpecSchema } from '#lib/tenants/component-spec'

interface Wanted {
  ids: readonly string[]
  names: readonly string[]
  /** Of each application. */
  newest: number
}

type ReleaseRow = Omit<ReleaseFacts, 'components'> & { applicationId: string }
type ComponentRow = Omit<ReleaseFacts['components'][number], 'spec'> & { releaseId: string; spec: string }

/** Releases with what the registry maps their names to now. Two statements. */
export async function loadReleases(tx: Tx, applicationIds: string[], wanted: Wanted): Promise<(ReleaseFacts & { applicationId: string })[]> {
  const rows = await tx.$queryRaw<ReleaseRow[]>`
    select r.id, r.name, r.sequence, r.created_at as "createdAt", r.created_by as "createdBy", r.application_id as "applicationId"
    from release r
    where r.application_id = any(${applicationIds}) and (
      r.id = any(${[...wanted.ids]}) or r.name = any(${[...wanted.names]})
      or r.sequence > (select coalesce(max(n.sequence), 0) from release n where n.application_id = r.application_id) - ${wanted.newest}::int)
    order by r.sequence desc`
  // A repository is named without its tenant; an image remembers it with.
  const components = await tx.$queryRaw<ComponentRow[]>`
    select c.release_id as "releaseId", c.component as name, c.digest, c.spec, i.repository, i.base_digest as "baseDigest", i.config_schema as "configSchema",
      t.digest as "taggedDigest", m.digest is not null as "hasManifest", coalesce(a.uploaded_by, '') as "uploadedBy",
      (a.facts::jsonb ->> 'javaLevel')::int as "javaLevel"
    from release_component c
    join release r on r.id = c.release_id
    join image i on i.id = c.image_id
    left join artifact a on a.id = i.artifact_id
    left join repository p on p.tenant_id = r.tenant_id and p.name = substring(i.repository from position('/' in i.repository) + 1)
    left join tag t on t.repository_id = p.id and t.name = r.name
    left join manifest m on m.repository_id = p.id and m.digest = c.digest
    where c.release_id = any(${rows.map(({ id }) => id)}) order by c.component`
  return rows.map((row) => ({
    ...row,
    components: components
      .filter(({ releaseId }) => releaseId === row.id)
      .map(({ releaseId: _release, spec, ...component }) => ({ ...component, spec: componentSpecSchema.parse(JSON.parse(spec)) })),
  }))
}
