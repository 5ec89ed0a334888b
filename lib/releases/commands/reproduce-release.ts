import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { reproduceImage } from '#lib/builder/commands/reproduce-image'
import { resolveBase } from '#lib/builder/commands/resolve-base'
import type { TenantContext } from '#lib/platform/context'
import { blobStore } from '#lib/platform/disk-blob-store'
import { fetchImage } from '#lib/registry/client'
import { Refusal } from '#lib/platform/refusal'
import { getRelease } from '#lib/releases/queries/get-release'
import type { ReproductionView } from '#lib/releases/release'

/** Builds the image of a release again from the stored JAR, keeps nothing of it, and says whether the digest is the same. */
export async function reproduceRelease(ctx: TenantContext, input: { application: string; release: string }): Promise<ReproductionView> {
  authorize(ctx.actor, 'tenant.read')
  const release = await getRelease(ctx, input)
  const component = release.components[0]
  const artifact = await ctx.read((tx) => tx.artifact.findFirst({ where: { digest: component?.seal.artifactDigest ?? '' } }))
  if (!component || !artifact) {
    throw new Refusal('conflict', `${release.name} was pushed as an image: there is no JAR to build it from.`)
  }
  const base = await resolveBase(component.seal.baseReference, blobStore(), fetchImage)
  if ((base?.digest ?? '') !== component.seal.baseDigest) {
    throw new Refusal('conflict', `The base ${component.seal.baseReference} is not the one that ${release.name} was built on.`, {
      fix: `Bring back ${component.seal.baseDigest}.`,
    })
  }
  const startedAt = performance.now()
  const rebuilt = await reproduceImage({ jarDigest: artifact.digest, fileName: artifact.fileName, base }, blobStore())
  const view = {
    imageDigest: component.digest,
    rebuiltDigest: rebuilt.digest,
    isIdentical: rebuilt.digest === component.digest,
    tookMs: Math.round(performance.now() - startedAt),
  }
  await ctx.write((tx) =>
    appendEntry(tx, ctx, {
      action: 'release.reproduced',
      subject: { kind: 'release', id: release.id, name: `${input.application} ${release.name}` },
      after: { ...view },
    }),
  )
  return view
}
