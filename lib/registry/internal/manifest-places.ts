// Where the manifest of a tag or digest is: what every pull asks, for all who ask at once in one statement.
import { isDigest } from '#lib/oci/digest'
import { batched } from '#lib/platform/batched'
import { askPlatform } from '#lib/platform/database'

export interface ManifestKey {
  tenantId: string
  /** Of the repository, without the tenant. */
  local: string
  /** A tag or a digest. */
  reference: string
}

export interface ManifestPlace {
  repositoryId: string
  digest: string
  mediaType: string
  sizeBytes: number
}

interface Row {
  n: string
  id: string
  digest: string | null
  media_type: string
  size_bytes: number
}

const statement = `
  select q.n, r.id, m.digest, m.media_type, m.size_bytes
  from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality as q (tenant, local, tag, digest, n)
    join repository r on r.tenant_id = q.tenant and r.name = q.local
    left join tag t on t.repository_id = r.id and t.name = q.tag and t.tenant_id = q.tenant
    left join manifest m on m.repository_id = r.id and m.digest = coalesce(t.digest, q.digest) and m.tenant_id = q.tenant`

/** undefined: no such repository; a null digest: it has no such manifest. Each row is the tenant's that its key names. */
export const placeOfManifest = batched(async (keys: ManifestKey[]): Promise<(ManifestPlace | { digest: null } | undefined)[]> => {
  const rows = await askPlatform<Row>(statement, [
    keys.map(({ tenantId }) => tenantId),
    keys.map(({ local }) => local),
    keys.map(({ reference }) => (isDigest(reference) ? null : reference)),
    keys.map(({ reference }) => (isDigest(reference) ? reference : null)),
  ])
  const found = new Map(rows.map((row) => [Number(row.n), row]))
  return keys.map((_, index) => {
    const row = found.get(index + 1)
    if (!row || row.digest === null) return row && { digest: null }
    return { repositoryId: row.id, digest: row.digest, mediaType: row.media_type, sizeBytes: row.size_bytes }
  })
})
