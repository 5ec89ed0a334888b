import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'
import { personPin } from '#lib/promotions/internal/retention-facts'
import { presentRetention } from '#lib/promotions/queries/get-retention'
import { pinInput, unpinInput, type RetentionView } from '#lib/promotions/retention'
import { pinManifest } from '#lib/registry/commands/pin-manifest'
import { findApplication } from '#lib/tenants/queries/find-application'

/** Keeps a release from being pruned until somebody lets it go, with the reason why. `gone` when it was pruned before. */
export async function pinRelease(ctx: TenantContext, input: z.input<typeof pinInput>): Promise<RetentionView> {
  const { application: slug, release: name, reason } = pinInput.parse(input)
  return ctx.write(async (tx) => {
    authorize(ctx.actor, 'retention.pin')
    const application = await findApplication(tx, slug)
    const release = await findRelease(tx, application, name)
    if (await tx.prunedRelease.findUnique({ where: { releaseId: release.id } })) {
      throw new Refusal('gone', `The images of ${slug} ${name} were pruned.`, { fix: 'Upload the JAR again under a new name.' })
    }
    const components = await tx.releaseComponent.findMany({ where: { releaseId: release.id }, select: { digest: true, imageId: true } })
    for (const { digest, imageId } of components) {
      const { repository } = await tx.image.findUniqueOrThrow({ where: { id: imageId }, select: { repository: true } })
      await pinManifest(tx, { tenantId: ctx.tenant.id, repository, digest, pinnedBy: `${personPin}:${release.id}`, reason })
    }
    await appendEntry(tx, ctx, { action: 'release.pinned', subject: { kind: 'release', id: release.id, name: `${slug} ${name}` }, reason })
    await announce(tx, ctx.tenant.id, 'release', slug)
    return presentRetention(tx, ctx, application)
  })
}

/** Lets a pinned release go: from now on the rule decides. */
export async function unpinRelease(ctx: TenantContext, input: z.input<typeof unpinInput>): Promise<RetentionView> {
  const { application: slug, release: name } = unpinInput.parse(input)
  return ctx.write(async (tx) => {
    authorize(ctx.actor, 'retention.pin')
    const application = await findApplication(tx, slug)
    const release = await findRelease(tx, application, name)
    const { count } = await tx.registryPin.deleteMany({ where: { pinnedBy: `${personPin}:${release.id}` } })
    if (count === 0) throw new Refusal('not_found', `${slug} ${name} is not pinned.`, { fix: 'Look at the retention of the application.' })
    await appendEntry(tx, ctx, { action: 'release.unpinned', subject: { kind: 'release', id: release.id, name: `${slug} ${name}` } })
    await announce(tx, ctx.tenant.id, 'release', slug)
    return presentRetention(tx, ctx, application)
  })
}

async function findRelease(tx: Tx, application: { id: string; slug: string }, name: string): Promise<{ id: string }> {
  const release = await tx.release.findUnique({ where: { applicationId_name: { applicationId: application.id, name } }, select: { id: true } })
  if (!release) throw new Refusal('not_found', `${application.slug} has no release ${name}.`, { fix: `List the releases of ${application.slug}.` })
  return release
}
