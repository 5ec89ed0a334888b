import { isIndexType } from '#lib/oci/media-types'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import { parseRepositoryName } from '#lib/registry/repository-name'

export interface PinInput {
  tenantId: string
  /** `tenant/application[/component]`. */
  repository: string
  digest: string
  /** Who needs it: `release:<id>`. */
  pinnedBy: string
  /** As a refused delete says it: `release v1.2.3`. */
  reason: string
}

/** Keeps a manifest, and for an index all that it lists, from being deleted. Idempotent; `not_found` when it is not there. */
export async function pinManifest(tx: Tx, input: PinInput): Promise<void> {
  const { tenantId, digest, pinnedBy, reason } = input
  const local = parseRepositoryName(input.repository)?.local ?? ''
  const repository = await tx.repository.findUnique({ where: { tenantId_name: { tenantId, name: local } }, select: { id: true } })
  const pending = [digest]
  const seen = new Set<string>()
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    const row = repository && (await tx.manifest.findUnique({ where: { repositoryId_digest: { repositoryId: repository.id, digest: next } } }))
    if (row) {
      const { repositoryId } = row
      await tx.registryPin.createMany({ data: [{ tenantId, repositoryId, digest: next, pinnedBy, reason }], skipDuplicates: true })
      if (isIndexType(row.mediaType)) pending.push(...listed(row.content))
    } else if (next === digest) {
      throw new Refusal('not_found', `${input.repository} has no manifest ${digest} to pin.`)
    }
  }
}

/** An index may list blobs too; those are kept by being named in a manifest. */
function listed(content: Uint8Array): string[] {
  const { manifests = [] } = JSON.parse(Buffer.from(content).toString('utf8')) as { manifests?: { digest: string }[] }
  return manifests.map(({ digest }) => digest)
}
