// Whether the image of a release is whole: its manifest and every blob of it are here and hash to their digests. Reads files, so
// it is asked outside of transactions; a blob that was hashed lately and has not changed since is not hashed again.
import { sha256Hex } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { blobStore } from '#lib/platform/disk-blob-store'
import { isRefusal } from '#lib/platform/refusal'
import { parseManifest } from '#lib/oci/manifest'
import { getManifest } from '#lib/registry/queries/get-manifest'

export interface ImageCheck {
  outcome: 'passed' | 'missing' | 'failed'
  reason: string
}

interface Asked {
  /** `tenant/application[/component]` */
  repository: string
  digest: string
}

interface Listed {
  broken?: ImageCheck
  blobs: string[]
}

/** By digest of the image. */
export async function checkImages(ctx: TenantContext, images: readonly Asked[]): Promise<Map<string, ImageCheck>> {
  const listed = await ctx.read(async (tx) => {
    const found = new Map<string, Listed>()
    for (const image of images) if (!found.has(image.digest)) found.set(image.digest, await listBlobs(tx, image))
    return found
  })
  const checks = new Map<string, ImageCheck>()
  for (const [digest, { broken, blobs }] of listed) checks.set(digest, broken ?? (await checkBlobs(blobs)))
  return checks
}

async function listBlobs(tx: Tx, { repository, digest }: Asked): Promise<Listed> {
  try {
    const { content, mediaType } = await getManifest(tx, { repository, reference: digest })
    if (`sha256:${sha256Hex(content)}` !== digest)
      return { broken: { outcome: 'failed', reason: `The manifest ${digest} does not hash to its digest any more.` }, blobs: [] }
    const parsed = parseManifest(content, mediaType)
    if (parsed.kind === 'image') return { blobs: [parsed.manifest.config.digest, ...parsed.manifest.layers.map((layer) => layer.digest)] }
    const children: Listed[] = []
    for (const child of parsed.index.manifests) children.push(await listBlobs(tx, { repository, digest: child.digest }))
    const broken = children.find((child) => child.broken)?.broken
    return { ...(broken ? { broken } : {}), blobs: children.flatMap(({ blobs }) => blobs) }
  } catch (error) {
    if (!isRefusal(error)) throw error
    const outcome = error.code === 'not_found' ? 'missing' : 'failed'
    return { broken: { outcome, reason: outcome === 'missing' ? `The registry does not have ${digest} any more.` : error.message }, blobs: [] }
  }
}

async function checkBlobs(blobs: readonly string[]): Promise<ImageCheck> {
  for (const digest of new Set(blobs)) {
    try {
      await blobStore().verifiedPath(digest)
    } catch (error) {
      if (!isRefusal(error)) throw error
      if (error.code === 'not_found') return { outcome: 'missing', reason: `The blob store does not have ${digest} any more.` }
      return { outcome: 'failed', reason: `The blob ${digest} does not hash to its digest any more.` }
    }
  }
  const count = new Set(blobs).size
  return { outcome: 'passed', reason: `The image is here, and its manifest and ${count} blobs hash to their digests.` }
}
