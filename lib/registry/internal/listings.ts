// What is here: tags, repositories, referrers (distribution-spec, "Content Discovery").
import { isDigest } from '#lib/oci/digest'
import { mediaTypes } from '#lib/oci/media-types'
import { answer, Challenge, enterRepository, methodUnknown, nextLink, pageSize, type Exchange } from '#lib/registry/internal/exchange'
import { readScoped } from '#lib/registry/internal/scoped-query'
import { registryRefusal, unknownName } from '#lib/registry/registry-error'

const mostTags = 1000
const mostRepositories = 1000
/** 4 MiB of an index hold more descriptors than this, with annotations of ordinary size. */
const mostReferrers = 500

export async function handleTags(exchange: Exchange, repository: string): Promise<void> {
  const { ctx, name } = enterRepository(exchange, repository, 'pull')
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw methodUnknown(exchange)
  const { query } = exchange
  const limit = pageSize(query, mostTags)
  const last = query.get('last') ?? ''
  const rows = await readScoped<{ name: string | null }>(ctx.tenant.id)`select t.name from repository r left join lateral (
      select name from tag where repository_id = r.id and name collate "C" > ${last} collate "C" order by name collate "C" limit ${limit + 1}
    ) t on true where r.tenant_id = ${ctx.tenant.id} and r.name = ${name.local}`
  if (rows.length === 0) throw unknownName(name.full)
  const found = rows.flatMap((row) => row.name ?? [])
  const tags = found.slice(0, limit)
  const more = tags.length > 0 && found.length > limit ? nextLink(`/v2/${name.full}/tags/list`, { n: String(limit), last: tags.at(-1) ?? '' }) : {}
  answerJson(exchange, { name: name.full, tags }, more)
}

/** The repositories of the tenants that the caller is a member of, and no others. */
export async function handleCatalog(exchange: Exchange): Promise<void> {
  const { caller, query } = exchange
  if (!caller?.askedForCatalog) throw new Challenge('registry:catalog:*')
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw methodUnknown(exchange)
  const limit = pageSize(query, mostRepositories)
  const last = query.get('last') ?? ''
  const names: string[] = []
  for (const tenant of caller.tenants()) {
    const rows = await readScoped<{ name: string }>(
      tenant.id,
    )`select ${`${tenant.slug}/`} || name as name from repository where tenant_id = ${tenant.id}
        and (${`${tenant.slug}/`} || name) collate "C" > ${last} collate "C" order by (${`${tenant.slug}/`} || name) collate "C" limit ${limit + 1}`
    names.push(...rows.map(({ name }) => name))
  }
  const found = names.toSorted((a, b) => (a < b ? -1 : 1))
  const repositories = found.slice(0, limit)
  const more = repositories.length > 0 && found.length > limit ? nextLink('/v2/_catalog', { n: String(limit), last: repositories.at(-1) ?? '' }) : {}
  answerJson(exchange, { repositories }, more)
}

interface ReferrerRow {
  digest: string
  media_type: string
  size_bytes: number
  artifact_type: string
  annotations: string
}

/** An index of the manifests whose subject is this digest; empty when there is none, whether or not the subject is here. */
export async function handleReferrers(exchange: Exchange, repository: string, digest: string): Promise<void> {
  const { ctx, name } = enterRepository(exchange, repository, 'pull')
  if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw methodUnknown(exchange)
  if (!isDigest(digest)) throw registryRefusal('DIGEST_INVALID', 'invalid_input', `${digest.slice(0, 200)} is not a sha256 or sha512 digest.`)
  const { query } = exchange
  const artifactType = query.get('artifactType')
  const limit = Math.max(1, pageSize(query, mostReferrers))
  const rows = await readScoped<ReferrerRow>(
    ctx.tenant.id,
  )`select m.digest, m.media_type, m.size_bytes, m.artifact_type, m.annotations from manifest m join repository r on r.id = m.repository_id
    where r.tenant_id = ${ctx.tenant.id} and r.name = ${name.local} and m.subject_digest = ${digest}
      and (${artifactType ?? ''} = '' or m.artifact_type = ${artifactType ?? ''}) and m.digest > ${query.get('last') ?? ''}
    order by m.digest limit ${limit + 1}`
  const page = rows.slice(0, limit)
  const manifests = page.map(({ digest: referrer, media_type, size_bytes, artifact_type, annotations }) => ({
    mediaType: media_type,
    digest: referrer,
    size: size_bytes,
    ...(artifact_type === '' ? {} : { artifactType: artifact_type }),
    ...(annotations === '{}' ? {} : { annotations: JSON.parse(annotations) as Record<string, string> }),
  }))
  const parameters = { n: String(limit), last: page.at(-1)?.digest ?? '', ...(artifactType ? { artifactType } : {}) }
  answerJson(
    exchange,
    { schemaVersion: 2, mediaType: mediaTypes.index, manifests },
    {
      'content-type': mediaTypes.index,
      ...(artifactType ? { 'oci-filters-applied': 'artifactType' } : {}),
      ...(rows.length > limit ? nextLink(`/v2/${name.full}/referrers/${digest}`, parameters) : {}),
    },
  )
}

function answerJson(exchange: Exchange, body: unknown, headers: Record<string, string>): void {
  answer(exchange, 200, { 'content-type': 'application/json', ...headers }, JSON.stringify(body))
}
