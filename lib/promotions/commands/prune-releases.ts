import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { actorId, createContext, systemActor, type TenantContext } from '#lib/platform/context'
import { database, inTransaction, type Tx } from '#lib/platform/database'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'
import { retentionFacts } from '#lib/promotions/internal/retention-facts'
import { presentRetention } from '#lib/promotions/queries/get-retention'
import { judgeRetention, pruneInput, type RetentionJudgement, type RetentionView } from '#lib/promotions/retention'
import { releaseImages } from '#lib/registry/commands/release-images'
import { findApplication } from '#lib/tenants/queries/find-application'

/**
 * Prunes what the preview listed: the images leave the registry, and a tombstone, the history and the proofs of each release stay.
 * `plan_moved` when something else would go by now. Whoever deploys one afterwards is told that it is `gone`.
 */
export async function pruneReleases(ctx: TenantContext, input: z.input<typeof pruneInput>): Promise<RetentionView> {
  const { application: slug, releases } = pruneInput.parse(input)
  return ctx.write(async (tx) => {
    authorize(ctx.actor, 'policy.edit')
    const application = await findApplication(tx, slug)
    await lockApplication(tx, application.id)
    const going = await wouldGo(tx, application.id)
    const names = going.map(({ release }) => release)
    if (names.toSorted().join() !== [...new Set(releases)].toSorted().join()) {
      const words = names.length === 0 ? 'Nothing would be pruned now.' : `By now ${names.join(', ')} would be pruned.`
      throw new Refusal('plan_moved', words, { fix: 'Look at the preview again.' })
    }
    await prune(tx, ctx, application, going)
    return presentRetention(tx, ctx, application)
  })
}

/** The job: prunes by every rule of every tenant. Returns how many releases went. */
export async function pruneByRules(): Promise<number> {
  const rules = await inTransaction(database(), { role: 'caisson_platform' }, (tx) => tx.retentionRule.findMany())
  let count = 0
  for (const { tenantId, applicationId } of rules) {
    const tenant = await inTransaction(database(), { role: 'caisson_platform' }, (tx) => tx.tenant.findUniqueOrThrow({ where: { id: tenantId } }))
    if (tenant.suspendedAt !== null) continue
    const ctx = createContext({
      actor: systemActor('retention'),
      tenant: { id: tenant.id, slug: tenant.slug, tier: tenant.tier, isSuspended: false },
    })
    count += await ctx.write(async (tx) => {
      const application = await tx.application.findUniqueOrThrow({ where: { id: applicationId } })
      await lockApplication(tx, applicationId)
      const going = await wouldGo(tx, applicationId)
      await prune(tx, ctx, application, going)
      return going.length
    })
  }
  return count
}

/** Whoever asks for a promotion of the application waits until what goes is gone, and sees it. */
async function lockApplication(tx: Tx, applicationId: string): Promise<void> {
  await tx.$queryRaw`select 1 from release where application_id = ${applicationId} order by id for update`
}

async function wouldGo(tx: Tx, applicationId: string): Promise<RetentionJudgement[]> {
  const rule = await tx.retentionRule.findUnique({ where: { applicationId } })
  return judgeRetention(rule?.keep ?? null, await retentionFacts(tx, applicationId)).filter(({ outcome }) => outcome === 'would_prune')
}

async function prune(tx: Tx, ctx: TenantContext, application: { id: string; slug: string }, going: readonly RetentionJudgement[]): Promise<void> {
  for (const { id, release, reason } of going) {
    const components = await tx.releaseComponent.findMany({ where: { releaseId: id }, select: { digest: true, imageId: true } })
    const images = await tx.image.findMany({
      where: { id: { in: components.map(({ imageId }) => imageId) } },
      select: { repository: true, digest: true },
    })
    const digests = [...new Set(components.map(({ digest }) => digest))].toSorted()
    await tx.prunedRelease.create({
      data: { releaseId: id, tenantId: ctx.tenant.id, applicationId: application.id, digests, reason, prunedBy: actorId(ctx.actor) },
    })
    await releaseImages(tx, { tenantId: ctx.tenant.id, pinnedBy: `release:${id}`, tag: release, images })
    await appendEntry(tx, ctx, {
      action: 'release.pruned',
      subject: { kind: 'release', id, name: `${application.slug} ${release}` },
      before: { application: application.slug, release, digests },
      reason,
    })
  }
  if (going.length > 0) await announce(tx, ctx.tenant.id, 'release', application.slug)
}
