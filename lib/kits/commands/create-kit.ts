import { authorize } from '#lib/access/authorize'
import { findPlace } from '#lib/configuration/queries/find-place'
import { loadKit } from '#lib/kits/internal/load-kit'
import { writeKitRevision } from '#lib/kits/internal/write-revision'
import { createKitInput, type CreateKitInput, type KitView } from '#lib/kits/kit'
import { presentKit } from '#lib/kits/queries/get-kit'
import { actorId, type TenantContext } from '#lib/platform/context'
import { isUniqueViolation, type Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { Refusal } from '#lib/platform/refusal'

/**
 * Makes the kit of an application in an environment, or its next revision: the digests and values that run, and what people add.
 * `conflict` when nothing runs and no release is named, and to the second of two who revise at once.
 */
export async function createKit(ctx: TenantContext, input: CreateKitInput): Promise<KitView> {
  const asked = createKitInput.parse(input)
  try {
    return await ctx.write(async (tx) => {
      const { application, environment } = await findPlace(tx, asked)
      authorize(ctx.actor, 'kit.prepare', { environment })
      const release = asked.release ?? (await runningRelease(tx, asked, { environmentId: environment.id, applicationId: application.id }))
      const standing = await tx.kit.findUnique({
        where: { environmentId_applicationId: { environmentId: environment.id, applicationId: application.id } },
        select: { id: true },
      })
      const kitId = standing?.id ?? newId()
      if (!standing) {
        const data = {
          id: kitId,
          tenantId: ctx.tenant.id,
          environmentId: environment.id,
          applicationId: application.id,
          createdBy: actorId(ctx.actor),
        }
        await tx.kit.create({ data, select: { id: true } })
      }
      const loaded = standing ? await loadKit(tx, kitId) : null
      await writeKitRevision(tx, ctx, {
        kitId,
        place: { application: asked.application, environment: asked.environment, release },
        added: asked,
        before: loaded ? { number: loaded.revision.number, document: loaded.document } : null,
        reason: asked.reason,
      })
      return presentKit(tx, ctx, kitId)
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'kit')) throw error
    throw new Refusal('conflict', `Somebody else made a revision of this kit at the same moment.`, { fix: 'Look at the kit again.', cause: error })
  }
}

async function runningRelease(
  tx: Tx,
  { application, environment }: { application: string; environment: string },
  place: { environmentId: string; applicationId: string },
): Promise<string> {
  const deployment = await tx.deployment.findUnique({ where: { environmentId_applicationId: place }, select: { releaseId: true } })
  const release = deployment && (await tx.release.findUnique({ where: { id: deployment.releaseId }, select: { name: true } }))
  if (release) return release.name
  throw new Refusal('conflict', `Nothing of ${application} runs in ${environment}, so a kit has nothing to name.`, {
    fix: 'Name the release, or promote one first.',
  })
}
