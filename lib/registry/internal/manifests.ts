// Manifests: pulled, pushed, deleted (distribution-spec, "Pulling manifests", "Pushing Manifests", "Deleting").
import { isDigest } from '#lib/oci/digest'
import { maxManifestBytes } from '#lib/oci/manifest'
import { isTag } from '#lib/oci/reference'
import { deleteManifest } from '#lib/registry/commands/delete-manifest'
import { putManifest } from '#lib/registry/commands/put-manifest'
import { answer, boundedBody, enterRepository, methodUnknown, type Exchange } from '#lib/registry/internal/exchange'
import { ManifestCache } from '#lib/registry/internal/manifest-cache'
import { placeOfManifest, type ManifestPlace } from '#lib/registry/internal/manifest-places'
import { readScoped } from '#lib/registry/internal/scoped-query'
import { registryRefusal, unknownName } from '#lib/registry/registry-error'
import type { RepositoryName } from '#lib/registry/repository-name'

export async function handleManifest(exchange: Exchange, repository: string, reference: string): Promise<void> {
  const { method, request } = exchange
  const action = method === 'PUT' ? 'push' : method === 'DELETE' ? 'delete' : 'pull'
  const { ctx, name } = enterRepository(exchange, repository, action)
  if (method === 'PUT') {
    const bytes = await collect(boundedBody(request, maxManifestBytes))
    const { digest, subject } = await putManifest(ctx, { name, reference, mediaType: contentType(request.headers['content-type'], bytes), bytes })
    return answer(exchange, 201, {
      location: `/v2/${name.full}/manifests/${digest}`,
      'docker-content-digest': digest,
      ...(subject === undefined ? {} : { 'oci-subject': subject }),
    })
  }
  if (method === 'DELETE') {
    await deleteManifest(ctx, { name, reference })
    return answer(exchange, 202)
  }
  if (method !== 'GET' && method !== 'HEAD') throw methodUnknown(exchange)
  const found = await findManifest(ctx.tenant.id, name, reference)
  const headers = {
    'content-type': found.mediaType,
    'content-length': found.sizeBytes,
    'docker-content-digest': found.digest,
    etag: `"${found.digest}"`,
  }
  if (method === 'HEAD') return answer(exchange, 200, headers)
  if (request.headers['if-none-match'] === headers.etag) return answer(exchange, 304, { etag: headers.etag, 'docker-content-digest': found.digest })
  answer(exchange, 200, headers, await bytesOf(ctx.tenant.id, found))
}

/** Asked for each request, so that what was deleted is gone at once; the bytes of a digest never change. */
async function findManifest(tenantId: string, name: RepositoryName, reference: string): Promise<ManifestPlace> {
  if (!isDigest(reference) && !isTag(reference)) {
    throw registryRefusal('MANIFEST_UNKNOWN', 'not_found', `${reference.slice(0, 200)} is neither a tag nor a digest.`)
  }
  const found = await placeOfManifest({ tenantId, local: name.local, reference })
  if (!found) throw unknownName(name.full)
  if (found.digest === null) throw registryRefusal('MANIFEST_UNKNOWN', 'not_found', `${name.full} has no manifest ${reference}.`)
  return found
}

const cache = new ManifestCache()

async function bytesOf(tenantId: string, { repositoryId, digest }: ManifestPlace): Promise<Buffer> {
  const key = `${repositoryId} ${digest}`
  const cached = cache.get(key)
  if (cached) return cached
  const [row] = await readScoped<{ content: Buffer }>(
    tenantId,
  )`select content from manifest where repository_id = ${repositoryId} and digest = ${digest}`
  if (!row) throw registryRefusal('MANIFEST_UNKNOWN', 'not_found', `The manifest ${digest} was deleted just now.`)
  cache.set(key, row.content)
  return row.content
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** A client that names no type leaves it to the document (image-spec, "mediaType"). */
function contentType(header: string | undefined, bytes: Buffer): string {
  const said = header?.split(';')[0]?.trim().toLowerCase()
  if (said) return said
  try {
    const { mediaType } = JSON.parse(bytes.toString('utf8')) as { mediaType?: unknown }
    return typeof mediaType === 'string' ? mediaType : ''
  } catch {
    return ''
  }
}
