import { isDigest } from '#lib/oci/digest'
import type { Tx } from '#lib/platform/database'
import { registryRefusal, unknownName } from '#lib/registry/registry-error'
import { parseRepositoryName } from '#lib/registry/repository-name'

export interface StoredManifest {
  digest: string
  mediaType: string
  /** The exact bytes that were pushed. */
  content: Buffer
}

/**
 * A manifest of the tenant of this transaction, for the platform itself.
 * @param input.repository `tenant/application[/component]`
 * @param input.reference a digest or a tag
 * @throws Refusal `not_found`
 */
export async function getManifest(tx: Tx, input: { repository: string; reference: string }): Promise<StoredManifest> {
  const { repository, reference } = input
  const name = parseRepositoryName(repository)
  const rows = await tx.$queryRaw<{ digest: string; media_type: string; content: Uint8Array }[]>`
    select m.digest, m.media_type, m.content from repository r join tenant w on w.id = r.tenant_id
    left join tag t on t.repository_id = r.id and t.name = ${isDigest(reference) ? '' : reference}
    join manifest m on m.repository_id = r.id and m.digest = coalesce(t.digest, ${reference})
    where w.slug = ${name?.tenant ?? ''} and r.name = ${name?.local ?? ''}`
  if (!name) throw unknownName(repository)
  if (!rows[0]) throw registryRefusal('MANIFEST_UNKNOWN', 'not_found', `${repository} has no manifest ${reference}.`)
  return { digest: rows[0].digest, mediaType: rows[0].media_type, content: Buffer.from(rows[0].content) }
}
